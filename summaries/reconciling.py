"""Adding to a line of the reconciliation: a reason, or what the statistics office says."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import User
from summaries.models import ReconciliationChange, ReconciliationNote


class StaleNoteError(Exception):
    """Somebody else changed the line meanwhile; `change` is the latest change."""

    def __init__(self, change: ReconciliationChange | None) -> None:
        super().__init__("the line was changed meanwhile")
        self.change = change


def keep(
    year: int,
    key: str,
    *,
    reason: str,
    statistics: Decimal | None,
    version: int,
    by: User,
    at: datetime,
) -> ReconciliationNote | None:
    """Keep what was added to a line, in 万元, and who did; the same again changes nothing.

    None where there was nothing and nothing is added. Raises StaleNoteError where `version` is not
    the present one. The caller has asked permissions.may_reconcile and found the line.
    """
    try:
        with transaction.atomic():
            return _keep(year, key, reason.strip(), statistics, version, by, at)
    except IntegrityError as error:
        raise StaleNoteError(_latest(year, key)) from error


def _keep(
    year: int,
    key: str,
    reason: str,
    statistics: Decimal | None,
    version: int,
    by: User,
    at: datetime,
) -> ReconciliationNote | None:
    found = ReconciliationNote.objects.select_for_update().filter(year=year, key=key).first()
    note = found or ReconciliationNote(year=year, key=key)
    if note.version != version:
        raise StaleNoteError(_latest(year, key))
    before = _words(note)
    note.reason, note.statistics = reason, statistics
    after = _words(note)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return found
    note.version += 1
    note.save()
    ReconciliationChange.objects.create(
        note=note,
        version=note.version,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        by=by,
        at=at,
    )
    return note


def _latest(year: int, key: str) -> ReconciliationChange | None:
    found = ReconciliationChange.objects.filter(note__year=year, note__key=key)
    return found.select_related("by").order_by("version").last()


def _words(note: ReconciliationNote) -> dict[str, str]:
    amount = note.statistics
    return {
        "reason": note.reason,
        "statistics": "" if amount is None else f"{amount:.2f}",
    }
