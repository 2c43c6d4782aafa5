"""Where the year's investment ends at its pace so far, and what it takes to reach the plan.

The rule is that of projects.projection: the pace is even from the beginning of the year to the last
figure and is carried on from there; nothing is hidden by it. The plan is that of all entries, also
of those without a figure.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from projects.projection import (
    MONTHS,
    SMALLEST,
    Projection,
    RunRate,
    days_late,
    points,
    project_finish,
    run_rate,
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The rest of a year as of the end of `month`; money in 万元.

    `curve` holds the invested amount by month from `month` to December: the figure itself, then
    where the pace leads. `projection` says when the year's plan is reached at that pace, `days_late`
    by how many days that misses the end of the year (negative when early).
    """

    year: int
    month: int
    planned: Decimal
    curve: dict[int, Decimal]
    projection: Projection
    days_late: int | None
    pace: RunRate

    @property
    def december(self) -> Decimal:
        """What will have been invested by the end of the year."""
        return self.curve[MONTHS]


def look_ahead(year: int, month: int, *, planned: Decimal, invested: Decimal) -> Outlook | None:
    """Carry the year's investment on from the end of `month`; None where nothing is planned."""
    pace = run_rate(planned, invested, month=month)
    if pace is None or planned <= 0:
        return None
    last, begin = month_end(year, month), date(year, 1, 1)
    projection = project_finish(
        on=last, investment=points([(last, invested)], planned), started_on=begin
    )
    return Outlook(
        year=year,
        month=month,
        planned=planned,
        curve={each: _carried(year, each, last, invested) for each in range(month, MONTHS + 1)},
        projection=projection,
        days_late=days_late(projection, month_end(year, MONTHS), on=last),
        pace=pace,
    )


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _carried(year: int, month: int, last: date, invested: Decimal) -> Decimal:
    days = (month_end(year, month) - date(year, 1, 1)).days
    so_far = (last - date(year, 1, 1)).days
    return (invested * days / so_far).quantize(SMALLEST, ROUND_HALF_UP)
