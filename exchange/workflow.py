"""The life of an import: checked, confirmed, written, taken back; each by a worker, each again if it died.

queued → running → faulty | ready → queued (write) → written | stale → … What a worker does with a run,
and what becomes of one whose worker died, is office.runs.
"""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from accounts.models import User
from exchange.models import ImportFile, ImportRun
from office import runs

State, Task = ImportRun.State, ImportRun.Task

NEXT: dict[ImportRun.State, tuple[ImportRun.Task, ...]] = {
    State.READY: (Task.WRITE,),
    State.STALE: (Task.CHECK,),
    State.WRITTEN: (Task.UNDO,),
}
"""What a person may ask for in each state that a worker has left."""


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
        log=[runs.event_of("asked", now, name=str(by))],
        by=by,
        heartbeat_at=now,
    )
    ImportFile.objects.create(run=run, role=ImportFile.Role.GIVEN, name=run.name, content=data)
    return run


def offered(run: ImportRun, *, now: datetime) -> tuple[ImportRun.Task, ...]:
    """What a person may ask for: the next step, or the same again where its worker is lost."""
    if runs.may_be_asked_again(run, now=now):
        return (Task(run.task),)
    return NEXT.get(State(run.state), ())


@transaction.atomic
def ask_for(pk: int, task: ImportRun.Task, *, by: User, now: datetime) -> ImportRun:
    """Queue the next step of a run; raises NotNowError where it is not offered."""
    run = ImportRun.objects.select_for_update().get(pk=pk)
    if task not in offered(run, now=now):
        raise NotNowError(run.state)
    run.log = [*run.log, runs.event_of(f"asked_{task}", now, name=str(by))]
    run.task, run.state, run.progress = task, State.QUEUED, 0
    run.heartbeat_at, run.finished_at = now, None
    run.save(update_fields=["log", "task", "state", "progress", "heartbeat_at", "finished_at"])
    return run


def leave(
    run: ImportRun, state: ImportRun.State, what: str, *, now: datetime, **values: object
) -> None:
    """End a worker's turn in a state, with what it found; ClaimLostError if the run is not ours."""
    counts = values.get("counts", {})
    params = dict(counts) if isinstance(counts, dict) else {}
    log = [*run.log, runs.event_of(what, now, **params)]
    end = {"state": state, "progress": 100, "log": log, "finished_at": now}
    runs.write(run, end | values)


def refuse_undo(run: ImportRun, reasons: list[str], *, now: datetime) -> None:
    """Leave a written run as it is, and say why it cannot be taken back."""
    told = [why[: runs.LONGEST_MESSAGE] for why in reasons]
    log = [*run.log, *(runs.event_of("undo_refused", now, why=why) for why in told)]
    runs.write(run, {"state": State.WRITTEN, "progress": 100, "log": log, "finished_at": now})
