"""Reads one workbook in a process of its own, within limits, and writes its rows as lines of JSON.

Run by office/excel.py as a script, never imported: whatever a file does to the reading library
(an allocation of terabytes, an endless loop, a panic) ends this process and no other.
"""

import csv
import html
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import python_calamine

# Exit codes that excel.py gives words to.
BROKEN, PROTECTED, TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_TEXT, TOO_LARGE = range(10, 16)
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    IndexError,
    EOFError,
)
# What our own .csv files put before a text that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
LONGEST_CELL = 32_767
"""Characters; what Excel itself allows."""

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb'<c (?=[^>]*\bt="e")[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"[^>]*>'
    rb"(?:(?!</c>).)*?<v>(?P<text>[^<]*)</v>",
    re.DOTALL,
)
_FORMULA_CELL = re.compile(
    rb'<c (?![^>]*\bt="e")[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"[^>/]*>'
    rb"<f[^>/]*>(?P<text>[^<]*)</f>(?:<v\s*/>|<v></v>)?</c>"
)
_STYLED_CELL = (
    rb'<c (?![^>]*\bt="(?:s|str|e|b|inlineStr)")(?=[^>]*\bs="(?:%s)")'
    rb'[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"[^>/]*>'
    rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>(?P<text>-?[0-9]+(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?)</v>"
)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')


class Formula(str):
    """A formula without a value; excel.py has the same."""

    __slots__ = ()


class Refused(Exception):
    """The file is not read; `code` says why, the arguments where."""

    def __init__(self, code: int, *where: object) -> None:
        super().__init__(*where)
        self.code = code


def main(kind: str, rows: int, columns: int, megabytes: int, seconds: int) -> int:
    """Read the standard input; returns the exit code."""
    data = sys.stdin.buffer.read()
    room = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    out = sys.stdout
    try:
        sheets = _csv_sheets(data) if kind == "csv" else _workbook_sheets(data)
        count = 0
        for sheet, number, values in sheets:
            while values and values[-1] in ("", None):
                values.pop()
            if not values:
                continue
            count += 1
            if count > rows:
                raise Refused(TOO_MANY_ROWS, sheet, number)
            if len(values) > columns:
                raise Refused(TOO_MANY_COLUMNS, sheet, number)
            line = [sheet, number, [_plain(value) for value in values]]
            out.write(json.dumps(line, ensure_ascii=True) + "\n")
        out.flush()
    except Refused as refused:
        sys.stderr.write(json.dumps([str(each) for each in refused.args]))
        return refused.code
    except python_calamine.PasswordError:
        return PROTECTED
    except MemoryError:
        return TOO_LARGE
    except (python_calamine.CalamineError, OSError, ValueError, csv.Error, *BROKEN_ARCHIVE):
        return BROKEN
    return 0


def _workbook_sheets(data: bytes) -> Iterator[tuple[str, int, list[Any]]]:
    """Every row of every sheet that is no chart, with the number that the row has in the file."""
    seen = _seen_otherwise(data) if data.startswith(b"PK") else {}
    with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
        for kept in workbook.sheets_metadata:
            if kept.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(kept.name)
            if sheet.start is None:
                continue
            # iter_rows() counts from the top of the sheet, but begins in its first used column.
            left: list[Any] = [None] * sheet.start[1]
            otherwise = seen.get(kept.name, {})
            for number, values in enumerate(sheet.iter_rows(), start=1):
                found = left + values if left else values
                for column, text in otherwise.pop(number, []):
                    found += [None] * (column + 1 - len(found))
                    found[column] = text
                yield kept.name, number, found
            # Beyond what the library takes for the sheet's end there may be formulas without values.
            for number in sorted(otherwise):
                last = max(column for column, _text in otherwise[number])
                found = [None] * (last + 1)
                for column, text in otherwise[number]:
                    found[column] = text
                yield kept.name, number, found


def _seen_otherwise(data: bytes) -> dict[str, dict[int, list[tuple[int, str]]]]:
    """The cells of an .xlsx file that people see otherwise than the library reads them, by sheet and row.

    The error of a formula and a formula without a value are blank to it: they must be told
    instead. What is shown as 85% is 0.85 to it.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if not {_BOOK, _RELATIONS} <= names:
            return {}
        parts = {
            each.get("Id"): each.get("Target", "").removeprefix("/xl/")
            for each in ElementTree.fromstring(archive.read(_RELATIONS))
        }
        percents = _percent_styles(archive.read(_STYLES)) if _STYLES in names else set()
        found = {}
        for sheet in ElementTree.fromstring(archive.read(_BOOK)).iter(f"{{{_MAIN}}}sheet"):
            part = f"xl/{parts.get(sheet.get(_RELATION))}"
            if part in names:
                found[sheet.get("name", "")] = _cells_of(archive.read(part), percents)
        return found


def _percent_styles(styles: bytes) -> set[bytes]:
    """The numbers of the cell styles that show a percentage."""
    tree = ElementTree.fromstring(styles)
    formats = {"9", "10"} | {
        each.get("numFmtId", "")
        for each in tree.iter(f"{{{_MAIN}}}numFmt")
        if "%" in _QUOTED.sub("", each.get("formatCode", ""))
    }
    cells = tree.find(f"{{{_MAIN}}}cellXfs")
    return {
        str(number).encode()
        for number, each in enumerate(cells if cells is not None else ())
        if each.get("numFmtId") in formats
    }


def _cells_of(sheet: bytes, percents: set[bytes]) -> dict[int, list[tuple[int, str]]]:
    """The texts of such cells by row, with the column from 0."""
    found: dict[int, list[tuple[int, str]]] = {}
    patterns = []
    if b't="e"' in sheet:
        patterns.append(_ERROR_CELL)
    if b"<f" in sheet:
        patterns.append(_FORMULA_CELL)
    if percents:
        patterns.append(re.compile(_STYLED_CELL % b"|".join(sorted(percents)), re.DOTALL))
    for pattern in patterns:
        for match in pattern.finditer(sheet):
            column = 0
            for letter in match["column"]:
                column = column * 26 + letter - ord("A") + 1
            text = match["text"].decode("utf-8", "replace")
            if pattern is _FORMULA_CELL:
                text = Formula(f"={html.unescape(text)}")
            elif pattern is not _ERROR_CELL:
                text = format(Decimal(text) * 100, "f").rstrip("0").rstrip(".") + "%"
            found.setdefault(int(match["row"]), []).append((column - 1, text))
    return found


def _csv_sheets(data: bytes) -> Iterator[tuple[str, int, list[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(_text(data), newline=""))
    start = 1
    for values in reader:
        yield "", start, [cell[1:] if _GUARDED.match(cell) else cell for cell in values]
        start = reader.line_num + 1


def _text(data: bytes) -> str:
    """The text of a .csv file: UTF-8, or what Excel and WPS write in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(NO_TEXT)


def _plain(value: object) -> object:
    """A cell's value in what JSON knows; what JSON does not know stands in a pair with its kind."""
    if type(value) is str:  # nearly all are
        return value
    if type(value) is float:
        return ["number", format(value, ".15g")]
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, time):
        return ["time", value.isoformat()]
    if isinstance(value, timedelta):
        return ["text", str(value)]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, Formula):
        return ["formula", value]
    if isinstance(value, int | float):
        return ["number", format(value, ".15g")]
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
