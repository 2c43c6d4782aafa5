"""Writes lists of any length to .csv and .xlsx, some hundred rows in memory at a time."""

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.utils.functional import Promise
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from office import delimited
from office.excel import NOT_READ

CHUNK = 500
"""Rows in memory at once, twice: those being written, and those that the database gave besides."""

SHEET_ROWS = 1_000_000
"""Rows of a sheet, below the million and some that a spreadsheet holds; the rest goes to a further one."""

_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_HEAD = {"bold": True, "border": 1, "bg_color": "#DCE6F1", "text_wrap": True, "align": "center"}


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a file: its heading, the way to its field, and how its values are written.

    `labels` are the words of coded values, `tints` the background colours of some of the words.
    """

    heading: str | Promise
    path: str
    kind: Kind = Kind.TEXT
    places: int = 0
    width: float = 12
    labels: Mapping[Any, str] | None = None
    tints: Mapping[str, str] = field(default_factory=dict)


def not_read(heading: object) -> str:
    """A heading for people: imports pass the column over."""
    return f"{NOT_READ} {heading}"


Row = Sequence[Any]
Rows = Iterable[Row]


def csv_pieces(columns: Sequence[FileColumn], rows: Rows) -> Generator[bytes, None, None]:
    """The rows, whose values begin in the order of the columns, as a .csv file piece by piece.

    The headings come first and alone, so that the reader's browser has something at once.
    """
    yield from delimited.head([str(column.heading) for column in columns])
    for chunk in _chunks(rows):
        written = zip(
            *(_csv_cells(column, cells) for column, cells in _by_column(columns, chunk)),
            strict=True,
        )
        yield delimited.written(written)


def xlsx_file(
    columns: Sequence[FileColumn], rows: Rows, *, name: str, sheet_rows: int = SHEET_ROWS
) -> IO[bytes]:
    """The same as a styled .xlsx, in a temporary file that is gone when it is closed.

    Rows beyond `sheet_rows` go to further sheets.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    styles = _Styles(book)
    remaining = iter(rows)
    number = 1
    while True:
        page = f"{name} {number}" if number > 1 else name
        written = _sheet(book, styles, columns, islice(remaining, sheet_rows), page)
        if written < sheet_rows:
            break
        number += 1
    book.close()
    target.seek(0)
    return target


def _chunks(rows: Rows) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _by_column(
    columns: Sequence[FileColumn], chunk: Sequence[Row]
) -> Iterator[tuple[FileColumn, Sequence[Any]]]:
    return zip(columns, zip(*chunk, strict=True), strict=False)


def _csv_cells(column: FileColumn, cells: Sequence[Any]) -> Sequence[Any]:
    if column.kind is Kind.NUMBER:
        # A Decimal of many places would otherwise write its zero as 0E-20.
        return [format(cell, "f") if type(cell) is Decimal else cell for cell in cells]
    if column.kind is Kind.DAY:
        return cells
    signs = delimited.FORMULA_SIGNS
    return [
        text if text is None or text[:1] not in signs else f"'{text}"
        for text in _texts(column, cells)
    ]


def _texts(column: FileColumn, cells: Sequence[Any]) -> list[str | None]:
    labels = column.labels
    if labels is None:
        return [cell if cell is None or type(cell) is str else str(cell) for cell in cells]
    return [labels.get(cell, cell) for cell in cells]


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **more: Any) -> Format:
        key = tuple(sorted(more.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**_FONT, **more})
        return self.made[key]


def _sheet(
    book: Workbook,
    styles: _Styles,
    columns: Sequence[FileColumn],
    rows: Iterator[Row],
    name: str,
) -> int:
    """Write one sheet; returns how many rows it has."""
    page = book.add_worksheet(name[:31])
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.repeat_rows(0)
    page.set_row(0, 32)
    head = styles.of(**_HEAD)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, str(column.heading), head)
    writers = [(place, *_writer(page, column, styles)) for place, column in enumerate(columns)]
    number = 0
    for chunk in _chunks(rows):
        cells = [_xlsx_cells(column, values) for column, values in _by_column(columns, chunk)]
        for row in zip(*cells, strict=True):
            number += 1
            for (place, write, style, tints), value in zip(writers, row, strict=True):
                if value is not None and value != "":
                    write(number, place, value, tints.get(value, style) if tints else style)
    page.autofilter(0, 0, max(number, 1), len(columns) - 1)
    return number


def _xlsx_cells(column: FileColumn, cells: Sequence[Any]) -> Sequence[Any]:
    return _texts(column, cells) if column.kind is Kind.TEXT else cells


Writer = Callable[[int, int, Any, Format], Any]


def _writer(
    page: Worksheet, column: FileColumn, styles: _Styles
) -> tuple[Writer, Format, dict[str, Format]]:
    """How a column's cells are written: words stay words, whatever they begin with."""
    if column.kind is Kind.NUMBER:
        decimals = "." + "0" * column.places if column.places else ""
        return page.write_number, styles.of(num_format=f"#,##0{decimals}"), {}
    if column.kind is Kind.DAY:
        return page.write_datetime, styles.of(num_format="yyyy-mm-dd"), {}
    tints = {word: styles.of(bg_color=colour) for word, colour in column.tints.items()}
    return page.write_string, styles.of(), tints
