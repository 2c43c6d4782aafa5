"""Gives a workbook back with its faults marked: the cells coloured, and on each what is wrong with it.

An .xlsx file stays what it is. Of other files, and of one that the marking library cannot bear, a
new workbook with the same cells is made.
"""

import io
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from office.excel import CellFault, Row, Value

MARKER = Path(__file__).with_name("excel_marker.py")
MEGABYTES, SECONDS = 1536, 60
MOST_MARKS = 20_000
_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """The marked workbook and what it is called."""

    name: str
    content: bytes


def marked(
    name: str, data: bytes, rows: Iterable[Row], faults: Sequence[CellFault]
) -> MarkedFile | None:
    """The workbook with its faults marked; None where no fault has a cell of its own.

    `rows` are those that were read of it.
    """
    words: dict[tuple[str, str], str] = {}
    for fault in faults:
        if not fault.address:
            continue
        place = (fault.sheet, fault.address)
        said = fault.message
        if fault.allowed:
            said += "\n" + _("Allowed: %(allowed)s") % {"allowed": fault.allowed}
        words[place] = f"{words[place]}\n{said}" if place in words else said
        if len(words) >= MOST_MARKS:
            break
    if not words:
        return None
    file = Path(name)
    content = _in_place(data, words) if file.suffix.lower() == ".xlsx" else None
    title = _("%(name)s (faults marked).xlsx") % {"name": file.stem[:150]}
    return MarkedFile(title, content or _anew(rows, words))


def _in_place(data: bytes, words: dict[tuple[str, str], str]) -> bytes | None:
    """The same file with its cells marked; None where that goes beyond what a file may take."""
    author = _("Import")
    marks = [[sheet, address, said, author] for (sheet, address), said in words.items()]
    head = json.dumps(marks).encode() + b"\n"
    command = [sys.executable, "-I", "-W", "ignore", str(MARKER), str(MEGABYTES), str(SECONDS)]
    try:
        done = subprocess.run(
            command, input=head + data, capture_output=True, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def _anew(rows: Iterable[Row], words: dict[tuple[str, str], str]) -> bytes:
    """A workbook with the cells that were read, where they stood."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            (is_wrong, shape): book.add_format(
                ({"num_format": shape} if shape else {})
                | ({"bg_color": "#F4CCCC"} if is_wrong else {})
            )
            for is_wrong in (False, True)
            for shape in ("", "yyyy-mm-dd")
        }
        for name, lines in groupby(rows, key=lambda row: row.sheet):
            sheet = book.add_worksheet(name[:_SHEET_NAME] or None)
            for row in lines:
                for cell in row.cells:
                    place = (cell.sheet, cell.address)
                    is_day = isinstance(cell.value, date)
                    shape = formats[place in words, "yyyy-mm-dd" if is_day else ""]
                    _write(sheet, cell.row - 1, cell.column - 1, cell.value, shape)
                    if place in words:
                        sheet.write_comment(
                            cell.row - 1, cell.column - 1, words[place], {"x_scale": 2}
                        )
    return out.getvalue()


def _write(sheet: object, row: int, column: int, value: Value, shape: object) -> None:
    page: Any = sheet
    if isinstance(value, bool):
        page.write_boolean(row, column, value, shape)
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), shape)
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, shape)
    elif isinstance(value, str | time):
        page.write_string(row, column, str(value), shape)
    else:
        page.write_blank(row, column, None, shape)
