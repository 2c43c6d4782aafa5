"""django-tables2 tables with a lean way to their HTML: one Jinja2 template, no context a cell.

Columns, order and headings are declared as in any django-tables2 table; a column that shows more
than its text says so in `cell`. See docs/adr/0002-table-rows.md for what this saves.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import django_tables2 as tables
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from office.table_files import FileColumn, Kind, not_read

TINTS = {"red": "#F4B6B0", "yellow": "#FCE8A6", "green": "#C9E7C8"}
"""Colours of the lights in workbooks, by their codes."""

MISSING = mark_safe('<span class="muted">—</span>')

Row = Mapping[str, Any]
# From a row's value (and the row) to what stands in the cell; text that is not safe gets escaped.
Cell = Callable[[Any, Row], Any]


class Address:
    """A page's address whose one argument differs from row to row; resolved once a table."""

    def __init__(self, name: str) -> None:
        mark = "argument"
        self.before, _, self.after = reverse(name, args=[mark]).rpartition(mark)

    def of(self, argument: str) -> str:
        """The address for this argument."""
        return f"{self.before}{quote(argument, safe='')}{self.after}"


def link(address: str, text: object, css: str = "") -> SafeString:
    """A link as HTML, its parts escaped."""
    attribute = f' class="{css}"' if css else ""
    return SafeString(f'<a{attribute} href="{escape(address)}">{escape(str(text))}</a>')


def written(value: object) -> str:
    """What stands in a cell, as HTML: text that is not safe is escaped."""
    return value if isinstance(value, SafeString) else escape(str(value))


class LeanColumn(tables.Column):
    """A column of text; `css` is the class of its cells.

    `imported_as` is the heading that the imports know the column by; one without is marked in files
    as not to be read. `width` is its width in a workbook, in characters.
    """

    css = ""

    def __init__(self, *args: Any, imported_as: Any = "", width: float = 14, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.imported_as = imported_as
        self.width = width

    def cell(self) -> Cell:
        """How a cell is written; asked once a table, so that words and formats are found once."""
        return lambda value, row: MISSING if value in (None, "") else value

    def in_file(self, accessor: str, heading: str) -> list[FileColumn]:
        """What stands in a file for the column, under its heading there."""
        return [FileColumn(heading, accessor, width=self.width)]


class DayColumn(LeanColumn):
    """A column of days."""

    def in_file(self, accessor: str, heading: str) -> list[FileColumn]:
        return [FileColumn(heading, accessor, Kind.DAY, width=self.width)]


class NumberColumn(LeanColumn):
    """A right-aligned figure with a fixed number of decimal places."""

    css = "num"

    def __init__(self, *args: Any, places: int = 0, is_count: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.is_count = is_count

    def cell(self) -> Cell:
        separators = {",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")}
        written, translation = f",.{self.places}f", str.maketrans(separators)

        def figure(value: Any, row: Row) -> str:
            return MISSING if value is None else format(value, written).translate(translation)

        return figure

    def in_file(self, accessor: str, heading: str) -> list[FileColumn]:
        return [FileColumn(heading, accessor, Kind.NUMBER, self.file_places, self.width)]

    @property
    def file_places(self) -> int:
        """A file shows a figure as it is stored: amounts with their two decimal places."""
        return 0 if self.is_count else 2


class RatioColumn(NumberColumn):
    """A percentage; in a file what it is computed from stands beside it.

    `parts` are the fields of its numerator and its denominator.
    """

    def __init__(self, *args: Any, parts: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts

    def in_file(self, accessor: str, heading: str) -> list[FileColumn]:
        words = _("%(ratio)s: numerator"), _("%(ratio)s: denominator")
        beside = [
            FileColumn(said % {"ratio": heading}, part, Kind.NUMBER, 2, self.width)
            for said, part in zip(words, self.parts, strict=True)
        ]
        return [*super().in_file(accessor, heading), *beside]


class ChoiceColumn(LeanColumn):
    """A coded value shown by its label, as a badge where `badge` names the kind."""

    def __init__(
        self, *args: Any, choices: Iterable[tuple[Any, Any]], badge: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices = tuple(choices)
        self.badge = badge

    def in_file(self, accessor: str, heading: str) -> list[FileColumn]:
        labels = {value: str(label) for value, label in self.choices if value}
        tints = {labels[value]: tint for value, tint in TINTS.items() if value in labels}
        return [FileColumn(heading, accessor, width=self.width, labels=labels, tints=tints)]

    def cell(self) -> Cell:
        shown: dict[Any, Any] = {value: self.shown(value, label) for value, label in self.choices}
        shown[None] = shown[""] = MISSING
        return lambda value, row: shown.get(value, value)

    def shown(self, value: str, label: object) -> str:
        """A label as it stands in the cell."""
        if not self.badge:
            return str(label)
        css = f"badge badge-{self.badge}-{value}"
        return SafeString(f'<span class="{escape(css)}">{escape(str(label))}</span>')


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: its words, the address that sorts by it, and the present order."""

    name: str
    label: str
    css: str
    sort_url: str
    direction: str


class LeanTable(tables.Table):
    """A table that is fed dictionaries (`.values()`) and renders itself in one pass.

    The first column is the row's heading.
    """

    template = "lean_table.html"

    def in_file(self) -> list[FileColumn]:
        """The columns of a file: the shown ones in their order."""
        return [
            in_file
            for column in self.columns.itervisible()
            for in_file in column.column.in_file(str(column.accessor), _heading_in_file(column))
        ]

    def needed(self) -> list[str]:
        """The fields that the shown columns and their links read."""
        fields = list(getattr(self.Meta, "row_fields", ()))
        fields += [str(column.accessor) for column in self.columns.iterall()]
        return list(dict.fromkeys(fields))

    def sortable_by(self, names: Collection[str]) -> None:
        """Offer no other order than by these columns."""
        for column in self.columns.iterall():
            if column.name not in names:
                column.column.orderable = False

    def headings(self, query: str, sort: str) -> Iterator[Heading]:
        """Heads of the shown columns; `query` is the address's query without sort and page."""
        for column in self.columns.itervisible():
            direction, target = "", column.name
            if sort == column.name:
                direction, target = "ascending", f"-{column.name}"
            elif sort == f"-{column.name}":
                direction = "descending"
            url = f"?{query}&sort={target}" if query else f"?sort={target}"
            yield Heading(
                column.name,
                str(column.header),
                getattr(column.column, "css", ""),
                url if column.orderable else "",
                direction,
            )

    def lean_html(self, rows: Iterable[Row], *, query: str, sort: str, label: str) -> SafeString:
        """The whole table as HTML."""
        shown = [
            (column.column.cell(), str(column.accessor), getattr(column.column, "css", ""))
            for column in self.columns.itervisible()
        ]
        cells = [
            [(written(cell(row[accessor], row)), css) for cell, accessor, css in shown]
            for row in rows
        ]
        return SafeString(
            get_template(self.template, using="jinja2").render(
                {"headings": list(self.headings(query, sort)), "rows": cells, "label": label}
            )
        )


def _heading_in_file(column: Any) -> str:
    known = str(column.column.imported_as)
    return known or not_read(column.header)
