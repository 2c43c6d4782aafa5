"""A month of the whole office, or of a region, as the cockpit and the wall read it from the cells, and which month.

The cells change only when they are refreshed, and then the time of it changes with them: under
that time a reading is remembered, so that a busy page does not add up the same cells again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.core.cache import cache

from accounts.models import Region
from projects.models import ReportingPeriod
from projects.schedule import is_locked
from summaries.cells import (
    NOTHING,
    By,
    Month,
    Progress,
    Sums,
    by_month,
    compared,
    of_month,
    rolled_up,
)
from summaries.models import CellKeeper, ProgressCell
from summaries.models.cell import CellQuerySet

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
class Part:
    """A region with the month of all that lies at or below it; without a code what lies in none."""

    code: str
    name: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cells say of a month, as much for any number of departments; keys of `categories` are
    stored values.

    `region` is the code that the lists are asked for by; "" asks for all that the reader sees.
    `months` are those of this year and the last; `refreshed_at` says when cells were last written.
    """

    year: int
    month: int
    refreshed_at: datetime | None
    total: Progress
    categories: dict[str, Progress]
    months: dict[Month, Sums]
    region: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """What the address of a list needs besides, for the list to hold what was counted."""
        return {"region": self.region} if self.region else {}

    def of(self, year: int, month: int) -> Sums:
        """The sums of a month of this year or the last; nothing where it has no cells."""
        return self.months.get((year, month), NOTHING)


def read(year: int, month: int, region: Region | None = None) -> Reading:
    """The month of all entries, or of those at or below a region, for those who see it whole
    (may_see_cockpit, and whose bounds the region lies within).
    """
    at = CellKeeper.objects.values_list("refreshed_at", flat=True).first()
    name = f"month:{year}-{month}:{region.pk if region else ''}"
    return remembered(name, at, lambda: _read(year, month, region, at))


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


def parts(year: int, month: int, region: Region | None = None) -> list[Part]:
    """The regions next below, each with everything below it, and what belongs to none of them;
    empty where none lies below.

    Of the whole installation those below the lowest region that has everything at or below it.
    """
    regions = list(Region.objects.at_or_below(region) if region else Region.objects.all())
    level = _below(region, regions)
    while region is None and len(level) == 1:
        level = _below(level[0], regions)
    if not level:
        return []
    groups = of_month(cells_of(region), year, month, [By.REGION])
    branches = {each.node.pk: each.progress for each in rolled_up(groups, regions)}
    nothing = Progress(year, month, (None,), NOTHING)
    found = [Part(each.code, each.name, branches.get(each.pk, nothing)) for each in level]
    paths = {each.pk: each.path for each in regions}
    within = tuple(each.path for each in level)
    others = [each for each in groups if not paths.get(each.key[0], "").startswith(within)]
    rest = sum(others, nothing)
    return [*found, Part("", "", rest)] if rest.now.entries else found


def cells_of(region: Region | None) -> CellQuerySet:
    """The cells at or below a region, or all."""
    cells = ProgressCell.objects.all()
    return cells if region is None else cells.in_region(region)


def _read(year: int, month: int, region: Region | None, refreshed_at: datetime | None) -> Reading:
    by_category = by_month(cells_of(region), [year - 1, year], [By.CATEGORY])
    months = {key: sum(groups.values(), NOTHING) for key, groups in by_category.items()}
    whole = compared({key: {(): sums} for key, sums in months.items()}, year, month)
    return Reading(
        year=year,
        month=month,
        refreshed_at=refreshed_at,
        total=whole[0] if whole else Progress(year, month, (), NOTHING),
        categories={each.key[0]: each for each in compared(by_category, year, month)},
        months=months,
    )


def _below(region: Region | None, regions: list[Region]) -> list[Region]:
    pk = region.pk if region else None
    return [each for each in regions if each.parent_id == pk]
