"""The life of a job's run, whatever it is a run of: taken up by a worker, kept alive, failed, lost.

queued → running → (ended) | failed. A worker that dies leaves its run running without a sign of life;
`fail_lost` ends such a run. Every write is conditional on the state and the attempt that it expects,
so that a message delivered twice, two workers, or a worker that was only slow never write over one
another.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

QUEUED, RUNNING, FAILED = "queued", "running", "failed"
UNDER_WAY = (QUEUED, RUNNING)
# A worker gives a sign of life after each step; a step takes seconds. After this it is taken for dead.
PATIENCE = timedelta(seconds=60)
# A run that nobody takes up is announced again after this: its message may have been lost.
QUEUE_PATIENCE = timedelta(minutes=5)
LONGEST_MESSAGE = 300


class Run(models.Model):
    """One run of a job: how far it is, what happened to it.

    `state` is QUEUED, RUNNING, FAILED, or one of the ends that the kind of run has. `attempt` counts
    how often a worker took it up; a worker writes only while the run is still in the attempt that
    it took up. `log` is a list of events, each with its time and what belongs to it.
    """

    state = models.CharField(_("state"), max_length=10, default=QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    log = models.JSONField(_("log"), default=list)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    PATIENCE: ClassVar[timedelta] = PATIENCE
    """After this without a sign of life the worker is taken for dead."""

    class Meta:
        abstract = True


R = TypeVar("R", bound=Run)


class ClaimLostError(Exception):
    """The run is no longer this worker's: it was given up as lost, or taken up by another."""


def claim(kind: type[R], pk: int, *, now: datetime) -> R | None:
    """Take up a queued run, or one whose worker is lost; None where it is not to be taken up."""
    free = Q(state=QUEUED) | Q(state=RUNNING, heartbeat_at__lt=now - kind.PATIENCE)
    rows = kind._default_manager
    with transaction.atomic():
        taken = rows.filter(free, pk=pk).update(
            state=RUNNING, attempt=F("attempt") + 1, progress=0, heartbeat_at=now, finished_at=None
        )
        if not taken:
            return None
        run = rows.get(pk=pk)
        record(run, "taken_up", progress=0, now=now, attempt=run.attempt)
    return run


def record(run: Run, event: str, *, progress: int, now: datetime, **params: object) -> None:
    """Add a line to the log, move the progress and give a sign of life; ClaimLostError if not ours."""
    log = [*run.log, event_of(event, now, **params)]
    write(run, {"log": log, "progress": progress, "heartbeat_at": now})
    run.log, run.progress, run.heartbeat_at = log, progress, now


def write(run: Run, values: Mapping[str, object]) -> None:
    """Write columns of a run that this worker is at; ClaimLostError if it is not ours any more."""
    rows = type(run)._default_manager
    if not rows.filter(pk=run.pk, state=RUNNING, attempt=run.attempt).update(**values):
        raise ClaimLostError(f"run {run.pk}, attempt {run.attempt}")


def fail(run: Run, problem: Exception, *, now: datetime) -> None:
    """End the run with the problem's name and message; nothing happens if it is not ours any more."""
    message = " ".join(str(problem).split())[:LONGEST_MESSAGE]
    event = event_of("failed", now, problem=type(problem).__name__, message=message)
    try:
        write(run, {"log": [*run.log, event], "state": FAILED, "finished_at": now})
    except ClaimLostError:
        logger.info("run %s failed after it was taken from this worker", run.pk)


def fail_lost(kind: type[Run], *, now: datetime) -> int:
    """End the runs whose worker gave no sign of life for too long; returns how many."""
    with transaction.atomic():
        lost = kind._default_manager.select_for_update(skip_locked=True).filter(
            state=RUNNING, heartbeat_at__lt=now - kind.PATIENCE
        )
        return sum(_give_up(run, now=now) for run in lost)


def forgotten(kind: type[Run], *, now: datetime) -> list[int]:
    """Mark and return the runs that wait so long that their message may be lost."""
    rows = kind._default_manager
    with transaction.atomic():
        waiting = rows.select_for_update().filter(
            state=QUEUED, heartbeat_at__lt=now - QUEUE_PATIENCE
        )
        keys = [run.pk for run in waiting]
        rows.filter(pk__in=keys).update(heartbeat_at=now)
    return keys


def is_lost(run: Run, *, now: datetime) -> bool:
    """Whether the run should be moving and gave no sign of life for too long."""
    patience = {RUNNING: run.PATIENCE, QUEUED: QUEUE_PATIENCE}.get(run.state)
    since = run.heartbeat_at or run.asked_at
    return patience is not None and since < now - patience


def may_be_asked_again(run: Run, *, now: datetime) -> bool:
    """Whether the run failed, or is as good as failed: its worker or its message is lost."""
    if run.state == FAILED:
        return True
    return run.state in UNDER_WAY and is_lost(run, now=now)


def queue_again(run: Run, *, name: str, now: datetime) -> None:
    """Make a run that may be asked again wait once more, its log kept; the caller saves it."""
    if run.state == RUNNING:
        _give_up(run, now=now)
    run.log = [*run.log, event_of("asked_again", now, name=name)]
    run.state, run.progress, run.finished_at, run.heartbeat_at = QUEUED, 0, None, now


def event_of(event: str, now: datetime, **params: object) -> dict[str, object]:
    """A line of a log."""
    return {"event": event, "at": now.isoformat(), **params}


def _give_up(run: Run, *, now: datetime) -> bool:
    seen = run.heartbeat_at.isoformat() if run.heartbeat_at else ""
    run.log = [*run.log, event_of("lost", now, seen=seen)]
    run.state, run.finished_at = FAILED, now
    run.save(update_fields=["log", "state", "finished_at"])
    return True
