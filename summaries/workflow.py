"""The life of a document's run: asked for, built, stored whole or not at all, asked for again.

What any run of a job goes through stands in office.runs.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Department, Region, User
from office import runs
from office.runs import (
    LONGEST_MESSAGE,
    PATIENCE,
    QUEUE_PATIENCE,
    UNDER_WAY,
    ClaimLostError,
    fail,
    is_lost,
    may_be_asked_again,
    record,
)
from summaries import document_files
from summaries.models import DocumentFile, DocumentRun
from summaries.product import Product

__all__ = [
    "LONGEST_MESSAGE",
    "PATIENCE",
    "QUEUE_PATIENCE",
    "UNDER_WAY",
    "ClaimLostError",
    "NotRetryableError",
    "RunUnderWayError",
    "ask",
    "ask_again",
    "claim",
    "fail",
    "fail_lost",
    "finish",
    "forgotten",
    "is_lost",
    "may_be_asked_again",
    "record",
]

State = DocumentRun.State


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
    region: Region | None = None,
) -> DocumentRun:
    """Queue a run, of a region or of everything; RunUnderWayError where the same document is under
    way already.
    """
    log = [runs.event_of("asked", now, name=str(by))]
    if region is not None:
        parameters = {**parameters, "region": region.code}
    key = key_of(parameters)
    try:
        with transaction.atomic():
            return DocumentRun.objects.create(
                kind=kind,
                parameters=dict(parameters),
                key=key,
                department=department,
                region=region,
                log=log,
                asked_by=by,
                heartbeat_at=now,
            )
    except IntegrityError as problem:
        raise RunUnderWayError(_run_under_way(kind, key)) from problem


def claim(pk: int, *, now: datetime) -> DocumentRun | None:
    """Take up a queued run, or one whose worker is lost; None where it is not to be taken up."""
    return runs.claim(DocumentRun, pk, now=now)


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
            ended = {
                "log": [*run.log, runs.event_of("done", now, digest=product.digest[:12])],
                "progress": 100,
                "state": State.DONE,
                "summary": product.summary,
                "digest": product.digest,
                "cut_off": product.cut_off,
                "rule_version": product.rule_version,
                "contains_sample": product.contains_sample,
                "finished_at": now,
            }
            runs.write(run, ended)
    except BaseException:
        document_files.remove(names)
        raise


def fail_lost(*, now: datetime) -> int:
    """End the runs whose worker gave no sign of life for too long; returns how many."""
    return runs.fail_lost(DocumentRun, now=now)


def forgotten(*, now: datetime) -> list[int]:
    """Mark and return the runs that wait so long that their message may be lost."""
    return runs.forgotten(DocumentRun, now=now)


@transaction.atomic
def ask_again(pk: int, *, by: User, now: datetime) -> None:
    """Queue a failed run again, its log kept.

    Raises NotRetryableError where it is done or under way, RunUnderWayError where another run of
    the same document is.
    """
    run = DocumentRun.objects.select_for_update().get(pk=pk)
    if not may_be_asked_again(run, now=now):
        raise NotRetryableError(run.state)
    runs.queue_again(run, name=str(by), now=now)
    run.asked_by = by
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as problem:
        raise RunUnderWayError(_run_under_way(run.kind, run.key)) from problem


def _run_under_way(kind: str, key: str) -> DocumentRun:
    runs = DocumentRun.objects.filter(kind=kind, key=key)
    return runs.filter(state__in=UNDER_WAY).first() or runs.latest("pk")
