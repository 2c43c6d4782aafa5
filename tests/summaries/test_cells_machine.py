"""The year driven at random: after a refresh the cells are what a rebuild would make them."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.roles import Role
from projects import colouring, lifecycle, round_keeping
from projects.imports import FixtureFile, load
from projects.models import AnnualPlan, ProgressReport, ReportAction, ReportingPeriod
from projects.planning import Decision, PlanError, revise_plan
from projects.workflow import InvalidFigures, WorkflowError
from summaries import keeping
from tests.factories import make_department, make_entry, make_region, make_user
from tests.rounds import make_plan, moment, open_rounds, report_of, step, values
from tests.summaries.by_hand import assert_cells_are_right, stored

A = ReportAction
NOW = moment(date(2024, 3, 1))
DEPARTMENTS = ("500101-JTW", "500101-SLJ", "500101-JTW-1")
ENTRIES = st.integers(0, 3)
MONTHS = st.integers(1, 4)


class Year(RuleBasedStateMachine):
    """Three adopted entries and a listed one, whose months are reported, corrected and moved about."""

    def __init__(self) -> None:
        super().__init__()
        self.database = transaction.atomic()
        self.database.__enter__()
        self.departments = [make_department(code) for code in DEPARTMENTS]
        make_region("500101001")
        home, other, _below = self.departments
        self.entries = [
            make_plan(home, entry={"goal": "started"}),
            make_plan(home, entry={"goal": "started"}, region=home.region),
            make_plan(other, entry={"goal": "completed"}, enters_in=2),
            make_entry(planned_investment=50),
        ]
        self.maker, self.checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
        open_rounds(2)
        ReportingPeriod.objects.update(locks_on=date(2025, 2, 1))
        keeping.rebuild(2024, at=NOW)
        self.at_once = False

    @initialize(at_once=st.booleans())
    def begin(self, at_once: bool) -> None:
        """Refresh after every step, or let the marks of several steps pile up."""
        self.at_once = at_once

    @invariant()
    def is_kept(self) -> None:
        if self.at_once:
            self.refresh()

    def teardown(self) -> None:
        try:
            self.refresh()
        finally:
            transaction.set_rollback(True)
            self.database.__exit__(None, None, None)

    def take(self, number: int, month: int, action: ReportAction, **more) -> bool:
        """A step with a report, where its state and its figures allow it."""
        if number >= 3:
            return False
        by = self.checker if action == A.APPROVE else self.maker
        with suppress(WorkflowError, InvalidFigures):
            step(report_of(self.entries[number], month), action, by, **more)
            return True
        return False

    @rule(number=ENTRIES, month=MONTHS, invested=st.integers(0, 1300), late=st.booleans())
    def submit(self, number: int, month: int, invested: int, late: bool) -> None:
        filled = values(
            invested, correction="核减", confirmed=["jump", "above_total", "above_plan"]
        )
        day = date(2024, 6, 20) if late else None
        self.take(number, month, A.SAVE, values=filled, on=day)
        self.take(number, month, A.SUBMIT, on=day)

    @rule(number=ENTRIES, month=MONTHS, invested=st.integers(0, 1300))
    def approve(self, number: int, month: int, invested: int) -> None:
        self.submit(number, month, invested, late=False)
        self.take(number, month, A.APPROVE)

    @rule(number=ENTRIES, month=MONTHS, action=st.sampled_from([A.RETURN, A.REOPEN]))
    def go_back(self, number: int, month: int, action: ReportAction) -> None:
        self.take(number, month, action, note="请核对")

    @rule(
        number=ENTRIES,
        month=MONTHS,
        planned=st.integers(1, 2000),
        goal=st.sampled_from([None, "started", "completed", ""]),
    )
    def revise(self, number: int, month: int, planned: int, goal: str | None) -> None:
        entry = AnnualPlan.objects.get(pk=self.entries[number].pk)
        with suppress(PlanError), transaction.atomic():
            revise_plan(
                entry.pk,
                Decision("区人大常委会", date(2024, 7, 1), "调整"),
                from_month=month,
                version=entry.version,
                by=self.maker,
                at=NOW,
                planned_investment=Decimal(planned),
                goal=goal,
            )

    @rule(number=ENTRIES, month=MONTHS, light=st.sampled_from(["green", "red", ""]))
    def judge(self, number: int, month: int, light: str) -> None:
        report = ProgressReport.objects.filter(
            entry=self.entries[number], period__month=month, light__isnull=False
        ).first()
        if report is not None:
            colouring.judge_otherwise(
                report, light, version=report.version, reason="踏勘", by=self.checker, at=NOW
            )

    @rule(number=ENTRIES, to=st.sampled_from(range(len(DEPARTMENTS))))
    def move(self, number: int, to: int) -> None:
        project = self.entries[number].project_id
        lifecycle.move(project, self.departments[to], reason="改革", by=self.checker, at=NOW)

    @rule(
        number=ENTRIES,
        change=st.sampled_from(
            [
                {"level": "municipal"},
                {"level": "district"},
                {"category": "ecology"},
                {"category": "industry", "sector": "制造业"},
                {"sector": "交通"},
            ]
        ),
    )
    def list_otherwise(self, number: int, change: dict[str, str]) -> None:
        entry = AnnualPlan.objects.select_related("project").get(pk=self.entries[number].pk)
        row = {"project": entry.project.code, "year": 2024, "category": entry.category, **change}
        load([FixtureFile("a.json", json.dumps({"model": "projects.annualplan", "rows": [row]}))])

    @rule(
        number=ENTRIES,
        change=st.sampled_from(
            [{"region": "500101001"}, {"region": None}, {"total_investment": "70.01"}]
        ),
    )
    def describe_otherwise(self, number: int, change: dict[str, str]) -> None:
        project = self.entries[number].project
        row = {
            "code": project.code,
            "name": project.name,
            "category": project.category,
            **change,
        }
        load([FixtureFile("p.json", json.dumps({"model": "projects.project", "rows": [row]}))])

    @rule(month=st.integers(3, 4))
    def open(self, month: int) -> None:
        open_rounds(month)

    @rule(month=MONTHS)
    def lock(self, month: int) -> None:
        with suppress(round_keeping.RoundError):
            period = ReportingPeriod.objects.get(year=2024, month=month)
            round_keeping.lock_now(period.pk, on=date(2024, 6, 21), at=moment(date(2024, 6, 21)))

    @rule(day=st.integers(1, 28))
    def move_the_due_day(self, day: int) -> None:
        period = ReportingPeriod.objects.get(year=2024, month=2)
        days = round_keeping.Days(period.opens_on, date(2024, 3, day), period.locks_on)
        with suppress(round_keeping.RoundError, round_keeping.StaleRoundError):
            round_keeping.change_days(
                period.pk,
                days,
                seen=str(round_keeping.Days.of(period)),
                by=self.checker,
                on=date(2024, 3, 1),
                at=NOW,
            )

    @rule()
    def refresh(self) -> None:
        keeping.refresh(at=NOW)
        assert not keeping.waiting()
        assert_cells_are_right()

    @rule()
    def rebuild(self) -> None:
        keeping.refresh(at=NOW)
        kept = stored()
        keeping.rebuild(2024, at=NOW)
        assert stored() == kept


@pytest.mark.django_db
def test_whatever_happens_in_a_year_a_refresh_gives_what_a_rebuild_gives():
    run_state_machine_as_test(
        Year,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
