"""Keeps the cells in step with the reports: refreshing what was marked, rebuilding, comparing.

Whoever writes cells first locks the one row of CellKeeper and reads the marks and the reports
only then. So two refreshes, or a refresh and a rebuild, never run at once, and the later one
reads everything that the earlier one read: nothing older is written over anything newer. A mark
is deleted in the transaction that wrote its cell; one that is committed meanwhile stays for the
next refresh. A process that dies at any point leaves the cells and their marks as they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from projects.models import AnnualPlan, CellMark
from summaries import recount
from summaries.models import CellKeeper, ProgressCell
from summaries.recount import Kind

BATCH = 2000
"""How many marks one transaction takes up."""


def refresh(*, at: datetime) -> int:
    """Recompute the cells that are marked, until no mark is left; returns how many cells.

    Safe to run at any time, twice, and beside itself.
    """
    refreshed = 0
    while CellMark.objects.exists():
        refreshed += _refresh_batch(at)
    return refreshed


def rebuild(year: int, *, at: datetime) -> int:
    """Compute all cells of a year anew; returns how many there are now."""
    with transaction.atomic():
        _lock(at)
        marks = list(CellMark.objects.filter(year=year).values_list("pk", flat=True))
        recount.write_year(year)
        _delete_marks(marks)
    return ProgressCell.objects.filter(year=year).count()


def years() -> list[int]:
    """The years that have entries or cells, the earliest first."""
    listed = AnnualPlan.objects.order_by().values_list("year", flat=True).distinct()
    kept = ProgressCell.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*listed, *kept})


@dataclass(frozen=True, slots=True)
class Difference:
    """A column of a cell that is not what the reports give; `column` is "" for a whole cell."""

    kind: Kind
    column: str
    stored: Any
    counted: Any

    def __str__(self) -> str:
        where = " ".join(str(value or "-") for value in self.kind)
        return f"{where}: {self.column or 'cell'} is {self.stored}, should be {self.counted}"


def differences(year: int) -> list[Difference]:
    """Where the stored cells of a year are not what the reports give, and no mark says so."""
    with transaction.atomic():
        _lock()
        counted = {_kind(row): _counts(row) for row in recount.of_year(year)}
        columns = [field.attname for field in ProgressCell._meta.concrete_fields]
        stored = {
            _kind(row): _counts(row)
            for row in ProgressCell.objects.filter(year=year).values(*columns).iterator()
        }
        # Read last: what changed since the reports were read has its mark by now.
        waiting = set(_kinds_of_marks(year))
    return [
        difference
        for kind in sorted({*counted, *stored} - waiting)
        for difference in _compare(kind, stored.get(kind), counted.get(kind))
    ]


def waiting() -> int:
    """How many marks wait for a refresh."""
    return CellMark.objects.count()


@transaction.atomic
def _refresh_batch(at: datetime) -> int:
    _lock(at)
    marks = list(CellMark.objects.order_by("pk").values_list("pk", *Kind._fields)[:BATCH])
    kinds = {Kind(*mark[1:]) for mark in marks}
    recount.write_kinds(kinds)
    _delete_marks([mark[0] for mark in marks])
    return len(kinds)


def _lock(at: datetime | None = None) -> None:
    """Wait until nobody else writes cells, and keep others from it until this transaction ends.

    SQLite lets one transaction write at a time as it is.
    """
    CellKeeper.objects.get_or_create(pk=CellKeeper.THE_ONE)
    keeper = CellKeeper.objects.select_for_update().get(pk=CellKeeper.THE_ONE)
    if at is not None:
        keeper.refreshed_at = at
        keeper.save(update_fields=["refreshed_at"])


def _delete_marks(marks: list[int]) -> None:
    for start in range(0, len(marks), BATCH):
        batch = marks[start : start + BATCH]
        CellMark.objects.filter(pk__in=batch).delete()


def _kinds_of_marks(year: int) -> Iterator[Kind]:
    for mark in CellMark.objects.filter(year=year).values_list(*Kind._fields).iterator():
        yield Kind(*mark)


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(
        row["year"],
        row["month"],
        row["region_id"] or 0,
        row["department_id"] or 0,
        row["level"],
        row["category"],
        row["sector"],
        row["goal"],
    )


def _counts(row: dict[str, Any]) -> dict[str, int | Decimal]:
    """The counted columns; money as SQLite gives it becomes exact again."""
    return {
        name: value if isinstance(value, int) else Decimal(str(value)).quantize(Decimal("0.01"))
        for name, value in row.items()
        if name in recount.COLUMNS
    }


def _compare(
    kind: Kind,
    stored: dict[str, int | Decimal] | None,
    counted: dict[str, int | Decimal] | None,
) -> Iterator[Difference]:
    if stored is None or counted is None:
        yield Difference(kind, "", stored and stored["entries"], counted and counted["entries"])
        return
    for name, value in counted.items():
        if stored[name] != value:
            yield Difference(kind, name, stored[name], value)
