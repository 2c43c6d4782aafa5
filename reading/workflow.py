"""The life of a reading and of its rows: uploaded, read, decided row by row.

queued → running → ready → applied → undone; what any run of a job goes through stands in office.runs,
what happens when accepted rows are written in writing/.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from office import runs
from reading import known, matching
from reading.choices import Decision, Match
from reading.models import ReadingRow, ReportReading
from reading.proposals import Reading
from reading.rows import row_of
from reading.storing import as_json

State = ReportReading.State


class NotRetryableError(Exception):
    """The reading has been read, or a worker is at it."""


class NotOpenError(Exception):
    """The reading is not to be decided: it is not read yet, or it has been written."""


class UndecidableError(Exception):
    """The row cannot be accepted as it stands: it does not say which known record it is."""


def ask(
    *,
    name: str,
    content: bytes,
    purpose: ReportReading.Purpose,
    by: User,
    now: datetime,
) -> ReportReading:
    """Keep an uploaded file and queue its reading."""
    digest = sha256(content).hexdigest()
    reading = ReportReading(
        name=name[-200:],
        size=len(content),
        digest=digest,
        purpose=purpose,
        asked_by=by,
        heartbeat_at=now,
        log=[runs.event_of("asked", now, name=str(by))],
    )
    suffix = name.rpartition(".")[2].lower()
    # The name on the disk is ours; the one that was given is a column.
    reading.file.save(f"{digest[:20]}.{suffix[:5]}", ContentFile(content), save=False)
    reading.save()
    return reading


def claim(pk: int, *, now: datetime) -> ReportReading | None:
    """Take up a queued reading, or one whose worker is lost; None where it is not to be taken up."""
    return runs.claim(ReportReading, pk, now=now)


def fail_lost(*, now: datetime) -> int:
    """End the readings whose worker gave no sign of life for too long; returns how many."""
    return runs.fail_lost(ReportReading, now=now)


def forgotten(*, now: datetime) -> list[int]:
    """Mark and return the readings that wait so long that their message may be lost."""
    return runs.forgotten(ReportReading, now=now)


def finish(run: ReportReading, found: Reading, *, now: datetime) -> None:
    """Store what was found, matched with what is known, and end the run: both or neither.

    Raises ClaimLostError where the run is no longer this worker's.
    """
    with transaction.atomic():
        keep(run, found)
        ended = {
            "state": State.READY,
            "progress": 100,
            "finished_at": now,
            "log": [*run.log, runs.event_of("read", now, count=run.rows.count())],
            **header(found),
        }
        runs.write(run, ended)


def keep(run: ReportReading, found: Reading) -> None:
    """The rows of what was found, in the place of any that stood there."""
    run.rows.all().delete()
    if run.purpose == ReportReading.Purpose.LINT:
        return
    everything = known.read()
    matched = matching.match(found, everything)
    ReadingRow.objects.bulk_create(
        [row_of(run, place, each, everything) for place, each in enumerate(matched, start=1)],
        batch_size=200,
    )


def header(found: Reading) -> dict[str, object]:
    """The columns of a reading that say what report it is of."""
    return {
        "title": found.title[:200],
        "issuer": found.issuer[:100],
        "region": found.region[:60],
        "year": found.year,
        "found": as_json(found),
    }


@transaction.atomic
def ask_again(pk: int, *, by: User, now: datetime) -> None:
    """Queue a failed reading again, its log kept; NotRetryableError where it is read or under way."""
    reading = ReportReading.objects.select_for_update().get(pk=pk)
    if not runs.may_be_asked_again(reading, now=now):
        raise NotRetryableError(reading.state)
    runs.queue_again(reading, name=str(by), now=now)
    reading.asked_by = by
    reading.save()


@transaction.atomic
def decide(row_id: int, decision: Decision, *, by: User, now: datetime) -> ReadingRow:
    """Accept or drop a row as it stands, or leave it open again.

    Raises NotOpenError where the reading is not to be decided, UndecidableError where the row has
    to be corrected first.
    """
    row = _held(row_id)
    if decision == Decision.ACCEPTED and row.match == Match.AMBIGUOUS and row.candidate is None:
        raise UndecidableError
    if decision == Decision.UNDECIDED:
        row.values, row.candidate = {}, _first_candidate(row)
    row.decision, row.error = decision, ""
    row.decided_by, row.decided_at = by, now
    row.save()
    return row


@transaction.atomic
def correct(
    row_id: int,
    values: Mapping[str, object],
    candidate: int | None,
    *,
    by: User,
    now: datetime,
) -> ReadingRow:
    """Keep what an officer says instead, and which known record is meant (None: a new one)."""
    row = _held(row_id)
    row.values, row.candidate = dict(values), candidate
    row.decision, row.error = Decision.CORRECTED, ""
    row.decided_by, row.decided_at = by, now
    row.save()
    return row


@transaction.atomic
def accept_sure(reading_id: int, *, by: User, now: datetime) -> int:
    """Accept every open row that is sure; returns how many."""
    hold(reading_id)
    sure = ReadingRow.objects.filter(reading=reading_id, decision=Decision.UNDECIDED, is_sure=True)
    return sure.update(decision=Decision.ACCEPTED, decided_by=by, decided_at=now)


def hold(reading_id: int) -> ReportReading:
    """The reading with its row locked, where it is open to decisions; else NotOpenError."""
    reading = ReportReading.objects.select_for_update().get(pk=reading_id)
    if reading.state != State.READY or reading.purpose != ReportReading.Purpose.REVIEW:
        raise NotOpenError(reading.state)
    return reading


def _held(row_id: int) -> ReadingRow:
    row = ReadingRow.objects.get(pk=row_id)
    hold(row.reading_id)
    return ReadingRow.objects.select_for_update().get(pk=row_id)


def _first_candidate(row: ReadingRow) -> int | None:
    if row.match in (Match.NEW, Match.AMBIGUOUS) or not row.candidates:
        return None
    return int(row.candidates[0][0])
