"""The rankings of a month, a page of lines at a time.

Who stands where follows from all departments or regions together. They are ranked once after each
refresh of the cells, and only what a page shows of them is remembered: to open it costs the same
for four departments and for four thousand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.core.paginator import Page, Paginator

from accounts.models import Department, Region
from summaries import keeping, month_reading
from summaries.cells import By, of_month
from summaries.month_reading import Choice, Found, cells_of, remembered
from summaries.ranking import RankBy, Ranked, rank, rank_regions

LINES = 20
"""As many lines of a ranking as a page shows."""
Whole = Callable[[], list[Ranked]]


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


@dataclass(frozen=True, slots=True)
class Rankings:
    """The rankings of a month of a region, or of everything, on a day; `at` is when cells were last written."""

    choice: Choice
    region: Region | None
    at: datetime | None
    on: date
    by: RankBy = RankBy.COMPLETION

    def departments(self, number: int = 1, code: str = "") -> tuple[Standings, list[Ranked]]:
        """A page of the departments, and the line of the one with this code where it is on another page."""
        whole = cache(self._departments)
        page = self._page("departments", whole, number)
        if not code or any(line.code == code for line in page.lines):
            return page, []
        own = self._remembered(
            f"departments:{code}", lambda: [line for line in whole() if line.code == code]
        )
        return page, own

    def regions(self, number: int = 1) -> Standings:
        """A page of the regions next below."""
        return self._page("regions", self._regions, number)

    def ends(self, length: int) -> tuple[list[Ranked], list[Ranked]]:
        """The first departments that have a place, and the last, the last one first; none is both."""

        def find() -> tuple[list[Ranked], list[Ranked]]:
            placed = [line for line in self._departments() if line.place is not None]
            return placed[:length], placed[length:][-length:][::-1]

        return self._remembered(f"ends:{length}", find)

    def _page(self, name: str, whole: Whole, number: int) -> Standings:
        def find() -> Standings:
            lines = whole()
            shown = min(number, max(1, -(-len(lines) // LINES)))
            return Standings(lines[(shown - 1) * LINES : shown * LINES], shown, len(lines))

        return self._remembered(f"{name}:page:{number}", find)

    def _remembered(self, name: str, find: Callable[[], Found]) -> Found:
        """What the day decides is only whether the month's due day has passed."""
        year, month, pk = self.choice.year, self.choice.month, self.region.pk if self.region else ""
        is_past_due = self.on > self.choice.period.due_on
        return remembered(f"{name}:{year}-{month}:{pk}:{self.by}:{is_past_due}", self.at, find)

    def _departments(self) -> list[Ranked]:
        return rank(
            of_month(cells_of(self.region), self.choice.year, self.choice.month, [By.DEPARTMENT]),
            Department.objects.only("name", "code", "path"),
            by=self.by,
            due_on=self.choice.period.due_on,
            on=self.on,
        )

    def _regions(self) -> list[Ranked]:
        parts = month_reading.parts(self.choice.year, self.choice.month, self.region)
        return rank_regions(parts, by=self.by, due_on=self.choice.period.due_on, on=self.on)


def keep(*, on: date, at: datetime) -> None:
    """Refresh the marked cells and, where there were any, read the shown month at once: so that it
    is the job that adds the cells up anew, not the next person who opens the page.
    """
    if keeping.refresh(at=at) and (shown := month_reading.choose(on=on)) is not None:
        reading = month_reading.read(shown.year, shown.month)
        rankings = Rankings(shown, None, reading.refreshed_at, on)
        rankings.departments()
        rankings.regions()
