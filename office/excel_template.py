"""A workbook to be filled in off-line: headings with notes, prefilled rows, drop-downs, a sheet of notes."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.utils.functional import Promise

ROOM = 200
"""Rows below the prefilled ones that have the drop-downs too."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of the workbook: heading, the note on it, how wide, and what may be chosen."""

    heading: str | Promise
    note: str | Promise = ""
    width: int = 12
    options: tuple[str, ...] = ()
    is_money: bool = False
    is_filled: bool = False
    """Prefilled by us: shaded, so that it is seen what is to be typed."""


def template(
    name: str,
    columns: Sequence[TemplateColumn],
    rows: Iterable[Sequence[str | Decimal | int | None]],
    *,
    notes_name: str,
    notes: Sequence[str],
) -> bytes:
    """The workbook, in .xlsx. Text is written as text: nothing in it becomes a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#EEF1F4", "border": 1, "text_wrap": True, "valign": "top"}
        )
        shaded = book.add_format({"bg_color": "#F6F6F3", "font_color": "#55585C"})
        money = book.add_format({"num_format": "#,##0.00"})
        plain = book.add_format({})
        sheet = book.add_worksheet(name)
        for place, column in enumerate(columns):
            style = shaded if column.is_filled else money if column.is_money else plain
            sheet.set_column(place, place, column.width, style)
            sheet.write_string(0, place, str(column.heading), head)
            if column.note:
                sheet.write_comment(0, place, str(column.note), {"x_scale": 2})
        last = 0
        for last, values in enumerate(rows, start=1):
            for place, value in enumerate(values):
                if value is None or value == "":
                    continue
                style = shaded if columns[place].is_filled else None
                if isinstance(value, str):
                    sheet.write_string(last, place, value, style)
                else:
                    sheet.write_number(last, place, float(value), style)
        for place, column in enumerate(columns):
            if column.options:
                allowed = {"validate": "list", "source": list(column.options)}
                sheet.data_validation(1, place, last + ROOM, place, allowed)
        sheet.freeze_panes(1, sum(column.is_filled for column in columns))
        words = book.add_worksheet(notes_name)
        words.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for number, line in enumerate(notes):
            words.write_string(number, 0, line)
    return out.getvalue()
