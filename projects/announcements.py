"""What other systems are told of reports, lights and obstacles; nothing names a person."""

from collections.abc import Collection
from datetime import datetime

from projects.models import LatestFigures, Obstacle, ObstacleEvent, ProgressReport, ReportEvent
from projects.models import WebhookEvent as Event
from projects.models.project import Project
from projects.webhooks import announce

Told = dict[str, object]


def report_approved(report: ProgressReport, event: ReportEvent) -> None:
    """A month's figures are in force; money in 10,000 yuan, cumulated from January."""
    told: Told = {
        **_project(report.entry.project),
        "year": report.period.year,
        "month": report.period.month,
        "status": report.approved_status,
        "planned_year": _figure(report.planned_year),
        "planned_ytd": _figure(report.planned_ytd),
        "invested_ytd": _figure(report.approved_invested_ytd),
        "physical_progress": _figure(report.approved_physical_progress),
    }
    occasion = (f"{report.pk}-{event.number}", told, report.get_absolute_url())
    announce(Event.REPORT_APPROVED, [occasion], at=event.at)


def turned_red(entries: Collection[int], *, at: datetime) -> None:
    """The latest light of these entries is red and was not before."""
    if not entries:
        return
    latest = LatestFigures.objects.filter(entry__in=entries).select_related(
        "entry__project__department"
    )
    occasions = []
    for figures in latest:
        entry = figures.entry
        told: Told = {
            **_project(entry.project),
            "year": entry.year,
            "month": figures.light_month,
            "gap": _figure(figures.gap),
            "completion_rate": _figure(figures.completion_rate),
        }
        key = f"{entry.pk}-{figures.light_month}-{int(at.timestamp() * 1000)}"
        occasions.append((key, told, entry.get_absolute_url()))
    announce(Event.LIGHT_RED, occasions, at=at)


def obstacle_escalated(obstacle: Obstacle, event: ObstacleEvent) -> None:
    """An obstacle has come to a higher level, by hand or by its clock."""
    told: Told = {
        **_project(obstacle.project),
        "kind": obstacle.kind,
        "text": obstacle.text,
        "level": obstacle.level,
        "responsible": obstacle.responsible.code,
        "due_on": obstacle.due_on.isoformat(),
        "by_clock": event.by_id is None,
    }
    occasion = (f"{obstacle.pk}-{event.number}", told, obstacle.get_absolute_url())
    announce(Event.OBSTACLE_ESCALATED, [occasion], at=event.at)


def _project(project: Project) -> Told:
    return {
        "project": project.code,
        "name": project.name,
        "department": project.department.code if project.department else None,
    }


def _figure(value: object) -> str | None:
    """A figure with all its digits, as text: a program reads it as it likes."""
    return None if value is None else str(value)
