"""What a worker does with an import: checks the file, writes what was looked at, takes it back."""

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from exchange import matching, preview, workflow
from exchange.kinds import KINDS
from exchange.models import ImportFile, ImportPage, ImportRun
from office import excel, runs
from office.clock import now, today
from office.intake import Change, Kind, Outcome, Refusals, Refused
from office.marking import MOST_MARKS, marked

logger = logging.getLogger(__name__)
State, Group = ImportRun.State, ImportPage.Group
MOST_REASONS = 20
"""Reasons that the log names; of more it says how many there are."""


class TakenBack(Exception):
    """Ends a transaction of which nothing is to stay."""


class OvertakenError(Exception):
    """What was looked at is not what would be written now."""


def run(pk: int) -> None:
    """Do what a run asks for; safe to call twice, or twice at once, or after a crash.

    Only one caller gets the run. What it writes and the end of the run are one transaction; the
    pages of a preview are stored before, as they fill.
    """
    claimed = runs.claim(ImportRun, pk, now=timezone.now())
    if claimed is None:
        logger.info("import %s is not waiting, or another worker's", pk)
        return
    try:
        with translation.override(claimed.language), _uncollected():
            _TASKS[ImportRun.Task(claimed.task)](claimed, KINDS[claimed.kind])
    except runs.ClaimLostError:
        logger.warning("import %s was taken from this worker; nothing is stored", pk)
    except Exception as problem:
        logger.exception("import %s failed", pk)
        runs.fail(claimed, problem, now=timezone.now())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the search for garbage wait: it would go through a million cells again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check(claimed: ImportRun, kind: Kind) -> None:
    """The dry run: everything that is wrong, and what each row would do."""
    given = claimed.files.get(role=ImportFile.Role.GIVEN)
    data = bytes(given.content)
    with _held(claimed, counts={}):
        kept = preview.Preview(claimed)
    rows, faults = _compared(claimed, kind, data, kept)
    count = kept.counts[Group.FAULT]
    runs.record(claimed, "checked", progress=80, now=timezone.now(), faults=count)
    file = marked(claimed.name, data, rows, faults) if rows and faults else None
    with transaction.atomic():
        claimed.files.filter(role=ImportFile.Role.MARKED).delete()
        if file is not None:
            role = ImportFile.Role.MARKED
            ImportFile.objects.create(run=claimed, role=role, name=file.name, content=file.content)
        kept.close()
        state = State.FAULTY if count else State.READY
        workflow.leave(claimed, state, f"left_{state}", now=timezone.now(), counts=kept.counts)


def _compared(
    claimed: ImportRun, kind: Kind, data: bytes, kept: preview.Preview
) -> tuple[excel.Rows, list[excel.CellFault]]:
    """Hold a file's rows against what there is and keep what they would do, block by block.

    Returns the rows, and as many faults as are marked in a file.
    """
    rows, faults = excel.Rows(b""), list[excel.CellFault]()
    has_formats = not claimed.name.lower().endswith((".xls", ".et"))
    try:
        if not kind.may_import(claimed.by):
            raise Refused({"": [_("Your role does not bring in this kind of workbook.")]})
        rows = excel.read(claimed.name, data, kind.limits)
        runs.record(claimed, "read", progress=20, now=timezone.now())
        blocks = matching.match(
            kind,
            rows,
            user=claimed.by,
            skips_totals=claimed.skips_totals,
            has_formats=has_formats,
        )
        for number, found in enumerate(blocks, start=1):
            matching.tell(kind, found, _tried(kind, claimed, found.changes))
            faults += found.faults[: MOST_MARKS - len(faults)]
            done = min(number * matching.BLOCK, len(rows))
            with _held(claimed, progress=20 + 60 * done // len(rows)):
                kept.add(found)
    except (excel.ExcelError, Refused) as error:
        said = error.message if isinstance(error, excel.ExcelError) else str(error)
        faults.append(excel.CellFault("", "", said))
        with _held(claimed):
            kept.add(matching.Matching(faults=faults[-1:]))
        return rows, faults
    compared = sum(kept.counts[outcome] for outcome in Outcome)
    runs.record(claimed, "compared", progress=80, now=timezone.now(), rows=compared)
    return rows, faults


@contextmanager
def _held(claimed: ImportRun, **values: object) -> Iterator[None]:
    """Write something beside a run that is this worker's until it is written; ClaimLostError if not."""
    with transaction.atomic():
        runs.write(claimed, {"heartbeat_at": timezone.now(), **values})
        yield


def _tried(kind: Kind, claimed: ImportRun, changes: Sequence[Change]) -> Refusals:
    """What the rules have against the rows: they are written as later, and all is taken back."""
    refusals: Refusals = {}
    places = [place for place, each in enumerate(changes) if each.outcome is not Outcome.LEFT]
    try:
        with transaction.atomic():
            found = kind.write_all(
                [changes[place] for place in places],
                by=claimed.by,
                on=today(),
                at=now(),
                is_dry=True,
            )
            refusals = {places[place]: refused for place, refused in found.items()}
            raise TakenBack
    except TakenBack:
        return refusals


def _write(claimed: ImportRun, kind: Kind) -> None:
    """Write what the preview showed, all of it or nothing; leave it stale where it is no more so."""
    _begin(claimed)
    try:
        with transaction.atomic():
            if not kind.may_import(claimed.by):
                raise OvertakenError
            for block in preview.revived(claimed, kind):
                fresh = _again(claimed, kind, block.changes)
                if kind.write_all(fresh, by=claimed.by, on=today(), at=now(), is_dry=False):
                    raise OvertakenError
                _remember(claimed, kind, block, fresh)
            at = timezone.now()
            workflow.leave(claimed, State.WRITTEN, "left_written", now=at, written_at=at)
    except OvertakenError:
        workflow.leave(claimed, State.STALE, "left_stale", now=timezone.now())


def _begin(claimed: ImportRun) -> None:
    rows = claimed.counts[Group.ADDED] + claimed.counts[Group.CHANGED]
    runs.record(claimed, "begun", progress=30, now=timezone.now(), rows=rows)


def _again(claimed: ImportRun, kind: Kind, changes: Sequence[Change]) -> list[Change]:
    """The same rows against what there is now; raises OvertakenError where they do something else."""
    presents = kind.find(claimed.by, [change.key for change in changes])
    fresh = [matching.against(kind, each, presents.get(each.key)) for each in changes]
    for seen, there in zip(changes, fresh, strict=True):
        same = (seen.outcome, seen.before, seen.after) == (there.outcome, there.before, there.after)
        version = there.present.version if there.present else 0
        if not same or seen.version != version:
            raise OvertakenError
    return fresh


def _remember(
    claimed: ImportRun, kind: Kind, block: preview.Block, changes: Sequence[Change]
) -> None:
    """Keep the versions that the rows have now: what is built on them later shows by theirs."""
    if not all(change.version for change in changes):
        presents = kind.find(claimed.by, [change.key for change in changes])
        for change in changes:
            present = presents.get(change.key)
            change.version = present.version if present else 0
    preview.keep_versions(block, changes)


def _undo(claimed: ImportRun, kind: Kind) -> None:
    """Take back what was written, as a whole, unless something has been built on it."""
    _begin(claimed)
    reasons: list[str] = []
    try:
        with transaction.atomic():
            for block in preview.revived(claimed, kind):
                reasons += _taken_back(claimed, kind, block.changes, on=today())
            if reasons:
                raise TakenBack
            at = timezone.now()
            workflow.leave(claimed, State.UNDONE, "left_undone", now=at, undone_at=at)
    except TakenBack:
        told = reasons[:MOST_REASONS]
        if len(reasons) > len(told):
            told.append(_("… and %(count)s more") % {"count": len(reasons) - len(told)})
        workflow.refuse_undo(claimed, told, now=timezone.now())


def _taken_back(
    claimed: ImportRun, kind: Kind, changes: Sequence[Change], *, on: date
) -> list[str]:
    """Take everything back; the reasons where something stands against it."""
    presents = kind.find(claimed.by, [change.key for change in changes])
    reasons, back, added = [], [], []
    for change in changes:
        present = change.present = presents.get(change.key)
        why = kind.lasting(change)
        values = present.values if present else {}
        is_as_written = present is not None and present.version == change.version
        if not why and not (
            is_as_written
            and all(values.get(name, value) == value for name, value in change.after.items())
        ):
            why = kind.built_on(change) or _("It was changed since.")
        if why:
            reasons.append(f"{change.title}: {why}")
        elif change.outcome is Outcome.ADDED:
            added.append(change)
        else:
            back.append(
                Change(
                    Outcome.CHANGED,
                    change.key,
                    change.title,
                    {**values, **change.before},
                    before=change.after,
                    after=change.before,
                    present=present,
                )
            )
    if reasons:
        return reasons
    for change in reversed(added):
        try:
            kind.remove(change, by=claimed.by, on=on, at=now())
        except Refused as refused:
            reasons.append(f"{change.title}: {refused}")
    refusals = kind.write_all(back, by=claimed.by, on=on, at=now(), is_dry=False)
    return reasons + [f"{back[place].title}: {why}" for place, why in refusals.items()]


_TASKS: dict[ImportRun.Task, Callable[[ImportRun, Kind], None]] = {
    ImportRun.Task.CHECK: _check,
    ImportRun.Task.WRITE: _write,
    ImportRun.Task.UNDO: _undo,
}
