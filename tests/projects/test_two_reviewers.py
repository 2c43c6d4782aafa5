"""Two people at one report at the same moment, and a database that fails in the middle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, connection

from accounts.models import User
from accounts.roles import Role
from projects import workflow
from projects.models import (
    LatestFigures,
    Message,
    ProgressReport,
    ReportAction,
    ReportEvent,
    ReportLight,
    StatusChange,
)
from tests.factories import make_department, make_user, signed_in
from tests.rounds import make_plan, moment, open_rounds, report_of, submit, values

A = ReportAction
ACCELERATED = {"status": "accelerated", "physical_progress": Decimal(30)}


@pytest.fixture
def people(transactional_db) -> dict[str, User]:
    department = make_department("500101-JTW")
    return {
        "reporter": make_user("reporter", department=department),
        "colleague": make_user("colleague", department=department),
        "manager": make_user("manager", Role.MANAGER),
        "other": make_user("other", Role.MANAGER),
    }


@pytest.fixture
def report(people) -> ProgressReport:
    """March of one project, to be reported; approval will change the project's status."""
    entry = make_plan(people["reporter"].department)
    open_rounds(3)
    return report_of(entry, 3)


@pytest.fixture
def submitted(report, people) -> ProgressReport:
    submit(report, people["reporter"], **ACCELERATED)
    report.refresh_from_db()
    return report


def at_once(acts: list[Callable[[], str]]) -> list[str]:
    """What comes of things that are done at the same moment, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def taking(report: ProgressReport, action: ReportAction, by: User, **more) -> Callable[[], str]:
    """A step with the report as it stands now; tells who took it, or who was faster."""
    version, day = report.version, report.period.due_on

    def act() -> str:
        try:
            workflow.perform(
                report.pk, action, version=version, by=by, on=day, at=moment(day), **more
            )
        except workflow.StaleReportError as stale:
            return f"told of {stale.events[-1].by.username}"
        return by.username

    return act


def test_of_two_managers_who_approve_one_report_one_wins_and_the_other_is_told(submitted, people):
    outcomes = at_once(
        [taking(submitted, A.APPROVE, people[name]) for name in ("manager", "other")]
    )

    winner = ReportEvent.objects.get(report=submitted, action=A.APPROVE).by.username
    assert sorted(outcomes) == sorted([winner, f"told of {winner}"])
    submitted.refresh_from_db()
    assert (submitted.state, submitted.reviewed_by.username) == ("approved", winner)
    change = StatusChange.objects.get(project=submitted.entry.project)
    assert (change.new_status, change.by.username) == ("accelerated", winner)
    told = Message.objects.filter(recipient=people["reporter"], channel="inbox")
    assert told.get().params["who"] == str(submitted.reviewed_by)


def test_one_approves_while_the_other_returns_and_one_step_stands(submitted, people):
    outcomes = at_once(
        [
            taking(submitted, A.APPROVE, people["manager"]),
            taking(submitted, A.RETURN, people["other"], note="请核对"),
        ]
    )

    last = ReportEvent.objects.filter(report=submitted).latest("number")
    assert sorted(outcomes) == sorted([last.by.username, f"told of {last.by.username}"])
    submitted.refresh_from_db()
    assert submitted.version == last.number == 3
    assert submitted.state == last.new_state
    approved = submitted.state == "approved"
    assert StatusChange.objects.filter(project=submitted.entry.project).count() == approved
    assert ReportLight.objects.filter(report=submitted).count() == approved


def test_of_two_who_save_one_row_the_second_is_told_and_nothing_is_mixed(report, people):
    outcomes = at_once(
        [
            taking(report, A.SAVE, people["reporter"], values=values(210, problems="雨")),
            taking(report, A.SAVE, people["colleague"], values=values(220, next_step="封顶")),
        ]
    )

    event = ReportEvent.objects.get(report=report)
    assert sorted(outcomes) == sorted([event.by.username, f"told of {event.by.username}"])
    report.refresh_from_db()
    mine = (Decimal(210), "雨", "")
    theirs = (Decimal(220), "", "封顶")
    expected = mine if event.by == people["reporter"] else theirs
    assert (report.invested_ytd, report.problems, report.next_step) == expected
    assert report.version == 1


def test_two_managers_who_approve_the_same_many_leave_each_approved_once(
    submitted, people, settings
):
    settings.WZ_TODAY = submitted.period.due_on.isoformat()
    reports = [submitted]
    for _ in range(3):
        other = report_of(make_plan(people["reporter"].department), 3)
        submit(other, people["reporter"])
        other.refresh_from_db()
        reports.append(other)
    chosen = {"report": [f"{each.pk}:{each.version}" for each in reports]}

    def posting(client, order: int) -> Callable[[], str]:
        def post() -> str:
            sent = {"report": chosen["report"][::order]}
            return str(client.post("/review/approve/", sent).status_code)

        return post

    clients = [signed_in(people[name]) for name in ("manager", "other")]
    outcomes = at_once(
        [posting(client, order) for client, order in zip(clients, (1, -1), strict=True)]
    )

    assert set(outcomes) <= {"302", "409"}
    for each in reports:
        assert ReportEvent.objects.filter(report=each, action=A.APPROVE).count() == 1
    assert StatusChange.objects.filter(project=submitted.entry.project).count() == 1
    told = Message.objects.filter(recipient=people["reporter"], channel="inbox")
    assert told.count() == len(reports)


def failing_on(table: str):
    """What makes the database fail at the first statement that writes a row of this table."""
    failures = []

    def execute(execute, sql, params, many, context):
        if sql.startswith("INSERT") and table in sql:
            failures.append(sql)
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    execute.failures = failures
    return execute


def everything(report: ProgressReport) -> dict[str, list]:
    """Whatever an approval writes, as it stands in the database."""
    project = report.entry.project
    return {
        "report": list(ProgressReport.objects.filter(pk=report.pk).values()),
        "events": list(ReportEvent.objects.filter(report=report).values()),
        "project": list(type(project).objects.filter(pk=project.pk).values()),
        "status": list(StatusChange.objects.filter(project=project).values()),
        "light": list(ReportLight.objects.filter(report=report).values()),
        "latest": list(LatestFigures.objects.filter(entry=report.entry).values()),
        "messages": list(Message.objects.values()),
    }


# In the order in which an approval writes them.
WRITTEN = (
    "projects_reportevent",
    "projects_statuschange",
    "projects_reportlight",
    "projects_latestfigures",
    "projects_message",
)


@pytest.mark.parametrize("table", WRITTEN)
def test_a_database_error_in_the_middle_of_an_approval_applies_nothing(submitted, people, table):
    before = everything(submitted)
    broken = failing_on(table)
    with connection.execute_wrapper(broken), pytest.raises(DatabaseError, match="disk is full"):
        taking(submitted, A.APPROVE, people["manager"])()
    assert len(broken.failures) == 1
    assert everything(submitted) == before

    taking(submitted, A.APPROVE, people["manager"])()
    after = everything(submitted)
    assert all(after[name] != before[name] for name in before)
