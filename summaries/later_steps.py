"""The steps that were taken with the histories behind a summary since it was built.

Which they are follows from how far each history had gone then, not from any clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import ObservationChange
from projects.models import (
    Chained,
    PlanRevision,
    ReportAction,
    ReportEvent,
    StatusChange,
)

# Steps that leave every figure as it is.
SILENT = (ReportAction.OPEN, ReportAction.SAVE)

Step = TypeVar("Step", bound=Chained)


@dataclass(frozen=True, slots=True)
class LaterStep:
    """One step: of which project (or indicator), what, by whom, when, and the reason given."""

    code: str
    name: str
    url: str
    """Where the history itself can be read."""
    period: str
    """The round that a report is of; "" for what concerns the whole year."""
    action: str
    by: str
    at: datetime
    note: str


def of_month(then: Mapping[str, int], now: Mapping[str, int]) -> list[LaterStep]:
    """The steps between two readings of the histories, the earliest first; three queries.

    Histories that were not behind the figures then count from their first step.
    """
    moved = {
        name: then.get(name, 0) for name, version in now.items() if version > then.get(name, 0)
    }
    steps = [*_of_reports(moved), *_of_plans(moved), *_of_projects(moved)]
    return sorted(steps, key=lambda step: step.at)


def of_year(year: int, cut_off: datetime) -> list[LaterStep]:
    """The entries and corrections of results of the year's indicators since; one query."""
    changes = ObservationChange.objects.filter(observation__year=year, at__gt=cut_off)
    found = changes.select_related("observation__indicator", "by").order_by("at", "pk")
    return [
        LaterStep(
            code=change.observation.indicator.code,
            name=change.observation.indicator.name,
            url=reverse("indicators:detail", args=[year, change.observation.indicator.code]),
            period="",
            action=_("Result entered"),
            by=str(change.by),
            at=change.at,
            note=change.after.get("note", ""),
        )
        for change in found
    ]


def _of_reports(moved: Mapping[str, int]) -> Iterator[LaterStep]:
    found = ReportEvent.objects.exclude(action__in=SILENT).select_related(
        "report__entry__project", "report__period", "by"
    )
    for event in _later(moved, found):
        yield LaterStep(
            code=event.report.entry.project.code,
            name=str(event.report.entry.cited_name or event.report.entry.project),
            url=event.report.get_absolute_url(),
            period=str(event.report.period),
            action=event.get_action_display(),
            by=str(event.by or ""),
            at=event.at,
            note=event.note,
        )


def _of_plans(moved: Mapping[str, int]) -> Iterator[LaterStep]:
    found = PlanRevision.objects.select_related("entry__project", "by")
    for revision in _later(moved, found):
        yield LaterStep(
            code=revision.entry.project.code,
            name=str(revision.entry.cited_name or revision.entry.project),
            url=revision.entry.get_absolute_url(),
            period="",
            action=revision.get_action_display(),
            by=str(revision.by or ""),
            at=revision.at,
            note=revision.reason,
        )


def _of_projects(moved: Mapping[str, int]) -> Iterator[LaterStep]:
    """Moves between departments: no other step of a project changes what a month counts."""
    for change in _later(moved, StatusChange.objects.select_related("project", "by")):
        if change.before.get("department") != change.after.get("department"):
            yield LaterStep(
                code=change.project.code,
                name=change.project.name,
                url=change.project.get_absolute_url(),
                period="",
                action=_("Moved to another department"),
                by=str(change.by or ""),
                at=change.at,
                note=change.reason,
            )


def _later(moved: Mapping[str, int], found: QuerySet[Step]) -> Iterator[Step]:
    """The steps of a kind after those that the histories had then."""
    owner = found.model.OWNER
    ids = {
        int(name.removeprefix(f"{owner}:")): version
        for name, version in moved.items()
        if name.startswith(f"{owner}:")
    }
    for batch in _batches(sorted(ids)):
        steps = found.filter(**{f"{owner}__in": batch}, number__gt=min(ids[pk] for pk in batch))
        for step in steps:
            if step.number > ids[getattr(step, f"{owner}_id")]:
                yield step


def _batches(ids: list[int], size: int = 5000) -> Iterator[list[int]]:
    """SQLite takes no more than so many values in one question."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
