"""Marks for the roll-ups: what changed that they count, written in the transaction of the change.

The roll-ups stand a floor above and are not imported here: they take up the marks, recompute what
is marked and delete the marks with it. These change what a cell says, and mark it:

- a report submitted, approved or reopened               workflow.perform
- a light computed or judged otherwise                   colouring.recolour, colouring.judge_otherwise
- a plan adopted or revised                              planning.adopt, planning.revise_plan
- a round opened, its due day moved                      schedule.open_due, round_keeping.change_days
- a project given to another department                  lifecycle.move, also for dissolving.py
- a project or an entry edited, loaded or deleted        registering.py, admin.py, imports/loading.py, intake/plans.py

A draft, a return and a project's own status change no cell: a cell counts what was submitted and
approved. Nor does the passing of a day: what depends on it is not stored.

A mark names the entry, and where that is counted is looked up when the mark is taken up: a report
approved while its project moves is counted in the new place. Only who moves an entry knows the
place that it leaves, and reads it while nobody else moves anything (see `moving`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from projects.models import (
    AnnualPlan,
    CellMark,
    EntryMark,
    ProgressReport,
    Project,
    ReportingPeriod,
    ReportState,
)

MONTHS = range(1, 13)
MANY = 500
"""From so many rows on a whole month or year is marked: one mark, and cheaper to recompute."""

_MOVES = 20_241
"""The number of PostgreSQL's advisory lock that who moves entries holds; any number of our own."""


def mark_reports(reports: QuerySet[ProgressReport]) -> None:
    """Mark the months of these reports."""
    found = reports.order_by().values_list("year", "period__month", "entry_id")
    rows: list[tuple[int, int, int | None]] = list(found[: MANY + 1])
    if len(rows) > MANY:
        months = found.values_list("year", "period__month").distinct()
        rows = [(year, month, None) for year, month in months]
    EntryMark.objects.bulk_create(
        EntryMark(year=year, month=month, entry=entry) for year, month, entry in rows
    )


def mark_from(report: ProgressReport) -> None:
    """Mark a report's month, and the later ones asked for: a cell counts the last known figure."""
    later = Q(period__month__gt=report.period.month) & ~Q(state=ReportState.NOT_DUE)
    mark_reports(ProgressReport.objects.filter(Q(pk=report.pk) | later, entry=report.entry_id))


def mark_month(period: ReportingPeriod) -> None:
    """Mark every entry of a month."""
    EntryMark.objects.create(year=period.year, month=period.month)


def mark_entries(entries: QuerySet[AnnualPlan]) -> None:
    """Mark every month of these entries."""
    found = entries.order_by().values_list("year", "pk")
    rows: list[tuple[int, int | None]] = list(found[: MANY + 1])
    if len(rows) > MANY:
        rows = [(year, None) for year in found.values_list("year", flat=True).distinct()]
    EntryMark.objects.bulk_create(EntryMark(year=year, entry=entry) for year, entry in rows)


def entries_of(row: models.Model) -> QuerySet[AnnualPlan]:
    """The entries whose place among the cells a row has a say in."""
    if isinstance(row, Project):
        return AnnualPlan.objects.filter(project=row.pk)
    if isinstance(row, AnnualPlan):
        return AnnualPlan.objects.filter(pk=row.pk)
    return AnnualPlan.objects.none()


@contextmanager
def moving(entries: Callable[[], QuerySet[AnnualPlan]]) -> Iterator[None]:
    """Around a change of what entries are counted by, or of entries themselves, in one transaction.

    Marks the places that the entries leave, and the entries. Enter it before any row is locked:
    others who move entries wait here, so that each reads the places as the one before left them.
    """
    with transaction.atomic():
        wait_for_other_moves()
        CellMark.objects.bulk_create(_places(entries()), batch_size=1000)
        yield
        mark_entries(entries())


def wait_for_other_moves() -> None:
    """Let nobody else move entries until this transaction ends; nothing is locked before it.

    SQLite lets one transaction write at a time as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MOVES])


def _places(entries: QuerySet[AnnualPlan]) -> Iterator[CellMark]:
    found = entries.order_by().values_list(
        "year",
        "project__region",
        "project__department",
        "level",
        "category",
        "sector",
        "goal",
    )
    for year, region, department, level, category, sector, goal in found.distinct():
        for month in MONTHS:
            yield CellMark(
                year=year,
                month=month,
                region=region or 0,
                department=department or 0,
                level=level,
                category=category,
                sector=sector,
                goal=goal,
            )
