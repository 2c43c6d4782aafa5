"""When a project will be finished at its pace, and what is needed to reach the year's plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.projection import (
    Measure,
    Outcome,
    Point,
    Projection,
    days_late,
    points,
    project_finish,
    remaining_months,
    run_rate,
)

TODAY = date(2024, 10, 10)


def point(on: date, percent: str | int) -> Point:
    return Point(on, Decimal(percent))


def at(day: int, percent: str | int) -> Point:
    """A figure so many days after 1 January 2024."""
    return point(date(2024, 1, 1) + timedelta(days=day), percent)


days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
any_points = st.lists(st.builds(Point, days, st.decimals(0, 120, places=1)), max_size=8)


def test_what_is_left_is_carried_on_at_the_pace_so_far() -> None:
    projection = project_finish(progress=[at(0, 0), at(200, 50)], on=date(2024, 7, 20))

    assert projection == Projection(
        Outcome.PROJECTED, date(2024, 1, 1) + timedelta(days=400), Measure.PROGRESS
    )


def test_the_start_is_the_first_figure() -> None:
    projection = project_finish(
        progress=[at(200, 50)], started_on=date(2024, 1, 1), on=date(2024, 7, 20)
    )

    assert projection.finish == date(2024, 1, 1) + timedelta(days=400)


def test_a_part_of_a_day_is_a_day() -> None:
    projection = project_finish(progress=[at(0, 0), at(10, 30)], on=date(2024, 1, 11))

    assert projection.finish == date(2024, 1, 1) + timedelta(days=34)


def test_a_projection_that_has_passed_becomes_today() -> None:
    last_reported_in_march = [at(0, 0), at(80, 90)]

    projection = project_finish(progress=last_reported_in_march, on=TODAY)

    assert projection == Projection(Outcome.PASSED, TODAY, Measure.PROGRESS)


@pytest.mark.parametrize(
    "figures", [[at(90, 100)], [at(0, 20), at(90, 100)], [at(0, 100), at(90, 100)]]
)
def test_a_hundred_percent_is_not_yet_finished(figures: list[Point]) -> None:
    assert project_finish(progress=figures, on=TODAY) == Projection(
        Outcome.PASSED, TODAY, Measure.PROGRESS
    )


def test_a_finished_project_has_its_day() -> None:
    projection = project_finish(progress=[at(0, 0)], completed_on=date(2024, 9, 1), on=TODAY)

    assert projection == Projection(Outcome.FINISHED, date(2024, 9, 1))


def test_a_finish_of_a_later_day_is_not_known_yet() -> None:
    projection = project_finish(
        progress=[at(0, 0), at(200, 50)], completed_on=date(2024, 12, 1), on=date(2024, 8, 1)
    )

    assert projection.outcome is Outcome.PROJECTED


def test_the_later_of_progress_and_investment_counts() -> None:
    fast, slow = [at(0, 0), at(200, 80)], [at(0, 0), at(200, 40)]
    on = date(2024, 7, 20)

    by_investment = project_finish(progress=fast, investment=slow, on=on)
    by_progress = project_finish(progress=slow, investment=fast, on=on)

    assert by_investment.measure is Measure.INVESTMENT
    assert by_progress.measure is Measure.PROGRESS
    assert by_investment.finish == by_progress.finish == date(2024, 1, 1) + timedelta(days=500)


@pytest.mark.parametrize(
    "figures", [[at(0, 40), at(200, 40)], [at(0, 40), at(200, 35)], [at(0, 0), at(200, "0.1")]]
)
def test_without_headway_there_is_no_finish(figures: list[Point]) -> None:
    moving = [at(0, 0), at(200, 80)]

    projection = project_finish(progress=figures, investment=moving, on=TODAY)

    assert projection == Projection(Outcome.STALLED, None, Measure.PROGRESS)


@pytest.mark.parametrize("figures", [[], [at(5, 40)], [at(5, 40), at(5, 50)]])
def test_without_two_figures_there_is_no_pace(figures: list[Point]) -> None:
    assert project_finish(progress=figures, on=TODAY) == Projection(Outcome.UNKNOWN)


def test_figures_of_later_days_are_left_out() -> None:
    figures = [at(0, 0), at(100, 50), at(200, 99)]

    then = project_finish(progress=figures, on=date(2024, 1, 1) + timedelta(days=150))

    assert then == project_finish(progress=figures[:2], on=date(2024, 1, 1) + timedelta(days=150))


def test_amounts_become_shares_of_the_total_investment() -> None:
    amounts = [(date(2024, 1, 31), Decimal(25)), (date(2024, 2, 29), None)]

    assert points(amounts, Decimal(200)) == [point(date(2024, 1, 31), "12.5")]
    assert points(amounts, None) == []
    assert points(amounts, Decimal(0)) == []


@pytest.mark.parametrize(
    ("projection", "planned", "late"),
    [
        (Projection(Outcome.PROJECTED, date(2024, 12, 31)), date(2024, 12, 1), 30),
        (Projection(Outcome.PROJECTED, date(2024, 12, 1)), date(2024, 12, 31), -30),
        (Projection(Outcome.PROJECTED, date(2024, 12, 1)), None, None),
        (Projection(Outcome.STALLED), date(2024, 10, 1), 9),
        (Projection(Outcome.STALLED), date(2024, 10, 10), None),
        (Projection(Outcome.UNKNOWN), date(2024, 12, 31), None),
    ],
)
def test_lateness_is_counted_in_days(
    projection: Projection, planned: date | None, late: int | None
) -> None:
    assert days_late(projection, planned, on=TODAY) == late


@given(any_points, any_points, st.none() | days, st.none() | days, days)
def test_an_unfinished_project_is_never_finished_before_today(
    progress: list[Point],
    investment: list[Point],
    started_on: date | None,
    completed_on: date | None,
    on: date,
) -> None:
    projection = project_finish(
        progress=progress,
        investment=investment,
        started_on=started_on,
        completed_on=completed_on,
        on=on,
    )

    if projection.outcome is Outcome.FINISHED:
        assert projection.finish == completed_on
        assert completed_on is not None
        assert completed_on <= on
    elif projection.finish is not None:
        assert projection.finish >= on
    assert (projection.finish is None) == (projection.outcome in {Outcome.STALLED, Outcome.UNKNOWN})


@given(any_points, any_points, days)
def test_a_second_measure_never_makes_the_finish_earlier(
    progress: list[Point], investment: list[Point], on: date
) -> None:
    alone = project_finish(progress=progress, on=on)
    both = project_finish(progress=progress, investment=investment, on=on)

    if alone.outcome is Outcome.STALLED:
        assert both.finish is None
    if alone.finish is not None:
        assert both.finish is None or both.finish >= alone.finish


def test_the_run_rate_is_what_each_month_left_needs() -> None:
    rate = run_rate(Decimal(1000), Decimal(600), month=9)

    assert rate is not None
    assert (rate.missing, rate.months, rate.needed) == (Decimal(400), 3, Decimal("133.34"))
    assert rate.so_far == Decimal("66.67")
    assert not rate.is_reachable


def test_the_pace_so_far_counts_from_the_month_of_entry() -> None:
    rate = run_rate(Decimal(1000), Decimal(600), month=9, entry_month=7)

    assert rate is not None
    assert rate.so_far == Decimal(200)
    assert rate.is_reachable


def test_in_december_nothing_more_can_be_made_good() -> None:
    rate = run_rate(Decimal(1000), Decimal(600), month=12)

    assert rate is not None
    assert (rate.missing, rate.months, rate.needed) == (Decimal(400), 0, None)
    assert not rate.is_reachable


@pytest.mark.parametrize("month", [6, 12])
def test_a_plan_that_is_reached_needs_nothing(month: int) -> None:
    rate = run_rate(Decimal(1000), Decimal(1100), month=month)

    assert rate is not None
    assert (rate.missing, rate.needed, rate.is_reachable) == (0, 0, True)


def test_a_blank_has_no_run_rate_and_a_zero_has() -> None:
    assert run_rate(Decimal(1000), None, month=6) is None
    assert run_rate(None, Decimal(10), month=6) is None
    assert run_rate(Decimal(600), Decimal(0), month=6) is not None


def test_the_months_left_are_those_of_the_year() -> None:
    assert [remaining_months(month) for month in (1, 11, 12)] == [11, 1, 0]
    for month in (0, 13):
        with pytest.raises(ValueError, match="no month"):
            remaining_months(month)


@given(st.decimals(0, 10**10, places=2), st.decimals(0, 10**10, places=2), st.integers(1, 11))
def test_the_run_rate_suffices_and_wastes_less_than_a_cent_a_month(
    planned: Decimal, invested: Decimal, month: int
) -> None:
    rate = run_rate(planned, invested, month=month)

    assert rate is not None
    assert rate.needed is not None
    spare = invested + rate.needed * rate.months - planned
    assert spare >= 0
    if rate.missing:
        assert spare < Decimal("0.01") * rate.months
