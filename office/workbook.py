"""Writes an office's workbook: a first page in words, styled tables, charts with their data.

Words stay words, whatever they begin with: nothing that somebody typed becomes a formula. The same
book gives the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from office.document import Cell, Chart, Colophon, Mark
from office.sheet import MISSING, Kind, Sheet, Value, header
from office.word import place

A4 = 9
WORDS_WIDTH = 96
NUMBERS = {
    Kind.COUNT: "#,##0",
    Kind.MONEY: "#,##0.00",
    Kind.RATE: "0.00",
    Kind.POINTS: "+0.00;-0.00;0.00",
}
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_HEAD_FILL = "#DCE6F1"
_LINE = 15.0  # the height of a line, in points


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with its title; its data stand beside it."""

    title: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: title, words of the first page, tables, charts."""

    title: str
    under_title: tuple[str, ...]
    paragraphs: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    plots: tuple[Plot, ...] = ()
    issuer: str = ""


def write(book: Book, colophon: Colophon) -> bytes:
    """The book as .xlsx."""
    target = BytesIO()
    made = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made.set_properties(
        {
            "title": book.title,
            "author": book.issuer,
            "created": datetime.combine(colophon.on, time(0)),
        }
    )
    _first_page(made, book, colophon)
    for sheet in book.sheets:
        _sheet(made, sheet)
    if book.plots:
        _plots(made, book.plots)
    made.close()
    return target.getvalue()


def _first_page(made: Workbook, book: Book, colophon: Colophon) -> None:
    page = made.add_worksheet("说明")
    _set_up(page, landscape=False)
    page.hide_gridlines(2)
    page.set_column(0, 0, WORDS_WIDTH)
    styles = {
        "title": _style(made, font_size=18, bold=True, align="center"),
        "under": _style(made, font_size=11, align="center"),
        "words": _style(made, font_size=11, text_wrap=True, valign="top"),
        "note": _style(made, font_size=9, text_wrap=True),
    }
    rows = [(book.title, "title"), *((line, "under") for line in book.under_title)]
    rows += [(words, "words") for words in book.paragraphs]
    rows += [(f"{name}：{value}", "note") for name, value in colophon.lines]
    for number, (words, style) in enumerate(rows):
        lines = max(1, -(-2 * len(words) // (WORDS_WIDTH - 6)))
        page.set_row(number, 36 if style == "title" else _LINE * lines + 3)
        page.write_string(number, 0, words, styles[style])


def _sheet(made: Workbook, sheet: Sheet) -> None:
    page = made.add_worksheet(sheet.name)
    _set_up(page, landscape=True)
    columns = sheet.columns
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
    heads = header(columns)
    last = len(columns) - 1
    _span(
        page,
        0,
        0,
        Cell(sheet.title, columns=last + 1),
        _style(made, font_size=16, bold=True, align="center"),
    )
    page.set_row(0, 30)
    head = _style(made, bold=True, align="center", text_wrap=True, border=1, bg_color=_HEAD_FILL)
    for (row, across), cell in place(heads, len(columns)):
        _span(page, row + 1, across, cell, head)
    first = len(heads) + 1
    cell_style = _cell_styles(made)
    for down, values in enumerate(sheet.rows):
        for across, (value, column) in enumerate(zip(values, columns, strict=True)):
            tint = dict(column.tints).get(value, "") if isinstance(value, str) else ""
            style = cell_style(column.kind, str(column.stands), down in sheet.bold, tint)
            _write(page, first + down, across, value, style)
    end = first + len(sheet.rows)
    note = _style(made, font_size=9)
    for number, words in enumerate(sheet.notes):
        page.write_string(end + number, 0, words, note)
    page.freeze_panes(first, 0)
    page.repeat_rows(1, first - 1)
    if sheet.rows:
        page.autofilter(first - 1, 0, end - 1, last)


def _plots(made: Workbook, plots: Sequence[Plot]) -> None:
    page = made.add_worksheet("图表")
    _set_up(page, landscape=True)
    page.set_column(0, 0, 18)
    page.set_column(1, 6, 14)
    head = _style(made, bold=True, align="center", border=1, bg_color=_HEAD_FILL, text_wrap=True)
    title = _style(made, bold=True, font_size=12)
    name, number = (
        _style(made, border=1),
        _style(made, border=1, num_format="General", align="right"),
    )
    top = 0
    for plot in plots:
        chart = plot.chart
        page.write_string(top, 0, plot.title, title)
        page.write_string(top + 1, 0, chart.unit, head)
        for across, series in enumerate(chart.series, 1):
            page.write_string(top + 1, across, series.label, head)
        for down, label in enumerate(chart.axis):
            page.write_string(top + 2 + down, 0, label, name)
            for across, series in enumerate(chart.series, 1):
                point = series.points[down]
                if point is None:
                    page.write_string(top + 2 + down, across, MISSING, number)
                else:
                    page.write_number(top + 2 + down, across, float(point), number)
        page.insert_chart(top, len(chart.series) + 2, _drawn(made, page, plot, top + 1))
        top += max(len(chart.axis) + 4, 22)


def _drawn(made: Workbook, page: Worksheet, plot: Plot, head: int) -> Any:
    chart = plot.chart
    is_line = all(series.mark is Mark.LINE for series in chart.series)
    kind = "line" if is_line else "bar" if chart.lying else "column"
    drawn = made.add_chart({"type": kind})
    end = head + len(chart.axis)
    for across, series in enumerate(chart.series, 1):
        look: dict[str, Any] = {"marker": {"type": "circle"}} if is_line else {}
        if series.colour:
            look |= {"line" if is_line else "fill": {"color": series.colour}}
        drawn.add_series(
            {
                "name": [page.get_name(), head, across],
                "categories": [page.get_name(), head + 1, 0, end, 0],
                "values": [page.get_name(), head + 1, across, end, across],
                **look,
            }
        )
    drawn.set_title({"name": plot.title, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"})
    drawn.show_blanks_as("gap")
    if chart.lying:
        drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 620, "height": 400})
    return drawn


def _set_up(page: Worksheet, *, landscape: bool) -> None:
    page.set_paper(A4)
    if landscape:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")


def _style(made: Workbook, **more: Any) -> Format:
    return made.add_format({**_FONT, **more})


def _cell_styles(made: Workbook) -> Callable[[Kind, str, bool, str], Format]:
    """Formats, each made once: a workbook holds only so many."""
    known: dict[tuple[Kind, str, bool, str], Format] = {}

    def style(kind: Kind, align: str, bold: bool, tint: str) -> Format:
        key = (kind, align, bold, tint)
        if key not in known:
            more: dict[str, Any] = {"border": 1, "align": align, "bold": bold}
            if kind is Kind.TEXT:
                more["text_wrap"] = True
            else:
                more["num_format"] = NUMBERS[kind]
            if tint:
                more["bg_color"] = tint
            known[key] = _style(made, **more)
        return known[key]

    return style


def _span(page: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    if cell.rows == cell.columns == 1:
        page.write_string(row, column, cell.text, style)
    else:
        bottom, right = row + cell.rows - 1, column + cell.columns - 1
        page.merge_range(row, column, bottom, right, "", style)
        page.write_string(row, column, cell.text, style)


def _write(page: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    if value is None:
        page.write_string(row, column, MISSING, style)
    elif isinstance(value, str):
        page.write_string(row, column, value, style)
    else:
        page.write_number(row, column, float(value), style)
