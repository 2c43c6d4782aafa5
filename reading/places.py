"""Where in a report something stands, and the paragraphs and tables that stand there."""

import re
from dataclasses import dataclass

from reading.layout import Row
from reading.proposals import Part
from reading.widths import canonical

PARTED = " / "
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年|[^0-9]|$)")
_CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the report something stands."""

    section: tuple[str, ...]
    part: Part
    year: int
    """The year that this half speaks of."""
    of_half_year: bool = False
    """Whether the report is one of a half-year: both its halves are of the same year then."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of running text, or a heading."""

    line: int
    text: str
    place: Place
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its label and title; `notes` are the paragraphs below that explain it."""

    label: str
    title: str
    rows: tuple[Row, ...]
    place: Place
    title_line: int
    unit: str = ""
    notes: tuple[str, ...] = ()
    spoken: str = ""
    """The sentence that refers to the table, or the paragraph right above it."""

    @property
    def name(self) -> str:
        """Label and title as evidence gives them."""
        return " ".join(part for part in (self.label, self.title) if part)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the title names."""
        return years_of(self.title)


def years_of(text: str) -> tuple[int, ...]:
    """The years that the text names, in digits or in Chinese ones, in its order."""
    plain = _CHINESE_YEAR.sub(lambda match: match[0].translate(_YEAR_DIGITS), canonical(text))
    return tuple(int(year) for year in _YEAR.findall(plain))


def with_years(plain: str) -> str:
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_YEAR_DIGITS), plain)


def half(table: Table) -> tuple[Part, int]:
    """The half and the year that a table's title says, else those of the text around it."""
    place = table.place
    years = set(table.years)
    back = 0 if place.of_half_year else 1
    about = place.year + back if place.part is Part.RESULT else place.year
    if place.of_half_year:
        if re.search(
            r"上半年|进展|进度(?!计划)|完成情况|推进情况|执行情况|[1１][-—至][6６]月", table.title
        ):
            return Part.RESULT, about
        if re.search(r"下半年|安排|计划(?:表|$)", table.title):
            return Part.PLAN, about
    if len(years) == 1:
        year = years.pop()
        if year == about and back:
            return Part.PLAN, year
        if year == about - 1 and back:
            return Part.RESULT, year
        return place.part, year
    if re.search(r"完成情况|推进情况|进展情况|实施情况|执行情况", table.title):
        return Part.RESULT, about - back
    if re.search(r"计划(?:表|$)|安排|草案|谋划|储备", table.title):
        return Part.PLAN, about
    return place.part, place.year
