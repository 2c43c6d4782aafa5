"""A table of typed values, written alike to a workbook (numbers that can be reckoned with) and to a
document (words that are printed).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from office.document import Align, Cell, Table

MISSING = "—"
Value = str | int | Decimal | None


class Kind(StrEnum):
    """What a column's values are, and so how they are printed."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    """In 万元: whole ones on paper, two decimals in a workbook."""
    RATE = "rate"
    """Percent."""
    POINTS = "points"
    """A difference in percentage points, with its sign."""


PLACES = {Kind.COUNT: "1", Kind.MONEY: "1", Kind.RATE: "0.1", Kind.POINTS: "0.1"}
_ALIGN = {Kind.TEXT: Align.LEFT, Kind.COUNT: Align.CENTRE}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its headings from the uppermost down, its width in characters.

    Neighbours with the same upper heading stand under one. `tints` are background colours of
    single words in a workbook.
    """

    headings: tuple[str, ...]
    kind: Kind = Kind.TEXT
    width: float = 10
    align: Align | None = None
    only_in_workbook: bool = False
    tints: tuple[tuple[str, str], ...] = ()

    @property
    def stands(self) -> Align:
        """Where its values stand."""
        return self.align or _ALIGN.get(self.kind, Align.RIGHT)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title; `name` is its tab, `bold` are the numbers of rows that sum up."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    bold: tuple[int, ...] = ()
    dense: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} does not fit its columns")


def header(columns: Sequence[Column]) -> tuple[tuple[Cell, ...], ...]:
    """The heading rows: a heading over several columns spans them, a short one reaches down."""
    depth = max(len(column.headings) for column in columns)
    levels: list[tuple[Cell, ...]] = []
    for level in range(depth):
        cells = []
        for start, length in _runs([column.headings[: level + 1] for column in columns]):
            headings = columns[start].headings
            if level >= len(headings):
                continue  # the heading above reaches down to here
            rows = depth - level if level == len(headings) - 1 else 1
            cells.append(Cell(headings[level], columns=length, rows=rows))
        levels.append(tuple(cells))
    return tuple(levels)


def _runs(paths: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where equal neighbours begin, and how many they are."""
    start = 0
    for place in range(1, len(paths) + 1):
        if place == len(paths) or paths[place] != paths[start]:
            yield start, place - start
            start = place


def printed(value: Value, kind: Kind) -> str:
    """A value as a document prints it, rounded half up; what is missing is a dash."""
    if value is None:
        return MISSING
    if isinstance(value, str) or kind is Kind.TEXT:
        return str(value)
    rounded = Decimal(value).quantize(Decimal(PLACES[kind]), ROUND_HALF_UP) + 0
    return f"{rounded:+,f}" if kind is Kind.POINTS and rounded else f"{rounded:,f}"


def table(sheet: Sheet) -> Table:
    """The sheet as a document prints it, without the columns that only a workbook has."""
    kept = [number for number, each in enumerate(sheet.columns) if not each.only_in_workbook]
    columns = [sheet.columns[number] for number in kept]
    return Table(
        caption=sheet.title,
        widths=tuple(column.width for column in columns),
        rows=tuple(
            tuple(
                Cell(printed(row[number], sheet.columns[number].kind), bold=place in sheet.bold)
                for number in kept
            )
            for place, row in enumerate(sheet.rows)
        ),
        header=header(columns),
        align=tuple(column.stands for column in columns),
        notes=sheet.notes,
        dense=sheet.dense,
    )
