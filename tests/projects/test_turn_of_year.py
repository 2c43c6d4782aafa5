"""From December to January, and a project that enters in July."""

from datetime import date
from decimal import Decimal

import pytest

from projects import round_keeping
from projects.figures import growth, month_figure
from projects.models import (
    AnnualPlan,
    LatestFigures,
    ProgressReport,
    ReportAction,
    ReportingPeriod,
    ReportState,
)
from projects.planning import Adoption, Decision, adopt
from projects.reporting import known
from projects.schedule_curves import spread_evenly
from projects.verification import verify
from projects.workflow import InvalidFigures, Refusal, WorkflowError
from tests.factories import make_entry, signed_in
from tests.rounds import approve, make_plan, moment, report_of, save, step, submit

A, S = ReportAction, ReportState


def nights(first: date, last: date) -> None:
    """Let the nightly job run on two nights, as if it had slept between."""
    for day in (first, last):
        round_keeping.open_and_lock(on=day, at=moment(day, 0))


@pytest.fixture
def entry(reporter, manager) -> AnnualPlan:
    """A project of 2024 that is approved to November, and is in the list of 2025 as well."""
    made = make_plan(reporter.department)
    nights(date(2024, 12, 1), date(2024, 12, 8))
    approve(report_of(made, 11), reporter, manager, on=date(2024, 12, 5), invested=1000)
    nights(date(2024, 12, 27), date(2024, 12, 31))
    return made


@pytest.fixture
def following(entry, manager) -> AnnualPlan:
    """The same project's plan of 2025, adopted on 2 January."""
    made = make_entry(entry.project, 2025)
    decided = Decision("区人民政府", date(2025, 1, 2))
    plan = Adoption(made.pk, Decimal(2400), spread_evenly(Decimal(2400)))
    adopt([plan], decided, by=manager, at=moment(date(2025, 1, 2)))
    made.refresh_from_db()
    return made


def finished(entry, reporter, manager, **more) -> ProgressReport:
    """December, reported on New Year's Eve and approved in January: the project is completed."""
    december = report_of(entry, 12)
    filled = {
        "invested": 1250,
        "status": "completed",
        "physical_progress": Decimal(100),
        "completed_on": date(2024, 12, 30),
        **more,
    }
    submit(december, reporter, on=date(2024, 12, 31), **filled)
    step(december, A.APPROVE, manager, on=date(2025, 1, 6))
    december.refresh_from_db()
    return december


def test_in_december_the_rounds_of_the_next_year_are_there_and_none_is_open(entry):
    assert ReportingPeriod.objects.filter(year=2025).count() == 12
    assert not ReportingPeriod.objects.filter(year=2025, opened_at__isnull=False).exists()
    assert report_of(entry, 12).state == S.DUE


def test_a_december_that_is_approved_in_january_sets_status_and_date_of_the_old_year(
    entry, following, reporter, manager
):
    december = finished(entry, reporter, manager)
    entry.project.refresh_from_db()
    assert (entry.project.status, entry.project.completed_on) == ("completed", date(2024, 12, 30))
    assert LatestFigures.objects.get(entry=entry).invested_ytd == 1250
    assert not LatestFigures.objects.filter(entry=following).exists()
    assert december.first_submitted_on == date(2024, 12, 31)
    assert verify().findings == []


def test_a_date_in_january_is_refused_while_it_is_december(entry, reporter):
    december = report_of(entry, 12)
    save(
        december,
        reporter,
        on=date(2024, 12, 31),
        invested=1250,
        status="completed",
        physical_progress=Decimal(100),
        completed_on=date(2025, 1, 1),
    )
    with pytest.raises(InvalidFigures) as refused:
        step(december, A.SUBMIT, reporter, on=date(2024, 12, 31))
    assert list(refused.value.errors) == ["completed_on"]
    assert step(december, A.SUBMIT, reporter, on=date(2025, 1, 1)) is not None


def test_on_the_ninth_of_january_december_is_open_and_on_the_tenth_it_is_not(entry, reporter):
    december = report_of(entry, 12)
    save(december, reporter, on=date(2025, 1, 9), invested=1100)
    nights(date(2025, 1, 9), date(2025, 1, 10))
    with pytest.raises(WorkflowError, match="2025-01-10"):
        save(december, reporter, on=date(2025, 1, 10), invested=1200)
    assert report_of(entry, 12).invested_ytd == 1100


def test_in_january_the_investment_begins_anew_and_the_progress_goes_on(
    entry, following, reporter, manager
):
    finished(entry, reporter, manager, status="accelerated", completed_on=None)
    nights(date(2025, 1, 27), date(2025, 1, 28))
    january = report_of(following, 1)
    beside = known(january)
    assert (beside.last.period, beside.last.invested_ytd) == ("2024-12", 1250)
    assert month_figure(2025, Decimal(90), beside.last) == 90
    approved = approve(
        january,
        reporter,
        manager,
        on=date(2025, 2, 4),
        invested=90,
        status="accelerated",
        physical_progress=Decimal(100),
    )
    assert (approved.state, approved.correction) == (S.APPROVED, "")


def test_january_speaks_for_the_present_however_late_december_is_corrected(
    entry, following, reporter, manager
):
    december = finished(entry, reporter, manager, status="accelerated", completed_on=None)
    nights(date(2025, 1, 9), date(2025, 1, 27))
    approve(
        report_of(following, 1),
        reporter,
        manager,
        on=date(2025, 2, 4),
        invested=90,
        status="completed",
        physical_progress=Decimal(100),
        completed_on=date(2025, 1, 20),
    )
    round_keeping.reopen_for(
        december.period_id,
        reporter.department,
        reason="更正",
        until=date(2025, 2, 8),
        by=manager,
        on=date(2025, 2, 5),
        at=moment(date(2025, 2, 5)),
    )
    step(december, A.REOPEN, manager, on=date(2025, 2, 5), note="更正")
    approve(
        december,
        reporter,
        manager,
        on=date(2025, 2, 6),
        invested=1240,
        status="accelerated",
        physical_progress=Decimal(100),
        correction="核减",
    )
    entry.project.refresh_from_db()
    assert (entry.project.status, entry.project.completed_on) == ("completed", date(2025, 1, 20))
    assert verify().findings == []


def by_month(entry: AnnualPlan) -> dict[int, Decimal | None]:
    rows = entry.reports.values_list("period__month", "approved_invested_ytd")
    return dict(rows)


def test_growth_over_last_year_is_that_of_the_same_months(entry, following, reporter, manager):
    nights(date(2025, 1, 27), date(2025, 2, 25))
    for made, on in ((entry, date(2024, 12, 6)), (following, date(2025, 2, 4))):
        january = report_of(made, 1)
        ReportingPeriod.objects.filter(pk=january.period_id).update(
            locked_at=None, locks_on=date(2025, 12, 31)
        )
        approve(january, reporter, manager, on=on, invested=200 if made == entry else 250)
    assert growth(by_month(following), by_month(entry), 1) == 25
    assert growth(by_month(following), by_month(entry), 11) is None
    assert growth(by_month(following), by_month(entry), 2) is None


# A project that enters in July


@pytest.fixture
def late(reporter) -> AnnualPlan:
    made = make_plan(reporter.department, enters_in=7)
    nights(date(2024, 7, 5), date(2024, 7, 28))
    return made


def test_who_enters_in_july_owes_nothing_before_and_july_then(late):
    states = dict(late.reports.values_list("period__month", "state"))
    assert [states[month] for month in range(1, 7)] == [S.NOT_DUE] * 6
    assert states[7] == S.DUE
    assert states[8] == S.NOT_DUE


def test_whose_months_before_july_can_be_reported_by_nobody(late, reporter):
    with pytest.raises(WorkflowError) as refused:
        save(report_of(late, 6), reporter, on=date(2024, 7, 5))
    assert refused.value.refusal is Refusal.NO_SUCH_STEP
    assert report_of(late, 6).version == 0


def test_whose_july_is_held_against_nothing_before_it(late, reporter, manager):
    july = report_of(late, 7)
    beside = known(july)
    assert (beside.last, beside.planned_ytd) == (None, 200)
    approve(july, reporter, manager, on=date(2024, 8, 2), invested=200)
    nights(date(2024, 8, 9), date(2024, 8, 10))
    july.refresh_from_db()
    assert july.light.computed == "green"
    assert month_figure(2024, july.invested_ytd, beside.last) == 200
    latest = LatestFigures.objects.get(entry=late)
    assert (latest.month, latest.streak) == (7, 1)
    assert not late.reports.filter(period__month__lt=7, light__isnull=False).exists()


def test_who_enters_in_july_is_in_the_grid_of_july_and_not_in_that_of_june(
    late, reporter, settings
):
    settings.WZ_TODAY = "2024-07-28"
    client = signed_in(reporter)
    name = late.project.name
    assert name in client.get("/month/2024/7/").content.decode()
    assert name not in client.get("/month/2024/6/").content.decode()
