"""Who reads summaries and documents, who builds them, who sees the whole office at a glance."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import covers, in_bounds, overseeing, place_of, works_everywhere
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


def may_build_of_everything(user: User) -> bool:
    """Ask for a document that is of all regions together."""
    return may_build(user) and works_everywhere(user)


def may_issue(user: User, summary: ProgressSummary) -> bool:
    """Make a summary the office's word: the office of its region, or one above."""
    return may_build(user) and covers(user, summary.region_id)


def may_see_drift(user: User, summary: ProgressSummary) -> bool:
    """How the projects that a summary speaks of stand today: not everybody's to read."""
    return may_see_cockpit(user) and covers(user, summary.region_id)


def may_reconcile(user: User) -> bool:
    """State the reason of a difference, enter what the statistics office says."""
    return user.can(Ability.BUILD_SUMMARY) and works_everywhere(user)


def may_edit_narrative(user: User) -> bool:
    """Write the texts of the annual report; whoever sees the whole office reads them."""
    return user.can(Ability.BUILD_SUMMARY) and works_everywhere(user)


def may_build_cards(user: User) -> bool:
    """Ask for a card: of a project or department that one sees; whoever sees anything may.

    A card only puts on paper what its reader sees anyway.
    """
    return user.can(Ability.SEE_ALL) or (user.is_active and user.department is not None)


def may_see_cockpit(user: User) -> bool:
    """The home page with every department's projects of one's region; others get their own projects."""
    return user.can(Ability.SEE_ALL)


def may_see_everything(user: User) -> bool:
    """What is computed of all regions together: the reconciliation, the report's fields."""
    return may_see_cockpit(user) and works_everywhere(user)


def visible_summaries(user: User) -> QuerySet[ProgressSummary]:
    """Issued summaries are the office's word: whoever works in its region, or in one below, reads
    them. Drafts are the office's own.
    """
    if not user.is_active:
        return ProgressSummary.objects.none()
    if user.can(Ability.SEE_ALL) and works_everywhere(user):
        return ProgressSummary.objects.all()
    found = Q(issue__isnull=False) & overseeing(place_of(user))
    if user.can(Ability.SEE_ALL):
        found |= in_bounds(user, "region")
    return ProgressSummary.objects.filter(found)


def visible_runs(user: User) -> QuerySet[DocumentRun]:
    """Documents that were asked for: those of one's region, or for staff those made for their
    department or a unit below it.
    """
    if user.can(Ability.SEE_ALL):
        return DocumentRun.objects.filter(in_bounds(user, "region"))
    if user.is_active and user.department is not None:
        return DocumentRun.objects.filter(department__path__startswith=user.department.path)
    return DocumentRun.objects.none()


def visible_files(user: User) -> QuerySet[DocumentFile]:
    """Files of the visible documents."""
    return DocumentFile.objects.filter(run__in=visible_runs(user))


def visible_cells(user: User) -> CellQuerySet:
    """The figures of the projects that a person sees: their department's branch, or their region."""
    cells = ProgressCell.objects.all()
    if user.can(Ability.SEE_ALL):
        return cells.within(in_bounds(user, "region"))
    if user.is_active and user.department is not None:
        return cells.in_department(user.department)
    return cells.none()


def visible_templates(user: User) -> QuerySet[NarrativeTemplate]:
    """The texts of the annual report, for those who see the whole office."""
    if may_see_everything(user):
        return NarrativeTemplate.objects.all()
    return NarrativeTemplate.objects.none()
