"""审核: the queue of submitted reports."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import workflow
from projects.models import Message, ReportAction, ReportState
from tests.factories import make_department, make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, step, submit

QUEUE = "/review/"
IN_TIME, AFTERWARDS = date(2024, 4, 3), date(2024, 4, 8)


@pytest.fixture(autouse=True)
def _after_the_due_day(settings):
    settings.WZ_TODAY = AFTERWARDS.isoformat()


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def seen(report):
    report.refresh_from_db()
    return f"{report.pk}:{report.version}"


def page(client, query=""):
    client.cookies["django_language"] = "en"
    return client.get(f"{QUEUE}{query}").content.decode()


def test_a_submitted_report_stands_beside_last_month_with_its_differences(entry, reporter, manager):
    approve(
        report_of(entry, 2),
        reporter,
        manager,
        invested=150,
        narrative="完成桩基施工并开始主体",
        on=date(2024, 3, 4),
    )
    submit(report_of(entry, 3), reporter, invested=320, narrative="完成桩基施工并完成主体")
    html = page(signed_in(manager))
    assert "<del>150.00</del> <ins>320.00</ins>" in html
    assert "170.00" in html
    assert "<del>开始</del><ins>完成</ins>" in html


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"invested": 100, "correction": "核减"}, "falls from 150"),
        ({"invested": 900}, "times what was planned"),
        ({"invested": 20000, "confirmed": ["above_total"]}, "above the total investment"),
        ({"invested": 300, "narrative": "同上月"}, "The description is the same"),
        (
            {"invested": 300, "status": "completed", "completed_on": date(2024, 3, 20)},
            "completed with a physical progress",
        ),
    ],
)
def test_what_the_checks_found_is_listed(entry, reporter, manager, filled, words):
    approve(
        report_of(entry, 2),
        reporter,
        manager,
        invested=150,
        narrative="同上月",
        on=date(2024, 3, 4),
    )
    submit(report_of(entry, 3), reporter, **filled)
    assert words in page(signed_in(manager))


def test_the_queue_is_ordered_by_department_and_narrowed_by_it_and_by_lateness(
    entry, reporter, outsider, manager
):
    other = make_plan(outsider.department)
    submit(report_of(entry, 3), reporter, on=IN_TIME)
    submit(report_of(other, 3), outsider, on=AFTERWARDS)
    client = signed_in(manager)
    both = page(client)
    assert both.index(reporter.department.name) < both.index(outsider.department.name)
    assert entry.project.name not in page(client, "?late=yes")
    assert other.project.name in page(client, "?late=yes")
    assert other.project.name not in page(client, "?late=no")
    assert entry.project.name not in page(client, f"?department={outsider.department.code}")
    assert entry.project.name not in page(client, "?period=2024-02")
    assert client.get(f"{QUEUE}?late=perhaps").status_code == 400


def test_many_are_approved_and_those_refused_are_named_with_the_reason(entry, reporter, manager):
    second, own = make_plan(reporter.department), make_plan(reporter.department)
    stale = make_plan(reporter.department)
    for each in (entry, second, stale):
        submit(report_of(each, 3), reporter)
    submit(report_of(own, 3), manager)
    chosen = [seen(report_of(each, 3)) for each in (entry, second, own, stale)]
    step(report_of(stale, 3), ReportAction.RETURN, make_user(role="manager"), note="请核对")
    client = signed_in(manager)
    response = client.post("/review/approve/", {"report": chosen})
    assert response.status_code == 409
    assert [report.entry for report, _why in response.context["refused"]] == [own, stale]
    assert [report_of(each, 3).state for each in (entry, second, own, stale)] == [
        "approved",
        "approved",
        "submitted",
        "returned",
    ]


def test_the_reporter_is_told(entry, reporter, manager):
    submit(report_of(entry, 3), reporter)
    report = report_of(entry, 3)
    client = signed_in(manager)
    client.post(f"/reports/{report.pk}/return/", {"version": report.version, "note": "请核对"})
    assert Message.objects.get(recipient=reporter, channel="inbox").kind == "report_return"
    assert report_of(entry, 3).state == ReportState.RETURNED


def test_only_reviewers_come_in(entry, reporter, leader, admin, manager):
    for person in (reporter, leader):
        client = signed_in(person)
        assert client.get(QUEUE).status_code == 403
        assert client.post("/review/approve/", {"report": "1:1"}).status_code == 403
    assert signed_in(admin).get(QUEUE).status_code == 200
    assert signed_in(manager).get("/review/approve/").status_code == 405


def test_what_is_no_report_is_passed_over(entry, manager):
    chosen = {"report": ["", "x:1", "999999:1", "1", "１:１"]}
    assert signed_in(manager).post("/review/approve/", chosen).status_code == 302


def test_the_queue_takes_as_many_queries_for_thirty_reports_as_for_one(reporter, manager):
    def wait(count):
        for _ in range(count):
            made = make_plan(reporter.department)
            open_rounds(3)
            submit(report_of(made, 3), reporter)

    client = signed_in(manager)
    wait(1)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    wait(29)
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE)
    assert len(many) == len(one)


def test_departments_below_stand_in_the_branch(entry, reporter, manager):
    below = make_department("500101-JTW-1", parent=reporter.department)
    made = make_plan(below)
    submit(report_of(made, 3), make_user(department=below))
    html = page(signed_in(manager), f"?department={reporter.department.code}")
    assert made.project.name in html


def test_own_work_is_not_offered_for_approval(entry, manager):
    submit(report_of(entry, 3), manager)
    html = page(signed_in(manager))
    assert "Your own work" in html
    assert 'type="checkbox" name="report"' not in html
    assert workflow.makers_of([report_of(entry, 3).pk])[report_of(entry, 3).pk] == {manager.pk}
