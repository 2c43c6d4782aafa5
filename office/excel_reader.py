"""Reads one workbook in a process of its own, within limits, and writes its rows as lines of JSON.

Run by office/excel.py as a script, never imported: whatever a file does to the reading library
(an allocation of terabytes, an endless loop, a panic) ends this process and no other.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
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
LONGEST_CELL = 32_767
"""Characters; what Excel itself allows."""

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb'<c (?=[^>]*\bt="e")[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"[^>]*>'
    rb"(?:(?!</c>).)*?<v>(?P<text>[^<]*)</v>",
    re.DOTALL,
)


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
    errors = _formula_errors(data) if data.startswith(b"PK") else {}
    with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
        for kept in workbook.sheets_metadata:
            if kept.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(kept.name)
            if sheet.start is None:
                continue
            # iter_rows() counts from the top of the sheet, but begins in its first used column.
            left: list[Any] = [None] * sheet.start[1]
            wrong = errors.get(kept.name, {})
            for number, values in enumerate(sheet.iter_rows(), start=1):
                found = left + values
                for column, text in wrong.get(number, []):
                    found[column] = text
                yield kept.name, number, found


def _formula_errors(data: bytes) -> dict[str, dict[int, list[tuple[int, str]]]]:
    """The cells of an .xlsx file whose formula gives an error, by sheet and row.

    The library reads them as blank, and what is blank is left out; #DIV/0! must be told instead.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if not {_BOOK, _RELATIONS} <= names:
            return {}
        parts = {
            each.get("Id"): each.get("Target", "").removeprefix("/xl/")
            for each in ElementTree.fromstring(archive.read(_RELATIONS))
        }
        found = {}
        for sheet in ElementTree.fromstring(archive.read(_BOOK)).iter(f"{{{_MAIN}}}sheet"):
            part = f"xl/{parts.get(sheet.get(_RELATION))}"
            if part in names:
                found[sheet.get("name", "")] = _errors_of(archive.read(part))
        return found


def _errors_of(sheet: bytes) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for match in _ERROR_CELL.finditer(sheet):
        column = 0
        for letter in match["column"]:
            column = column * 26 + letter - ord("A") + 1
        text = match["text"].decode("utf-8", "replace")
        found.setdefault(int(match["row"]), []).append((column - 1, text))
    return found


def _csv_sheets(data: bytes) -> Iterator[tuple[str, int, list[Any]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(_text(data), newline=""))
    start = 1
    for values in reader:
        yield "", start, list(values)
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
    if isinstance(value, int | float):
        return ["number", format(value, ".15g")]
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
