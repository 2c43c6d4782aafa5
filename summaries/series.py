"""The five figures of the report: which points are known, which are missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Observation


class Measured(StrEnum):
    """Which number of an observation a line draws."""

    VALUE = "value"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a figure: an indicator's values, or their growth."""

    label: Promise
    indicator: str
    measured: Measured = Measured.VALUE
    area: Area = Area.DISTRICT


@dataclass(frozen=True, slots=True)
class Outline:
    """A figure of the report: by years (how many), or by the months of one year (0 years)."""

    number: int
    title: Promise
    years: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A known point, in words, with the address of the sentence that states it."""

    value: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the points that the data hold; None where a point is missing."""

    number: int
    title: str
    by_month: bool
    last_year: int
    axis: list[int]
    lines: list[tuple[str, list[Point | None]]]

    @property
    def known(self) -> int:
        return sum(point is not None for _label, points in self.lines for point in points)

    @property
    def total(self) -> int:
        return len(self.axis) * len(self.lines)


def _both_areas(indicator: str) -> tuple[Line, ...]:
    return (
        Line(_("District (%)"), indicator),
        Line(_("Whole city (%)"), indicator, area=Area.CITY),
    )


OUTLINES = (
    Outline(
        1,
        _("Figure 1. Gross regional product and its growth"),
        4,
        (
            Line(_("Product (100 million yuan)"), "gdp"),
            Line(_("Growth (%)"), "gdp", Measured.GROWTH),
        ),
    ),
    Outline(
        2,
        _("Figure 2. Growth of industrial value added, from January to the month"),
        0,
        _both_areas("industrial-value-added-growth"),
    ),
    Outline(
        3,
        _("Figure 3. Growth of fixed-asset investment, from January to the month"),
        0,
        _both_areas("fixed-investment-growth"),
    ),
    Outline(
        4,
        _("Figure 4. High-tech and technology enterprises"),
        3,
        (
            Line(_("High-tech enterprises"), "high-tech-enterprises"),
            Line(_("Technology enterprises"), "technology-enterprises"),
        ),
    ),
    Outline(
        5,
        _("Figure 5. Net income per head of households out of poverty"),
        3,
        (
            Line(_("Net income (yuan)"), "income-of-households-out-of-poverty"),
            Line(_("Growth (%)"), "income-of-households-out-of-poverty", Measured.GROWTH),
        ),
    ),
)
_LONGEST = max(outline.years for outline in OUTLINES)
Key = tuple[str, str, int, int]


def figures(year: int) -> list[Figure]:
    """The figures of the report that plans `year`: they end with the latest year observed by then."""
    observed = _observed(year)
    last_year = max((each.year for each in observed), default=year - 1)
    return _figures(last_year, observed)


def figures_ending(last_year: int) -> list[Figure]:
    """The figures that end with `last_year`, whether anything is observed of it or not."""
    return _figures(last_year, _observed(last_year))


def _observed(year: int) -> list[Observation]:
    codes = {line.indicator for outline in OUTLINES for line in outline.lines}
    found = Observation.objects.filter(
        indicator__code__in=codes, year__range=(year - _LONGEST, year)
    )
    return list(found.select_related("indicator", "sentence__document"))


def _figures(last_year: int, observed: Iterable[Observation]) -> list[Figure]:
    # Cumulated to December is the year itself.
    known: dict[Key, Observation] = {
        (each.indicator.code, each.area, each.year, each.month or 12): each for each in observed
    }
    return [_figure(outline, last_year, known) for outline in OUTLINES]


def _figure(outline: Outline, last_year: int, known: dict[Key, Observation]) -> Figure:
    by_month = not outline.years
    axis = list(range(1, 13))
    if not by_month:
        axis = list(range(last_year - outline.years + 1, last_year + 1))
    lines = []
    for line in outline.lines:
        keys: Iterable[Key] = (
            (line.indicator, line.area, last_year if by_month else at, at if by_month else 12)
            for at in axis
        )
        lines.append((str(line.label), [_point(known.get(key), line.measured) for key in keys]))
    return Figure(outline.number, str(outline.title), by_month, last_year, axis, lines)


def _point(observation: Observation | None, measured: Measured) -> Point | None:
    if observation is None:
        return None
    number = observation.value if measured is Measured.VALUE else observation.growth
    if number is None:
        return None
    words = f"{number.normalize():f}"
    return Point(words, words, observation.source_url)
