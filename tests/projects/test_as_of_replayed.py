"""Whatever happens in the office, each day is found again as it was recorded."""

import json
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.roles import Role
from projects import (
    as_of,
    back_test,
    clearing,
    colouring,
    funding,
    lifecycle,
    milestones,
    round_keeping,
    workflow,
)
from projects.lifecycle import TransitionError
from projects.models import (
    AnnualPlan,
    LatestFigures,
    LightRule,
    ObstacleAction,
    ProgressReport,
    ReportAction,
    ReportState,
)
from projects.planning import Decision, PlanError, revise_plan
from projects.schedule import UNFINISHED
from tests.factories import make_department, make_user
from tests.rounds import (
    change_status,
    make_plan,
    moment,
    report_of,
    values,
)

REVISED = Decision("区人民政府", date(2024, 6, 20), "调整年度任务")


def recorded() -> str:
    """What the database says today, read without any of the code under test."""
    found = []
    for entry in AnnualPlan.objects.select_related("project__department").order_by("pk"):
        project = entry.project
        latest = LatestFigures.objects.filter(entry=entry).first()
        reports = ProgressReport.objects.filter(entry=entry).select_related("light", "period")
        found.append(
            {
                "project": [
                    project.status,
                    project.started_on,
                    project.department.name,
                    [
                        [row.source, row.amount, row.arrived]
                        for row in project.funding.order_by("source")
                    ],
                    [
                        [row.name, row.kind, row.due_on, row.done_on]
                        for row in project.milestones.order_by("pk")
                    ],
                    [[row.text, row.state, row.level] for row in project.obstacles.order_by("pk")],
                ],
                "plan": [entry.planned_investment, entry.goal],
                "latest": latest
                and [latest.month, latest.planned_ytd, latest.invested_ytd, latest.light],
                "months": [
                    [
                        report.state,
                        report.planned_year,
                        report.planned_ytd,
                        report.approved_invested_ytd,
                        report.light.shown if hasattr(report, "light") else "",
                    ]
                    for report in reports.order_by("period__month")
                ],
            }
        )
    return plain(found)


def looked_back(day: date) -> str:
    """The same, as the code under test finds it again."""
    found = []
    for row in as_of.read(AnnualPlan.objects.order_by("pk"), day):
        then, _now = as_of.belongings(row.entry.project, day)
        found.append(
            {
                "project": [
                    row.then.status,
                    row.then.started_on,
                    row.then.department,
                    [
                        [source, values["amount"], values["arrived"]]
                        for source, values in sorted(then.funding.items())
                    ],
                    [
                        [values[name] for name in ("name", "kind", "due_on", "done_on")]
                        for _pk, values in sorted(then.milestones.items())
                    ],
                    [
                        [values[name] for name in ("text", "state", "level")]
                        for _pk, values in sorted(then.obstacles.items())
                    ],
                ],
                "plan": [row.then.planned, row.then.goal],
                "latest": [
                    row.then.reported,
                    row.then.planned_ytd,
                    row.then.invested_ytd,
                    row.then.light,
                ]
                if row.then.light
                else None,
                "months": [
                    [
                        month.state,
                        month.planned_year,
                        month.planned_ytd,
                        month.invested_ytd,
                        month.light,
                    ]
                    for month in row.then.months
                ],
            }
        )
    return plain(found)


def plain(found: object) -> str:
    """As text, so that 100 and 100.00, a day and its words are the same."""

    def written(value: object) -> str:
        return f"{value:.2f}" if isinstance(value, Decimal) else str(value)

    return json.dumps(found, default=written, ensure_ascii=False, indent=1)


AMOUNTS = st.sampled_from([60, 80, 100, 150, 200, 260, 300])
MONTHS = st.sampled_from([1, 2, 3, 4, 5])
# What comes up twice is what takes a report on its way.
NAMES = (
    *("report", "report", "report", "approve", "approve", "days", "days"),
    *("back", "judge", "status", "move", "revise", "fund", "node", "obstacle", "rule"),
)
STEPS = st.tuples(st.sampled_from(NAMES), st.integers(0, 19), MONTHS, AMOUNTS)
REFUSALS = (
    workflow.WorkflowError,
    workflow.InvalidFigures,
    TransitionError,
    PlanError,
    back_test.RuleError,
    clearing.ClearingError,
    clearing.InvalidStepError,
    funding.FundingError,
    milestones.MilestoneError,
)


class Office:
    """Takes the steps of a random story on its days."""

    def __init__(self) -> None:
        self.home = make_department("500101-JTW")
        self.other = make_department("500101-SLJ")
        self.people = [make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)]
        self.entries = [make_plan(self.home), make_plan(self.other, planned=2400)]
        self.day = date(2024, 2, 1)
        self.rules = 1
        self.keep_rounds()

    def keep_rounds(self) -> None:
        round_keeping.open_and_lock(on=self.day, at=moment(self.day))

    def take(self, name: str, number: int, month: int, amount: int) -> None:
        """Take a step; where the rules refuse it, nothing happens."""
        if name == "days":
            self.day += timedelta(days=number + 1)
            self.keep_rounds()
            return
        try:
            with transaction.atomic():
                getattr(self, name)(self.entries[number % 2], month, amount)
        except REFUSALS:
            pass

    def perform(self, report, action, by, **more):
        report.refresh_from_db()
        workflow.perform(
            report.pk,
            action,
            version=report.version,
            by=by,
            on=self.day,
            at=moment(self.day),
            **more,
        )

    def waiting(self, entry, *states):
        """The first of an entry's reports in one of these states."""
        found = ProgressReport.objects.filter(entry=entry, state__in=states)
        return found.order_by("period__month").first()

    def report(self, entry, month, amount):
        filled = values(amount, correction="核减", confirmed=["jump"])
        report = self.waiting(entry, *UNFINISHED)
        if report is None:
            return
        self.perform(report, ReportAction.SAVE, self.people[0], values=filled)
        if amount > 80:
            self.perform(report, ReportAction.SUBMIT, self.people[0])

    def approve(self, entry, month, amount):
        report = self.waiting(entry, ReportState.SUBMITTED)
        if report is not None:
            self.perform(report, ReportAction.APPROVE, self.people[1])

    def back(self, entry, month, amount):
        action = ReportAction.REOPEN if amount > 100 else ReportAction.RETURN
        self.perform(report_of(entry, month), action, self.people[1], note="核对")

    def judge(self, entry, month, amount):
        report = report_of(entry, month)
        if hasattr(report, "light"):
            light = {60: "", 80: "red", 100: "yellow"}.get(amount, "green")
            colouring.judge_otherwise(
                report, light, version=report.version, reason="核查", by=self.people[1],
                at=moment(self.day),
            )  # fmt: skip

    def status(self, entry, month, amount):
        status = "accelerated" if amount > 100 else "started"
        change_status(
            entry.project, status, self.people[0], self.day, started_on=date(2023, month, 1)
        )

    def move(self, entry, month, amount):
        lifecycle.move(
            entry.project_id,
            self.home if amount > 100 else self.other,
            reason="职能调整",
            by=self.people[0],
            at=moment(self.day),
        )

    def revise(self, entry, month, amount):
        entry.refresh_from_db()
        revise_plan(
            entry.pk, REVISED, from_month=month + 3, version=entry.version, by=self.people[0],
            at=moment(self.day), planned_investment=Decimal(amount * 30),
            goal="completed" if amount > 100 else "accelerated",
        )  # fmt: skip

    def fund(self, entry, month, amount):
        entry.project.refresh_from_db()
        source = ("central", "private")[month % 2]
        money = (
            funding.Money(Decimal(amount), Decimal(amount - 10))
            if month > 1
            else funding.Money(None)
        )
        funding.keep(
            entry.project, {source: money}, version=entry.project.version, by=self.people[0],
            at=moment(self.day),
        )  # fmt: skip

    def node(self, entry, month, amount):
        project = entry.project
        project.refresh_from_db()
        present = project.milestones.order_by("pk").first()
        node = milestones.Node(
            pk=present.pk if present and amount < 200 else None,
            name=f"节点{amount}",
            kind="preparation",
            due_on=date(2024, month, 28),
            done_on=self.day if amount > 150 else None,
            is_removed=bool(present) and amount == 60,
        )
        milestones.keep(
            project, [node], version=project.version, by=self.people[0], on=self.day,
            at=moment(self.day),
        )  # fmt: skip

    def obstacle(self, entry, month, amount):
        present = entry.project.obstacles.order_by("pk").last()
        if present is None or amount > 150:
            clearing.raise_obstacle(
                entry.project, kind="land", text=f"障碍{amount}", responsible=self.home,
                due_on=self.day, by=self.people[0], on=self.day, at=moment(self.day),
            )  # fmt: skip
            return
        action = {60: ObstacleAction.REOPEN, 80: ObstacleAction.ESCALATE}.get(
            amount, ObstacleAction.CLEAR
        )
        clearing.act(
            present.pk, action, version=present.version, by=self.people[0], on=self.day,
            at=moment(self.day), note="已办",
        )  # fmt: skip

    def rule(self, entry, month, amount):
        self.rules += 1
        draft = LightRule.objects.create(
            version=str(self.rules), yellow_gap=Decimal(amount) / 50, red_gap=Decimal(amount) / 10
        )
        back_test.adopt_rule(
            draft.pk, applies_from=date(2024, month, 1), by=self.people[1], at=moment(self.day)
        )


class EveryDayIsFoundAgain(TestCase):
    """Whatever steps are taken, each day's end is found again as it was, and today as it is."""

    @given(st.lists(STEPS, min_size=20, max_size=60))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def test_each_day_is_found_again_as_it_was_recorded(self, story):
        office, days = Office(), {}
        for step_ in story:
            if step_[0] == "days":
                days[office.day] = recorded()
            office.take(*step_)
        days[office.day] = recorded()
        for day, expected in days.items():
            assert looked_back(day) == expected, day
        for row in as_of.read(AnnualPlan.objects.all(), office.day):
            assert row.then == row.now
