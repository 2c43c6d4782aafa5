"""The two tables of the reconciliation as people read them: on the page, in a workbook, as .csv."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.document import Colophon
from office.sheet import Column, Kind, Sheet, Value
from office.workbook import Book
from projects.models import Category, Comparator, Level
from summaries.reconciliation import PERCENT, WAN_IN_YI, Basis, Published, ThreeFigures

CENT = Decimal("0.01")
MISSING = "—"
BASES = {
    Basis.NONE: gettext_lazy("no data"),
    Basis.LIST: gettext_lazy("entries of the list"),
    Basis.TABLE: gettext_lazy("projects that the table names"),
    Basis.REPORTS: gettext_lazy("approved monthly reports"),
    Basis.OBSERVATION: gettext_lazy("recorded result of the indicator"),
}
_BOUNDS = {value: label for value, label in Comparator.choices if value != Comparator.EXACT}
_NAMES: dict[str, dict[str, object]] = {
    "level": {str(value): label for value, label in Level.choices},
    "category": {str(value): label for value, label in Category.choices},
}


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A line of the first table in words; `line` has its source and its note."""

    line: Published
    bound: str
    published: str
    computed: str
    difference: str
    difference_unit: str
    percent: str
    basis: str


@dataclass(frozen=True, slots=True)
class ThreeRow:
    """A line of the second table in words: amounts in 亿元."""

    line: ThreeFigures
    name: str
    reported: str
    statistics: str
    over_statistics: str
    over_statistics_percent: str
    funds: str
    over_funds: str
    over_funds_percent: str


def published_rows(found: Sequence[Published]) -> list[PublishedRow]:
    """What is published beside what is computed."""
    return [
        PublishedRow(
            line=line,
            bound=str(_BOUNDS.get(line.comparator, "")),
            published=_plain(line.published),
            computed=_plain(line.computed),
            difference=_signed(line.difference),
            difference_unit=_difference_unit(line),
            percent=_percent(line.percent),
            basis=str(BASES[line.basis]),
        )
        for line in found
    ]


def three_rows(found: Sequence[ThreeFigures]) -> list[ThreeRow]:
    """The three figures and their differences."""
    return [
        ThreeRow(
            line=line,
            name=name(line),
            reported=_yi(line.reported),
            statistics=_yi(line.statistics),
            over_statistics=_yi(line.over_statistics, signed=True),
            over_statistics_percent=_percent(line.over_statistics_percent),
            funds=_yi(line.funds),
            over_funds=_yi(line.over_funds, signed=True),
            over_funds_percent=_percent(line.over_funds_percent),
        )
        for line in found
    ]


def name(line: ThreeFigures) -> str:
    """What a line of the three figures is about."""
    if not line.by:
        return _("Whole list")
    return str(_NAMES[line.by].get(line.value) or _("Level not stated"))


def title(line: Published | ThreeFigures) -> str:
    """What a line is about, as a heading."""
    return line.subject if isinstance(line, Published) else name(line)


def sheets(
    year: int, month: int | None, published: Sequence[Published], three: Sequence[ThreeFigures]
) -> tuple[Sheet, ...]:
    """Both tables with unrounded figures; what is not known stays empty."""
    stated = Sheet(
        _("Published and computed"),
        _("Published and computed, %(year)s") % {"year": year},
        (
            Column((_("The report's words"),), width=50),
            Column((_("Bound"),), width=10),
            Column((_("Published"),), Kind.RATE, 14),
            Column((_("Computed by the system"),), Kind.RATE, 14),
            Column((_("Unit"),), width=10),
            Column((_("Difference"),), Kind.POINTS, 14),
            Column((_("Difference (%)"),), Kind.POINTS, 14),
            Column((_("Computed from"),), width=20),
            Column((_("Reason"),), width=40),
        ),
        tuple(_published_values(line) for line in published),
    )
    if month is None:
        return (stated,)
    money = Sheet(
        _("Three figures"),
        _("Investment by three sources, %(year)s-%(month)s") % {"year": year, "month": month},
        (
            Column((_("Group"),), width=24),
            Column((_("Projects listed"),), Kind.COUNT, 10),
            Column((_("With a figure"),), Kind.COUNT, 10),
            Column((_("Self-reported"),), Kind.MONEY, 16),
            Column((_("Statistics office"),), Kind.MONEY, 16),
            Column((_("Self-reported − statistics"),), Kind.MONEY, 16),
            Column((_("Difference (%)"),), Kind.POINTS, 12),
            Column((_("Funds arrived"),), Kind.MONEY, 16),
            Column((_("Self-reported − funds"),), Kind.MONEY, 16),
            Column((_("Difference (%)"),), Kind.POINTS, 12),
            Column((_("Reason"),), width=40),
        ),
        tuple(_three_values(line) for line in three),
        (_("Money in 10,000 yuan."),),
    )
    return stated, money


def book(year: int, found: tuple[Sheet, ...]) -> Book:
    """The workbook of a year."""
    return Book(_("Reconciliation of %(year)s") % {"year": year}, (), (), found)


def colophon(at: datetime, *, on: date) -> Colophon:
    """When the workbook was written."""
    return Colophon(on, ((_("Written at"), f"{localtime(at):%Y-%m-%d %H:%M:%S}"),))


def lines(found: Sequence[Sheet]) -> Iterator[list[str]]:
    """The tables one after the other, for .csv."""
    for number, sheet in enumerate(found):
        if number:
            yield []
        yield [sheet.title]
        yield [column.headings[0] for column in sheet.columns]
        for row in sheet.rows:
            yield ["" if value is None else str(value) for value in row]


def _published_values(line: Published) -> tuple[Value, ...]:
    return (
        line.subject,
        str(_BOUNDS.get(line.comparator, "")),
        line.published,
        line.computed,
        line.unit,
        line.difference,
        line.percent,
        str(BASES[line.basis]),
        line.note.reason if line.note else "",
    )


def _three_values(line: ThreeFigures) -> tuple[Value, ...]:
    return (
        name(line),
        line.entries,
        line.known,
        line.reported,
        line.statistics,
        line.over_statistics,
        line.over_statistics_percent,
        line.funds,
        line.over_funds,
        line.over_funds_percent,
        line.note.reason if line.note else "",
    )


def _difference_unit(line: Published) -> str:
    if line.difference is None:
        return ""
    return _("percentage points") if line.unit == PERCENT else line.unit


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP) + 0


def _plain(value: Decimal | None) -> str:
    """To two decimal places, without zeros that say nothing."""
    return MISSING if value is None else f"{_rounded(value).normalize() + 0:,f}"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return MISSING
    rounded = _rounded(value)
    if not rounded:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded).normalize():,f}"


def _percent(value: Decimal | None) -> str:
    return MISSING if value is None else f"{_signed(value)}%"


def _yi(amount: Decimal | None, *, signed: bool = False) -> str:
    if amount is None:
        return MISSING
    in_yi = amount / WAN_IN_YI
    return _signed(in_yi) if signed else f"{_rounded(in_yi):,.2f}"
