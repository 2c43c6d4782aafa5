"""django-tables2 tables with a lean way to their HTML: one Jinja2 template, no context a cell.

Columns, order and headings are declared as in any django-tables2 table; a column that shows more
than its text says so in `lean`. See docs/adr/0002-table-rows.md for what this saves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.template.loader import get_template
from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

MISSING = mark_safe('<span class="muted">—</span>')

Row = Mapping[str, Any]


class LeanColumn(tables.Column):
    """A column of text; `css` is the class of its cells."""

    css = ""

    def lean(self, value: Any, row: Row) -> str:
        """The cell's HTML: escaped text, or a dash where nothing is known."""
        return MISSING if value in (None, "") else conditional_escape(value)


class NumberColumn(LeanColumn):
    """A right-aligned figure with a fixed number of decimal places."""

    css = "num"

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def lean(self, value: Decimal | int | None, row: Row) -> str:
        if value is None:
            return MISSING
        return number_format(value, decimal_pos=self.places, force_grouping=True)


class ChoiceColumn(LeanColumn):
    """A coded value shown by its label, as a badge where `badge` names the kind."""

    def __init__(
        self, *args: Any, choices: Iterable[tuple[Any, Any]], badge: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.labels = dict(choices)
        self.badge = badge

    def lean(self, value: str, row: Row) -> str:
        if not value:
            return MISSING
        label = conditional_escape(self.labels.get(value, value))
        if not self.badge:
            return label
        return SafeString(
            f'<span class="badge badge-{self.badge}-{conditional_escape(value)}">{label}</span>'
        )


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

    def needed(self) -> list[str]:
        """The fields that the shown columns and their links read."""
        fields = list(getattr(self.Meta, "row_fields", ()))
        fields += [str(column.accessor) for column in self.columns.iterall()]
        return list(dict.fromkeys(fields))

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

    def lean_html(self, rows: Iterable[Row], *, query: str, sort: str, label: str) -> str:
        """The whole table as HTML."""
        shown = [
            (column.column.lean, str(column.accessor), getattr(column.column, "css", ""))
            for column in self.columns.itervisible()
        ]
        cells = [[(lean(row[accessor], row), css) for lean, accessor, css in shown] for row in rows]
        context = {"headings": list(self.headings(query, sort)), "rows": cells, "label": label}
        # Escaped cell by cell above and by the template's autoescape.
        return SafeString(get_template(self.template, using="jinja2").render(context))
