"""对账: what the report states beside what the system computes; three sources of one investment.

Where the system has no data of a line nothing is computed: a missing figure is never zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, DecimalField, Sum

from indicators.models import Area, Observation
from projects.models import AnnualPlan, Category, Cited, Level, PlanStatement, StatedAmount
from summaries import cells, rollup
from summaries.carryover import Entry
from summaries.cells import NOTHING, By, Sums
from summaries.models import ReconciliationNote
from summaries.models.cell import CellQuerySet

WAN_IN_YI = Decimal(10_000)
CENT = Decimal("0.01")
YI, PERCENT, PIECES = "亿元", "%", "个"
SCOPES = {"市级重点项目": Level.MUNICIPAL, "区级重大项目": Level.DISTRICT}
"""The report's words for the lists whose investment the monthly reports add up to."""


class Basis(StrEnum):
    """What a computed figure comes from."""

    NONE = "none"
    LIST = "list"
    TABLE = "table"
    REPORTS = "reports"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that the report states beside the computed one, in the report's own unit."""

    key: str
    subject: str
    comparator: str
    unit: str
    published: Decimal
    computed: Decimal | None
    basis: Basis
    fact: Cited
    note: ReconciliationNote | None

    @property
    def difference(self) -> Decimal | None:
        """Computed minus published, unrounded; percentages differ by percentage points."""
        return None if self.computed is None else self.computed - self.published

    @property
    def percent(self) -> Decimal | None:
        """The difference as a share of what is published; none between percentages."""
        if self.difference is None or self.unit == PERCENT:
            return None
        return self.difference * 100 / self.published if self.published else None


@dataclass(frozen=True, slots=True)
class ThreeFigures:
    """What a group's departments, the statistics office and the funds say, in 万元; None is not known.

    `reported` is cumulated from January, `funds` is what has arrived since the projects began.
    """

    key: str
    by: str
    value: str
    entries: int
    known: int
    reported: Decimal | None
    funded: int
    """How many sources of funding say what has arrived."""
    funds: Decimal | None
    note: ReconciliationNote | None

    @property
    def statistics(self) -> Decimal | None:
        """What the statistics office says."""
        return self.note.statistics if self.note else None

    @property
    def over_statistics(self) -> Decimal | None:
        """Reported minus statistics."""
        return _minus(self.reported, self.statistics)

    @property
    def over_statistics_percent(self) -> Decimal | None:
        """The same as a share of the statistics office's figure."""
        return _share(self.over_statistics, self.statistics)

    @property
    def over_funds(self) -> Decimal | None:
        """Reported minus funds arrived."""
        return _minus(self.reported, self.funds)

    @property
    def over_funds_percent(self) -> Decimal | None:
        """The same as a share of the funds."""
        return _share(self.over_funds, self.funds)


def years() -> list[int]:
    """The years that the report states anything of, or that have a list; the latest first."""
    stated = StatedAmount.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*stated, *rollup.years()}, reverse=True)


def months(found: CellQuerySet, year: int) -> list[int]:
    """The months of a year with a figure in force; one query."""
    by_month = cells.by_month(found, [year])
    return [month for (_year, month), groups in sorted(by_month.items()) if groups[()].figures]


def published(found: CellQuerySet, year: int, month: int | None) -> list[Published]:
    """The stated counts and investments of a year beside what the system has of them.

    `month` is the one that the year's investment is taken from, None where none has a figure. A
    fixed number of queries.
    """
    notes = _notes(year)
    statements = PlanStatement.objects.filter(year=year).select_related("sentence__document")
    amounts = StatedAmount.objects.filter(year=year, kind=StatedAmount.Kind.INVESTMENT)
    levels = {group.key[0]: group.now for group in _groups(found, year, month, [By.LEVEL])}
    return [
        *_amounts(
            list(amounts.select_related("sentence__document").order_by("code")),
            levels,
            _observed(year),
            notes,
        ),
        *_counts(list(statements.order_by("code")), rollup.listed(year), _of_level(year), notes),
    ]


def three_figures(found: CellQuerySet, year: int, month: int) -> list[ThreeFigures]:
    """The whole list, then by level and by category; a fixed number of queries."""
    notes, funds = _notes(year), _funds(year)
    rows = []
    parts: tuple[tuple[By | None, Sequence[str]], ...] = (
        (None, [""]),
        (By.LEVEL, [*Level.values, ""]),
        (By.CATEGORY, Category.values),
    )
    for by, order in parts:
        groups = _groups(found, year, month, [by] if by else [])
        sums = {(group.key[0] if by else ""): group.now for group in groups}
        rows += [
            _three(by or "", value, month, sums[value], funds, notes)
            for value in order
            if value in sums
        ]
    return rows


def _counts(
    statements: Sequence[PlanStatement],
    entries: Sequence[Entry],
    of_level: Mapping[str, int],
    notes: Mapping[str, ReconciliationNote],
) -> Iterator[Published]:
    """A level's count is held against the list, where it says any level; others as rollup names them."""
    knows_levels = any(of_level)
    named = {row["code"]: row["named"] for row in rollup.stated_counts(statements, entries)}
    for statement in statements:
        computed, basis = named[statement.code], Basis.TABLE
        if computed is None and statement.level and knows_levels:
            computed, basis = of_level.get(statement.level, 0), Basis.LIST
        yield Published(
            key=statement.code,
            subject=statement.text,
            comparator=statement.comparator,
            unit=PIECES,
            published=Decimal(statement.count),
            computed=None if computed is None else Decimal(computed),
            basis=Basis.NONE if computed is None else basis,
            fact=statement,
            note=notes.get(statement.code),
        )


def _amounts(
    amounts: Sequence[StatedAmount],
    levels: Mapping[str, Sums],
    observed: Mapping[str, Observation],
    notes: Mapping[str, ReconciliationNote],
) -> Iterator[Published]:
    for amount in amounts:
        level = SCOPES.get(amount.scope)
        sums = levels.get(level, NOTHING) if level else NOTHING
        seen = None if amount.scope else observed.get(amount.subject)
        parts: list[tuple[str, Decimal | None, str, Decimal | None, Basis]] = [
            ("value", amount.value, amount.unit, *_value(amount, sums, seen)),
            ("growth", amount.growth, amount.growth_unit, *_growth(amount, seen)),
            ("rate", amount.completion_rate, PERCENT, *_rate(sums)),
        ]
        for part, stated, unit, computed, basis in parts:
            if stated is not None:
                key = f"{amount.code}_{part}"
                yield Published(
                    key=key,
                    subject=amount.text,
                    comparator=amount.comparator,
                    unit=unit,
                    published=stated,
                    computed=computed,
                    basis=basis,
                    fact=amount,
                    note=notes.get(key),
                )


def _value(
    amount: StatedAmount, sums: Sums, seen: Observation | None
) -> tuple[Decimal | None, Basis]:
    if amount.unit == YI and sums.known:
        return sums.known_ytd / WAN_IN_YI, Basis.REPORTS
    if seen is not None and seen.value is not None and seen.indicator.unit == amount.unit:
        return seen.value, Basis.OBSERVATION
    return None, Basis.NONE


def _growth(amount: StatedAmount, seen: Observation | None) -> tuple[Decimal | None, Basis]:
    if seen is not None and seen.growth is not None and seen.growth_unit == amount.growth_unit:
        return seen.growth, Basis.OBSERVATION
    return None, Basis.NONE


def _rate(sums: Sums) -> tuple[Decimal | None, Basis]:
    percent = sums.known_completion.percent if sums.known else None
    return percent, Basis.NONE if percent is None else Basis.REPORTS


def _three(
    by: str,
    value: str,
    month: int,
    sums: Sums,
    funds: Mapping[tuple[str, str], tuple[int, Decimal]],
    notes: Mapping[str, ReconciliationNote],
) -> ThreeFigures:
    key = f"money-{month:02d}-{by or 'all'}-{value or 'none'}"
    funded, arrived = funds.get((by, value), (0, Decimal(0)))
    return ThreeFigures(
        key=key,
        by=by,
        value=value,
        entries=sums.entries,
        known=sums.known,
        reported=sums.known_ytd if sums.known else None,
        funded=funded,
        funds=arrived if funded else None,
        note=notes.get(key),
    )


def _groups(
    found: CellQuerySet, year: int, month: int | None, by: Sequence[By]
) -> list[cells.Progress]:
    return [] if month is None else cells.progress(found, year, month, by)


def _funds(year: int) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """How many sources say what has arrived, and how much, by each part of the list."""
    rows = (
        AnnualPlan.objects.filter(year=year)
        .order_by()
        .values_list("level", "category")
        .annotate(
            Count("project__funding__arrived"),
            Sum("project__funding__arrived", output_field=DecimalField()),
        )
    )
    funds: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for level, category, count, arrived in rows:
        for part in (("", ""), (By.LEVEL.value, level), (By.CATEGORY.value, category)):
            before, sum_before = funds.get(part, (0, Decimal(0)))
            # SQLite adds in floating point: to the cent its sum is exact again.
            amount = (arrived or Decimal(0)).quantize(CENT)
            funds[part] = (before + count, sum_before + amount)
    return funds


def _observed(year: int) -> dict[str, Observation]:
    """The district's results of the whole year by the name of what was measured."""
    found = Observation.objects.filter(year=year, month=None, area=Area.DISTRICT)
    return {each.indicator.name: each for each in found.select_related("indicator")}


def _of_level(year: int) -> dict[str, int]:
    rows = AnnualPlan.objects.filter(year=year).order_by().values_list("level")
    return dict(rows.annotate(Count("pk")))


def _notes(year: int) -> dict[str, ReconciliationNote]:
    return {note.key: note for note in ReconciliationNote.objects.filter(year=year)}


def _minus(amount: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if amount is None or other is None else amount - other


def _share(difference: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return difference * 100 / whole if difference is not None and whole else None


def month_of(key: str) -> int | None:
    """The month that a line of the three figures is of; None for a line of what is published."""
    parts = key.split("-")
    if len(parts) == 4 and parts[0] == "money" and parts[1] in {f"{n:02d}" for n in range(1, 13)}:
        return int(parts[1])
    return None
