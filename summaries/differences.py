"""What a summary said when it was issued beside what the same functions say now: figure by figure.

Pure functions over two sets of figures; nothing is rounded here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from summaries.cells import NOTHING, Progress
from summaries.month_figures import EntryFigures, GroupFigures, MonthFigures, progress_of


class Unit(StrEnum):
    """What a figure is counted in; differences of percentages are percentage points."""

    ENTRIES = "entries"
    WAN = "wan"
    PERCENT = "percent"
    POINTS = "points"
    NUMBER = "number"
    """In the unit of what it is about."""
    WORD = "word"


Number = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a group: its unit and how it is read; None where nothing is known."""

    unit: Unit
    read: Callable[[Progress], Number]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what was issued. Words have no difference, nor has what was or is missing."""

    figure: str
    unit: Unit
    issued: Number | str
    now: Number | str

    @property
    def difference(self) -> Decimal | None:
        """Now minus issued, unrounded."""
        if isinstance(self.issued, Decimal | int) and isinstance(self.now, Decimal | int):
            return Decimal(self.now) - Decimal(self.issued)
        return None


@dataclass(frozen=True, slots=True)
class GroupDifferences:
    """The figures of a group that differ; `group` is its latest form."""

    group: GroupFigures
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class EntryDifferences:
    """The figures of an entry that differ; it came or went where one of the forms is missing."""

    issued: EntryFigures | None
    now: EntryFigures | None
    differences: tuple[Difference, ...]

    @property
    def entry(self) -> EntryFigures:
        """Its latest form."""
        found = self.now or self.issued
        assert found is not None
        return found


def _counted(name: str) -> Figure:
    return Figure(Unit.ENTRIES, lambda group: getattr(group.now, name))


def _status(name: str) -> Figure:
    return Figure(Unit.ENTRIES, lambda group: group.now.statuses[name])


def _light(name: str) -> Figure:
    return Figure(Unit.ENTRIES, lambda group: group.now.lights[name])


FIGURES: dict[str, Figure] = {
    "entries": _counted("entries"),
    "total_investment": Figure(
        Unit.WAN, lambda group: group.now.total_investment if group.now.with_total else None
    ),
    "planned": Figure(Unit.WAN, lambda group: group.now.planned if group.now.with_plan else None),
    "planned_ytd": Figure(
        Unit.WAN, lambda group: group.now.planned_ytd if group.now.with_plan else None
    ),
    "invested_ytd": Figure(
        Unit.WAN, lambda group: group.now.invested_ytd if group.now.figures else None
    ),
    "invested_in_month": Figure(Unit.WAN, lambda group: group.invested_in_month),
    "invested_in_quarter": Figure(Unit.WAN, lambda group: group.invested_in_quarter),
    "completion": Figure(Unit.PERCENT, lambda group: group.now.completion.percent),
    "schedule": Figure(Unit.PERCENT, lambda group: group.now.schedule.percent),
    "schedule_gap": Figure(Unit.POINTS, lambda group: group.now.schedule_gap),
    "quarter_schedule": Figure(Unit.PERCENT, lambda group: group.quarter_schedule.percent),
    "completion_change": Figure(Unit.POINTS, lambda group: group.completion_change),
    "schedule_change": Figure(Unit.POINTS, lambda group: group.schedule_change),
    "due": _counted("due"),
    "reported": _counted("reported"),
    "late": _counted("late"),
    "figures": _counted("figures"),
    "started": _status("started"),
    "accelerated": _status("accelerated"),
    "completed": _status("completed"),
    "suspended": _status("suspended"),
    "green": _light("green"),
    "yellow": _light("yellow"),
    "red": _light("red"),
}
"""What a month's summary says of each group, in the order it is told."""

ENTRY_FIGURES: dict[str, Unit] = {
    "planned": Unit.WAN,
    "planned_ytd": Unit.WAN,
    "invested_ytd": Unit.WAN,
    "status": Unit.WORD,
    "light": Unit.WORD,
    "reported_on": Unit.WORD,
    "name": Unit.WORD,
    "level": Unit.WORD,
    "category": Unit.WORD,
    "goal": Unit.WORD,
    "department_name": Unit.WORD,
}


def of_groups(issued: MonthFigures, now: MonthFigures) -> list[GroupDifferences]:
    """The groups of which a figure differs: those of now in their order, then those gone since."""
    before, after = _by_key(issued), _by_key(now)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        then, today = before.get(key), after.get(key)
        differences = tuple(_compare(_progress(then, issued), _progress(today, now)))
        latest = today or then
        if differences and latest is not None:
            found.append(GroupDifferences(latest, differences))
    return found


def of_entries(issued: MonthFigures, now: MonthFigures) -> list[EntryDifferences]:
    """The entries of which a figure differs, came or went, in the list's order."""
    before = {entry["code"]: entry for entry in issued["entries"]}
    after = {entry["code"]: entry for entry in now["entries"]}
    found = []
    for code in [*after, *(code for code in before if code not in after)]:
        then, today = before.get(code), after.get(code)
        differences = tuple(_compare_entries(then, today))
        if differences or then is None or today is None:
            found.append(EntryDifferences(then, today, differences))
    return found


def is_member(entry: EntryFigures, group: GroupFigures) -> bool:
    """Whether an entry counts in a group."""
    if not group["by"]:
        return True
    value = str(entry[group["by"]])  # type: ignore[literal-required]
    if group["by"] == "department" and group["key"]:
        return value.startswith(group["key"])
    return value == group["key"]


def _by_key(figures: MonthFigures) -> dict[tuple[str, str], GroupFigures]:
    return {(group["by"], group["key"]): group for group in figures["groups"]}


def _progress(group: GroupFigures | None, figures: MonthFigures) -> Progress:
    """A group that is not there has no entries."""
    year, month = figures["year"], figures["month"]
    return progress_of(group, year, month) if group else Progress(year, month, (), NOTHING)


def _compare(issued: Progress, now: Progress) -> Iterator[Difference]:
    for name, figure in FIGURES.items():
        then, today = figure.read(issued), figure.read(now)
        if then != today:
            yield Difference(name, figure.unit, then, today)


def _compare_entries(issued: EntryFigures | None, now: EntryFigures | None) -> Iterator[Difference]:
    for name, unit in ENTRY_FIGURES.items():
        then = issued[name] if issued else None  # type: ignore[literal-required]
        today = now[name] if now else None  # type: ignore[literal-required]
        if (then or None) != (today or None):
            yield Difference(name, unit, _value(then, unit), _value(today, unit))


def _value(stored: str | None, unit: Unit) -> Number | str:
    if unit == Unit.WAN:
        return None if stored is None else Decimal(stored)
    return stored or ""
