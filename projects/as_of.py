"""截至某日: the portfolio as it stood at the end of a day, read back out of the histories.

What stands now is taken back step by step: a step's `before` is what stood until then. Rows are
taken back in memory only and never saved. What no history accounts for (names, categories, total
investment, planned days) is as it stands now; a light is judged anew where anything that it follows
from has changed since, by the rule that had been adopted by then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from accounts.models import Department
from projects import chains, funding, milestones
from projects.colouring import adopted_rules, is_settled, latest_of, light_of, rule_of
from projects.lights import completion_rate, schedule_gap
from projects.models import (
    AnnualPlan,
    Funding,
    LatestFigures,
    LightRule,
    Obstacle,
    ObstacleEvent,
    ObstacleState,
    PlanRevision,
    ProgressReport,
    Project,
    ReportEvent,
    ReportLight,
    ReportState,
    StatusChange,
)

Values = dict[str, Any]
Before = Iterable[tuple[int, Values]]
"""Steps as (owner, what stood before), of each owner the latest first."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month's report; money in 万元, cumulated from January, as far as it is in force."""

    month: int
    state: str
    planned_year: Decimal | None
    planned_ytd: Decimal | None
    invested_ytd: Decimal | None
    light: str

    @property
    def completion_rate(self) -> Decimal | None:
        """Percent of the year's plan."""
        return completion_rate(self.invested_ytd, self.planned_year)

    @property
    def gap(self) -> Decimal | None:
        """Percentage points against the schedule, negative when behind."""
        return schedule_gap(self.invested_ytd, self.planned_ytd, self.planned_year)


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan entry as it stood, or stands; None and "" are not known.

    `reported` is the month of the figures, `state` that of the latest month which was asked for.
    """

    status: str
    started_on: date | None
    completed_on: date | None
    department: str
    department_path: str
    goal: str
    is_adopted: bool
    planned: Decimal | None
    light: str
    reported: int | None
    planned_ytd: Decimal | None
    invested_ytd: Decimal | None
    completion_rate: Decimal | None
    months: tuple[Month, ...]
    obstacles: int

    @property
    def asked(self) -> list[Month]:
        """The months that the department has been asked for."""
        return [month for month in self.months if month.state != ReportState.NOT_DUE]

    @property
    def approved(self) -> int:
        """How many of them have been approved."""
        return sum(month.state == ReportState.APPROVED for month in self.months)

    @property
    def state(self) -> str:
        """Where the report of the latest of them stands."""
        return self.asked[-1].state if self.asked else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A plan entry then and now."""

    entry: AnnualPlan
    then: Standing
    now: Standing


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a project: money by source, nodes by number, obstacles by number."""

    funding: dict[str, Values]
    milestones: dict[int, Values]
    obstacles: dict[int, Values]


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def first_record() -> date | None:
    """The day of the first step in any history; None where there is none."""
    firsts = [model._default_manager.aggregate(first=Min("at"))["first"] for model in chains.CHAINS]
    known = [first for first in firsts if first is not None]
    return timezone.localdate(min(known)) if known else None


def read(entries: QuerySet[AnnualPlan], day: date) -> list[Row]:
    """The entries as they stood at the end of a day, beside how they stand now; in their order.

    The number of queries does not depend on the number of entries.
    """
    found = list(entries.select_related("project__department", "latest"))
    ids = [entry.pk for entry in found]
    projects = {entry.project_id for entry in found}
    reports = _reports(ids)
    obstacles = _obstacles(projects)
    now = [
        _standing(
            entry,
            reports[entry.pk],
            getattr(entry, "latest", None),
            _open(obstacles[entry.project_id].values()),
        )
        for entry in found
    ]
    past = _Past(ids, projects, end_of(day))
    rows = []
    for entry, standing in zip(found, now, strict=True):
        months = past.take_back(entry, reports[entry.pk])
        settled = [report for report in months if is_settled(report)]
        then = _standing(
            entry,
            months,
            latest_of(entry.pk, settled) if settled else None,
            _open(past.obstacles(obstacles[entry.project_id])),
            is_adopted=bool(months),
        )
        rows.append(Row(entry, then, standing))
    return rows


def read_unlisted(project: Project, day: date) -> Row:
    """A project that no year's list names: its own standing then and now."""
    entry = AnnualPlan(project=copy(project))
    obstacles = _obstacles([project.pk])[project.pk]
    now = _standing(entry, [], None, _open(obstacles.values()))
    past = _Past([], [project.pk], end_of(day))
    past.take_back(entry, [])
    return Row(entry, _standing(entry, [], None, _open(past.obstacles(obstacles))), now)


def belongings(project: Project, day: date) -> tuple[Belongings, Belongings]:
    """A project's money, nodes and obstacles at the end of a day, and as they are now."""
    now = Belongings(
        {row.source: _money(row) for row in project.funding.all()},
        {row.pk: milestones.values(row) for row in project.milestones.all()},
        _obstacles([project.pk])[project.pk],
    )
    after = end_of(day)
    keyed = {f"{funding.KEY}{source}": values for source, values in now.funding.items()}
    keyed |= {f"{milestones.KEY}{pk}": values for pk, values in now.milestones.items()}
    for _pk, before in _steps(StatusChange, "project", [project.pk], after):
        keyed |= before
    then = Belongings(
        {
            key.removeprefix(funding.KEY): _read_money(values)
            for key, values in keyed.items()
            if key.startswith(funding.KEY) and values is not None
        },
        {
            int(key.removeprefix(milestones.KEY)): values
            for key, values in keyed.items()
            if key.startswith(milestones.KEY) and values is not None
        },
        {pk: dict(values) for pk, values in now.obstacles.items()},
    )
    for pk, before in _steps(ObstacleEvent, "obstacle", list(then.obstacles), after):
        then.obstacles[pk] |= before
    for pk in [pk for pk, values in then.obstacles.items() if values["state"] is None]:
        del then.obstacles[pk]
    return then, now


class _Past:
    """What has to be taken back of these entries, fetched at once."""

    def __init__(self, entries: Sequence[int], projects: Iterable[int], after: datetime) -> None:
        self.after = after
        projects = list(projects)
        self.projects = _earliest(_steps(StatusChange, "project", projects, after))
        self.reports = _earliest(_report_steps(entries, after))
        self.cleared = _earliest(_obstacle_steps(projects, after))
        self.plans: dict[int, list[PlanRevision]] = defaultdict(list)
        for revision in PlanRevision.objects.filter(entry__in=entries).order_by("entry", "number"):
            self.plans[revision.entry_id].append(revision)
        self.rules = adopted_rules(before=after)
        self.rule_is_newer = _rule_since(after)
        codes = {
            values["department"] for values in self.projects.values() if "department" in values
        }
        self.departments = Department.objects.in_bulk(codes, field_name="code") if codes else {}

    def take_back(
        self, entry: AnnualPlan, reports: Sequence[ProgressReport]
    ) -> list[ProgressReport]:
        """Take an entry, its project and its reports back; returns those reports that there were."""
        touched = self._take_back_project(entry.project)
        kept = [step for step in self.plans[entry.pk] if step.at < self.after]
        undone = len(kept) < len(self.plans[entry.pk])
        if undone:
            self._take_back_plan(entry, kept)
            if not kept:
                return []
        for report in reports:
            report.entry = entry
            if undone:
                _plan_month(report, kept)
            changed = self._take_back_report(report)
            self._take_back_light(report, changed or touched or undone or self.rule_is_newer)
        return list(reports)

    def obstacles(self, present: Mapping[int, Values]) -> Iterator[Values]:
        """Obstacles as they stood; one that had not been raised has no state."""
        for pk, values in present.items():
            yield values | self.cleared.get(pk, {})

    def _take_back_project(self, project: Project) -> bool:
        before = self.projects.get(project.pk)
        if before is None:
            return False
        if "status" in before:
            project.status = before["status"]
            project.started_on = _day(before["started_on"])
            project.completed_on = _day(before["completed_on"])
        if "department" in before:
            project.department = self.departments.get(before["department"])
        return True

    def _take_back_plan(self, entry: AnnualPlan, kept: Sequence[PlanRevision]) -> None:
        values = kept[-1].after if kept else self.plans[entry.pk][0].before
        entry.planned_investment = _decimal(values.get("planned_investment"))
        entry.goal = values.get("goal", entry.goal)
        entry.enters_in = values.get("enters_in", entry.enters_in)

    def _take_back_report(self, report: ProgressReport) -> bool:
        """Whether a step was taken since."""
        period = report.period
        period.opened_at = _until(period.opened_at, self.after)
        period.locked_at = _until(period.locked_at, self.after)
        before = self.reports.get(report.pk)
        for name, value in (before or {}).items():
            if name in _COLUMNS:
                column: Any = ProgressReport._meta.get_field(name)
                setattr(report, name, column.to_python(value))
        light = getattr(report, "light", None)
        if before and light is not None and "judged" in before:
            light.judged, light.judged_reason = before["judged"], before["judged_reason"]
        if report.version == 0 or (before is not None and before[_NUMBER] == 1):
            is_due = period.opened_at is not None and period.month >= report.entry.enters_in
            report.state = ReportState.DUE if is_due else ReportState.NOT_DUE
        return before is not None

    def _take_back_light(self, report: ProgressReport, is_touched: bool) -> None:
        had_light = is_settled(report) and report.state != ReportState.NOT_DUE
        if not had_light:
            ProgressReport._meta.get_field("light").set_cached_value(report, None)
        elif is_touched:
            light_of(report, rule_of(report, self.rules))  # takes the place of the stored one


_NUMBER = "number"
_COLUMNS = frozenset(
    {
        "state",
        "status",
        "invested_ytd",
        "approved_invested_ytd",
        "approved_physical_progress",
        "approved_status",
    }
)
"""Of a report, what is read here; its words stay as they are."""


def _standing(
    entry: AnnualPlan,
    reports: Sequence[ProgressReport],
    latest: LatestFigures | None,
    obstacles: int,
    *,
    is_adopted: bool | None = None,
) -> Standing:
    project = entry.project
    department = project.department
    return Standing(
        status=project.status,
        started_on=project.started_on,
        completed_on=project.completed_on,
        department=department.name if department else "",
        department_path=department.path if department else "",
        goal=entry.goal,
        is_adopted=entry.adopted_on is not None if is_adopted is None else is_adopted,
        planned=entry.planned_investment,
        light=latest.light if latest else "",
        reported=latest.month if latest else None,
        planned_ytd=latest.planned_ytd if latest else None,
        invested_ytd=latest.invested_ytd if latest else None,
        completion_rate=latest.completion_rate if latest else None,
        months=tuple(_month(report) for report in reports),
        obstacles=obstacles,
    )


def _month(report: ProgressReport) -> Month:
    light: ReportLight | None = getattr(report, "light", None)
    return Month(
        month=report.period.month,
        state=report.state,
        planned_year=report.planned_year,
        planned_ytd=report.planned_ytd,
        invested_ytd=report.approved_invested_ytd,
        light=light.shown if light else "",
    )


def _plan_month(report: ProgressReport, kept: Sequence[PlanRevision]) -> None:
    """What was planned of a month: each decision changes its month and later ones."""
    for revision in kept:
        if revision.from_month <= report.period.month:
            planned = _decimal(revision.after.get("planned_investment"))
            report.planned_year = report.planned_year if planned is None else planned
    months = kept[-1].after.get("months") or ()
    if months:
        report.planned_ytd = Decimal(months[report.period.month - 1])


def _reports(entries: Sequence[int]) -> dict[int, list[ProgressReport]]:
    found: dict[int, list[ProgressReport]] = defaultdict(list)
    reports = ProgressReport.objects.filter(entry__in=entries).select_related("period", "light")
    for report in reports.defer("narrative", "problems", "next_step").order_by("period__month"):
        found[report.entry_id].append(report)
    return found


def _obstacles(projects: Iterable[int]) -> dict[int, dict[int, Values]]:
    """Obstacles by project and number, as their histories write them; the department by its code."""
    found: dict[int, dict[int, Values]] = defaultdict(dict)
    rows = Obstacle.objects.filter(project__in=list(projects)).order_by("due_on", "pk")
    for row in rows.select_related("responsible"):
        found[row.project_id][row.pk] = {
            "text": row.text,
            "state": row.state,
            "level": row.level,
            "responsible": row.responsible.code,
            "due_on": row.due_on.isoformat(),
        }
    return found


def _open(obstacles: Iterable[Values]) -> int:
    """How many of them had been raised and were not cleared."""
    return sum(values["state"] not in (None, ObstacleState.CLEARED) for values in obstacles)


def _steps(model: Any, owner: str, owners: Sequence[int], after: datetime) -> Before:
    steps = model._default_manager.filter(**{f"{owner}__in": owners}, at__gte=after)
    return list(steps.order_by(owner, "-number").values_list(f"{owner}_id", "before"))


def _obstacle_steps(projects: Sequence[int], after: datetime) -> Before:
    steps = ObstacleEvent.objects.filter(obstacle__project__in=projects, at__gte=after)
    return list(steps.order_by("obstacle", "-number").values_list("obstacle_id", "before"))


def _report_steps(entries: Sequence[int], after: datetime) -> Iterator[tuple[int, Values]]:
    steps = ReportEvent.objects.filter(report__entry__in=entries, at__gte=after)
    rows = steps.order_by("report", "-number").values_list(
        "report_id", "number", "old_state", "before"
    )
    for pk, number, old_state, before in rows:
        yield pk, before | {_NUMBER: number, "state": old_state}


def _earliest(steps: Before) -> dict[int, Values]:
    """What each owner's values were before the first of the steps that names them."""
    found: dict[int, Values] = defaultdict(dict)
    for pk, before in steps:
        found[pk] |= before
    return dict(found)


def _rule_since(after: datetime) -> bool:
    """Whether a rule was adopted since."""
    latest = LightRule.objects.aggregate(latest=Max("adopted_at"))["latest"]
    return latest is not None and latest >= after


def _money(row: Funding) -> Values:
    return {"amount": row.amount, "arrived": row.arrived}


def _read_money(values: Values) -> Values:
    return {name: _decimal(value) for name, value in values.items()}


def _until(moment: datetime | None, after: datetime) -> datetime | None:
    return moment if moment is not None and moment < after else None


def _decimal(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
