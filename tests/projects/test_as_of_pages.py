"""The pages of a day gone by: who sees them, which days, what is marked, what narrows them."""

from datetime import date
from decimal import Decimal

import pytest

from projects import clearing, funding, milestones
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.rounds import approve, change_status, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.any_database

ON = date(2024, 7, 20)


@pytest.fixture(autouse=True)
def _in_july(settings):
    settings.WZ_TODAY = ON.isoformat()


@pytest.fixture
def entry(reporter):
    return make_plan(reporter.department)


def english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def page_of(entry, day="2024-03-01"):
    return f"/as-of/{entry.project.code}/?date={day}"


def test_who_sees_what(entry, reporter, outsider, manager, admin, leader):
    for person, status in {
        reporter: 200, manager: 200, admin: 200, leader: 200, outsider: 404,
    }.items():  # fmt: skip
        client = signed_in(person)
        assert client.get(page_of(entry)).status_code == status, person
        response = client.get("/as-of/?date=2024-03-01")
        assert response.status_code == 200
        assert (entry.project.name in response.content.decode()) == (status == 200), person


def test_the_pages_are_only_read(entry, manager):
    client = signed_in(manager)
    for address in ("/as-of/", page_of(entry)):
        assert client.post(address).status_code == 405
        assert client.put(address).status_code == 405


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-13-01", "This is not a date"),
        ("gestern", "This is not a date"),
        ("", "Choose a day"),
        ("2024-07-21", "lies in the future"),
        ("2024-01-14", "The records begin on 2024-01-15"),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_in_words(entry, manager, day, words):
    client = english(manager)
    for address in (f"/as-of/?date={day}", page_of(entry, day)):
        response = client.get(address)
        assert response.status_code == 400
        assert words in response.content.decode()


def test_without_any_record_the_page_says_so(manager):
    project = make_entry().project
    client = english(manager)
    for address in ("/as-of/?date=2024-03-01", f"/as-of/{project.code}/?date=2024-03-01"):
        response = client.get(address)
        assert response.status_code == 400
        assert "Nothing has been recorded yet" in response.content.decode()


def test_without_a_day_it_is_the_end_of_last_month(entry, manager):
    assert signed_in(manager).get("/as-of/").context["day"] == date(2024, 6, 30)


def test_what_is_another_now_is_marked_and_said(entry, manager):
    client = english(manager)
    html = client.get("/as-of/?date=2024-03-01").content.decode()
    assert 'is-changed"' not in html
    change_status(entry.project, "suspended", manager, date(2024, 4, 1))
    response = client.get("/as-of/?date=2024-03-01")
    html = response.content.decode()
    assert response.context["totals"].changed == 1
    assert html.count('is-changed"') == 1
    cell = html[html.index('is-changed"') :]
    assert cell.index("badge-status-started") < cell.index("now</span>")
    assert cell.index("now</span>") < cell.index("badge-status-suspended")
    detail = client.get(page_of(entry)).content.decode()
    assert detail.count("is-changed") == 1
    assert "1 step of the project" in detail


def test_both_pages_say_what_cannot_be_brought_back(entry, manager):
    client = english(manager)
    for address in ("/as-of/?date=2024-03-01", page_of(entry)):
        assert "cannot be brought back" in client.get(address).content.decode()


def test_filters_narrow_by_how_things_stood(entry, reporter, manager):
    other = make_plan(make_department("500101-SLJ"), status="accelerated")
    change_status(entry.project, "suspended", manager, date(2024, 4, 1))
    open_rounds(1)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    client = signed_in(manager)

    def names(query):
        page = client.get(f"/as-of/?date=2024-03-01&{query}").context["page"]
        return {line.code for line in page.object_list}

    one, two = entry.project.code, other.project.code
    assert names("year=2024") == {one, two}
    assert names("status=started") == {one}
    assert names("status=suspended") == set()
    assert names("light=green") == {one}
    assert names("department=500101-SLJ") == {two}
    assert names(f"q={two}") == {two}
    assert client.get("/as-of/?date=2024-03-01&status=nonsense").status_code == 400


def test_the_list_of_a_day_is_that_of_its_year(entry, manager, settings):
    earlier = make_plan(year=2023)
    make_entry(entry.project, 2023)
    settings.WZ_TODAY = "2024-12-31"
    client = signed_in(manager)
    context = client.get("/as-of/?date=2024-05-01").context
    assert [line.code for line in context["page"].object_list] == [entry.project.code]
    every = client.get("/as-of/?date=2024-05-01&all=1").context["page"].object_list
    assert {line.code for line in every} == {entry.project.code, earlier.project.code}


def test_a_project_that_no_list_names_is_shown_with_its_status(entry, manager):
    project = make_project(status="started", department=entry.project.department)
    change_status(project, "accelerated", manager, date(2024, 4, 1))
    html = english(manager).get(f"/as-of/{project.code}/?date=2024-03-01").content.decode()
    assert html.index("badge-status-started") < html.index("badge-status-accelerated")


def test_the_page_shows_months_money_nodes_and_obstacles(entry, reporter, manager):
    project = entry.project
    open_rounds(1)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    project.refresh_from_db()
    funding.keep(
        project, {"central": funding.Money(Decimal(500))}, version=project.version, by=manager,
        at=moment(date(2024, 2, 20)),
    )  # fmt: skip
    milestones.keep(
        project,
        [milestones.Node(None, "立项批复", "preparation", date(2024, 2, 1), None)],
        version=project.version + 1,
        by=manager,
        on=ON,
        at=moment(date(2024, 2, 21)),
    )
    clearing.raise_obstacle(
        project, kind="land", text="用地未批", responsible=project.department,
        due_on=date(2024, 6, 1), by=reporter, on=date(2024, 2, 22), at=moment(date(2024, 2, 22)),
    )  # fmt: skip
    response = english(manager).get(page_of(entry))
    html = response.content.decode()
    for words in (
        "Central budget",
        "500.00",
        "立项批复",
        "用地未批",
        "100.00",
        "badge-light-green",
    ):
        assert words in html, words
    (node,) = response.context["nodes"]
    late = node.cells[-1]
    assert (late.then, late.now) == ("29", "170")


def test_lists_and_the_project_page_lead_there(entry, manager):
    client = signed_in(manager)
    for address in ("/projects/", "/plans/", entry.project.get_absolute_url()):
        assert 'href="/as-of/' in client.get(address).content.decode(), address
