"""Which rounds there are, when they open, fall due and lock, and for whom a locked one is open."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import schedule
from projects.models import AnnualPlan, ProgressReport, ReportAction, ReportingPeriod, ReportState
from projects.schedule import Reason, default_dates, door
from projects.workflow import Refusal, WorkflowError
from tests.factories import make_department, make_entry, make_project, make_user
from tests.rounds import make_plan, moment, open_rounds, period_of, report_of, save, submit

pytestmark = pytest.mark.django_db
S = ReportState


@pytest.mark.parametrize(
    ("month", "opens", "due", "locks"),
    [
        ((2024, 1), date(2024, 1, 27), date(2024, 2, 5), date(2024, 2, 10)),
        ((2024, 2), date(2024, 2, 25), date(2024, 3, 5), date(2024, 3, 10)),
        ((2023, 2), date(2023, 2, 24), date(2023, 3, 5), date(2023, 3, 10)),
        ((2024, 4), date(2024, 4, 26), date(2024, 5, 5), date(2024, 5, 10)),
        ((2024, 12), date(2024, 12, 27), date(2025, 1, 5), date(2025, 1, 10)),
    ],
    ids=["31 days", "leap February", "February", "30 days", "into the next year"],
)
def test_a_round_opens_five_days_before_the_month_ends_and_locks_in_the_next(
    month, opens, due, locks
):
    assert default_dates(*month) == (opens, due, locks)


def test_a_year_has_twelve_rounds_however_often_they_are_made():
    made = schedule.ensure_periods(2024)
    ReportingPeriod.objects.filter(month=3).update(due_on=date(2024, 4, 8))
    again = schedule.ensure_periods(2024)
    assert [period.month for period in again] == list(range(1, 13))
    assert [period.pk for period in again] == [period.pk for period in made]
    assert period_of(3).due_on == date(2024, 4, 8)


def test_a_round_opens_on_its_day_and_not_before():
    entry = make_plan()
    day = period_of(1).opens_on
    assert schedule.open_due(on=day - timedelta(days=1), at=moment(day)) == []
    assert report_of(entry, 1).state == S.NOT_DUE
    assert schedule.open_due(on=day, at=moment(day)) == [period_of(1)]
    assert report_of(entry, 1).state == S.DUE
    assert report_of(entry, 2).state == S.NOT_DUE


def test_opening_again_changes_nothing(reporter):
    entry = make_plan(reporter.department)
    period = open_rounds(1)
    save(report_of(entry, 1), reporter)
    later = period.opens_on + timedelta(days=2)
    assert schedule.open_due(on=later, at=moment(later)) == []
    assert period_of(1).opened_at == period.opened_at
    assert report_of(entry, 1).state == S.DRAFT


def test_days_without_the_job_are_made_up_for():
    entry = make_plan()
    day = period_of(4).opens_on
    opened = schedule.open_due(on=day, at=moment(day))
    assert [period.month for period in opened] == [1, 2, 3, 4]
    assert ProgressReport.objects.filter(entry=entry, state=S.DUE).count() == 4


def test_a_round_locks_on_its_day_and_only_once():
    make_plan()
    period = open_rounds(1)
    day = period.locks_on
    assert schedule.lock_due(on=day - timedelta(days=1), at=moment(day)) == []
    assert schedule.lock_due(on=day, at=moment(day)) == [period]
    assert schedule.lock_due(on=day + timedelta(days=1), at=moment(day, 23)) == []
    assert period_of(1).locked_at == moment(day)


def test_a_round_that_was_never_opened_is_not_locked():
    make_plan()
    day = period_of(1).locks_on
    assert schedule.lock_due(on=day, at=moment(day)) == []


def test_december_falls_due_and_is_locked_in_january():
    make_plan()
    period = open_rounds(12)
    for day, locked in [(date(2024, 12, 31), False), (date(2025, 1, 9), False)]:
        assert schedule.is_locked(period, on=day) is locked
        assert period not in schedule.lock_due(on=day, at=moment(day))
    assert schedule.is_locked(period, on=date(2025, 1, 10))
    assert period in schedule.lock_due(on=date(2025, 1, 10), at=moment(date(2025, 1, 10)))


def test_a_project_that_enters_in_july_owes_nothing_for_the_months_before():
    early, late = make_plan(), make_plan(enters_in=7)
    open_rounds(8)
    states = {month: report_of(late, month).state for month in range(1, 13)}
    assert {month for month, state in states.items() if state == S.DUE} == {7, 8}
    assert {month for month, state in states.items() if state == S.NOT_DUE} == {
        *range(1, 7),
        *range(9, 13),
    }
    assert report_of(early, 1).state == S.DUE


def test_a_plan_adopted_late_is_asked_for_what_is_open(reporter):
    make_plan(reporter.department)
    open_rounds(3)
    entry = make_plan(reporter.department, enters_in=2)
    assert [report_of(entry, month).state for month in (1, 2, 3, 4)] == [
        S.NOT_DUE,
        S.DUE,
        S.DUE,
        S.NOT_DUE,
    ]


def owing_entries(count):
    """Reports that wait for their round, made directly."""
    schedule.ensure_periods(2024)
    projects = [make_project() for _ in range(count)]
    entries = [make_entry(project) for project in projects]
    ProgressReport.objects.bulk_create(
        ProgressReport(entry=entry, period=period_of(1), year=2024, planned_year=12, planned_ytd=1)
        for entry in entries
    )


@pytest.mark.parametrize("count", [1, 300])
def test_opening_a_round_takes_as_many_queries_for_one_report_as_for_three_hundred(count):
    owing_entries(count)
    with CaptureQueriesContext(connection) as queries:
        schedule.open_due(on=date(2024, 1, 27), at=moment(date(2024, 1, 27)))
    assert ProgressReport.objects.filter(state=S.DUE).count() == count
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 4  # the rounds, the round, its reports, the mark of the month


class TestTheDoor:
    """Whether a department may write in a round, and why."""

    @pytest.fixture
    def period(self):
        make_plan()
        return open_rounds(3)

    @pytest.fixture
    def bureau(self):
        return make_department("500101-JTW", name="交通局")

    def grant(self, period, department, until):
        return schedule.reopen(
            period,
            department,
            reason=" 数据更正 ",
            until=until,
            by=make_user(role="manager"),
            at=moment(until),
        )

    def seen(self, period, department, on, words=None):
        found = door(period, department, on=on, grants=period.grants.all())
        if words is not None:
            with translation.override("en"):
                assert found.words == words
        return found.is_open, found.reason

    def test_before_it_opens_it_says_when_it_will(self, period, bureau):
        later = period_of(4)
        words = f"The round opens on {later.opens_on}."
        assert self.seen(later, bureau, date(2024, 4, 1), words) == (False, Reason.NOT_OPEN_YET)

    def test_an_open_round_says_until_when(self, period, bureau):
        words = "The round is open until 2024-04-09."
        assert self.seen(period, bureau, date(2024, 4, 9), words) == (True, Reason.OPEN)

    def test_a_locked_round_says_since_when_and_who_could_open_it(self, period, bureau):
        with translation.override("en"):
            found = door(period, bureau, on=date(2024, 4, 10), grants=[])
            assert (found.is_open, found.reason) == (False, Reason.LOCKED)
            assert "locked since 2024-04-10" in found.words
            assert "reopening for your department" in found.words

    def test_a_reopening_says_for_whom_and_until_when(self, period, bureau):
        self.grant(period, bureau, date(2024, 4, 15))
        words = "The round is locked, but open again for 交通局 until 2024-04-15."
        assert self.seen(period, bureau, date(2024, 4, 15), words) == (True, Reason.REOPENED)

    def test_a_reopening_ends_with_its_day_and_says_so(self, period, bureau):
        self.grant(period, bureau, date(2024, 4, 15))
        words = (
            "The round has been locked since 2024-04-10; the reopening for 交通局 ended on"
            " 2024-04-15."
        )
        assert self.seen(period, bureau, date(2024, 4, 16), words) == (False, Reason.GRANT_EXPIRED)

    def test_a_reopening_of_the_unit_above_counts(self, period, bureau):
        unit = make_department("500101-JTW-GL", name="公路中心", parent=bureau)
        self.grant(period, bureau, date(2024, 4, 15))
        assert self.seen(period, unit, date(2024, 4, 12)) == (True, Reason.REOPENED)

    def test_a_reopening_of_a_unit_does_not_open_the_one_above(self, period, bureau):
        unit = make_department("500101-JTW-GL", parent=bureau)
        self.grant(period, unit, date(2024, 4, 15))
        assert self.seen(period, bureau, date(2024, 4, 12)) == (False, Reason.LOCKED)

    def test_another_departments_or_another_months_reopening_opens_nothing(self, period, bureau):
        self.grant(period, make_department("500101-SLJ"), date(2024, 4, 15))
        other = self.grant(period_of(2), bureau, date(2024, 4, 15))
        grants = [*period.grants.all(), other]
        assert door(period, bureau, on=date(2024, 4, 12), grants=grants).reason == Reason.LOCKED

    def test_a_code_that_begins_alike_is_another_department(self, period, bureau):
        self.grant(period, make_department("500101-JT"), date(2024, 4, 15))
        assert self.seen(period, bureau, date(2024, 4, 12)) == (False, Reason.LOCKED)

    def test_of_two_reopenings_the_later_day_counts(self, period, bureau):
        self.grant(period, bureau, date(2024, 4, 20))
        self.grant(period, bureau, date(2024, 4, 12))
        assert self.seen(period, bureau, date(2024, 4, 18)) == (True, Reason.REOPENED)

    def test_a_reopening_before_the_lock_changes_nothing(self, period, bureau):
        self.grant(period, bureau, date(2024, 4, 20))
        assert self.seen(period, bureau, date(2024, 4, 9)) == (True, Reason.OPEN)

    def test_a_project_without_a_department_has_no_reopening(self, period, bureau):
        self.grant(period, bureau, date(2024, 4, 20))
        assert self.seen(period, None, date(2024, 4, 12)) == (False, Reason.LOCKED)

    def test_a_round_locked_early_is_locked(self, period, bureau):
        period.locked_at = moment(date(2024, 4, 7))
        assert not self.seen(period, bureau, date(2024, 4, 7))[0]


def test_nobody_writes_after_the_lock_even_if_no_job_marked_it(reporter):
    entry = make_plan(reporter.department)
    period = open_rounds(3)
    assert period.locked_at is None
    with pytest.raises(WorkflowError) as refused:
        save(report_of(entry, 3), reporter, on=period.locks_on)
    assert refused.value.refusal is Refusal.CLOSED
    save(report_of(entry, 3), reporter, on=period.locks_on - timedelta(days=1))


DUE = date(2024, 4, 5)


@pytest.mark.parametrize(
    ("state", "first_submitted_on", "on", "expected"),
    [
        (S.NOT_DUE, None, date(2024, 4, 6), False),
        (S.DUE, None, DUE, False),
        (S.DUE, None, date(2024, 4, 6), True),
        (S.DRAFT, None, date(2024, 4, 6), True),
        (S.SUBMITTED, DUE, date(2024, 5, 1), False),
        (S.SUBMITTED, date(2024, 4, 6), date(2024, 4, 6), True),
        (S.RETURNED, DUE, date(2024, 5, 1), False),
        (S.RETURNED, date(2024, 4, 6), date(2024, 5, 1), True),
        (S.REOPENED, DUE, date(2024, 5, 1), False),
    ],
)
def test_a_page_and_a_query_agree_on_who_is_late(state, first_submitted_on, on, expected):
    entry = make_plan()
    open_rounds(3)
    report = report_of(entry, 3)
    by = make_user() if state == S.SUBMITTED else None
    ProgressReport.objects.filter(pk=report.pk).update(
        state=state,
        first_submitted_on=first_submitted_on,
        invested_ytd=1 if by else None,
        submitted_by=by,
        submitted_at=moment(on) if by else None,
    )
    report.refresh_from_db()
    assert report.period.due_on == DUE
    assert schedule.is_late(report, on=on) is expected
    assert ProgressReport.objects.filter(schedule.late(on), pk=report.pk).exists() is expected


def test_a_report_is_late_by_when_it_was_first_submitted(reporter, manager):
    entry = make_plan(reporter.department)
    open_rounds(3)
    submit(report_of(entry, 3), reporter, on=DUE)
    after = report_of(entry, 3)
    assert after.first_submitted_on == DUE
    assert not schedule.is_late(after, on=date(2024, 4, 9))


class TestTheRoundThatIsWorkedOn:
    """The one that pages show first."""

    def test_is_the_earliest_open_one(self):
        make_plan()
        open_rounds(3)
        assert schedule.current_period(on=date(2024, 3, 28)) == period_of(3)
        ReportingPeriod.objects.filter(month=2).update(locks_on=date(2024, 4, 10))
        assert schedule.current_period(on=date(2024, 3, 28)) == period_of(2)

    def test_else_the_latest_that_was_open(self):
        make_plan()
        open_rounds(3)
        assert schedule.current_period(on=date(2024, 4, 12)) == period_of(3)

    def test_else_the_next(self):
        make_plan()
        assert schedule.current_period(on=date(2024, 1, 12)) == period_of(1)

    def test_there_may_be_none(self):
        assert schedule.current_period(on=date(2024, 1, 12)) is None


def test_the_steps_of_the_plan_are_untouched_by_opening():
    entry = make_plan()
    before = AnnualPlan.objects.values().get(pk=entry.pk)
    open_rounds(2)
    assert AnnualPlan.objects.values().get(pk=entry.pk) == before
    assert not report_of(entry, 1).events.exclude(action=ReportAction.OPEN).exists()
