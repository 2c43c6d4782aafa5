"""Departments and regions ranked by a month's progress.

Each department has the units below it, which follow it in their own order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import Department
from summaries.cells import Branch, Progress, rolled_up
from summaries.charts import NOT_STATED
from summaries.month_reading import Part


class RankBy(StrEnum):
    """What departments and regions are ranked by."""

    COMPLETION = "completion"
    GAP = "gap"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A department's or region's line; `place` is None where there is nothing to rank it by.

    `late` counts reports that came late or are overdue on the day of the reading. It is remembered
    for readers of every language: what belongs to no department or region is named when it is read.
    """

    place: int | None
    depth: int
    own_name: str
    code: str
    progress: Progress
    late: int

    @property
    def name(self) -> str:
        """The name of the department or region, or that there is none."""
        if self.own_name:
            return self.own_name
        return _("No department") if self.code == NOT_STATED else _("In none of these")


def rank(
    found: Iterable[Progress],
    departments: Iterable[Department],
    *,
    by: RankBy,
    due_on: date,
    on: date,
) -> list[Ranked]:
    """The tree of departments, the best first; those that cannot be ranked come last.

    `found` are groups by department. Departments with equal figures share a place. Only leading
    departments have places; a unit stands below its department. Entries of no department come last
    of all.
    """
    groups = list(found)
    branches = rolled_up(groups, departments)
    listed = {branch.node.path for branch in branches}
    units: dict[str, list[tuple[Decimal | None, Branch]]] = {}
    for branch in branches:
        above = _above(branch.node.path)
        value = _measure(branch.progress, by, due_on=due_on, on=on)
        units.setdefault(above if above in listed else "", []).append((value, branch))

    def lines(above: str, depth: int) -> Iterable[Ranked]:
        ordered = sorted(units[above], key=lambda pair: (*_place(pair[0]), pair[1].node.path))
        places = _places([value for value, _branch in ordered])
        for (_value, branch), place in zip(ordered, places, strict=True):
            yield Ranked(
                None if depth else place,
                depth,
                branch.node.name,
                branch.node.code,
                branch.progress,
                branch.progress.now.overdue(due_on=due_on, on=on),
            )
            if branch.node.path in units:
                yield from lines(branch.node.path, depth + 1)

    ranked = list(lines("", 0)) if units else []
    return ranked + [
        Ranked(None, 0, "", NOT_STATED, group, group.now.overdue(due_on=due_on, on=on))
        for group in groups
        if group.key[0] is None
    ]


def rank_regions(parts: Iterable[Part], *, by: RankBy, due_on: date, on: date) -> list[Ranked]:
    """The regions next below, the best first; what belongs to none of them comes last."""

    def value(part: Part) -> Decimal | None:
        return _measure(part.progress, by, due_on=due_on, on=on)

    def line(part: Part, place: int | None) -> Ranked:
        late = part.progress.now.overdue(due_on=due_on, on=on)
        return Ranked(place, 0, part.name, part.code, part.progress, late)

    found = list(parts)
    ordered = sorted(
        (part for part in found if part.code), key=lambda part: (*_place(value(part)), part.code)
    )
    places = _places([value(part) for part in ordered])
    rest = [line(part, None) for part in found if not part.code]
    return [line(part, place) for part, place in zip(ordered, places, strict=True)] + rest


def _measure(progress: Progress, by: RankBy, *, due_on: date, on: date) -> Decimal | None:
    """What is ranked, the higher the better."""
    if by is RankBy.COMPLETION:
        return progress.now.completion.percent
    if by is RankBy.GAP:
        return progress.now.schedule_gap
    if not progress.now.due:
        return None
    return -Decimal(progress.now.overdue(due_on=due_on, on=on))


def _place(value: Decimal | None) -> tuple[bool, Decimal]:
    return (value is None, -(value or Decimal(0)))


def _places(values: Sequence[Decimal | None]) -> list[int | None]:
    """1, 2, 2, 4: equal values, which stand side by side, share a place."""
    places: list[int | None] = []
    for number, value in enumerate(values, start=1):
        same = number > 1 and value == values[number - 2]
        places.append(None if value is None else places[-1] if same else number)
    return places


def _above(path: str) -> str:
    """ "/A/B/" → "/A/"; "/A/" → "/"."""
    return path[: path.rstrip("/").rfind("/") + 1]
