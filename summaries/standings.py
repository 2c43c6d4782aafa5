"""The rankings of a month, a page of lines at a time.

Who stands where follows from all departments or regions together. They are ranked once after each
refresh of the cells, and only what a page shows of them is remembered: to open it costs the same
for four departments and for four thousand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property

from django.core.paginator import Page, Paginator

from accounts.models import Department, Region
from summaries import keeping, month_reading
from summaries.cells import By, Progress, of_month
from summaries.month_reading import Choice, Found, Part, cells_of, remembered
from summaries.ranking import RankBy, Ranked, rank, rank_regions

LINES = 20
"""As many lines of a ranking as a page shows."""
ENDS = 6
"""As many of the first and of the last as can be read from the end of a meeting room."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what the rankings are ordered, and which page of each is shown; a page past the end is the last."""

    by: RankBy = RankBy.COMPLETION
    departments: int = 1
    regions: int = 1


@dataclass(frozen=True, slots=True)
class Standings:
    """A page of a ranking; `count` lines are in it altogether."""

    lines: list[Ranked]
    number: int
    count: int

    @property
    def page(self) -> Page[int]:
        """What leads to the other pages."""
        return Paginator(range(self.count), LINES).page(self.number)


class Rankings:
    """The rankings of a month of a region, or of everything, on a day; `at` is when cells were last written.

    The figures are read at most once, for whatever is not remembered of any order.
    """

    def __init__(
        self, choice: Choice, region: Region | None, *, at: datetime | None, on: date
    ) -> None:
        self.choice, self.region, self.at, self.on = choice, region, at, on

    def departments(
        self, by: RankBy, number: int = 1, code: str = ""
    ) -> tuple[Standings, list[Ranked]]:
        """A page of the departments, and the line of the one with this code where it is on another page."""
        whole = cache(lambda: self._departments(by))
        page = self._remembered(f"departments:{by}:{number}", lambda: _cut(whole(), number))
        if not code or any(line.code == code for line in page.lines):
            return page, []
        own = self._remembered(
            f"department:{by}:{code}", lambda: [line for line in whole() if line.code == code]
        )
        return page, own

    def regions(self, by: RankBy, number: int = 1) -> Standings:
        """A page of the regions next below."""
        return self._remembered(f"regions:{by}:{number}", lambda: _cut(self._regions(by), number))

    def ends(self, by: RankBy) -> tuple[list[Ranked], list[Ranked]]:
        """The first departments that have a place, and the last, the last one first; none is both."""

        def find() -> tuple[list[Ranked], list[Ranked]]:
            placed = [line for line in self._departments(by) if line.place is not None]
            return placed[:ENDS], placed[ENDS:][-ENDS:][::-1]

        return self._remembered(f"ends:{by}", find)

    def _remembered(self, name: str, find: Callable[[], Found]) -> Found:
        """What the day decides is only whether the month's due day has passed."""
        year, month, pk = self.choice.year, self.choice.month, self.region.pk if self.region else ""
        is_past_due = self.on > self.choice.period.due_on
        return remembered(f"{name}:{year}-{month}:{pk}:{is_past_due}", self.at, find)

    def _departments(self, by: RankBy) -> list[Ranked]:
        due_on = self.choice.period.due_on
        return rank(self._groups, self._nodes, by=by, due_on=due_on, on=self.on)

    def _regions(self, by: RankBy) -> list[Ranked]:
        return rank_regions(self._parts, by=by, due_on=self.choice.period.due_on, on=self.on)

    @cached_property
    def _groups(self) -> list[Progress]:
        cells = cells_of(self.region)
        return of_month(cells, self.choice.year, self.choice.month, [By.DEPARTMENT])

    @cached_property
    def _nodes(self) -> list[Department]:
        return list(Department.objects.only("name", "code", "path"))

    @cached_property
    def _parts(self) -> list[Part]:
        return month_reading.parts(self.choice.year, self.choice.month, self.region)


def keep(*, on: date, at: datetime) -> None:
    """Refresh the marked cells and, where there were any, read the shown month at once: so that it
    is the job that adds the cells up anew, not the next person who opens the page.
    """
    if keeping.refresh(at=at):
        read_ahead(on=on)


def read_ahead(*, on: date) -> None:
    """Have everything remembered that the cockpit and the wall show first, in every order."""
    shown = month_reading.choose(on=on)
    if shown is None:
        return
    reading = month_reading.read(shown.year, shown.month)
    rankings = Rankings(shown, None, at=reading.refreshed_at, on=on)
    for by in RankBy:
        rankings.departments(by)
        rankings.regions(by)
    rankings.ends(RankBy.COMPLETION)


def _cut(lines: list[Ranked], number: int) -> Standings:
    shown = min(number, max(1, -(-len(lines) // LINES)))
    return Standings(lines[(shown - 1) * LINES : shown * LINES], shown, len(lines))
