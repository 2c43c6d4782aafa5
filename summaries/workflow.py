"""The life of a run: asked for, taken up by a worker, kept alive, done or failed, asked for again.

queued → running → done | failed; failed → queued. A worker that dies leaves its run running without
a sign of life; `fail_lost` ends such a run. Every write is conditional on the state and attempt that
it expects, so that a message delivered twice, two workers, or a worker that was only slow never
write over one another.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from accounts.models import Department, User
from summaries import document_files
from summaries.models import DocumentFile, DocumentRun
from summaries.product import Product

logger = logging.getLogger(__name__)

State = DocumentRun.State
UNDER_WAY = (State.QUEUED, State.RUNNING)
# A worker gives a sign of life after each step; a step takes seconds. After this it is taken for dead.
PATIENCE = timedelta(seconds=60)
# A run that nobody takes up is announced again after this: its message may have been lost.
QUEUE_PATIENCE = timedelta(minutes=5)
LONGEST_MESSAGE = 300


class ClaimLostError(Exception):
    """The run is no longer this worker's: it was given up as lost, or taken up by another."""


class RunUnderWayError(Exception):
    """The same document is being built already; `run` is that one."""

    def __init__(self, run: DocumentRun) -> None:
        super().__init__(f"run {run.pk} is under way")
        self.run = run


class NotRetryableError(Exception):
    """The run is done, or a worker is at it."""


def key_of(parameters: Mapping[str, object]) -> str:
    """The one spelling of what was asked for."""
    return json.dumps(parameters, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def ask(
    *,
    kind: DocumentRun.Kind,
    parameters: Mapping[str, object],
    by: User,
    now: datetime,
    department: Department | None = None,
) -> DocumentRun:
    """Queue a run; RunUnderWayError where the same document is under way already."""
    log = [_event("asked", now, name=str(by))]
    key = key_of(parameters)
    try:
        with transaction.atomic():
            return DocumentRun.objects.create(
                kind=kind,
                parameters=dict(parameters),
                key=key,
                department=department,
                log=log,
                asked_by=by,
                heartbeat_at=now,
            )
    except IntegrityError as problem:
        raise RunUnderWayError(_run_under_way(kind, key)) from problem


def claim(pk: int, *, now: datetime) -> DocumentRun | None:
    """Take up a queued run, or one whose worker is lost; None where it is not to be taken up."""
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, heartbeat_at__lt=now - PATIENCE)
    with transaction.atomic():
        taken = DocumentRun.objects.filter(free, pk=pk).update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            progress=0,
            heartbeat_at=now,
            finished_at=None,
        )
        if not taken:
            return None
        run = DocumentRun.objects.get(pk=pk)
        record(run, "taken_up", progress=0, now=now, attempt=run.attempt)
    return run


def record(run: DocumentRun, event: str, *, progress: int, now: datetime, **params: object) -> None:
    """Add a line to the log, move the progress and give a sign of life; ClaimLostError if not ours."""
    log = [*run.log, _event(event, now, **params)]
    _write(run, log=log, progress=progress, heartbeat_at=now)
    run.log, run.progress, run.heartbeat_at = log, progress, now


def finish(run: DocumentRun, product: Product, *, now: datetime) -> None:
    """Store the product and end the run, both or neither; ClaimLostError if the run is not ours.

    The files are on the disk before a row names them; where the rows are not stored they go again.
    """
    names: list[str] = []
    try:
        with transaction.atomic():
            for file in product.files:
                names.append(document_files.write(run, file))
                DocumentFile.objects.create(
                    run=run,
                    format=file.format,
                    name=file.name,
                    file=names[-1],
                    size=len(file.content),
                    digest=file.digest,
                )
            if product.summary is not None:
                product.summary.save(force_insert=True)
            _write(
                run,
                log=[*run.log, _event("done", now, digest=product.digest[:12])],
                progress=100,
                state=State.DONE,
                summary=product.summary,
                digest=product.digest,
                cut_off=product.cut_off,
                rule_version=product.rule_version,
                contains_sample=product.contains_sample,
                finished_at=now,
            )
    except BaseException:
        document_files.remove(names)
        raise


def fail(run: DocumentRun, problem: Exception, *, now: datetime) -> None:
    """End the run with the problem's name and message; nothing happens if it is not ours any more."""
    message = " ".join(str(problem).split())[:LONGEST_MESSAGE]
    event = _event("failed", now, problem=type(problem).__name__, message=message)
    try:
        _write(run, log=[*run.log, event], state=State.FAILED, finished_at=now)
    except ClaimLostError:
        logger.info("run %s failed after it was taken from this worker", run.pk)


def fail_lost(*, now: datetime) -> int:
    """End the runs whose worker gave no sign of life for too long; returns how many."""
    with transaction.atomic():
        lost = DocumentRun.objects.select_for_update(skip_locked=True).filter(
            state=State.RUNNING, heartbeat_at__lt=now - PATIENCE
        )
        return sum(_give_up(run, now=now) for run in lost)


def forgotten(*, now: datetime) -> list[int]:
    """Mark and return the runs that wait so long that their message may be lost."""
    with transaction.atomic():
        waiting = DocumentRun.objects.select_for_update().filter(
            state=State.QUEUED, heartbeat_at__lt=now - QUEUE_PATIENCE
        )
        keys = [run.pk for run in waiting]
        DocumentRun.objects.filter(pk__in=keys).update(heartbeat_at=now)
    return keys


def may_be_asked_again(run: DocumentRun, *, now: datetime) -> bool:
    """Whether the run failed, or is as good as failed: its worker or its message is lost."""
    if run.state == State.FAILED:
        return True
    return run.state in UNDER_WAY and is_lost(run, now=now)


def is_lost(run: DocumentRun, *, now: datetime) -> bool:
    """Whether the run should be moving and gave no sign of life for too long."""
    patience = {State.RUNNING: PATIENCE, State.QUEUED: QUEUE_PATIENCE}.get(State(run.state))
    since = run.heartbeat_at or run.asked_at
    return patience is not None and since < now - patience


@transaction.atomic
def ask_again(pk: int, *, by: User, now: datetime) -> None:
    """Queue a failed run again, its log kept.

    Raises NotRetryableError where it is done or under way, RunUnderWayError where another run of
    the same document is.
    """
    run = DocumentRun.objects.select_for_update().get(pk=pk)
    if not may_be_asked_again(run, now=now):
        raise NotRetryableError(run.state)
    if run.state == State.RUNNING:
        _give_up(run, now=now)
    run.log = [*run.log, _event("asked_again", now, name=str(by))]
    run.state, run.progress, run.finished_at = State.QUEUED, 0, None
    run.asked_by, run.heartbeat_at = by, now
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as problem:
        raise RunUnderWayError(_run_under_way(run.kind, run.key)) from problem


def _give_up(run: DocumentRun, *, now: datetime) -> bool:
    seen = run.heartbeat_at.isoformat() if run.heartbeat_at else ""
    run.log = [*run.log, _event("lost", now, seen=seen)]
    run.state, run.finished_at = State.FAILED, now
    run.save(update_fields=["log", "state", "finished_at"])
    return True


def _write(run: DocumentRun, **values: object) -> None:
    ours = DocumentRun.objects.filter(pk=run.pk, state=State.RUNNING, attempt=run.attempt)
    if not ours.update(**values):
        raise ClaimLostError(f"run {run.pk}, attempt {run.attempt}")


def _event(event: str, now: datetime, **params: object) -> dict[str, object]:
    return {"event": event, "at": now.isoformat(), **params}


def _run_under_way(kind: str, key: str) -> DocumentRun:
    runs = DocumentRun.objects.filter(kind=kind, key=key)
    return runs.filter(state__in=UNDER_WAY).first() or runs.latest("pk")
