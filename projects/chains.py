"""Adds steps to the chained records and seals them: the one way to write a history.

The owner of a chain (a report, an obstacle, a plan entry, a project) carries `version`, the number
of its steps, and `head`, the digest of the last: the caller holds the owner's row locked and saves
both with what the step changed.
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts.models import User
from projects import audit
from projects.models import (
    AuditSeal,
    Chained,
    ObstacleEvent,
    PlanRevision,
    ReportEvent,
    StatusChange,
)

CHAINS: tuple[type[Chained], ...] = (ReportEvent, StatusChange, PlanRevision, ObstacleEvent)
OWNER_FIELDS = ("version", "head")
"""What the caller saves of the owner besides what the step changed."""

Step = TypeVar("Step", bound=Chained)


def link(step: Step, owner: Any, *, by: User | None, at: datetime) -> Step:
    """Give a new step the next place in its owner's chain; the caller saves both."""
    setattr(step, step.OWNER, owner)
    for column in step.OF_OWNER:
        setattr(step, column, getattr(owner, column))
    owner.version += 1
    step.number = owner.version
    step.by = by
    step.at = at
    step.before = audit.plain(step.before)
    step.after = audit.plain(step.after)
    step.previous = owner.head
    step.digest = audit.digest(owner.head, payload(step))
    owner.head = step.digest
    return step


def payload(step: Chained) -> dict[str, Any]:
    """What the digest of a step covers, the name of its chain included."""
    return {"chain": name(step), **step.payload()}


def name(step: Chained) -> str:
    """The chain's name, as seals and verify_audit say it: "report:12"."""
    return f"{step.OWNER}:{getattr(step, f'{step.OWNER}_id')}"


@transaction.atomic
def seal(day: date, *, at: datetime) -> AuditSeal:
    """Seal the steps taken since the last seal. A day that is sealed stays as it is.

    Steps that another transaction is still writing are left to the next seal.
    """
    sealed = AuditSeal.objects.select_for_update().order_by("day")
    if (same := sealed.filter(day=day).first()) is not None:
        return same
    last = sealed.last()
    made = AuditSeal(day=day, previous=last.digest if last else audit.GENESIS, events=0, at=at)
    made.save(force_insert=True)
    for model in CHAINS:
        made.events += model._default_manager.filter(seal=None).update(seal=made)
        made.heads |= _heads(model, made)
    made.digest = audit.seal(
        made.previous,
        on=day,
        heads=len(made.heads),
        events=made.events,
        heads_digest=audit.digest_heads(made.heads),
    )
    made.save()
    return made


def _heads(model: type[Chained], seal: AuditSeal) -> dict[str, str]:
    """The digest of the last step that the seal covers, for each chain of a kind."""
    owner = f"{model.OWNER}_id"
    steps = model._default_manager.filter(seal=seal).order_by(owner, "number")
    rows = steps.values_list(owner, "digest").iterator()
    return {f"{model.OWNER}:{pk}": digest for pk, digest in rows}
