"""Reading the cells: sums of a month by any of their keys, and the rates computed from them.

Every function takes the cells that the reader may see (permissions.visible_cells, narrowed with
`in_department` and `in_region`), asks one query, and gives back exact sums in 万元. Rates are
computed from the unrounded sums and carry their numerator and denominator. What is asked by
region, department and category alone is read from the departments' cells, which are fewer.

The cells are cumulated from January. What fell into a month or a quarter is the difference
between two months; it is taken from the *known* figures, in which an entry that has not reported
counts with its last figure, so that one missing report does not show as money paid back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import add
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from accounts.models import TreeNode
from projects.models import Light, Status
from summaries.models import DepartmentCell, ProgressCell
from summaries.models.cell import CellQuerySet

CENT = Decimal("0.01")
MONTHS_OF_A_QUARTER = 3
Key = tuple[Any, ...]
Month = tuple[int, int]


class By(StrEnum):
    """What the cells may be grouped by.

    A group's key holds the ids of regions and departments (None where there is none) and the
    stored values of the others ("" where nothing is stated).
    """

    REGION = "region"
    DEPARTMENT = "department"
    LEVEL = "level"
    CATEGORY = "category"
    SECTOR = "sector"
    GOAL = "goal"
    """The stage that the plan promises: new starts, continuing, finishing, preparatory."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with the sums that it is computed from."""

    numerator: Decimal
    denominator: Decimal

    @property
    def percent(self) -> Decimal | None:
        """The unrounded percentage; None where there is nothing to compare with."""
        return self.numerator * 100 / self.denominator if self.denominator else None

    def points_over(self, other: "Rate") -> Decimal | None:
        """By how many percentage points this rate lies above the other, unrounded."""
        if self.percent is None or other.percent is None:
            return None
        return self.percent - other.percent


class Sums(NamedTuple):
    """What some cells of one month add up to (recount.py says what each column counts).

    Money is in 万元. Beside each sum stands how many entries contributed to it. A tuple, because a
    month of a large office makes thousands of them.
    """

    entries: int = 0
    """Entries of the list that have entered the year's plan by this month."""
    with_total: int = 0
    """… whose total investment is known."""
    with_plan: int = 0
    """… whose planned investment of the year is known."""
    due: int = 0
    """… that are asked for a report of this month."""
    reported: int = 0
    """… that have submitted one, in time or not."""
    late: int = 0
    """… that submitted it after the due day."""
    approved: int = 0
    """… whose report is approved and not being corrected."""
    figures: int = 0
    """… that have an approved figure of this month in force."""
    known: int = 0
    """… that have one of this month or an earlier one."""
    status_preparation: int = 0
    status_started: int = 0
    status_accelerated: int = 0
    status_completed: int = 0
    status_suspended: int = 0
    status_withdrawn: int = 0
    status_not_stated: int = 0
    light_green: int = 0
    light_yellow: int = 0
    light_red: int = 0
    light_grey: int = 0
    total_investment: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    """The year's plan in force in this month, of all entries that have one."""
    planned_ytd: Decimal = Decimal(0)
    """The plan to the end of this month, of all adopted entries."""
    invested_ytd: Decimal = Decimal(0)
    """The approved figures of this month; entries without one contribute nothing."""
    figures_planned: Decimal = Decimal(0)
    """The year's plan of the entries with a figure."""
    figures_planned_ytd: Decimal = Decimal(0)
    """The plan to the end of this month of the entries with a figure."""
    known_ytd: Decimal = Decimal(0)
    """The last approved figures up to this month."""
    known_planned: Decimal = Decimal(0)
    """The year's plan of the entries with a known figure."""
    known_planned_ytd: Decimal = Decimal(0)
    """Their plan to the end of the month that each figure is of."""

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]  # not one after the other
        if self is NOTHING:
            return other
        return self if other is NOTHING else Sums._make(map(add, self, other))

    @property
    def missing(self) -> int:
        """Entries that are asked for this month and have no figure in force."""
        return self.due - self.figures

    @property
    def unreported(self) -> int:
        """Entries that are asked for this month and have never submitted it."""
        return self.due - self.reported

    def overdue(self, *, due_on: date, on: date) -> int:
        """迟报 on a day: submitted late, or not submitted though the month's due day has passed."""
        return self.late + (self.unreported if on > due_on else 0)

    @property
    def statuses(self) -> dict[str, int]:
        """How many entries by status as reported in this month; "" is not stated."""
        counts = {status: getattr(self, f"status_{status}") for status in Status.values if status}
        return {**counts, "": self.status_not_stated}

    @property
    def lights(self) -> dict[str, int]:
        """How many entries by the light shown; "" is a month without a light."""
        counts = {light: getattr(self, f"light_{light}") for light in Light.values}
        return {**counts, "": self.entries - sum(counts.values())}

    @property
    def completion(self) -> Rate:
        """年度计划投资完成率 of the entries with a figure of this month."""
        return Rate(self.invested_ytd, self.figures_planned)

    @property
    def schedule(self) -> Rate:
        """序时完成率 of the entries with a figure of this month."""
        return Rate(self.invested_ytd, self.figures_planned_ytd)

    @property
    def planned_share(self) -> Rate:
        """What share of the year's plan was planned by now, of the entries with a figure."""
        return Rate(self.figures_planned_ytd, self.figures_planned)

    @property
    def schedule_gap(self) -> Decimal | None:
        """与序时进度差: completion minus planned share, percentage points."""
        return self.completion.points_over(self.planned_share)

    @property
    def known_completion(self) -> Rate:
        """Completion by the last known figure of each entry."""
        return Rate(self.known_ytd, self.known_planned)

    @property
    def known_schedule(self) -> Rate:
        """On-schedule rate by the last known figure of each entry, each against its own month."""
        return Rate(self.known_ytd, self.known_planned_ytd)

    @property
    def completion_of_all(self) -> Rate:
        """The last known figures against the plan of all entries, also of those without a figure."""
        return Rate(self.known_ytd, self.planned)


COLUMNS = Sums._fields
_IS_MONEY = tuple(Sums.__annotations__[name] is Decimal for name in COLUMNS)
NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Progress:
    """A group in a month, beside the months that it is compared with.

    `month_before` and `quarter_before` are the months before this month and before its quarter,
    without entries where the year begins; `last_year` is the same month of the year before.
    """

    year: int
    month: int
    key: Key
    now: Sums
    month_before: Sums = NOTHING
    quarter_before: Sums = NOTHING
    last_year: Sums = NOTHING

    def __add__(self, other: "Progress") -> "Progress":
        """Both together, under this one's key; of the same month."""
        return Progress(
            self.year,
            self.month,
            self.key,
            self.now + other.now,
            self.month_before + other.month_before,
            self.quarter_before + other.quarter_before,
            self.last_year + other.last_year,
        )

    @property
    def invested_in_month(self) -> Decimal | None:
        """What this month added, 万元; None before the month's first round of reports."""
        return self._added(self.month_before)

    @property
    def invested_in_quarter(self) -> Decimal | None:
        """What the quarter added up to this month, 万元."""
        return self._added(self.quarter_before)

    @property
    def quarter_schedule(self) -> Rate:
        """序时完成率 of the quarter: what it added against what was planned for the same months."""
        if not self.now.known:
            return Rate(Decimal(0), Decimal(0))
        return Rate(
            self.now.known_ytd - self.quarter_before.known_ytd,
            self.now.known_planned_ytd - self.quarter_before.known_planned_ytd,
        )

    @property
    def completion_change(self) -> Decimal | None:
        """The completion rate against the same months of last year, percentage points."""
        return self.now.completion.points_over(self.last_year.completion)

    @property
    def schedule_change(self) -> Decimal | None:
        """The on-schedule rate against the same months of last year, percentage points."""
        return self.now.schedule.points_over(self.last_year.schedule)

    def _added(self, before: Sums) -> Decimal | None:
        return self.now.known_ytd - before.known_ytd if self.now.known else None


def progress(
    cells: QuerySet[ProgressCell], year: int, month: int, by: Sequence[By] = ()
) -> list[Progress]:
    """The month's groups with the months that they are compared with, in the order of their keys.

    Groups that exist only in a month compared with are left out. One query.
    """
    return compared(_read(cells, {(year, month), *_compared(year, month)}, by), year, month)


def of_month(
    cells: QuerySet[ProgressCell], year: int, month: int, by: Sequence[By]
) -> list[Progress]:
    """The month's groups alone, beside no other month. One query."""
    return compared(_read(cells, {(year, month)}, by), year, month)


def compared(found: Mapping[Month, Mapping[Key, Sums]], year: int, month: int) -> list[Progress]:
    """The month's groups of what by_month found, each beside the months that it is compared with."""
    before, quarter, earlier = _compared(year, month)
    return [
        Progress(
            year,
            month,
            key,
            now,
            found.get(before, {}).get(key, NOTHING),
            found.get(quarter, {}).get(key, NOTHING),
            found.get(earlier, {}).get(key, NOTHING),
        )
        for key, now in found.get((year, month), {}).items()
    ]


def total(cells: QuerySet[ProgressCell], year: int, month: int) -> Progress:
    """All the cells of a month together, with the months compared with. One query."""
    found = progress(cells, year, month)
    return found[0] if found else Progress(year, month, (), NOTHING)


def by_month(
    cells: QuerySet[ProgressCell], years: Collection[int], by: Sequence[By] = ()
) -> dict[Month, dict[Key, Sums]]:
    """The groups of every month of the years, for curves and bars: (year, month) → key → sums.

    Months without cells are left out. One query.
    """
    months = {(year, month) for year in years for month in range(1, 13)}
    return _read(cells, months, by)


@dataclass(frozen=True, slots=True)
class Branch:
    """A department or region with its own cells and those of everything below it."""

    node: TreeNode
    progress: Progress
    """At or below the node; its key holds the node's id."""
    own: Progress | None = field(default=None)
    """The node's alone; None where it has no cells of its own."""


def rolled_up(found: Iterable[Progress], nodes: Iterable[TreeNode]) -> list[Branch]:
    """The tree above groups by department, or by region: parents before children, none empty.

    `found` is progress(…, by=[By.DEPARTMENT]); `nodes` are all nodes that may be shown. The group
    of entries without a node is in no branch.
    """
    known = {node.pk: node for node in nodes}
    own = {group.key[0]: group for group in found if group.key[0] in known}
    together: dict[str, Progress] = {}
    for pk, group in own.items():
        for path in _paths(known[pk].path):
            together[path] = together[path] + group if path in together else group
    return [
        Branch(node, _renamed(together[node.path], node.pk), own.get(node.pk))
        for node in sorted(known.values(), key=lambda node: node.path)
        if node.path in together
    ]


def years(cells: QuerySet[ProgressCell]) -> list[int]:
    """The years that have cells, the latest first."""
    return sorted(cells.order_by().values_list("year", flat=True).distinct(), reverse=True)


def _renamed(group: Progress, pk: int) -> Progress:
    return Progress(
        group.year,
        group.month,
        (pk,),
        group.now,
        group.month_before,
        group.quarter_before,
        group.last_year,
    )


def _paths(path: str) -> list[str]:
    """ "/A/B/" → "/A/", "/A/B/"."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]


def _compared(year: int, month: int) -> tuple[Month, Month, Month]:
    """The month before, the month before the quarter (0: the year begins), last year's month."""
    before_quarter = (month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER
    return (year, month - 1), (year, before_quarter), (year - 1, month)


_OF_PLACES = {By.REGION, By.DEPARTMENT, By.CATEGORY}


def _source(cells: QuerySet[ProgressCell], by: Sequence[By]) -> QuerySet[Any]:
    """The fewest rows that add up to the groups: the departments' cells, where they know enough."""
    places = cells.places if isinstance(cells, CellQuerySet) else None
    if places is None or cells.query.is_empty() or not _OF_PLACES.issuperset(by):
        return cells
    return DepartmentCell.objects.filter(*places)


def _of_months(table: str, months: Collection[Month]) -> tuple[str, list[int]]:
    """The condition of a statement that asks for these months, of which there is at least one."""
    asked: dict[int, list[int]] = defaultdict(list)
    for year, month in sorted(months):
        asked[year].append(month)
    of_years = [
        f'"{table}"."year" = %s AND "{table}"."month" IN ({", ".join(["%s"] * len(of_year))})'
        for of_year in asked.values()
    ]
    values = [value for year, of_year in asked.items() for value in (year, *of_year)]
    return f"({' OR '.join(of_years)})", values


def _read(
    cells: QuerySet[ProgressCell], months: Collection[Month], by: Sequence[By]
) -> dict[Month, dict[Key, Sums]]:
    if not months:
        return {}
    found: dict[Month, dict[Key, Sums]] = defaultdict(dict)
    after_keys = 2 + len(by)
    for row in sorted(
        _added_up(_source(cells, by), months, by), key=lambda row: _place(row[:after_keys])
    ):
        year, month, *key = row[:after_keys]
        found[year, month][tuple(key)] = Sums._make(row[after_keys:])
    return dict(found)


def _added_up(
    cells: QuerySet[Any], months: Collection[Month], by: Sequence[By]
) -> list[tuple[Any, ...]]:
    """Year, month, the keys, then every sum in the order of COLUMNS.

    The ORM says whose rows; what is added up is always the same and is written out once: thirty
    expressions built at each reading cost more than the database's part of it.
    """
    chosen = cells.order_by().values_list("year", "month", *(By(name).value for name in by))
    compiler = chosen.query.get_compiler(chosen.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return []
    keys, _from, rest = sql.removeprefix("SELECT ").partition(" FROM ")
    names = ", ".join(key.partition(" AS ")[0] for key in keys.split(", "))
    table = chosen.model._meta.db_table
    of_months, asked = _of_months(table, months)
    joint = "AND" if chosen.query.where else "WHERE"
    with connections[chosen.db].cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, {_sums_of(table)} FROM {rest} {joint} {of_months} GROUP BY {names}",
            [*parameters, *asked],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    if connections[chosen.db].vendor == "sqlite":
        return [
            (*row[: -len(COLUMNS)], *map(_exact, _IS_MONEY, row[-len(COLUMNS) :])) for row in rows
        ]
    return rows


@cache
def _sums_of(table: str) -> str:
    return ", ".join(f'SUM("{table}"."{name}")' for name in COLUMNS)


def _exact(is_money: bool, value: float) -> Decimal | float:
    """SQLite adds in floating point: to the cent its sum is exact again."""
    return Decimal(str(value)).quantize(CENT) if is_money else value


def _place(key: Key) -> Key:
    """The same order on every database, nothing before something."""
    return tuple((value is not None, value) for value in key)
