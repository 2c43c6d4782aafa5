"""A workbook to be filled in off-line: protected headings with notes, prefilled rows, drop-downs, a sheet of notes."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

ROOM = 200
"""Rows below the prefilled ones that have the drop-downs too."""
LONGEST_LIST = 250
"""Characters of a drop-down's words that a cell holds by itself; longer ones stand on a sheet of lists."""

Shown = str | Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of the workbook: heading, the note on it, how wide, and what may be chosen."""

    heading: str | Promise
    note: str | Promise = ""
    width: int = 12
    options: tuple[str, ...] = ()
    is_money: bool = False
    is_day: bool = False
    is_text: bool = False
    """Kept as it is typed: a code of digits stays one, and 2024-03 is made no day."""
    is_filled: bool = False
    """Prefilled by us: shaded, so that it is seen what is to be typed."""


def template(
    name: str,
    columns: Sequence[TemplateColumn],
    rows: Iterable[Sequence[Shown]],
    *,
    notes_name: str,
    notes: Sequence[str],
    guide: Sequence[Sequence[str]] = (),
) -> bytes:
    """The workbook, in .xlsx. Text is written as text: nothing in it becomes a formula.

    `guide` is a table on the sheet of notes, its headings first: what each column takes.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#EEF1F4", "border": 1, "text_wrap": True, "valign": "top"}
        )
        styles = [book.add_format(_style(column)) for column in columns]
        sheet = book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, styles[place])
            sheet.write_string(0, place, str(column.heading), head)
            if column.note:
                sheet.write_comment(0, place, str(column.note), {"x_scale": 2})
        last = 0
        for last, values in enumerate(rows, start=1):
            for place, value in enumerate(values):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(last, place, value, styles[place])
                elif isinstance(value, date):
                    sheet.write_datetime(last, place, value, styles[place])
                else:
                    sheet.write_number(last, place, float(value), styles[place])
        lists = None
        for place, column in enumerate(columns):
            source: Any = list(column.options)
            if len(",".join(column.options)) > LONGEST_LIST:
                lists = lists or book.add_worksheet(_("Lists"))
                lists.write_column(0, place, column.options)
                letter = xl_col_to_name(place)
                source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(column.options)}"
            if column.options:
                allowed = {"validate": "list", "source": source}
                sheet.data_validation(1, place, last + ROOM, place, allowed)
        if lists is not None:
            lists.hide()
        sheet.freeze_panes(1, sum(column.is_filled for column in columns))
        sheet.protect("", _ALLOWED)
        _write_notes(book, notes_name, notes, guide)
    return out.getvalue()


_ALLOWED = dict.fromkeys(
    (
        "format_cells",
        "format_columns",
        "format_rows",
        "insert_rows",
        "delete_rows",
        "sort",
        "autofilter",
    ),
    True,
)
"""What may be done to the sheet though its headings are protected; the protection has no password."""


def _style(column: TemplateColumn) -> dict[str, Any]:
    style: dict[str, Any] = {"locked": False}
    if column.is_money:
        style["num_format"] = "#,##0.00"
    if column.is_day:
        style["num_format"] = "yyyy-mm-dd"
    if column.is_text:
        style["num_format"] = "@"
    if column.is_filled:
        style |= {"bg_color": "#F6F6F3", "font_color": "#55585C"}
    return style


def _write_notes(
    book: Any, name: str, notes: Sequence[str], guide: Sequence[Sequence[str]]
) -> None:
    sheet = book.add_worksheet(name)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True})
    sheet.set_column(0, 0, 100 if not guide else 44, wrap)
    sheet.set_column(1, 3, 40, wrap)
    for number, line in enumerate(notes):
        if guide:
            sheet.merge_range(number, 0, number, 3, "", wrap)
        sheet.write_string(number, 0, line, wrap)
    for number, told in enumerate(guide):
        for place, words in enumerate(told):
            sheet.write_string(len(notes) + 1 + number, place, words, wrap if number else bold)
