"""A chart as plain values: every cell has its figure and the address of the rows behind it."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

Cell = tuple[int | str | Decimal | None, str, str]
"""Value (None is a gap), how it is written, and the address of the rows behind it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What includes/chart.html (Jinja2) draws; docs/frontend.md says what the fields mean."""

    title: str
    kind: str
    axis: str
    series: list[tuple[str, str]]
    rows: list[tuple[str, str, list[Cell]]]
    unit: str = ""
    stacked: bool = False
    horizontal: bool = False
    note: str = ""
    on_right: tuple[int, ...] = ()
    """Series (by number) that are drawn as lines against an axis of their own, at the right."""
    dashed: tuple[int, ...] = ()
    """Lines of what is not recorded but planned or projected."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no point to draw."""
        return all(value is None for _label, _tone, cells in self.rows for value, *_rest in cells)


def address(name: str, **query: object) -> str:
    """A list's address with filters."""
    return f"{reverse(name)}?{urlencode(query)}"
