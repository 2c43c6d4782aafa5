"""When a project will be finished at its pace, and what it takes to reach the year's plan.

A projection cannot hide lateness: one that has passed becomes today, of two measures the later one
counts, and a project that makes no headway has no projected finish at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

MONTHS = 12
SMALLEST = Decimal("0.01")
DONE = Decimal(100)
LONGEST = timedelta(days=365 * 50)
"""What would take longer than this at its pace makes no headway."""


class Measure(StrEnum):
    """What a projected finish was drawn from."""

    PROGRESS = "progress"
    """形象进度, in percent."""
    INVESTMENT = "investment"
    """Invested since the beginning, in percent of the total investment."""


class Outcome(StrEnum):
    """What can be said of the finish."""

    FINISHED = "finished"
    PROJECTED = "projected"
    PASSED = "passed"
    """By its pace it would be finished by now; it is not: the finish is today at the earliest."""
    STALLED = "stalled"
    """No headway between the first and the last figure: there is no finish at this pace."""
    UNKNOWN = "unknown"
    """Fewer than two figures: there is no pace."""


@dataclass(frozen=True, slots=True)
class Point:
    """How much of the whole project was done at the end of a day, in percent."""

    on: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """The finish of a project; `finish` is None where it is stalled or unknown.

    `measure` is the one that decided, None where none did.
    """

    outcome: Outcome
    finish: date | None = None
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class RunRate:
    """What is left of the year's plan; money in 万元.

    `missing` is what is still to be invested (never negative), `months` the months left after the
    reported one, `needed` the amount for each of them, rounded up so that they suffice; None
    where something is missing and no month is left. `so_far` is the average of the months since
    the project entered the plan.
    """

    missing: Decimal
    months: int
    needed: Decimal | None
    so_far: Decimal

    @property
    def is_reachable(self) -> bool:
        """Whether the pace so far is enough to reach the plan by December."""
        return self.needed is not None and self.needed <= max(self.so_far, Decimal(0))


def points(amounts: Iterable[tuple[date, Decimal | None]], total: Decimal | None) -> list[Point]:
    """Turn amounts, cumulated since the project began, into percents of its total investment.

    Blank amounts are left out. Without a total there is nothing to draw from.
    """
    if total is None or total <= 0:
        return []
    return [Point(on, 100 * amount / total) for on, amount in amounts if amount is not None]


def project_finish(
    *,
    on: date,
    progress: Sequence[Point] = (),
    investment: Sequence[Point] = (),
    started_on: date | None = None,
    completed_on: date | None = None,
) -> Projection:
    """Project the finish of a project as of `on`, from its pace so far.

    The pace is even from the start (or, where the day of it is not known, from the first figure)
    to the last figure; what is left is carried on from there. Pass only the figures of the last
    months to have their pace. Figures after `on` are left out, so that the projection of a past day
    can be repeated. Of physical progress and investment the later finish counts; where one of
    them is stalled, so is the project.

    An unfinished project is never projected to a day before `on`.
    """
    if completed_on is not None and completed_on <= on:
        return Projection(Outcome.FINISHED, completed_on)
    projections = [
        _carry_on(_known(progress, started_on, on), Measure.PROGRESS, on),
        _carry_on(_known(investment, started_on, on), Measure.INVESTMENT, on),
    ]
    known = [projection for projection in projections if projection is not None]
    return max(known, key=_lateness, default=Projection(Outcome.UNKNOWN))


def days_late(projection: Projection, planned_finish_on: date | None, *, on: date) -> int | None:
    """By how many days the plan is missed, negative when early; None where nothing is planned.

    Where the finish is not known, it is late by the days that have passed since the planned
    finish, and more to come; before that day None.
    """
    if planned_finish_on is None:
        return None
    if projection.finish is not None:
        return (projection.finish - planned_finish_on).days
    return (on - planned_finish_on).days if on > planned_finish_on else None


def remaining_months(month: int) -> int:
    """How many months of the year are left after `month` (1–12)."""
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no month of a year: {month}")
    return MONTHS - month


def run_rate(
    planned_year: Decimal | None,
    invested_ytd: Decimal | None,
    *,
    month: int,
    entry_month: int = 1,
) -> RunRate | None:
    """What has to be invested in each month left to reach the year's plan by December.

    `invested_ytd` stands at the end of `month`. None where the plan or the figure is not known.
    """
    months = remaining_months(month)
    if planned_year is None or invested_ytd is None:
        return None
    missing = max(planned_year - invested_ytd, Decimal(0))
    needed: Decimal | None = Decimal(0)
    if missing:
        needed = (missing / months).quantize(SMALLEST, ROUND_UP) if months else None
    elapsed = max(month - entry_month + 1, 1)
    return RunRate(
        missing=missing,
        months=months,
        needed=needed,
        so_far=(invested_ytd / elapsed).quantize(SMALLEST, ROUND_HALF_UP),
    )


def _known(given: Sequence[Point], started_on: date | None, on: date) -> list[Point]:
    known = sorted((point for point in given if point.on <= on), key=lambda point: point.on)
    if known and started_on is not None and started_on < known[0].on:
        known.insert(0, Point(started_on, Decimal(0)))
    return known


def _carry_on(known: Sequence[Point], measure: Measure, on: date) -> Projection | None:
    if not known:
        return None
    first, last = known[0], known[-1]
    if last.percent >= DONE:
        return Projection(Outcome.PASSED, on, measure)
    made, days = last.percent - first.percent, (last.on - first.on).days
    if not days:
        return None
    if made <= 0:
        return Projection(Outcome.STALLED, None, measure)
    left = ceil(Fraction(DONE - last.percent) * days / Fraction(made))
    if left > LONGEST.days:
        return Projection(Outcome.STALLED, None, measure)
    finish = last.on + timedelta(days=left)
    if finish < on:
        return Projection(Outcome.PASSED, on, measure)
    return Projection(Outcome.PROJECTED, finish, measure)


def _lateness(projection: Projection) -> date:
    return projection.finish or date.max
