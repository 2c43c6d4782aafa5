"""Monthly rounds for tests: adopted plans, open rounds, and reports taken through their steps."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from projects import lifecycle, schedule, workflow
from projects.models import (
    AnnualPlan,
    ProgressReport,
    Project,
    ReportAction,
    ReportEvent,
    ReportingPeriod,
    Status,
)
from projects.planning import Adoption, Decision, adopt
from projects.schedule_curves import spread_evenly
from tests.factories import make_entry, make_project, make_user

DECISION = Decision(approved_by="区人民政府", approved_on=date(2024, 1, 15))
EMPTY: dict[str, Any] = {}


def moment(day: date, hour: int = 10) -> datetime:
    """A moment of a day, in Shanghai."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def make_plan(
    department: Any = None,
    *,
    planned: int = 1200,
    year: int = 2024,
    months: Sequence[Decimal] | None = None,
    enters_in: int = 1,
    entry: dict[str, Any] = EMPTY,
    **project: Any,
) -> AnnualPlan:
    """An adopted entry of a project of the department: evenly spread unless `months` are given."""
    project = {"total_investment": 10_000, "status": "started", **project}
    made = make_entry(make_project(department=department, **project), year, **entry)
    curve = months or spread_evenly(Decimal(planned), entry_month=enters_in)
    adopt(
        [Adoption(made.pk, Decimal(planned), curve, enters_in=enters_in)],
        DECISION,
        by=make_user(role=Role.MANAGER),
        at=moment(DECISION.approved_on),
    )
    made.refresh_from_db()
    return made


def period_of(month: int, year: int = 2024) -> ReportingPeriod:
    """A month's round."""
    return ReportingPeriod.objects.get(year=year, month=month)


def open_rounds(month: int, year: int = 2024) -> ReportingPeriod:
    """Open a month's round and all before it."""
    schedule.ensure_periods(year)
    period = period_of(month, year)
    schedule.open_due(on=period.opens_on, at=moment(period.opens_on))
    period.refresh_from_db()
    return period


def report_of(entry: AnnualPlan, month: int) -> ProgressReport:
    """An entry's report for a month, as it stands now."""
    return ProgressReport.objects.select_related("period", "entry__project__department").get(
        entry=entry, period__month=month, period__year=entry.year
    )


def values(invested: float | str | None = 100, **others: Any) -> dict[str, Any]:
    """What a reporter fills in for a project that is under way."""
    amount = None if invested is None else Decimal(str(invested))
    return {
        "invested_ytd": amount,
        "physical_progress": Decimal(10),
        "status": "started",
        "started_on": date(2023, 3, 1),
        "narrative": f"完成投资{invested}万元。",
        **others,
    }


def step(
    report: ProgressReport, action: ReportAction, by: User, *, on: date | None = None, **more: Any
) -> ReportEvent | None:
    """Take one step with a report on the day its round falls due, or on another."""
    report = ProgressReport.objects.select_related("period").get(pk=report.pk)
    day = on or report.period.due_on
    return workflow.perform(
        report.pk, action, version=report.version, by=by, on=day, at=moment(day), **more
    )


def save(report: ProgressReport, by: User, *, on: date | None = None, **filled: Any) -> None:
    """Save a report as values() fills it in."""
    step(report, ReportAction.SAVE, by, on=on, values=values(**filled))


def submit(report: ProgressReport, by: User, *, on: date | None = None, **filled: Any) -> None:
    """Save and submit a report."""
    save(report, by, on=on, **filled)
    step(report, ReportAction.SUBMIT, by, on=on)


def approve(
    report: ProgressReport, maker: User, checker: User, *, on: date | None = None, **filled: Any
) -> ProgressReport:
    """Save, submit and approve a report; returns it as it then stands."""
    submit(report, maker, on=on, **filled)
    step(report, ReportAction.APPROVE, checker, on=on)
    report.refresh_from_db()
    return report


def change_status(project: Project, status: str, by: User, day: date, **dates: Any) -> None:
    """Change a project's status and dates on a day, whatever was done with it before."""
    project.refresh_from_db()
    lifecycle.change_status(
        project,
        lifecycle.StatusUpdate(Status(status), "原因", **dates),
        version=project.version,
        by=by,
        on=day,
        at=moment(day),
    )
