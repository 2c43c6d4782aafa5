"""月度通报, the figures: what a month's round says of the year's projects, read from cells and reports.

Sums and rates are the cells'; names come from the reports and obstacles that the reader may see.
Nothing is rounded here, and nothing depends on the day of reading but who still owes a report.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import Department
from projects.colouring import rule_for
from projects.models import Category, Level, LightRule, Obstacle, ReportingPeriod, Stage
from summaries import cells
from summaries.bulletin_projects import ProjectMonth
from summaries.cells import By, Progress, Sums
from summaries.models.cell import CellQuerySet

NAMED = 5
"""How many leaders and laggards are named."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the entries, with a name: a stored value or a department's; `depth` in the tree."""

    name: str
    progress: Progress
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A department or project with the figure that it is ranked by."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Ranking:
    """Leaders from the first down, laggards from the last up; nobody is both."""

    leaders: tuple[Ranked, ...]
    laggards: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Starts:
    """The entries that the plan wants started this year, by what became of them."""

    started: tuple[ProjectMonth, ...]
    waiting: tuple[ProjectMonth, ...]
    """Not started, whether due or not."""
    due: tuple[ProjectMonth, ...]
    """Those whose planned start lies in this month or before."""
    missed: tuple[ProjectMonth, ...]
    """Those of `due` that have not started."""
    undated: int
    """Without a planned day: they have the year for it."""


@dataclass(frozen=True, slots=True)
class ObstacleMonth:
    """An obstacle as it stood at the end of the month."""

    project: str
    text: str
    kind: str
    level: int
    responsible: str
    raised_on: date
    due_on: date
    cleared_on: date | None
    opened: bool
    """Raised in this month."""
    cleared: bool
    """Cleared in this month."""
    overdue: bool
    """Past its day at the month's end, and not cleared by then."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Everything that a month's bulletin says; money in 万元, rates with what they are made of."""

    year: int
    month: int
    due_on: date
    is_past_due: bool
    """Whether the due day has passed on the day of reading: then what is missing is overdue."""
    total: Progress
    stages: tuple[Group, ...]
    categories: tuple[Group, ...]
    levels: tuple[Group, ...]
    departments: tuple[Group, ...]
    """Departments of the first rank with everything below them, sub-units after each."""
    months: tuple[Sums | None, ...]
    """January to December of this year, for the curve; None where there are no cells."""
    projects: tuple[ProjectMonth, ...]
    long_red_days: int
    obstacles: tuple[ObstacleMonth, ...]

    @property
    def month_end(self) -> date:
        return end_of(self.year, self.month)

    @property
    def is_empty(self) -> bool:
        """Whether no figure of the month is in force."""
        return not self.total.now.figures

    @property
    def starts(self) -> Starts:
        """Of the year's new starts, which have started, which should have."""
        wanted = [each for each in self.projects if each.goal == Stage.STARTED]
        due = [each for each in wanted if each.start_due and each.start_due <= self.month_end]
        return Starts(
            started=tuple(each for each in wanted if each.has_started),
            waiting=tuple(each for each in wanted if not each.has_started),
            due=tuple(due),
            missed=tuple(each for each in due if not each.has_started),
            undated=sum(each.start_due is None for each in wanted),
        )

    @property
    def department_ranking(self) -> Ranking:
        """Departments of the first rank by 序时完成率."""
        return ranking(
            (group.name, group.progress.now.schedule.percent)
            for group in self.departments
            if not group.depth
        )

    @property
    def project_ranking(self) -> tuple[tuple[ProjectMonth, ...], tuple[ProjectMonth, ...]]:
        """The projects furthest ahead of schedule, and those furthest behind, by 与序时进度差."""
        placed = sorted(
            (each for each in self.projects if each.gap is not None),
            key=lambda each: (-(each.gap or 0), each.order),
        )
        ahead = [each for each in placed if (each.gap or 0) > 0][:NAMED]
        behind = [each for each in reversed(placed) if (each.gap or 0) < 0][:NAMED]
        return tuple(ahead), tuple(behind)

    @property
    def long_red(self) -> tuple[ProjectMonth, ...]:
        """Red for longer than the rule's number of days at the month's end, the longest first."""
        found = [each for each in self.projects if each.red_days > self.long_red_days]
        return tuple(sorted(found, key=lambda each: (-each.red_days, each.order)))

    @property
    def late(self) -> tuple[ProjectMonth, ...]:
        """Reported after the due day."""
        return tuple(each for each in self.projects if each.is_late)

    @property
    def unreported(self) -> tuple[ProjectMonth, ...]:
        """Asked for the month and never submitted."""
        return tuple(each for each in self.projects if each.is_unreported)


def end_of(year: int, month: int) -> date:
    """A month's last day."""
    return date(year, month, monthrange(year, month)[1])


def ranking(rows: Iterable[tuple[str, Decimal | None]]) -> Ranking:
    """The first NAMED, and of the others the last NAMED that are below 100 percent; those without
    a rate are in neither.
    """
    known = [Ranked(name, value) for name, value in rows if value is not None]
    placed = sorted(known, key=lambda each: -each.value)
    leaders, others = placed[:NAMED], placed[NAMED:]
    laggards = [each for each in reversed(others) if each.value < 100][:NAMED]
    return Ranking(tuple(leaders), tuple(laggards))


def read(
    period: ReportingPeriod,
    found: CellQuerySet,
    projects: Sequence[ProjectMonth],
    obstacles: QuerySet[Obstacle],
    rules: Sequence[LightRule],
    *,
    on: date,
) -> Bulletin:
    """The month's bulletin from what the reader may see; a fixed number of queries."""
    year, month = period.year, period.month
    by_month = cells.by_month(found, [year])
    return Bulletin(
        year=year,
        month=month,
        due_on=period.due_on,
        is_past_due=on > period.due_on,
        total=cells.total(found, year, month),
        stages=_groups(found, year, month, By.GOAL),
        categories=_groups(found, year, month, By.CATEGORY),
        levels=_groups(found, year, month, By.LEVEL),
        departments=_departments(found, year, month),
        months=tuple(by_month.get((year, number), {}).get(()) for number in range(1, 13)),
        projects=tuple(projects),
        long_red_days=rule_for(year, month, rules).long_red_days,
        obstacles=tuple(_obstacles(obstacles, year, month)),
    )


_ORDERS: dict[By, Sequence[str]] = {
    By.GOAL: Stage.values,
    By.CATEGORY: Category.values,
    By.LEVEL: Level.values,
}


def _groups(found: CellQuerySet, year: int, month: int, by: By) -> tuple[Group, ...]:
    """In the order of the vocabulary; what is not stated comes last."""
    groups = [Group(each.key[0], each) for each in cells.progress(found, year, month, [by])]
    order = [*_ORDERS[by], ""]
    return tuple(sorted(groups, key=lambda group: order.index(group.name)))


def _departments(found: CellQuerySet, year: int, month: int) -> tuple[Group, ...]:
    """The tree from its first rank; entries without a department come last, under no name."""
    groups = cells.progress(found, year, month, [By.DEPARTMENT])
    branches = cells.rolled_up(groups, Department.objects.order_by("path"))
    rows = [Group(branch.node.name, branch.progress, branch.node.depth) for branch in branches]
    first = min((row.depth for row in rows), default=0)
    rows = [Group(row.name, row.progress, row.depth - first) for row in rows]
    homeless = [Group("", group) for group in groups if group.key[0] is None]
    return (*rows, *homeless)


def _obstacles(obstacles: QuerySet[Obstacle], year: int, month: int) -> Iterable[ObstacleMonth]:
    """Those that were open at some time of the month."""
    begin, end = date(year, month, 1), end_of(year, month)
    open_then = Q(cleared_on__isnull=True) | Q(cleared_on__gte=begin)
    rows = obstacles.filter(open_then, raised_on__lte=end).select_related("project", "responsible")
    for row in rows.order_by("raised_on", "project__code", "pk"):
        cleared_by_end = row.cleared_on is not None and row.cleared_on <= end
        yield ObstacleMonth(
            project=row.project.name,
            text=row.text,
            kind=row.kind,
            level=row.level,
            responsible=row.responsible.name,
            raised_on=row.raised_on,
            due_on=row.due_on,
            cleared_on=row.cleared_on if cleared_by_end else None,
            opened=row.raised_on >= begin,
            cleared=cleared_by_end,
            overdue=row.due_on < end and not cleared_by_end,
        )
