"""Keeps the cells in step with the reports: refreshing what was marked, rebuilding, comparing.

Whoever writes cells first locks the one row of CellKeeper and reads the marks and the reports
only then. So two refreshes, or a refresh and a rebuild, never run at once, and the later one
reads everything that the earlier one read: nothing older is written over anything newer. A mark
is deleted in the transaction that wrote its cell; one that is committed meanwhile stays for the
next refresh. A process that dies at any point leaves the cells and their marks as they were.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from projects.models import AnnualPlan, CellMark, EntryMark
from summaries import coarse, recount
from summaries.models import CellKeeper, DepartmentCell, ProgressCell
from summaries.models.cell import CellSums
from summaries.recount import Kind

BATCH = 2000
"""How many marks of a kind one transaction takes up."""
MANY = 1000
"""From so many cells of a year on the whole year is cheaper to recompute."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a handful of marks is about: whole years, whole months, single cells."""

    years: frozenset[int]
    months: frozenset[tuple[int, int]]
    kinds: frozenset[Kind]

    def __contains__(self, kind: Kind) -> bool:
        return (
            kind.year in self.years or (kind.year, kind.month) in self.months or kind in self.kinds
        )


def refresh(*, at: datetime) -> int:
    """Recompute the cells that are marked, until no mark is left; returns how many marks there were.

    Safe to run at any time, twice, and beside itself.
    """
    taken = 0
    while waiting():
        taken += _refresh_batch(at)
    return taken


def rebuild(year: int, *, at: datetime) -> int:
    """Compute all cells of a year anew; returns how many there are now."""
    with transaction.atomic():
        _lock(at)
        entry_marks = _ids(EntryMark.objects.filter(year=year))
        cell_marks = _ids(CellMark.objects.filter(year=year))
        _write_year(year)
        _take_away(EntryMark, entry_marks)
        _take_away(CellMark, cell_marks)
    return ProgressCell.objects.filter(year=year).count()


def waiting() -> int:
    """How many marks wait for a refresh."""
    return EntryMark.objects.count() + CellMark.objects.count()


def years() -> list[int]:
    """The years that have entries or cells, the earliest first."""
    listed = AnnualPlan.objects.order_by().values_list("year", flat=True).distinct()
    kept = ProgressCell.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*listed, *kept})


@dataclass(frozen=True, slots=True)
class Difference:
    """A column of a cell that is not what the reports give, or of a department's cell that is not what
    its cells give; `column` is "" for a whole cell.
    """

    kind: Kind | coarse.Place
    column: str
    stored: Any
    counted: Any

    def __str__(self) -> str:
        where = " ".join(str(value or "-") for value in self.kind)
        return f"{where}: {self.column or 'cell'} is {self.stored}, should be {self.counted}"


def differences(year: int) -> list[Difference]:
    """Where the stored cells of a year are not what the reports give, and no mark says so; and where
    those of a department are not the sum of its cells, which they are at any time.
    """
    with transaction.atomic():
        _lock()
        counted = {_kind(row): _counts(row) for row in recount.of_year(year)}
        stored = {_kind(row): _counts(row) for row in _stored(ProgressCell, year)}
        added_up = {_place(row): _counts(row) for row in coarse.of_year(year)}
        kept = {_place(row): _counts(row) for row in _stored(DepartmentCell, year)}
        # Read last: what changed since the reports were read has its mark by now.
        marked = _marked(EntryMark.objects.filter(year=year), CellMark.objects.filter(year=year))
    return [
        difference
        for kind in sorted({*counted, *stored})
        if kind not in marked
        for difference in _compare(kind, stored.get(kind), counted.get(kind))
    ] + [
        difference
        for place in sorted({*added_up, *kept})
        for difference in _compare(place, kept.get(place), added_up.get(place))
    ]


def _stored(model: type[CellSums], year: int) -> Iterator[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields]
    found: Iterator[dict[str, Any]] = (
        model._default_manager.filter(year=year).values(*columns).iterator()
    )
    return found


@transaction.atomic
def _refresh_batch(at: datetime) -> int:
    _lock(at)
    entry_marks = list(EntryMark.objects.order_by("pk")[:BATCH])
    cell_marks = list(CellMark.objects.order_by("pk")[:BATCH])
    marked = _marked(entry_marks, cell_marks)
    for year in marked.years:
        _write_year(year)
    for year, month in marked.months:
        recount.write_month(year, month)
        coarse.write_month(year, month)
    recount.write_kinds(marked.kinds)
    coarse.write_kinds(marked.kinds)
    _take_away(EntryMark, [mark.pk for mark in entry_marks])
    _take_away(CellMark, [mark.pk for mark in cell_marks])
    return len(entry_marks) + len(cell_marks)


def _write_year(year: int) -> None:
    recount.write_year(year)
    coarse.write_year(year)


def _marked(entry_marks: Iterable[EntryMark], cell_marks: Iterable[CellMark]) -> Marked:
    """What the marks are about, nothing twice."""
    entry_marks = list(entry_marks)
    places = recount.kinds_of({mark.entry for mark in entry_marks if mark.entry is not None})
    kinds = {Kind(*(getattr(mark, name) for name in Kind._fields)) for mark in cell_marks}
    years, months = set(), set()
    for mark in entry_marks:
        if mark.entry is None and mark.month is None:
            years.add(mark.year)
        elif mark.entry is None and mark.month is not None:
            months.add((mark.year, mark.month))
        elif mark.entry in places:
            place = places[mark.entry]
            asked = range(1, 13) if mark.month is None else (mark.month,)
            kinds.update(place._replace(month=month) for month in asked)
    counts = Counter(kind.year for kind in kinds)
    years |= {year for year, count in counts.items() if count > MANY}
    months = {month for month in months if month[0] not in years}
    rest = {kind for kind in kinds if kind.year not in years and kind[:2] not in months}
    return Marked(frozenset(years), frozenset(months), frozenset(rest))


def _lock(at: datetime | None = None) -> None:
    """Wait until nobody else writes cells, and keep others from it until this transaction ends.

    SQLite lets one transaction write at a time as it is.
    """
    CellKeeper.objects.get_or_create(pk=CellKeeper.THE_ONE)
    keeper = CellKeeper.objects.select_for_update().get(pk=CellKeeper.THE_ONE)
    if at is not None:
        keeper.refreshed_at = at
        keeper.save(update_fields=["refreshed_at"])


def _ids(marks: models.QuerySet[Any]) -> list[int]:
    return list(marks.values_list("pk", flat=True))


def _take_away(model: type[EntryMark] | type[CellMark], marks: Collection[int]) -> None:
    found = list(marks)
    for start in range(0, len(found), BATCH):
        model.objects.filter(pk__in=found[start : start + BATCH]).delete()


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


def _place(row: dict[str, Any]) -> coarse.Place:
    return (
        row["year"],
        row["month"],
        row["region_id"] or 0,
        row["department_id"] or 0,
        row["category"],
    )


def _counts(row: dict[str, Any]) -> dict[str, int | Decimal]:
    """The counted columns; money as SQLite gives it becomes exact again."""
    return {
        name: value if isinstance(value, int) else Decimal(str(value)).quantize(Decimal("0.01"))
        for name, value in row.items()
        if name in recount.COLUMNS
    }


def _compare(
    kind: Kind | coarse.Place,
    stored: dict[str, int | Decimal] | None,
    counted: dict[str, int | Decimal] | None,
) -> Iterator[Difference]:
    if stored is None or counted is None:
        yield Difference(kind, "", stored and stored["entries"], counted and counted["entries"])
        return
    for name, value in counted.items():
        if stored[name] != value:
            yield Difference(kind, name, stored[name], value)
