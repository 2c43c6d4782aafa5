"""The year's entries one by one as they stood at the end of a month, from their monthly reports."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from projects import lights
from projects.figures import Approved, month_figure
from projects.lights import Light, MonthFigures
from projects.models import AnnualPlan, ProgressReport, ReportState
from projects.schedule import is_late
from summaries.cells import Rate

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ProjectMonth:
    """An entry in a month; money in 万元, None is not known. `order` is its place in the list."""

    order: int
    code: str
    name: str
    department: str
    level: str
    category: str
    goal: str
    start_due: date | None
    has_started: bool
    total_investment: Decimal | None
    planned: Decimal | None
    planned_ytd: Decimal | None
    invested_ytd: Decimal | None
    invested_in_month: Decimal | None
    status: str
    physical_progress: Decimal | None
    narrative: str
    problems: str
    light: str
    streak: int
    red_days: int
    is_late: bool
    is_unreported: bool
    submitted_on: date | None

    @property
    def completion(self) -> Rate:
        """年度计划投资完成率; without a percentage where the month has no figure."""
        return Rate(*_parts(self.invested_ytd, self.planned))

    @property
    def schedule(self) -> Rate:
        """序时完成率."""
        return Rate(*_parts(self.invested_ytd, self.planned_ytd))

    @property
    def gap(self) -> Decimal | None:
        """与序时进度差, percentage points, unrounded."""
        share = Rate(*_parts(self.planned_ytd, self.planned))
        return self.completion.points_over(share)


def read(
    entries: QuerySet[AnnualPlan],
    reports: QuerySet[ProgressReport],
    year: int,
    month: int,
) -> list[ProjectMonth]:
    """Every entry that has entered the year's plan by the month, in the list's order; two queries."""
    listed = (
        entries.filter(year=year, enters_in__lte=month)
        .select_related("project__department")
        .order_by("table", F("position").asc(nulls_last=True), "project__code")
    )
    months: dict[int, list[ProgressReport]] = defaultdict(list)
    found = reports.filter(year=year, period__month__lte=month)
    for report in found.select_related("period", "light").order_by("period__month"):
        months[report.entry_id].append(report)
    return [
        _project(order, entry, months[entry.pk], year, month)
        for order, entry in enumerate(listed, 1)
    ]


def _project(
    order: int, entry: AnnualPlan, reports: Sequence[ProgressReport], year: int, month: int
) -> ProjectMonth:
    project = entry.project
    now = reports[-1] if reports and reports[-1].period.month == month else None
    approved = [each for each in reports if each.approved_invested_ytd is not None]
    invested = now.approved_invested_ytd if now else None
    status = approved[-1].approved_status if approved else ""
    lit = list(_lit(reports))
    is_asked = now is not None and now.state != ReportState.NOT_DUE
    submitted_on = now.first_submitted_on if now else None
    return ProjectMonth(
        order=order,
        code=project.code,
        name=entry.cited_name or project.name,
        department=project.department.name if project.department else "",
        level=entry.level,
        category=entry.category,
        goal=entry.goal,
        start_due=project.planned_start_on,
        has_started=_has_started(entry, status, year, month),
        total_investment=project.total_investment,
        planned=now.planned_year if now else entry.planned_investment,
        planned_ytd=now.planned_ytd if now else None,
        invested_ytd=invested,
        invested_in_month=month_figure(year, invested, _before(approved, year, month)),
        status=status,
        physical_progress=now.approved_physical_progress if now else None,
        narrative=now.narrative if now and invested is not None else "",
        problems=now.problems if now and invested is not None else "",
        light=lit[-1][1].value if lit and now and lit[-1][0] == _end(now) else "",
        streak=lights.streak([light for _end, light in lit]),
        red_days=lights.red_days(lit, on=MonthFigures(year, month).month_end),
        is_late=bool(now and submitted_on and is_asked and is_late(now, on=submitted_on)),
        is_unreported=is_asked and submitted_on is None,
        submitted_on=submitted_on,
    )


def _lit(reports: Sequence[ProgressReport]) -> Iterator[tuple[date, Light]]:
    for report in reports:
        light = getattr(report, "light", None)
        if light is not None:
            yield _end(report), Light(light.shown)


def _end(report: ProgressReport) -> date:
    return MonthFigures(report.period.year, report.period.month).month_end


def _before(approved: Sequence[ProgressReport], year: int, month: int) -> Approved | None:
    """The last approved month before this one."""
    earlier = [each for each in approved if each.period.month < month]
    if not earlier or earlier[-1].approved_invested_ytd is None:
        return None
    return Approved(year, earlier[-1].period.month, earlier[-1].approved_invested_ytd)


def _has_started(entry: AnnualPlan, status: str, year: int, month: int) -> bool:
    """By the rule of the lights: had the start been due at this month's end, it would not be missed."""
    figures = MonthFigures(
        year, month, goal=entry.goal, status=status, started_on=entry.project.started_on
    )
    due_now = replace(figures, start_due=figures.month_end)
    return lights.months_since_missed_start(due_now) is None


def _parts(part: Decimal | None, whole: Decimal | None) -> tuple[Decimal, Decimal]:
    return (ZERO, ZERO) if part is None or whole is None else (part, whole)
