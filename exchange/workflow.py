"""The life of an import: checked, confirmed, written, taken back; each by a worker, each again if it died.

queued → running → faulty | ready → queued (write) → written | stale → … Every write is conditional on
the state and attempt that it expects, so that a message delivered twice, two workers, or a worker
that was only slow never write over one another.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from exchange.models import ImportFile, ImportRun

State, Task = ImportRun.State, ImportRun.Task
UNDER_WAY = (State.QUEUED, State.RUNNING)
PATIENCE = timedelta(minutes=3)
"""A worker gives a sign of life between its steps; after this it is taken for dead."""
QUEUE_PATIENCE = timedelta(minutes=5)
"""A run that nobody takes up is announced again after this: its message may have been lost."""
LONGEST_MESSAGE = 300

NEXT: dict[ImportRun.State, tuple[ImportRun.Task, ...]] = {
    State.READY: (Task.WRITE,),
    State.STALE: (Task.CHECK,),
    State.WRITTEN: (Task.UNDO,),
}
"""What a person may ask for in each state that a worker has left."""


class ClaimLostError(Exception):
    """The run is no longer this worker's: it was given up as lost, or taken up by another."""


class NotNowError(Exception):
    """The run does not allow this at present."""


@transaction.atomic
def ask(
    *, kind: str, name: str, data: bytes, by: User, language: str, now: datetime, skips_totals: bool
) -> ImportRun:
    """Queue the check of a file."""
    run = ImportRun.objects.create(
        kind=kind,
        name=name[-200:],
        digest=sha256(data).hexdigest(),
        skips_totals=skips_totals,
        language=language,
        log=[event("asked", now, name=str(by))],
        by=by,
        asked_at=now,
        heartbeat_at=now,
    )
    ImportFile.objects.create(run=run, role=ImportFile.Role.GIVEN, name=run.name, content=data)
    return run


def offered(run: ImportRun, *, now: datetime) -> tuple[ImportRun.Task, ...]:
    """What a person may ask for: the next step, or the same again where its worker is lost."""
    if run.state == State.FAILED or is_lost(run, now=now):
        return (Task(run.task),)
    return NEXT.get(State(run.state), ())


@transaction.atomic
def ask_for(pk: int, task: ImportRun.Task, *, by: User, now: datetime) -> ImportRun:
    """Queue the next step of a run; raises NotNowError where it is not offered."""
    run = ImportRun.objects.select_for_update().get(pk=pk)
    if task not in offered(run, now=now):
        raise NotNowError(run.state)
    run.log = [*run.log, event(f"asked_{task}", now, name=str(by))]
    run.task, run.state, run.progress, run.heartbeat_at = task, State.QUEUED, 0, now
    run.save(update_fields=["log", "task", "state", "progress", "heartbeat_at"])
    return run


def claim(pk: int, *, now: datetime) -> ImportRun | None:
    """Take up a queued run, or one whose worker is lost; None where it is not to be taken up."""
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, heartbeat_at__lt=now - PATIENCE)
    taken = ImportRun.objects.filter(free, pk=pk).update(
        state=State.RUNNING, attempt=F("attempt") + 1, progress=0, heartbeat_at=now
    )
    if not taken:
        return None
    run = ImportRun.objects.select_related("by__department").get(pk=pk)
    record(run, "taken_up", progress=0, now=now, attempt=run.attempt)
    return run


def record(run: ImportRun, what: str, *, progress: int, now: datetime, **params: object) -> None:
    """Add a line to the log, move the progress and give a sign of life; ClaimLostError if not ours."""
    log = [*run.log, event(what, now, **params)]
    _write(run, log=log, progress=progress, heartbeat_at=now)
    run.log, run.progress, run.heartbeat_at = log, progress, now


def leave(
    run: ImportRun, state: ImportRun.State, what: str, *, now: datetime, **values: object
) -> None:
    """End a worker's turn in a state, with what it found; ClaimLostError if the run is not ours."""
    counts = values.get("counts", {})
    params = dict(counts) if isinstance(counts, dict) else {}
    _write(run, state=state, progress=100, log=[*run.log, event(what, now, **params)], **values)


def refuse_undo(run: ImportRun, reasons: list[str], *, now: datetime) -> None:
    """Leave a written run as it is, and say why it cannot be taken back."""
    log = [*run.log, *(event("undo_refused", now, why=why[:LONGEST_MESSAGE]) for why in reasons)]
    _write(run, state=State.WRITTEN, progress=100, log=log)


def fail(run: ImportRun, problem: Exception, *, now: datetime) -> None:
    """End the run with the problem's name and message; nothing happens if it is not ours any more."""
    message = " ".join(str(problem).split())[:LONGEST_MESSAGE]
    line = event("failed", now, problem=type(problem).__name__, message=message)
    ours = ImportRun.objects.filter(pk=run.pk, state=State.RUNNING, attempt=run.attempt)
    ours.update(state=State.FAILED, log=[*run.log, line])


def fail_lost(*, now: datetime) -> int:
    """End the runs whose worker gave no sign of life for too long; returns how many."""
    with transaction.atomic():
        lost = ImportRun.objects.select_for_update(skip_locked=True).filter(
            state=State.RUNNING, heartbeat_at__lt=now - PATIENCE
        )
        found = list(lost)
        for run in found:
            run.log = [*run.log, event("lost", now, seen=run.heartbeat_at.isoformat())]
            run.state = State.FAILED
            run.save(update_fields=["log", "state"])
    return len(found)


def forgotten(*, now: datetime) -> list[int]:
    """Mark and return the runs that wait so long that their message may be lost."""
    waiting = ImportRun.objects.filter(state=State.QUEUED, heartbeat_at__lt=now - QUEUE_PATIENCE)
    keys = list(waiting.values_list("pk", flat=True))
    ImportRun.objects.filter(pk__in=keys).update(heartbeat_at=now)
    return keys


def is_lost(run: ImportRun, *, now: datetime) -> bool:
    """Whether the run should be moving and gave no sign of life for too long."""
    patience = {State.RUNNING: PATIENCE, State.QUEUED: QUEUE_PATIENCE}.get(State(run.state))
    return patience is not None and run.heartbeat_at < now - patience


def event(event: str, now: datetime, **params: object) -> dict[str, object]:
    """A line of the log."""
    return {"event": event, "at": now.isoformat(), **params}


def _write(run: ImportRun, **values: object) -> None:
    ours = ImportRun.objects.filter(pk=run.pk, state=State.RUNNING, attempt=run.attempt)
    if not ours.update(**values):
        raise ClaimLostError(f"run {run.pk}, attempt {run.attempt}")
