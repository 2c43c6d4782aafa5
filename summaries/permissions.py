"""Who reads summaries and documents, who builds them, who sees the whole office at a glance."""

from django.db.models import QuerySet

from accounts.models import Department, TreeQuerySet, User
from accounts.roles import Ability
from summaries.models import (
    DocumentFile,
    DocumentRun,
    NarrativeTemplate,
    ProgressCell,
    ProgressSummary,
)
from summaries.models.cell import CellQuerySet


def may_build(user: User) -> bool:
    """Ask for a document of the whole office, ask again for one that failed; issue a summary."""
    return user.can(Ability.BUILD_SUMMARY)


def may_reconcile(user: User) -> bool:
    """State the reason of a difference, enter what the statistics office says."""
    return user.can(Ability.BUILD_SUMMARY)


def may_edit_narrative(user: User) -> bool:
    """Write the texts of the annual report; whoever sees the whole office reads them."""
    return user.can(Ability.BUILD_SUMMARY)


def may_build_cards(user: User) -> bool:
    """Ask for a card: of a project or department that one sees; whoever sees anything may.

    A card only puts on paper what its reader sees anyway.
    """
    return user.can(Ability.SEE_ALL) or (user.is_active and user.department is not None)


def visible_departments(user: User) -> TreeQuerySet:
    """Departments whose figures a person sees: all, or their own and the units below it."""
    if user.can(Ability.SEE_ALL):
        return Department.objects.order_by("path")
    if user.is_active and user.department is not None:
        return Department.objects.at_or_below(user.department)
    return Department.objects.none()


def may_see_cockpit(user: User) -> bool:
    """The home page with every department's projects; others get their own projects."""
    return user.can(Ability.SEE_ALL)


def visible_summaries(user: User) -> QuerySet[ProgressSummary]:
    """Issued summaries are the office's word: whoever works here reads them. Drafts are the office's own."""
    if user.can(Ability.SEE_ALL):
        return ProgressSummary.objects.all()
    if user.is_active:
        return ProgressSummary.objects.filter(issue__isnull=False)
    return ProgressSummary.objects.none()


def visible_runs(user: User) -> QuerySet[DocumentRun]:
    """Documents that were asked for: all, or for staff those made for their department or a unit below it."""
    if user.can(Ability.SEE_ALL):
        return DocumentRun.objects.all()
    if user.is_active and user.department is not None:
        return DocumentRun.objects.filter(department__path__startswith=user.department.path)
    return DocumentRun.objects.none()


def visible_files(user: User) -> QuerySet[DocumentFile]:
    """Files of the visible documents."""
    return DocumentFile.objects.filter(run__in=visible_runs(user))


def visible_cells(user: User) -> CellQuerySet:
    """The figures of the projects that a person sees: their department's branch, or everybody's."""
    cells = ProgressCell.objects.all()
    if user.can(Ability.SEE_ALL):
        return cells
    if user.is_active and user.department is not None:
        return cells.in_department(user.department)
    return cells.none()


def visible_templates(user: User) -> QuerySet[NarrativeTemplate]:
    """The texts of the annual report, for those who see the whole office."""
    if user.can(Ability.SEE_ALL):
        return NarrativeTemplate.objects.all()
    return NarrativeTemplate.objects.none()
