"""The rows that a document is of: what whoever asked for it sees, within the region of the run."""

from django.db.models import QuerySet

from projects.models import AnnualPlan, Obstacle, ProgressReport
from projects.permissions import visible_entries, visible_obstacles, visible_reports
from summaries.models import DocumentRun
from summaries.models.cell import CellQuerySet
from summaries.permissions import visible_cells


def entries(run: DocumentRun) -> QuerySet[AnnualPlan]:
    """The plan entries."""
    return visible_entries(run.asked_by).filter(**_within(run, "project__region"))


def reports(run: DocumentRun) -> QuerySet[ProgressReport]:
    """The monthly reports."""
    return visible_reports(run.asked_by).filter(**_within(run, "entry__project__region"))


def obstacles(run: DocumentRun) -> QuerySet[Obstacle]:
    """The obstacles of the projects; those that a region only has to clear are another's."""
    return visible_obstacles(run.asked_by).filter(**_within(run, "project__region"))


def cells(run: DocumentRun) -> CellQuerySet:
    """The cells."""
    found = visible_cells(run.asked_by)
    return found.in_region(run.region) if run.region else found


def _within(run: DocumentRun, region: str) -> dict[str, str]:
    return {f"{region}__path__startswith": run.region.path} if run.region else {}
