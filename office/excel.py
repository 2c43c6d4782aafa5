"""Workbooks and .csv files in: their rows with addresses, within limits; and their columns by heading.

Reading happens in a process of its own (excel_reader.py): a file that would take terabytes or
for ever is refused, and the site stays up.
"""

import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.refused_file import RefusedFileError

NOT_READ = "※"
"""What a heading begins with that tells people something of our own lists and is not read."""

READER = Path(__file__).with_name("excel_reader.py")
KINDS = ("xlsx", "xls", "et", "csv")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGINNINGS = {"xlsx": b"PK\x03\x04", "xls": _OLD, "et": _OLD}
HEADING_ROWS = 10
"""Rows of a sheet that are searched for the headings: above them stand titles and notes."""

Value = str | Decimal | bool | date | datetime | time | None


class Code(StrEnum):
    """Why a file is not read."""

    FILE_TOO_LARGE = "file_too_large"
    WRONG_KIND = "wrong_kind"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    BROKEN = "broken"
    PROTECTED = "protected"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_TEXT = "no_text"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    EMPTY = "empty"


WORDS = {
    Code.FILE_TOO_LARGE: gettext_lazy("The file is larger than %(most)s MB."),
    Code.WRONG_KIND: gettext_lazy("“%(name)s” is no %(kinds)s file."),
    Code.NOT_WHAT_IT_SAYS: gettext_lazy(
        "The file is not what its name says: its content is no .%(kind)s, or it has a password."
        " Save it again as .xlsx, without one."
    ),
    Code.UNPACKS_TOO_LARGE: gettext_lazy("The file unpacks to more than %(most)s MB."),
    Code.BROKEN: gettext_lazy("The file is damaged. Open it, save it again, and try once more."),
    Code.PROTECTED: gettext_lazy("The file is protected by a password."),
    Code.TOO_MANY_ROWS: gettext_lazy("The file has more than %(most)s rows that are not blank."),
    Code.TOO_MANY_COLUMNS: gettext_lazy(
        "Sheet “%(sheet)s”, row %(row)s: there are more than %(most)s columns."
    ),
    Code.MACROS: gettext_lazy("The file has macros. Save it as .xlsx, which has none."),
    Code.EXTERNAL_LINKS: gettext_lazy(
        "The file has links to other workbooks. Replace them by their values, and save it again."
    ),
    Code.NO_TEXT: gettext_lazy("The text is neither in UTF-8 nor in GB18030."),
    Code.TOO_LARGE: gettext_lazy(
        "The file takes too much memory to read: it has cells far away from the others, or too many."
    ),
    Code.TOO_SLOW: gettext_lazy("The file takes too long to read."),
    Code.EMPTY: gettext_lazy("The file has no row."),
}

_EXITS = {
    10: Code.BROKEN,
    11: Code.PROTECTED,
    12: Code.TOO_MANY_ROWS,
    13: Code.TOO_MANY_COLUMNS,
    14: Code.NO_TEXT,
    15: Code.TOO_LARGE,
}


class ExcelError(RefusedFileError):
    """The workbook is not read at all."""

    WORDS = WORDS


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take; everything beyond is refused."""

    megabytes: int = 5
    unpacked_megabytes: int = 100
    rows: int = 20_000
    columns: int = 100
    memory_megabytes: int = 1024
    seconds: int = 30


class Formula(str):
    """A formula that was saved without what it gives."""

    __slots__ = ()


class Cell(NamedTuple):
    """A cell with its place; rows and columns are counted from 1."""

    sheet: str
    row: int
    column: int
    value: Value

    @property
    def address(self) -> str:
        """Where it stands, as the program writes it: B7."""
        return f"{letters(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """What a person would type to get this value; "" where it is blank."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return str(self.value).upper()
        if isinstance(self.value, Decimal):
            return f"{self.value:f}"
        return str(self.value).strip()


class Row(NamedTuple):
    """A row that is not blank: its cells from column A to the last one used."""

    sheet: str
    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell of a column, blank beyond the last one used."""
        if column <= len(self.cells):
            return self.cells[column - 1]
        return Cell(self.sheet, self.number, column, None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file may have: its heading in the site's languages, and other spellings."""

    name: str
    label: str | Promise
    also: tuple[str, ...] = ()
    required: bool = False

    @property
    def takes_unit(self) -> bool:
        """Whether the heading may name a unit of money of its own: 计划投资（亿元）."""
        return False


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a place of a file, what would be right, and what was given."""

    sheet: str
    address: str
    message: str
    allowed: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A row below the headings: its cells by the names of their columns."""

    row: Row
    cells: Mapping[str, Cell]
    units: Mapping[str, str] = field(default_factory=dict)
    """The units that headings name, by column."""

    def text(self, name: str) -> str:
        """What stands in a column; "" where it is blank or the file has no such column."""
        found = self.cells.get(name)
        return found.text if found is not None else ""

    def address(self, name: str) -> str:
        """Where a column's cell stands; the row's first where the file has no such column."""
        found = self.cells.get(name)
        return found.address if found is not None else f"A{self.row.number}"


class Rows:
    """The rows of a file that are not blank; each is made when it comes up, as often as one reads them."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines
        self._count = lines.count(b"\n")

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        return map(_row, io.BytesIO(self._lines))


class Table:
    """The rows of a file's sheets by column, made while one reads them: the order of the columns is free.

    A sheet without headings is passed over. Headings of two rows, the upper ones merged over
    several columns, are read together. Unknown headings, headings that stand twice, and required
    ones that are missing are faults, of which those of a sheet are told before its first row.
    """

    def __init__(self, rows: Iterable[Row], columns: Sequence[Column]) -> None:
        self.faults: list[CellFault] = []
        self.passed_over: list[str] = []
        self._rows, self._columns = rows, columns

    def __iter__(self) -> Iterator[Record]:
        columns = self._columns
        known = {spelling: column for column in columns for spelling in _spellings(column)}
        is_empty = True
        for sheet, lines in groupby(self._rows, key=lambda row: row.sheet):
            first = list(islice(lines, HEADING_ROWS + 1))
            head, last = _heading(first, known)
            if head is None:
                self.passed_over.append(sheet)
                continue
            places, units = _places(head, known, columns, self.faults)
            used = list(places.items())
            for row in chain(first, lines):
                if row.number > last and any(_is_filled(row.cell(at)) for _name, at in used):
                    is_empty = False
                    yield Record(row, {name: row.cell(column) for name, column in used}, units)
        if is_empty and not self.faults:
            message = _("No row was found below the headings.")
            self.faults.append(CellFault("", "", message, _listed(columns)))


def letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def read(name: str, data: bytes, limits: Limits = Limits()) -> Rows:
    """The rows of a file that are not blank, sheet by sheet. `name` gives the kind.

    Numbers come as Decimals of the fifteen digits that spreadsheets keep, dates as dates; a
    formula as the value that it had when the file was saved. Raises ExcelError at once.
    """
    kind = _checked_kind(name, data, limits)
    numbers = (limits.rows, limits.columns, limits.memory_megabytes, limits.seconds)
    command = [sys.executable, "-I", str(READER), kind, *map(str, numbers)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.seconds * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ExcelError(Code.TOO_SLOW) from error
    if done.returncode:
        raise _refusal(done.returncode, done.stderr, limits)
    if not done.stdout:
        raise ExcelError(Code.EMPTY)
    return Rows(done.stdout)


def _is_filled(cell: Cell) -> bool:
    return cell.value is not None and not (isinstance(cell.value, str) and cell.value.isspace())


def _checked_kind(name: str, data: bytes, limits: Limits) -> str:
    kind = Path(name).suffix.lower().lstrip(".")
    if kind in ("xlsm", "xltm", "xlsb"):
        raise ExcelError(Code.MACROS)
    if kind not in KINDS:
        listed = ", ".join(f".{each}" for each in KINDS)
        raise ExcelError(Code.WRONG_KIND, name=name[:80], kinds=listed)
    if len(data) > limits.megabytes * 1024 * 1024:
        raise ExcelError(Code.FILE_TOO_LARGE, most=limits.megabytes)
    beginning = BEGINNINGS.get(kind)
    if beginning is not None and not data.startswith(beginning):
        raise ExcelError(Code.NOT_WHAT_IT_SAYS, kind=kind)
    if beginning is None and data.startswith(tuple(BEGINNINGS.values())):
        raise ExcelError(Code.NOT_WHAT_IT_SAYS, kind=kind)
    if kind == "xlsx":
        _check_archive(data, limits)
    return kind


def _check_archive(data: bytes, limits: Limits) -> None:
    """Refuse an archive that says itself that it is too large; the reader's limits catch liars."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ExcelError(Code.BROKEN) from error
    if sum(part.file_size for part in parts) > limits.unpacked_megabytes * 1024 * 1024:
        raise ExcelError(Code.UNPACKS_TOO_LARGE, most=limits.unpacked_megabytes)
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ExcelError(Code.MACROS)
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise ExcelError(Code.EXTERNAL_LINKS)


def _refusal(exit_code: int, said: bytes, limits: Limits) -> ExcelError:
    """A process that was ended by a signal had met its limits."""
    code = Code.TOO_LARGE if exit_code < 0 else _EXITS.get(exit_code, Code.BROKEN)
    if code is Code.TOO_MANY_ROWS:
        return ExcelError(code, most=limits.rows)
    if code is Code.TOO_MANY_COLUMNS:
        sheet, row = json.loads(said)
        return ExcelError(code, sheet=sheet, row=row, most=limits.columns)
    return ExcelError(code)


def _row(line: bytes) -> Row:
    sheet, number, values = json.loads(line)
    return Row(
        sheet,
        number,
        tuple(
            [
                Cell(sheet, number, column, _value(value))
                for column, value in enumerate(values, start=1)
            ]
        ),
    )


def _value(plain: Any) -> Value:
    if not isinstance(plain, list):
        return plain or None
    kind, value = plain
    found: Value = _KINDS[kind](value)
    return found


_KINDS: dict[str, Any] = {
    "number": Decimal,
    "bool": bool,
    "text": str,
    "formula": Formula,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def _spellings(column: Column) -> set[str]:
    found = {_plain_heading(spelling) for spelling in column.also}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(_plain_heading(str(column.label)))
    if column.takes_unit:  # so that another unit in its place is understood
        found |= {_UNIT.sub("", spelling) for spelling in found}
    return found


def _plain_heading(text: str) -> str:
    """A heading without what people vary: blanks, line breaks, width and case of its signs."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


_UNIT = re.compile(r"[(\[](?:单位:?)?(万元|亿元|元)[)\]]$")


def _heading(rows: Sequence[Row], known: Mapping[str, Column]) -> tuple[Row | None, int]:
    """The row of the headings and the number of the last row that it takes up; None without one.

    Two that are known make a heading, so that a stray word is none.
    """
    for place, row in enumerate(rows[:HEADING_ROWS]):
        alone = _count_known(row, known)
        if place + 1 < len(rows) and rows[place + 1].number == row.number + 1:
            both = _together(row, rows[place + 1], known)
            below = _count_known(rows[place + 1], known)
            if _count_known(both, known) > max(alone, below, 1):
                return both, rows[place + 1].number
        if alone >= 2:
            return row, row.number
    return None, 0


def _count_known(row: Row, known: Mapping[str, Column]) -> int:
    return sum(_column_of(cell.text, known)[0] is not None for cell in row.cells if cell.text)


def _together(upper: Row, lower: Row, known: Mapping[str, Column]) -> Row:
    """Two rows of headings as one: what a merged cell says stands over the columns to its right."""
    cells, over = [], ""
    for column in range(1, max(len(upper.cells), len(lower.cells)) + 1):
        above, below = upper.cell(column), lower.cell(column)
        over = above.text or (over if below.text else "")
        names = [below.text, over + below.text, above.text] if below.text else [above.text]
        name = next((name for name in names if _column_of(name, known)[0]), names[0])
        cells.append(Cell(upper.sheet, (below if below.text else above).row, column, name or None))
    return Row(upper.sheet, upper.number, tuple(cells))


def _column_of(text: str, known: Mapping[str, Column]) -> tuple[Column | None, str]:
    """The column that a heading names, and the unit that it names besides."""
    heading = _plain_heading(text)
    if heading in known:
        return known[heading], ""
    unit = _UNIT.search(heading)
    column = known.get(heading[: unit.start()]) if unit else None
    if unit is None or column is None or not column.takes_unit:
        return None, ""
    return column, unit[1]


def _places(
    head: Row, known: Mapping[str, Column], columns: Sequence[Column], faults: list[CellFault]
) -> tuple[dict[str, int], dict[str, str]]:
    """Where the columns stand, and the units that their headings name."""
    places: dict[str, int] = {}
    units: dict[str, str] = {}
    for cell in head.cells:
        if not cell.text or cell.text.startswith(NOT_READ):
            continue
        column, unit = _column_of(cell.text, known)
        if column is None:
            said = _("“%(text)s” is no column of this table.") % {"text": cell.text[:40]}
            faults.append(CellFault(cell.sheet, cell.address, said, _listed(columns)))
        elif column.name in places:
            said = _("The column “%(text)s” stands twice.") % {"text": cell.text}
            faults.append(CellFault(cell.sheet, cell.address, said))
        else:
            places[column.name] = cell.column
            if unit:
                units[column.name] = unit
    for column in columns:
        if column.required and column.name not in places:
            said = _("The column “%(text)s” is missing.") % {"text": column.label}
            faults.append(CellFault(head.sheet, f"A{head.number}", said))
    return places, units


def _listed(columns: Sequence[Column]) -> str:
    return " · ".join(str(column.label) for column in columns)
