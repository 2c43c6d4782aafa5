"""What a summary's page shows beside its figures: who issued it, what is different by now, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from office import replica
from summaries import (
    differences,
    later_steps,
    month_figures,
    month_wording,
    rollup,
    year_differences,
)
from summaries.differences import Difference, EntryDifferences, GroupDifferences
from summaries.figures import Figures
from summaries.later_steps import LaterStep
from summaries.models import ProgressSummary, SummaryIssue
from summaries.month_figures import GroupFigures, MonthFigures, progress_of

MOST = 200
"""So many rows of a list are shown; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A figure then and now, as it is shown."""

    label: str
    issued: str
    now: str
    difference: str
    unit: str


@dataclass(frozen=True, slots=True)
class Block:
    """What differs of a group, or of an entry; `since` the first step that can have changed it."""

    part: str
    name: str
    url: str
    since: datetime | None
    rows: list[DifferenceRow]
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """What is different by now from what a summary says."""

    at: datetime
    groups: list[Block]
    entries: list[Block]
    steps: list[LaterStep]
    entries_left_out: int
    steps_left_out: int

    @property
    def is_none(self) -> bool:
        """Whether every figure is still as it was."""
        return not (self.groups or self.entries)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A group's figures as they were issued, in the order of differences.FIGURES."""

    part: str
    name: str
    depth: int
    values: list[str]


@dataclass(frozen=True, slots=True)
class PeriodCell:
    """A month (or a year) in the grid: its latest issue, or else its latest draft."""

    year: int
    month: int | None
    issue: SummaryIssue | None
    draft: int | None
    """The summary that waits to be issued, where it is newer than the issue."""


# What the table of a month's figures shows; the JSON file has them all.
SHOWN = (
    "entries",
    "planned",
    "invested_ytd",
    "completion",
    "schedule",
    "schedule_gap",
    "completion_change",
    "figures",
    "green",
    "yellow",
    "red",
)


def figure_table(figures: MonthFigures) -> tuple[list[str], list[FigureRow]]:
    """The headings and the groups of a month's summary."""
    headings = [str(month_wording.FIGURES[name]) for name in SHOWN]
    return headings, [_figures(group, figures) for group in figures["groups"]]


@replica.insisting
def month_drift(summary: ProgressSummary) -> Drift:
    """A month's summary beside the month as it stands now; a fixed number of queries."""
    issued: MonthFigures = summary.figures
    with rollup.snapshot():
        data = month_figures.read(issued["year"], issued["month"], summary.region)
        steps = later_steps.of_month(summary.histories, data.histories)
    first = _first(steps)
    entries = differences.of_entries(issued, data.figures)
    places = {entry["code"]: entry for entry in (*issued["entries"], *data.figures["entries"])}
    groups = []
    for each in differences.of_groups(issued, data.figures):
        inside = [
            at
            for code, at in first.items()
            if code in places and differences.is_member(places[code], each.group)
        ]
        groups.append(_group_block(each, min(inside, default=None)))
    return Drift(
        at=data.cut_off,
        groups=groups,
        entries=[_entry_block(each, first) for each in entries[:MOST]],
        steps=steps[:MOST],
        entries_left_out=max(len(entries) - MOST, 0),
        steps_left_out=max(len(steps) - MOST, 0),
    )


def year_drift(summary: ProgressSummary) -> Drift:
    """A year's summary beside the year as it stands now; a fixed number of queries."""
    issued: Figures = summary.figures
    data = rollup.read(summary.year, summary.region)
    found = year_differences.of_year(issued, rollup.figures(data))
    steps = later_steps.of_year(summary.year, summary.cut_off)
    first = _first(steps)
    blocks = [
        Block(
            part=each.section,
            name="",
            url="",
            since=first.get(each.code),
            rows=[_row(each.name, each.difference)],
        )
        for each in found
    ]
    return Drift(data.cut_off, blocks, [], steps[:MOST], 0, max(len(steps) - MOST, 0))


def grid(
    summaries: QuerySet[ProgressSummary], years: Iterable[int]
) -> list[tuple[int, list[PeriodCell]]]:
    """Year by year the twelve months and the whole year; two queries. `summaries` may be read."""
    years = list(years)
    seen = Q(summary__in=summaries)
    issues = SummaryIssue.objects.filter(seen, year__in=years).select_related("by")
    latest = {(each.year, each.month): each for each in issues.order_by("number")}
    drafts: Mapping[tuple[int, int | None], int] = {
        (year, month): pk
        for year, month, pk in summaries.filter(issue__isnull=True, year__in=years)
        .order_by()
        .values_list("year", "month")
        .annotate(Max("pk"))
    }
    return [
        (year, [_cell(year, month, latest, drafts) for month in (*range(1, 13), None)])
        for year in years
    ]


def _cell(
    year: int,
    month: int | None,
    issues: Mapping[tuple[int, int | None], SummaryIssue],
    drafts: Mapping[tuple[int, int | None], int],
) -> PeriodCell:
    issue, draft = issues.get((year, month)), drafts.get((year, month))
    if issue is not None and draft is not None and draft < issue.summary_id:
        draft = None
    return PeriodCell(year, month, issue, draft)


def _figures(group: GroupFigures, figures: MonthFigures) -> FigureRow:
    progress = progress_of(group, figures["year"], figures["month"])
    values = [
        month_wording.number(
            differences.FIGURES[name].read(progress), differences.FIGURES[name].unit
        )
        for name in SHOWN
    ]
    part = str(month_wording.PARTS[group["by"]])
    return FigureRow(part, month_wording.group_name(group), group["depth"], values)


def _first(steps: Iterable[LaterStep]) -> dict[str, datetime]:
    """When the first of the steps was taken, by the code of what it is about."""
    first: dict[str, datetime] = {}
    for step in steps:
        first.setdefault(step.code, step.at)
    return first


def _group_block(found: GroupDifferences, since: datetime | None) -> Block:
    group = found.group
    return Block(
        part=str(month_wording.PARTS[group["by"]]) if group["by"] else "",
        name=month_wording.group_name(group),
        url="",
        since=since,
        rows=[_row(str(month_wording.FIGURES[d.figure]), d) for d in found.differences],
    )


def _entry_block(found: EntryDifferences, first: Mapping[str, datetime]) -> Block:
    entry = found.entry
    return Block(
        part="",
        name=entry["name"],
        url=month_wording.project_url(entry),
        since=first.get(entry["code"]),
        rows=[_row(str(month_wording.FIGURES[d.figure]), d) for d in found.differences],
        is_new=found.issued is None,
        is_gone=found.now is None,
    )


def _row(label: str, difference: Difference) -> DifferenceRow:
    return DifferenceRow(
        label=label,
        issued=_said(difference, difference.issued),
        now=_said(difference, difference.now),
        difference=month_wording.signed(difference),
        unit=month_wording.unit(difference),
    )


def _said(difference: Difference, value: differences.Number | str) -> str:
    if isinstance(value, str):
        return month_wording.word(difference.figure, value)
    return month_wording.number(value, difference.unit)
