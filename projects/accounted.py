"""What each kind of history accounts for in its owner's row, and where the row says something else."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from projects import audit, funding, lifecycle, milestones
from projects.clearing import values_of as values_of_obstacle
from projects.models import (
    AnnualPlan,
    Chained,
    Obstacle,
    ObstacleEvent,
    PlanAction,
    PlanRevision,
    ProgressReport,
    Project,
    ReportAction,
    ReportEvent,
    ReportState,
    StatusChange,
)
from projects.replay import Difference, Past, replay
from projects.workflow import IN_FORCE, VALUES

A = ReportAction
UNTOUCHED = (ReportState.NOT_DUE, ReportState.DUE)
"""What a report is before anybody took a step with it: the rounds alone move it."""

_JUDGED = ("judged", "judged_reason")
_BLANK = audit.plain({name: getattr(ProgressReport(), name) for name in (*VALUES, *IN_FORCE)})


def of_report(report: ProgressReport, steps: Sequence[ReportEvent]) -> list[Difference]:
    """Figures, words, state, light and hands of a monthly report, which comes with its light."""
    light = getattr(report, "light", None)
    present = audit.plain(
        {
            **{name: getattr(report, name) for name in (*VALUES, *IN_FORCE)},
            **{name: getattr(light, name, "") for name in _JUDGED},
            "state": report.state,
            **{name: getattr(report, name) for name in _HANDS},
        }
    )
    replayed = replay(_past(steps), {**_BLANK, **dict.fromkeys(_JUDGED, "")})
    replayed.values |= audit.plain(_hands(steps))
    if steps:
        replayed.values["state"] = steps[-1].new_state
    elif report.state not in UNTOUCHED:
        replayed.values["state"] = ReportState.DUE.value
    return replayed.held_against(present)


def of_project(project: Project, steps: Sequence[StatusChange]) -> list[Difference]:
    """Status, dates, department, money and nodes of a project, which comes with them.

    What stood there before the first step that speaks of it is unknown.
    """
    sources = {f"{funding.KEY}{row.source}": funding.values(row) for row in project.funding.all()}
    nodes = {
        f"{milestones.KEY}{row.pk}": milestones.values(row) for row in project.milestones.all()
    }
    replayed = replay(_past(steps), {})
    gone = dict.fromkeys(replayed.values)
    return replayed.held_against({**gone, **lifecycle.values_of(project), **sources, **nodes})


def of_entry(entry: AnnualPlan, steps: Sequence[PlanRevision]) -> list[Difference]:
    """Amount, goal and entry of a plan since its adoption; its months stand in the reports."""
    decided = since_adoption(steps)
    replayed = replay(_past(decided), {})
    replayed.values["adopted_on"] = decided[0].approved_on.isoformat() if decided else None
    present = {
        name: getattr(entry, name)
        for name in ("planned_investment", "goal", "enters_in", "curve", "adopted_on")
    }
    return replayed.held_against(audit.plain(present))


def of_obstacle(obstacle: Obstacle, steps: Sequence[ObstacleEvent]) -> list[Difference]:
    """Everything of an obstacle; a row without its first step is one that nobody raised."""
    replayed = replay(_past(steps), {})
    replayed.values["raised_by_id"] = steps[0].by_id if steps else None
    if steps:
        replayed.values["raised_on"] = _day(steps[0].at).isoformat()
    raised = {"raised_by_id": obstacle.raised_by_id, "raised_on": obstacle.raised_on}
    return replayed.held_against({**values_of_obstacle(obstacle), **audit.plain(raised)})


def since_adoption(steps: Sequence[PlanRevision]) -> list[PlanRevision]:
    """The decisions from the adoption on; older ones were written before plans had months."""
    for index, step in enumerate(steps):
        if step.action == PlanAction.ADOPT:
            return list(steps[index:])
    return []


_HANDS = (
    "submitted_by_id",
    "submitted_at",
    "reviewed_by_id",
    "reviewed_at",
    "first_submitted_on",
)


def _hands(steps: Iterable[ReportEvent]) -> dict[str, Any]:
    """Who submitted and reviewed a report, and when it was first submitted."""
    hands: dict[str, Any] = dict.fromkeys(_HANDS)
    for step in steps:
        if step.action == A.SUBMIT:
            hands |= {"submitted_by_id": step.by_id, "submitted_at": step.at}
            hands |= {"reviewed_by_id": None, "reviewed_at": None}
            hands["first_submitted_on"] = hands["first_submitted_on"] or _day(step.at)
        elif step.action in (A.APPROVE, A.RETURN):
            hands |= {"reviewed_by_id": step.by_id, "reviewed_at": step.at}
    return hands


def _past(steps: Iterable[Chained]) -> list[Past]:
    return [Past(step.number, step.before, step.after) for step in steps]


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
