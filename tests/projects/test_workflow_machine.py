"""The workflow driven at random: no path loses a figure, breaks a chain or lets a maker check."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.roles import Role
from projects import audit, chains, schedule, workflow
from projects.models import ProgressReport, ReportAction, ReportEvent, ReportingPeriod, ReportState
from projects.workflow import InvalidFigures, StaleReportError, WorkflowError
from tests.factories import make_department, make_user
from tests.rounds import make_plan, moment, open_rounds, report_of, values

A, S = ReportAction, ReportState
MONTHS = (2, 3)

# What the office's rules say, written down a second time: state → action → (next, who).
RULES = {
    "due": {"save": ("draft", "maker")},
    "draft": {"save": ("draft", "maker"), "submit": ("submitted", "maker")},
    "submitted": {"approve": ("approved", "checker"), "return": ("returned", "reviewer")},
    "returned": {"save": ("returned", "maker"), "submit": ("submitted", "maker")},
    "approved": {"reopen": ("reopened", "reviewer")},
    "reopened": {"save": ("reopened", "maker"), "submit": ("submitted", "maker")},
}
MAKERS = ("reporter", "colleague", "manager", "second", "admin")
REVIEWERS = ("manager", "second", "admin")


class Expected:
    """What one report must be, kept by the test."""

    def __init__(self) -> None:
        self.state = "due"
        self.invested: Decimal | None = None
        self.in_force: Decimal | None = None
        self.hands: set[str] = set()
        self.steps = 0


class Office(RuleBasedStateMachine):
    """Five people who may write, two who may not, two months, a calendar, and stale pages."""

    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.database = transaction.atomic()
        self.database.__enter__()
        home = make_department("500101-JTW")
        self.people = {
            "reporter": make_user("reporter", department=home),
            "colleague": make_user("colleague", department=home),
            "outsider": make_user("outsider", department=make_department("500101-SLJ")),
            "manager": make_user("manager", Role.MANAGER),
            "second": make_user("second", Role.MANAGER),
            "admin": make_user("admin", Role.ADMIN),
            "leader": make_user("leader", Role.LEADER),
        }
        entry = make_plan(home)
        open_rounds(max(MONTHS))
        ReportingPeriod.objects.filter(month__in=MONTHS).update(locks_on=date(2024, 5, 6))
        self.reports = {month: report_of(entry, month).pk for month in MONTHS}
        self.expected = {month: Expected() for month in MONTHS}
        self.day = report_of(entry, 2).period.due_on
        self.granted_until = dict.fromkeys(MONTHS)
        self.home = home

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.database.__exit__(None, None, None)

    def row(self, month: int) -> ProgressReport:
        return ProgressReport.objects.select_related("period").get(pk=self.reports[month])

    def is_open(self, month: int) -> bool:
        granted = self.granted_until[month]
        return self.day < self.row(month).period.locks_on or (
            granted is not None and granted >= self.day
        )

    def may(self, who: str, month: int, action: str) -> bool:
        expected = self.expected[month]
        step = RULES[expected.state].get(action)
        if step is None or not self.is_open(month):
            return False
        if step[1] == "maker":
            return who in MAKERS
        return who in REVIEWERS and not (step[1] == "checker" and who in expected.hands)

    def take(self, who: str, month: int, action: str, version: int, **more) -> ReportEvent | None:
        """Take a step; where it is refused, see that nothing at all has changed."""
        before = ProgressReport.objects.filter(pk=self.reports[month]).values().get()
        steps = ReportEvent.objects.count()
        try:
            with transaction.atomic():
                return workflow.perform(
                    self.reports[month],
                    A(action),
                    version=version,
                    by=self.people[who],
                    on=self.day,
                    at=moment(self.day),
                    **more,
                )
        except (WorkflowError, InvalidFigures, StaleReportError):
            assert ProgressReport.objects.filter(pk=self.reports[month]).values().get() == before
            assert ReportEvent.objects.count() == steps
            raise

    # Those who may write come up more often than those who may not.
    people_ = st.sampled_from(
        ["reporter", "manager", "reporter", "second", "manager", *MAKERS, "outsider", "leader"]
    )
    months_ = st.sampled_from(MONTHS)

    @rule(who=people_, month=months_, invested=st.sampled_from([None, 90, 100, 180, 200, 270]))
    def enter(self, who: str, month: int, invested: int | None) -> None:
        """Save a figure."""
        self.save(who, month, invested)

    def save(self, who: str, month: int, invested: int | None) -> None:
        expected = self.expected[month]
        filled = values(invested, correction="核减上月数", confirmed=["jump"])
        if not self.may(who, month, "save"):
            with pytest.raises(WorkflowError):
                self.take(who, month, "save", self.row(month).version, values=filled)
            return
        event = self.take(who, month, "save", self.row(month).version, values=filled)
        expected.state = RULES[expected.state]["save"][0]
        expected.invested = None if invested is None else Decimal(invested)
        if event is not None:
            expected.steps += 1
            expected.hands.add(who)

    @rule(who=people_, month=months_)
    def go_on(self, who: str, month: int) -> None:
        """Submit or approve, whichever is at turn; what is not is refused elsewhere."""
        action = "approve" if self.expected[month].state == "submitted" else "submit"
        self.go(who, month, action)

    @rule(who=people_, month=months_, action=st.sampled_from(["submit", "approve"]))
    def go_anyhow(self, who: str, month: int, action: str) -> None:
        """Submit or approve, whether or not it is at turn."""
        self.go(who, month, action)

    def go(self, who: str, month: int, action: str) -> None:
        expected = self.expected[month]
        version = self.row(month).version
        if not self.may(who, month, action):
            with pytest.raises(WorkflowError):
                self.take(who, month, action, version)
            return
        try:
            self.take(who, month, action, version)
        except InvalidFigures:
            assert action == "submit"
            return
        assert expected.invested is not None
        expected.state = RULES[expected.state][action][0]
        expected.steps += 1
        if action == "submit":
            expected.hands.add(who)
        else:
            expected.in_force = expected.invested
            expected.hands = set()

    @rule(
        month=months_,
        maker=st.sampled_from(MAKERS),
        checker=st.sampled_from(REVIEWERS),
        invested=st.integers(90, 110),
    )
    def report_as_one_should(self, month: int, maker: str, checker: str, invested: int) -> None:
        """Go the whole way, as far as the present state lets these two go it."""
        self.save(maker, month, invested + 100 * month)
        self.go(maker, month, "submit")
        self.go(checker, month, "approve")

    @rule(
        who=people_,
        month=months_,
        action=st.sampled_from(["return", "reopen"]),
        note=st.sampled_from(["", " ", "请核对"]),
    )
    def go_back(self, who: str, month: int, action: str, note: str) -> None:
        expected = self.expected[month]
        version = self.row(month).version
        if not self.may(who, month, action):
            with pytest.raises(WorkflowError):
                self.take(who, month, action, version, note=note)
        elif not note.strip():
            with pytest.raises(InvalidFigures):
                self.take(who, month, action, version, note=note)
        else:
            self.take(who, month, action, version, note=note)
            expected.state = RULES[expected.state][action][0]
            expected.steps += 1

    @rule(target=seen, month=months_)
    def open_a_page(self, month: int) -> tuple[int, int]:
        return month, self.row(month).version

    @rule(page=seen, who=st.sampled_from(["reporter", "manager"]), invested=st.integers(0, 900))
    def write_from_a_page_left_open(self, page: tuple[int, int], who: str, invested: int) -> None:
        month, version = page
        present = self.row(month).version
        if version == present:
            return
        with pytest.raises(StaleReportError) as stale:
            self.take(who, month, "save", version, values=values(invested))
        assert [event.number for event in stale.value.events] == list(
            range(version + 1, present + 1)
        )

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)
        schedule.lock_due(on=self.day, at=moment(self.day))

    @precondition(lambda self: not all(self.is_open(month) for month in MONTHS))
    @rule(month=months_, days=st.integers(0, 9))
    def reopen_the_round(self, month: int, days: int) -> None:
        until = self.day + timedelta(days=days)
        schedule.reopen(
            self.row(month).period,
            self.home,
            reason="补报",
            until=until,
            by=self.people["manager"],
            at=moment(self.day),
        )
        granted = self.granted_until[month]
        self.granted_until[month] = max(granted, until) if granted else until

    @invariant()
    def no_figure_is_lost(self) -> None:
        for month in MONTHS:
            row, expected = self.row(month), self.expected[month]
            assert row.state == expected.state
            assert row.invested_ytd == expected.invested
            assert row.approved_invested_ytd == expected.in_force

    @invariant()
    def every_chain_holds(self) -> None:
        for month in MONTHS:
            row = self.row(month)
            steps = list(row.events.order_by("number"))
            assert len(steps) == row.version == self.expected[month].steps
            head = ""
            for number, step in enumerate(steps, start=1):
                assert (step.number, step.previous) == (number, head)
                assert step.digest == audit.digest(head, chains.payload(step))
                head = step.digest
            assert row.head == head

    @invariant()
    def no_maker_has_checked(self) -> None:
        for month in MONTHS:
            for hands, checker in approvals(self.row(month)):
                assert checker not in hands


def approvals(report: ProgressReport) -> Iterator[tuple[set[int], int]]:
    """Who had a hand in the figures, and who approved them, approval by approval."""
    hands: set[int] = set()
    for action, by in report.events.order_by("number").values_list("action", "by_id"):
        if action == A.APPROVE:
            yield hands, by
            hands = set()
        elif action in (A.SAVE, A.SUBMIT):
            hands.add(by)


def test_every_state_and_step_for_people_is_in_the_rules_written_here():
    known = {
        (state.value, action.value): (step.to.value, step.actor.value)
        for (state, action), step in workflow.TRANSITIONS.items()
        if step.actor is not workflow.Actor.SYSTEM
    }
    assert known == {
        (state, action): step for state, steps in RULES.items() for action, step in steps.items()
    }


@pytest.mark.django_db
def test_no_path_loses_a_figure_breaks_a_chain_or_lets_a_maker_check():
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=20,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
