"""A project's life: which status may follow which, and the one way to change it.

preparation → started → accelerated → completed; suspension and withdrawal from any of the first
three. Going back, suspending and withdrawing need a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from projects import cell_marks, chains, questions
from projects.models import AnnualPlan, Project, Status, StatusChange

P, S, A, C = Status.PREPARATION, Status.STARTED, Status.ACCELERATED, Status.COMPLETED
ORDER = (P, S, A, C)

# From each status: those that may follow. The empty status is "not stated": no source says yet.
TRANSITIONS: dict[str, tuple[Status, ...]] = {
    "": (P, S, A, C, Status.SUSPENDED, Status.WITHDRAWN),
    P: (S, A, Status.SUSPENDED, Status.WITHDRAWN),
    S: (A, C, P, Status.SUSPENDED, Status.WITHDRAWN),
    A: (C, S, P, Status.SUSPENDED, Status.WITHDRAWN),
    C: (A, S, Status.WITHDRAWN),
    Status.SUSPENDED: (P, S, A, Status.WITHDRAWN),
    Status.WITHDRAWN: (P, S, A),
}


class TransitionError(Exception):
    """The change is not allowed; `field` names the field of the form that it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StaleProjectError(Exception):
    """Somebody changed the project since the form was opened; `change` is the latest change."""

    def __init__(self, change: StatusChange | None) -> None:
        super().__init__("stale")
        self.change = change


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What a person wants a project's status and dates to be."""

    status: Status
    reason: str = ""
    started_on: date | None = None
    completed_on: date | None = None


def allowed(status: str) -> tuple[Status, ...]:
    """The statuses that may follow this one."""
    return TRANSITIONS[status]


def goes_back(old: str, new: str) -> bool:
    """Whether the change takes the project to an earlier stage, or out of withdrawal."""
    if old == Status.WITHDRAWN:
        return True
    return old in ORDER and new in ORDER and ORDER.index(Status(new)) < ORDER.index(Status(old))


def needs_reason(old: str, new: str) -> bool:
    """Going back, suspending and withdrawing are explained."""
    return goes_back(old, new) or new in (Status.SUSPENDED, Status.WITHDRAWN)


def check(project: Project, update: StatusUpdate, *, on: date) -> None:
    """Raise TransitionError where the lifecycle or the dates forbid the change.

    The status may stay: then the dates alone change. `on` is the business date: nothing that has
    happened lies after it.
    """
    moves = update.status != project.status
    dates = (update.started_on, update.completed_on)
    may_stay = dates != (project.started_on, project.completed_on)
    if update.status not in allowed(project.status) and (moves or not may_stay):
        raise TransitionError("status", _("This status cannot follow the present one."))
    if moves and needs_reason(project.status, update.status) and not update.reason.strip():
        raise TransitionError("reason", _("Give the reason for this change."))
    if update.status == Status.COMPLETED and update.completed_on is None:
        raise TransitionError("completed_on", _("A completed project has a date of completion."))
    if update.status != Status.COMPLETED and update.completed_on is not None:
        raise TransitionError("completed_on", _("Only a completed project has this date."))
    if update.status == Status.PREPARATION and update.started_on is not None:
        raise TransitionError("started_on", _("A project in preparation has not started."))
    for name, day in (("started_on", update.started_on), ("completed_on", update.completed_on)):
        if day is not None and day > on:
            raise TransitionError(name, _("This date lies in the future."))
    if update.started_on and update.completed_on and update.completed_on < update.started_on:
        raise TransitionError("completed_on", _("A project cannot be completed before it started."))


@transaction.atomic
def change_status(
    project: Project, update: StatusUpdate, *, version: int, by: User, on: date, at: datetime
) -> StatusChange:
    """Change status and dates in one transaction and leave a step in the project's history.

    `version` is the one that the form was opened with. Raises StaleProjectError where the project
    was changed since, TransitionError where the change is not allowed. The caller has asked
    permissions.may_update_status.
    """
    locked = hold(project.pk, version=version)
    change = _change(locked, update, by=by, on=on, at=at)
    questions.refresh_project(locked, on=on)
    return change


def hold(project_id: int, *, version: int) -> Project:
    """The project with its row locked until the transaction ends, for a step in its history.

    Raises StaleProjectError where somebody took one since `version`.
    """
    locked = Project.objects.select_for_update().get(pk=project_id)
    if locked.version != version:
        newer = locked.changes.select_related("by").order_by("number")
        raise StaleProjectError(newer.last())
    return locked


def record(
    held: Project,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> StatusChange:
    """Leave a step about what hangs on a project (its money, its nodes) in the project's history.

    `held` is hold()'s, in the same transaction; `before` and `after` name the same values.
    """
    change = StatusChange(
        old_status=held.status, new_status=held.status, before=dict(before), after=dict(after)
    )
    return _record(held, change, by=by, at=at)


@transaction.atomic
def apply(
    project_id: int, update: StatusUpdate, *, by: User, on: date, at: datetime
) -> StatusChange:
    """Change status and dates as an approved monthly report says.

    Raises TransitionError where the change is not allowed.
    """
    locked = Project.objects.select_for_update().get(pk=project_id)
    return _change(locked, update, by=by, on=on, at=at)


def move(
    project_id: int, department: Department | None, *, reason: str, by: User, at: datetime
) -> StatusChange:
    """Give a project to another department; its history says when and why."""
    with cell_marks.moving(lambda: AnnualPlan.objects.filter(project=project_id)):
        locked = Project.objects.select_for_update().get(pk=project_id)
        before = values_of(locked)
        locked.department = department
        change = StatusChange(
            old_status=locked.status,
            new_status=locked.status,
            before=before,
            after=values_of(locked),
            reason=reason.strip(),
        )
        return _record(locked, change, by=by, at=at)


def _change(
    locked: Project, update: StatusUpdate, *, by: User, on: date, at: datetime
) -> StatusChange:
    check(locked, update, on=on)
    before = values_of(locked)
    old_status = locked.status
    locked.status = update.status
    locked.started_on = update.started_on
    locked.completed_on = update.completed_on
    change = StatusChange(
        old_status=old_status,
        new_status=update.status,
        before=before,
        after=values_of(locked),
        reason=update.reason.strip(),
        goes_back=goes_back(old_status, update.status),
    )
    return _record(locked, change, by=by, at=at)


def _record(locked: Project, change: StatusChange, *, by: User, at: datetime) -> StatusChange:
    chains.link(change, locked, by=by, at=at)
    locked.save(update_fields=[*Project.IN_HISTORY, *chains.OWNER_FIELDS])
    change.save(force_insert=True)
    return change


def values_of(project: Project) -> dict[str, str]:
    """What a project's history accounts for, as its row says it; the department by its code."""
    return {
        "status": project.status,
        "started_on": project.started_on.isoformat() if project.started_on else "",
        "completed_on": project.completed_on.isoformat() if project.completed_on else "",
        "department": project.department.code if project.department else "",
    }
