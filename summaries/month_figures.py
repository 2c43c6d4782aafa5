"""The figures of a month as a summary keeps them: read once, stored as plain values, read back exactly.

What is stored are the cells' sums, so that each rate can show for ever what it was computed from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from django.db.models import F, Q, QuerySet

from accounts.models import Department, Region
from office.clock import now
from projects.models import AnnualPlan, Category, Level, ProgressReport, ReportState, Stage
from summaries import cells
from summaries.cells import NOTHING, By, Progress, Sums
from summaries.models import ProgressCell

SCHEMA = "month-1"
# Part of every digest. Raise it when the same data are to give other figures or other words.
RULE_VERSION = "month-2026.1"

Stored = dict[str, int | str]
"""The columns of Sums that are not nothing: counts as they are, money as text."""

# How a month is taken apart, in the order it is told; "" is the whole.
PARTS: tuple[tuple[By, Sequence[str]], ...] = (
    (By.GOAL, Stage.values),
    (By.CATEGORY, Category.values),
    (By.LEVEL, Level.values),
)


class GroupFigures(TypedDict):
    """Some of the month's entries and the months they are compared with.

    `by` says what they have in common ("" for all of them), `key` what exactly: a stored value, or
    a department's path; "" where it is not stated. `name` and `depth` are a department's.
    """

    by: str
    key: str
    name: str
    depth: int
    now: Stored
    month_before: Stored
    quarter_before: Stored
    last_year: Stored


class EntryFigures(TypedDict):
    """One entry of the list as the month has it; money in 万元 as text, null where not known.

    `department` is the department's path.
    """

    code: str
    name: str
    level: str
    category: str
    goal: str
    department: str
    department_name: str
    planned: str | None
    planned_ytd: str | None
    invested_ytd: str | None
    status: str
    light: str
    reported_on: str | None


class MonthFigures(TypedDict):
    """All figures of a month."""

    schema: str
    year: int
    month: int
    groups: list[GroupFigures]
    entries: list[EntryFigures]


@dataclass(frozen=True, slots=True)
class MonthData:
    """A month's figures and how far the histories behind them had gone, of one moment."""

    cut_off: datetime
    figures: MonthFigures
    histories: dict[str, int]


def read(year: int, month: int, region: Region | None = None) -> MonthData:
    """The month of the whole office, or of a region, as it stands now; a fixed number of queries.

    The caller holds the snapshot (rollup.snapshot).
    """
    found = ProgressCell.objects.all()
    listed, reports = AnnualPlan.objects.all(), ProgressReport.objects.all()
    if region is not None:
        found = found.in_region(region)
        listed = listed.filter(project__region__path__startswith=region.path)
        reports = reports.filter(entry__project__region__path__startswith=region.path)
    groups = [_group("", "", cells.total(found, year, month))]
    for by, order in PARTS:
        parts = {each.key[0]: each for each in cells.progress(found, year, month, [by])}
        groups += [_group(by, key, parts[key]) for key in [*order, ""] if key in parts]
    groups += _departments(cells.progress(found, year, month, [By.DEPARTMENT]))
    return MonthData(
        cut_off=now(),
        figures=MonthFigures(
            schema=SCHEMA,
            year=year,
            month=month,
            groups=groups,
            entries=list(_entries(listed, reports, year, month)),
        ),
        histories=_histories(listed, reports, year, month),
    )


def is_empty(figures: MonthFigures) -> bool:
    """Whether no entry is listed in the month."""
    return not figures["groups"][0]["now"]


def progress_of(group: GroupFigures, year: int, month: int) -> Progress:
    """A stored group, to be read as the cells are."""
    return Progress(
        year,
        month,
        (group["key"],),
        _sums(group["now"]),
        _sums(group["month_before"]),
        _sums(group["quarter_before"]),
        _sums(group["last_year"]),
    )


def _group(by: str, key: str, progress: Progress, name: str = "", depth: int = 0) -> GroupFigures:
    return GroupFigures(
        by=by,
        key=key,
        name=name,
        depth=depth,
        now=_stored(progress.now),
        month_before=_stored(progress.month_before),
        quarter_before=_stored(progress.quarter_before),
        last_year=_stored(progress.last_year),
    )


def _departments(found: list[Progress]) -> Iterator[GroupFigures]:
    """The tree, parents first; the entries of no department last, under no key."""
    branches = cells.rolled_up(found, Department.objects.order_by("path"))
    first = min((branch.node.depth for branch in branches), default=0)
    for branch in branches:
        node = branch.node
        yield _group(By.DEPARTMENT, node.path, branch.progress, node.name, node.depth - first)
    for group in found:
        if group.key[0] is None:
            yield _group(By.DEPARTMENT, "", group)


def _entries(
    listed: QuerySet[AnnualPlan], reports: QuerySet[ProgressReport], year: int, month: int
) -> Iterator[EntryFigures]:
    of_month = reports.filter(year=year, period__month=month).select_related("light")
    by_entry = {report.entry_id: report for report in of_month}
    entries = (
        listed.filter(year=year, enters_in__lte=month)
        .select_related("project__department")
        .order_by("table", F("position").asc(nulls_last=True), "project__code")
    )
    for entry in entries:
        yield _entry(entry, by_entry.get(entry.pk))


def _entry(entry: AnnualPlan, report: ProgressReport | None) -> EntryFigures:
    department = entry.project.department
    light = getattr(report, "light", None)
    reported_on = report.first_submitted_on if report else None
    return EntryFigures(
        code=entry.project.code,
        name=entry.cited_name or entry.project.name,
        level=entry.level,
        category=entry.category,
        goal=entry.goal,
        department=department.path if department else "",
        department_name=department.name if department else "",
        planned=_text(report.planned_year if report else entry.planned_investment),
        planned_ytd=_text(report.planned_ytd if report else None),
        invested_ytd=_text(report.approved_invested_ytd if report else None),
        status=report.approved_status if report else "",
        light=light.shown if light else "",
        reported_on=reported_on.isoformat() if reported_on else None,
    )


def _histories(
    listed: QuerySet[AnnualPlan], reports: QuerySet[ProgressReport], year: int, month: int
) -> dict[str, int]:
    """How many steps each history behind the month's figures has: those without any left out.

    The figures follow from the year's reports up to the month, from those of the same month of
    last year, from the plans and from where the projects belong.
    """
    behind = Q(year=year, period__month__lte=month)
    behind |= Q(year=year - 1, period__month=month)
    entries = listed.filter(year__in=(year - 1, year))
    reports = reports.filter(behind).exclude(state=ReportState.NOT_DUE, version=0)
    rows: Iterable[tuple[str, Iterable[tuple[int, int]]]] = (
        ("report", reports.order_by("pk").values_list("pk", "version")),
        ("entry", entries.order_by("pk").values_list("pk", "version")),
        (
            "project",
            entries.order_by("project").values_list("project", "project__version").distinct(),
        ),
    )
    return {f"{owner}:{pk}": version for owner, found in rows for pk, version in found if version}


def _stored(sums: Sums) -> Stored:
    return {
        name: value if isinstance(value, int) else f"{value:f}"
        for name, value in sums._asdict().items()
        if value
    }


def _sums(stored: Mapping[str, int | str]) -> Sums:
    if not stored:
        return NOTHING
    return Sums(
        **{
            name: value if isinstance(value, int) else Decimal(value)
            for name, value in stored.items()
        }  # type: ignore[arg-type]
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
