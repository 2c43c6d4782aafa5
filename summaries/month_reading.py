"""A month of the whole office as the cockpit and the wall read it from the cells, and which month.

The cells change only when they are refreshed, and then the time of it changes with them: under
that time a reading is remembered, so that a busy page does not add up the same cells again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.cache import cache

from projects.models import ReportingPeriod
from projects.schedule import is_locked
from summaries import keeping
from summaries.cells import NOTHING, By, Month, Progress, Sums, by_month, progress
from summaries.models import CellKeeper, ProgressCell

REMEMBERED_SECONDS = 3600
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Choice:
    """The month that is shown, and those that may be chosen instead.

    A month is settled once its round is locked; until then its figures are still coming in.
    """

    period: ReportingPeriod
    is_settled: bool
    years: list[int]
    months: list[int]

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def month(self) -> int:
        return self.period.month


def choose(*, year: str = "", month: str = "", on: date) -> Choice | None:
    """The month asked for; else the latest settled one of the year asked for, or of any.

    Only months whose round has opened can be chosen. None where there is none, or none of the year
    asked for. What cannot be read as a year or month is as good as not asked.
    """
    opened = list(ReportingPeriod.objects.filter(opened_at__isnull=False).order_by("year", "month"))
    years = sorted({period.year for period in opened}, reverse=True)
    asked = [period for period in opened if str(period.year) == year]
    wanted = [period for period in asked if str(period.month) == month]
    period = next(iter(wanted), None) or _latest_settled(asked or opened, on)
    if period is None:
        return None
    return Choice(
        period,
        is_locked(period, on=on),
        years,
        [each.month for each in opened if each.year == period.year],
    )


def _latest_settled(opened: list[ReportingPeriod], on: date) -> ReportingPeriod | None:
    settled = [period for period in opened if is_locked(period, on=on)]
    return settled[-1] if settled else next(iter(reversed(opened)), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cells say of a month; keys of `categories` and `departments` are stored values.

    `months` are those of this year and the last; `refreshed_at` says when cells were last written.
    """

    year: int
    month: int
    refreshed_at: datetime | None
    total: Progress
    categories: dict[str, Progress]
    departments: list[Progress]
    months: dict[Month, Sums]

    def of(self, year: int, month: int) -> Sums:
        """The sums of a month of this year or the last; nothing where it has no cells."""
        return self.months.get((year, month), NOTHING)


def read(year: int, month: int) -> Reading:
    """The month of all entries, for those who may see the whole office (may_see_cockpit)."""
    at = CellKeeper.objects.values_list("refreshed_at", flat=True).first()
    return remembered(f"month:{year}-{month}", at, lambda: _read(year, month, at))


def keep(*, on: date, at: datetime) -> None:
    """Refresh the marked cells and, where there were any, read the shown month at once: so that it
    is the job that adds the cells up anew, not the next person who opens the page.
    """
    if keeping.refresh(at=at) and (shown := choose(on=on)) is not None:
        read(shown.year, shown.month)


def remembered(name: str, refreshed_at: datetime | None, find: Callable[[], Found]) -> Found:
    """What follows from the reports and cells of the whole office, found once after each refresh."""
    if refreshed_at is None:
        return find()
    key = f"{name}:{refreshed_at.isoformat()}"
    found: Found | None = cache.get(key)
    if found is None:
        found = find()
        cache.set(key, found, REMEMBERED_SECONDS)
    return found


def _read(year: int, month: int, refreshed_at: datetime | None) -> Reading:
    cells = ProgressCell.objects.all()
    groups = progress(cells, year, month, [By.DEPARTMENT, By.CATEGORY])
    return Reading(
        year=year,
        month=month,
        refreshed_at=refreshed_at,
        total=sum(groups, Progress(year, month, (), NOTHING)),
        categories=_by_key(groups, 1),
        departments=list(_by_key(groups, 0).values()),
        months={key: found[()] for key, found in by_month(cells, [year - 1, year]).items()},
    )


def _by_key(groups: Iterable[Progress], place: int) -> dict[Any, Progress]:
    """The groups added up by one part of their key."""
    found: dict[Any, Progress] = {}
    for group in groups:
        key = group.key[place]
        alone = replace(group, key=(key,))
        found[key] = found[key] + alone if key in found else alone
    return found
