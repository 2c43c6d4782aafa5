"""Adds steps to the chained records and seals them: the one way to write a history.

The owner of a chain (a report, an obstacle, a plan entry, a project) carries `version`, the number
of its steps, and `head`, the digest of the last: the caller holds the owner's row locked and saves
both with what the step changed.
"""

from collections.abc import Iterator
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
    """Seal the steps taken since the last seal. A day that is sealed stays as it is."""
    sealed = AuditSeal.objects.select_for_update().order_by("day")
    if (same := sealed.filter(day=day).first()) is not None:
        return same
    last = sealed.last()
    previous = last.digest if last else audit.GENESIS
    steps = list(_unsealed())
    heads = {name(step): step.digest for step in steps}
    made = AuditSeal.objects.create(
        day=day,
        heads=heads,
        events=len(steps),
        previous=previous,
        digest=audit.seal(
            previous,
            on=day,
            heads=len(heads),
            events=len(steps),
            heads_digest=audit.digest_heads(heads),
        ),
        at=at,
    )
    for model in CHAINS:
        found = [step.pk for step in steps if isinstance(step, model)]
        model._default_manager.filter(pk__in=found).update(seal=made)
    return made


def _unsealed() -> Iterator[Chained]:
    """The steps no seal covers yet, each chain's in order."""
    for model in CHAINS:
        found = model._default_manager.select_for_update().filter(seal=None)
        yield from found.order_by(f"{model.OWNER}_id", "number")
