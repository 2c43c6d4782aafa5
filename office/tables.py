"""django-tables2 tables with a lean way to their HTML: one Jinja2 template, no context a cell.

Columns, order and headings are declared as in any django-tables2 table; a column that shows more
than its text says so in `cell`. See docs/adr/0002-table-rows.md for what this saves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any, Self
from urllib.parse import quote

import django_tables2 as tables
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
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
    return value if value.__class__ is SafeString else escape(str(value))


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
        """How a cell is written; asked once a table and language, so that words and formats are found once."""
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shown_in: dict[str | None, list[tuple[Cell, str, str, str]]] = {}
        self._heads_in: dict[str | None, list[Heading]] = {}

    @classmethod
    @lru_cache(maxsize=200)
    def arranged(cls, columns: tuple[str, ...], sortable: tuple[str, ...] | None) -> Self:
        """A table of these columns in this order, made once and shared: it holds no rows.

        `sortable` are the columns that it can be sorted by, None for whatever the columns say.
        """
        hidden = [name for name in cls.base_columns if name not in columns]
        made = cls([], exclude=hidden, sequence=columns)
        if sortable is not None:
            for column in made.columns.iterall():
                if column.name not in sortable:
                    column.column.orderable = False
        return made

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

    def headings(self, query: str, sort: str) -> Iterator[Heading]:
        """Heads of the shown columns; `query` is the address's query without sort and page."""
        for head in self._heads():
            direction, target = "", head.name
            if sort == head.name:
                direction, target = "ascending", f"-{head.name}"
            elif sort == f"-{head.name}":
                direction = "descending"
            url = f"?{query}&sort={target}" if query else f"?sort={target}"
            yield replace(head, sort_url=url if head.sort_url else "", direction=direction)

    def _heads(self) -> list[Heading]:
        """The heads whatever the list; found once a language, like `_shown`."""
        found, language = self._heads_in, get_language()
        if language not in found:
            found[language] = [
                Heading(
                    column.name,
                    str(column.header),
                    getattr(column.column, "css", ""),
                    "?" if column.orderable else "",
                    "",
                )
                for column in self.columns.itervisible()
            ]
        return found[language]

    def sortable(self) -> list[str]:
        """The heads of the shown columns that sort the list."""
        return [head.label for head in self._heads() if head.sort_url]

    def _shown(self) -> list[tuple[Cell, str, str, str]]:
        """How the shown columns' cells are written, from which value, between which tags.

        Found once a language: a table is made once and stays (`arranged`).
        """
        found, language = self._shown_in, get_language()
        if language not in found:
            found[language] = [
                (column.column.cell(), str(column.accessor), *_tags(column.column, is_first=not n))
                for n, column in enumerate(self.columns.itervisible())
            ]
        return found[language]

    def lean_html(self, rows: Iterable[Row], *, query: str, sort: str, label: str) -> SafeString:
        """The whole table as HTML."""
        shown = self._shown()
        cells = "".join(
            "<tr>"
            + "".join(
                [
                    f"{opened}{written(cell(row[accessor], row))}{closed}"
                    for cell, accessor, opened, closed in shown
                ]
            )
            + "</tr>\n"
            for row in rows
        )
        return SafeString(
            get_template(self.template, using="jinja2").render(
                {
                    "headings": list(self.headings(query, sort)),
                    "rows": SafeString(cells),
                    "label": label,
                }
            )
        )


def _tags(column: Any, *, is_first: bool) -> tuple[str, str]:
    """What a column's cells stand between; the first names the row."""
    name, scope = ("th", ' scope="row"') if is_first else ("td", "")
    css = getattr(column, "css", "")
    styled = f' class="{css}"' if css else ""
    return f"<{name}{scope}{styled}>", f"</{name}>"


def _heading_in_file(column: Any) -> str:
    known = str(column.column.imported_as)
    return known or not_read(column.header)
