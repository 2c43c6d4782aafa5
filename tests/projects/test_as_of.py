"""The portfolio as it stood on a day: taken back step by step, beside how it stands now."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import (
    as_of,
    back_test,
    clearing,
    colouring,
    funding,
    lifecycle,
    milestones,
)
from projects.models import (
    AnnualPlan,
    LightRule,
    Milestone,
    ObstacleAction,
    ProgressReport,
    Project,
    ReportAction,
)
from projects.planning import Decision, revise_plan
from tests.factories import make_department, signed_in
from tests.rounds import (
    approve,
    change_status,
    make_plan,
    moment,
    open_rounds,
    report_of,
    save,
    step,
)

ON = date(2024, 7, 20)
REVISED = Decision("区人民政府", date(2024, 4, 18), "调整年度任务")


@pytest.fixture(autouse=True)
def _in_july(settings):
    settings.WZ_TODAY = ON.isoformat()


@pytest.fixture
def entry(reporter):
    return make_plan(reporter.department)


def look(entry, day):
    """An entry as it stood."""
    (row,) = as_of.read(AnnualPlan.objects.filter(pk=entry.pk), day)
    return row


def test_status_dates_and_department_are_those_of_the_day(entry, manager):
    project, water = entry.project, make_department("500101-SLJ", name="水利局")
    home = project.department.name
    change_status(project, "accelerated", manager, date(2024, 3, 1), started_on=date(2024, 1, 9))
    lifecycle.move(project.pk, water, reason="职能调整", by=manager, at=moment(date(2024, 5, 1)))
    change_status(project, "suspended", manager, date(2024, 6, 1), started_on=date(2024, 1, 9))

    seen = [
        (row.then.status, row.then.started_on, row.then.department)
        for row in (
            look(entry, day) for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 5, 31))
        )
    ]
    assert seen == [
        ("started", None, home),
        ("accelerated", date(2024, 1, 9), home),
        ("accelerated", date(2024, 1, 9), "水利局"),
    ]
    now = look(entry, date(2024, 3, 1)).now
    assert (now.status, now.department) == ("suspended", "水利局")


def test_a_step_counts_from_the_day_it_was_taken_on(entry, manager):
    change_status(entry.project, "accelerated", manager, date(2024, 3, 1))
    assert look(entry, date(2024, 2, 29)).then.status == "started"
    assert look(entry, date(2024, 3, 1)).then.status == "accelerated"


def test_reports_stand_where_they_stood(entry, reporter, manager):
    open_rounds(1)
    january = report_of(entry, 1)
    due = january.period.due_on  # 5 February
    save(january, reporter, on=date(2024, 2, 1), invested=90)
    step(january, ReportAction.SUBMIT, reporter, on=date(2024, 2, 3))
    step(january, ReportAction.APPROVE, manager, on=due)
    step(january, ReportAction.REOPEN, manager, on=date(2024, 2, 7), note="核对")
    save(january, reporter, on=date(2024, 2, 8), invested=95, correction="核增")

    def seen(day):
        then = look(entry, day).then
        return then.months[0].state, then.months[0].invested_ytd, then.invested_ytd

    assert seen(date(2024, 1, 20)) == ("not_due", None, None)
    assert seen(date(2024, 1, 31)) == ("due", None, None)
    assert seen(date(2024, 2, 1)) == ("draft", None, None)
    assert seen(date(2024, 2, 4)) == ("submitted", None, None)
    assert seen(due) == ("approved", 90, 90)
    assert seen(date(2024, 2, 8)) == ("reopened", 90, 90)


def test_latest_figures_are_those_of_the_last_month_approved_by_then(entry, reporter, manager):
    open_rounds(3)
    for month, invested in ((1, 100), (2, 160), (3, 240)):
        approve(report_of(entry, month), reporter, manager, invested=invested)
    then = look(entry, date(2024, 3, 6)).then
    assert (then.reported, then.invested_ytd, then.planned_ytd) == (2, 160, 200)
    assert (then.completion_rate, then.light) == (Decimal("13.33"), "green")
    assert (then.approved, len(then.asked)) == (2, 2)
    assert look(entry, date(2024, 3, 6)).now.reported == 3


def test_a_plan_is_the_one_decided_by_then(entry, manager):
    open_rounds(7)
    revise_plan(
        entry.pk, REVISED, from_month=7, version=1, by=manager, at=moment(date(2024, 4, 20)),
        planned_investment=Decimal(2400), goal="completed",
    )  # fmt: skip
    revise_plan(
        entry.pk, REVISED, from_month=4, version=2, by=manager, at=moment(date(2024, 5, 5)),
        planned_investment=Decimal(3600),
    )  # fmt: skip

    def seen(day):
        then = look(entry, day).then
        years = [month.planned_year for month in then.months]
        return then.planned, then.goal, years[2], years[4], years[7], then.months[11].planned_ytd

    assert seen(date(2024, 4, 19)) == (1200, "", 1200, 1200, 1200, 1200)
    assert seen(date(2024, 4, 20)) == (2400, "completed", 1200, 1200, 2400, 2400)
    assert seen(date(2024, 5, 5)) == (3600, "completed", 1200, 3600, 3600, 3600)


def test_before_its_adoption_a_plan_has_no_months(entry):
    then = look(entry, date(2024, 1, 14)).then
    assert (then.is_adopted, then.planned, then.months, then.asked) == (False, None, (), [])
    assert look(entry, date(2024, 1, 15)).then.is_adopted


def test_a_light_is_judged_by_the_rule_adopted_by_then(entry, reporter, manager):
    open_rounds(2)
    for month, invested in ((1, 100), (2, 160)):
        approve(report_of(entry, month), reporter, manager, invested=invested)
    strict = LightRule.objects.create(version="2", measure="rate", yellow_rate=95, red_rate=85)
    back_test.adopt_rule(
        strict.pk, applies_from=date(2024, 1, 1), by=manager, at=moment(date(2024, 4, 10))
    )
    row = look(entry, date(2024, 4, 9))
    assert (row.then.light, row.now.light) == ("green", "red")
    assert look(entry, date(2024, 4, 10)).then.light == "red"


def test_a_managers_judgement_is_the_one_of_that_day(entry, reporter, manager):
    open_rounds(1)
    report = approve(report_of(entry, 1), reporter, manager, invested=100)
    for day, light in (
        (date(2024, 3, 1), "yellow"),
        (date(2024, 4, 1), "red"),
        (date(2024, 5, 1), ""),
    ):
        report.refresh_from_db()
        colouring.judge_otherwise(
            report, light, version=report.version, reason="现场核查", by=manager, at=moment(day)
        )
    lights = [look(entry, date(2024, month, 15)).then.light for month in (2, 3, 4, 5)]
    assert lights == ["green", "yellow", "red", "green"]


def test_suspension_reported_later_does_not_redden_the_months_before(entry, reporter, manager):
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    approve(
        report_of(entry, 2), reporter, manager, invested=200, status="suspended", correction="停工"
    )
    row = look(entry, date(2024, 3, 1))
    assert (row.then.light, row.now.light) == ("green", "red")


def test_obstacles_stand_as_they_stood(entry, reporter, manager):
    obstacle = clearing.raise_obstacle(
        entry.project, kind="land", text="用地未批", responsible=entry.project.department,
        due_on=date(2024, 6, 1), by=reporter, on=date(2024, 3, 1), at=moment(date(2024, 3, 1)),
    )  # fmt: skip
    clearing.act(
        obstacle.pk, ObstacleAction.CLEAR, version=1, by=reporter,
        on=date(2024, 5, 1), at=moment(date(2024, 5, 1)), note="已批复",
    )  # fmt: skip
    counts = [
        look(entry, day).then.obstacles
        for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 4, 30), date(2024, 5, 1))
    ]
    assert counts == [0, 1, 1, 0]
    before, _now = as_of.belongings(entry.project, date(2024, 2, 29))
    during, now = as_of.belongings(entry.project, date(2024, 4, 1))
    assert before.obstacles == {}
    assert (during.obstacles[obstacle.pk]["state"], now.obstacles[obstacle.pk]["state"]) == (
        "open",
        "cleared",
    )


def test_funding_and_nodes_stand_as_they_stood(entry, manager):
    project = entry.project

    def fund(day, version, **sources):
        funding.keep(
            project,
            {source: funding.Money(*money) for source, money in sources.items()},
            version=version,
            by=manager,
            at=moment(day),
        )

    def node(day, version, *nodes):
        milestones.keep(project, nodes, version=version, by=manager, on=day, at=moment(day))

    fund(date(2024, 2, 1), 0, central=(Decimal(500), None), private=(Decimal(70), Decimal(70)))
    node(date(2024, 2, 2), 1, milestones.Node(None, "立项", "preparation", None, None))
    pk = Milestone.objects.get().pk
    fund(date(2024, 3, 1), 2, central=(Decimal(500), Decimal(200)), private=(None,))
    node(
        date(2024, 3, 2), 3,
        milestones.Node(pk, "立项批复", "preparation", None, date(2024, 3, 1)),
    )  # fmt: skip
    node(
        date(2024, 4, 1), 4,
        milestones.Node(pk, "立项批复", "preparation", None, None, is_removed=True),
    )  # fmt: skip

    then, now = as_of.belongings(project, date(2024, 2, 20))
    assert then.funding == {
        "central": {"amount": 500, "arrived": None},
        "private": {"amount": 70, "arrived": 70},
    }
    assert now.funding == {"central": {"amount": 500, "arrived": 200}}
    assert then.milestones[pk]["name"] == "立项"
    march, _now = as_of.belongings(project, date(2024, 3, 31))
    assert (march.milestones[pk]["name"], march.milestones[pk]["done_on"]) == (
        "立项批复",
        "2024-03-01",
    )
    assert now.milestones == {}
    before, _now = as_of.belongings(project, date(2024, 1, 31))
    assert (before.funding, before.milestones) == ({}, {})


def test_looking_back_changes_nothing(entry, reporter, manager):
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    before = list(ProgressReport.objects.order_by("pk").values())
    look(entry, date(2024, 1, 20))
    assert list(ProgressReport.objects.order_by("pk").values()) == before
    assert Project.objects.get(pk=entry.project_id).status == "started"


def test_looking_back_takes_as_many_queries_for_thirty_entries_as_for_one(
    reporter, manager, leader
):
    def one_more():
        made = make_plan(reporter.department)
        open_rounds(2)
        approve(report_of(made, 1), reporter, manager, invested=100)
        change_status(made.project, "accelerated", manager, date(2024, 5, 1))

    client = signed_in(leader)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            response = client.get("/as-of/?date=2024-02-10")
        assert response.status_code == 200
        return len(found), response.context["totals"].count

    one_more()
    client.get("/as-of/?date=2024-02-10")  # options of the filters are remembered
    few, count = queries()
    assert count == 1
    for _ in range(29):
        one_more()
    many, count = queries()
    assert count == 30
    assert many == few
