"""审核: the pages of the queue, short or long."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office import memory
from projects.views.review import PAGE_SIZE
from tests.factories import make_user, signed_in
from tests.rounds import make_plan, open_rounds, report_of, submit

QUEUE, APPROVE = "/review/", "/review/approve/"
IN_TIME, AFTERWARDS = date(2024, 4, 3), date(2024, 4, 8)


@pytest.fixture(autouse=True)
def _after_the_due_day(settings):
    settings.WZ_TODAY = AFTERWARDS.isoformat()


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def page(client, query=""):
    return client.get(f"{QUEUE}{query}").content.decode()


@pytest.mark.parametrize("query", ["", "?found=no"])
def test_a_page_holds_so_many_and_no_more(entry, reporter, manager, monkeypatch, query):
    monkeypatch.setattr("projects.views.review.PAGE_SIZE", 2)
    entries = [entry, make_plan(reporter.department), make_plan(reporter.department)]
    for each in entries:
        submit(report_of(each, 3), reporter)
    client = english(manager)
    first, second = page(client, query), page(client, f"{query or '?all=1'}&page=2")
    assert first.count('name="report"') == 2
    assert second.count('name="report"') == 1
    assert "1–2 of 3" in first


@pytest.fixture
def long_queue(entry, reporter, outsider, manager, settings, monkeypatch):
    """Seven reports, two a page, too many to be counted: names in the order of the queue."""
    settings.LIST_COUNTED = 3
    monkeypatch.setattr("projects.views.review.PAGE_SIZE", 2)
    days = (IN_TIME, AFTERWARDS)
    entries = [entry, *(make_plan(reporter.department) for _ in range(3))]
    for number, each in enumerate(entries):
        submit(report_of(each, 3), reporter, on=days[number % 2])
    others = [make_plan(outsider.department), make_plan(None), make_plan(None)]
    for each in others:
        submit(report_of(each, 3), make_user(role="admin"), on=IN_TIME)
    ours = [entries[1], entries[3], entries[0], entries[2]]
    return [each.project.name for each in [*ours, *others]]


def names_on(html):
    return re.findall(r'<a id="n\d+"[^>]*>([^<]+)</a>', html)


def beside(html, which):
    """The address of the next or the previous page; None where there is none."""
    found = re.search(rf'href="([^"]+)" rel="{which}"', html)
    return unescape(found[1]) if found else None


def test_a_long_queue_is_walked_page_by_page_and_back(long_queue, manager):
    client = english(manager)
    html, pages = page(client), []
    while True:
        pages.append(names_on(html))
        query = beside(html, "next")
        if query is None:
            break
        html = page(client, query)
    assert [name for each in pages for name in each] == long_queue
    assert [len(each) for each in pages] == [2, 2, 2, 1]
    back = []
    while query := beside(html, "prev"):
        html = page(client, query)
        back.append(names_on(html))
    assert back == pages[2::-1]
    assert names_on(page(client, "?all=1&page=last"))[-1] == long_queue[-1]


def test_a_department_says_how_many_wait_on_all_pages(long_queue, reporter, manager):
    html = page(english(manager))
    assert len(names_on(html)) == 2
    assert f'{reporter.department} <span class="small muted">Waiting 4 · Late 2<' in html


def test_a_long_queue_is_summed_up_when_somebody_asks(long_queue, manager):
    client = english(manager)
    html = page(client)
    assert "Count all rows" in html
    assert "<dt>Departments</dt>" not in html
    html = page(client, "?period=now&totals=exact")
    for name, figure in (("Found", 7), ("Departments", 2), ("Late", 2)):
        assert f"<dt>{name}</dt><dd>{figure}</dd>" in html


def test_the_checks_look_through_the_beginning_of_a_long_queue_and_say_so(long_queue, manager):
    html = page(english(manager), "?all=1&found=no")
    assert "looked through the first 3 reports of the queue" in html
    assert names_on(html) == long_queue[:2]
    assert names_on(page(english(manager), "?all=1&found=no&page=2")) == long_queue[2:3]


def test_those_approved_make_room_on_the_page_that_they_stood_on(long_queue, manager):
    client = english(manager)
    second = beside(page(client), "next")
    html = page(client, second)
    boxes = re.findall(r'name="report" value="([^"]+)"', html)
    action = unescape(re.search(r'id="approve" method="post" action="([^"]+)"', html)[1])
    response = client.post(action, {"report": boxes})
    assert response.status_code == 302
    assert names_on(client.get(response.url).content.decode()) == long_queue[4:6]


def test_a_round_that_opens_can_be_asked_for_soon_after(entry, reporter, manager):
    client = english(manager)
    page(client)
    open_rounds(4)
    memory.forget()
    submit(report_of(entry, 4), reporter, on=date(2024, 4, 28), invested=900)
    assert entry.project.name in page(client, "?period=2024-04")


@pytest.mark.parametrize("query", ["", "?found=yes&late=no"])
def test_the_queue_takes_no_more_queries_for_thirty_reports_than_for_one(
    reporter, manager, query, settings
):
    settings.WZ_TODAY = IN_TIME.isoformat()

    def wait(count):
        for _ in range(count):
            made = make_plan(reporter.department)
            open_rounds(3)
            submit(report_of(made, 3), reporter, invested=5000, on=IN_TIME)

    client = signed_in(manager)
    wait(1)
    client.get(f"{QUEUE}{query}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"{QUEUE}{query}")
    wait(29)
    with CaptureQueriesContext(connection) as many:
        assert client.get(f"{QUEUE}{query}").content.count(b'name="report"') == PAGE_SIZE
    assert len(many) <= len(one)  # a full page does not ask for those without a department
