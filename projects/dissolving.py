"""撤并: a department that is dissolved into another, which takes over everything that goes on.

What is past keeps the old name: the steps of the histories, cleared obstacles, reopenings.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from projects import cell_marks, clearing, lifecycle, outbox, schedule
from projects.models import (
    Obstacle,
    ObstacleAction,
    ObstacleState,
    ReopenGrant,
)

REASON_LENGTH = 400


class DissolvingError(Exception):
    """A department cannot be dissolved like this; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes over to the successor."""

    projects: int
    obstacles: int
    """Not cleared yet, to be cleared by the department."""
    people: int
    """Accounts, those that are no longer used included."""
    units: int
    """Directly below it."""
    reopenings: int
    """Still running."""


def belongings(department: Department, *, on: date) -> Belongings:
    """What would go over if the department were dissolved on a day."""
    return Belongings(
        projects=department.projects.count(),
        obstacles=_to_clear(department).count(),
        people=department.users.count(),
        units=department.children.count(),
        reopenings=_running(department, on=on).count(),
    )


def successors(department: Department) -> QuerySet[Department]:
    """The departments that it can be dissolved into."""
    return Department.objects.offered().exclude(path__startswith=department.path)


@transaction.atomic
def dissolve(
    department: Department, into: Department, *, reason: str, by: User, on: date, at: datetime
) -> Belongings:
    """Dissolve a department into another, all or nothing; returns what went over.

    Its projects, each by a step of its history; the obstacles that it had to clear, which start
    anew with the successor; its people; the units below it, which keep their own projects. A
    reopening that still runs is granted to the successor as well, to the same day. Reports of an
    open round stay as they are: they are the projects', and so the successor's.

    Raises DissolvingError where that is not possible. The caller has asked may_dissolve.
    """
    cell_marks.wait_for_other_moves()
    both = Department.objects.select_for_update().in_bulk([department.pk, into.pk])
    department, into = both[department.pk], both[into.pk]
    _refuse(department, into, reason)
    gone = belongings(department, on=on)
    words = _words(department, into, reason)
    for project in department.projects.order_by("pk").values_list("pk", flat=True):
        lifecycle.move(project, into, reason=words, by=by, at=at)
    for obstacle in _to_clear(department).select_for_update(of=("self",)).order_by("pk"):
        clearing.act(
            obstacle.pk,
            ObstacleAction.MOVE,
            version=obstacle.version,
            by=by,
            on=on,
            at=at,
            note=words,
            responsible=into,
        )
    for grant in _running(department, on=on).order_by("pk"):
        schedule.reopen(grant.period, into, reason=words, until=grant.until, by=by, at=at)
    department.users.update(department=into)
    for unit in department.children.all():
        _move_below(unit, into)
    # What it had absorbed itself is now where all else is.
    Department.objects.filter(Q(pk=department.pk) | Q(dissolved_into=department)).update(
        dissolved_into=into
    )
    outbox.post(
        _concerned(into).exclude(pk=by.pk),
        "department_dissolved",
        key=str(department.pk),
        params={
            "who": str(by),
            "department": department.name,
            "into": into.name,
            "projects": gone.projects,
            "obstacles": gone.obstacles,
            "reason": reason.strip(),
        },
        url="/",
        at=at,
    )
    return gone


def _refuse(department: Department, into: Department, reason: str) -> None:
    if department.dissolved_into_id is not None:
        raise DissolvingError(_("%s has been dissolved already.") % department)
    if into.pk == department.pk:
        raise DissolvingError(_("A department cannot be dissolved into itself."))
    if into.dissolved_into_id is not None:
        raise DissolvingError(_("%s has been dissolved itself.") % into)
    if into.path.startswith(department.path):
        raise DissolvingError(
            _("%s lies below the department that is dissolved: place it elsewhere first.") % into
        )
    if not reason.strip():
        raise DissolvingError(_("Say by what decision."))


def _words(department: Department, into: Department, reason: str) -> str:
    words = _("%(department)s was dissolved into %(into)s: %(reason)s") % {
        "department": department.name,
        "into": into.name,
        "reason": reason.strip(),
    }
    return words[:REASON_LENGTH]


def _to_clear(department: Department) -> QuerySet[Obstacle]:
    return Obstacle.objects.filter(responsible=department).exclude(state=ObstacleState.CLEARED)


def _running(department: Department, *, on: date) -> QuerySet[ReopenGrant]:
    return ReopenGrant.objects.filter(department=department, until__gte=on).select_related("period")


def _move_below(unit: Department, into: Department) -> None:
    unit.parent = into
    try:
        unit.clean()
    except ValidationError as error:
        raise DissolvingError(" ".join(error.messages)) from error
    unit.save(update_fields=["parent", "path"])


def _concerned(into: Department) -> QuerySet[User]:
    """The reporting officers of what is now one department, and the scheduling office."""
    return User.objects.filter(
        Q(department=into, role=Role.STAFF) | Q(role=Role.MANAGER), is_active=True
    )
