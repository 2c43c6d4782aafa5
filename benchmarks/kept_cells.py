"""From an approval to its updated cell; a year's rebuild beside the bare grouping and a columnar scan."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb
from django.db import connection
from django.utils import timezone

from benchmarks.cluster import ON_SQLITE, TODAY
from benchmarks.findings import Findings
from benchmarks.ground import OPEN_MONTH, YEAR, person
from benchmarks.probes import Probe, measure
from projects import workflow
from projects.models import ProgressReport, ReportAction, ReportState
from summaries import keeping, recount
from summaries.models import DepartmentCell, ProgressCell

SUBJECT, REBUILD = "approval to updated cell", "full rebuild of the year"
FIRST = "first rebuild, of no cells"
EMPTY = "DELETE FROM" if ON_SQLITE else "TRUNCATE"
APPROVALS, WARM_UP = 40, 5
KEYS = (
    "entry.year, period.month, project.region_id, project.department_id,"
    " entry.level, entry.category, entry.sector, entry.goal"
)
SOURCE = """
    FROM projects_progressreport AS report
    JOIN projects_annualplan AS entry ON entry.id = report.entry_id
    JOIN projects_project AS project ON project.id = entry.project_id
    JOIN projects_reportingperiod AS period ON period.id = report.period_id
"""
PLAIN = f"""
    SELECT {KEYS}, COUNT(*),
           SUM(report.planned_year), SUM(report.planned_ytd), SUM(report.approved_invested_ytd)
    {SOURCE} WHERE entry.year = {YEAR} GROUP BY {KEYS}
"""
FLAT = f"""
    SELECT {KEYS}, report.planned_year, report.planned_ytd, report.approved_invested_ytd
    {SOURCE} WHERE entry.year = {YEAR}
"""
COLUMNAR = """
    SELECT year, month, region_id, department_id, level, category, sector, goal, COUNT(*),
           SUM(planned_year), SUM(planned_ytd), SUM(approved_invested_ytd)
    FROM report GROUP BY ALL
"""


def run(findings: Findings, entries: int, rounds: int) -> None:
    """Measure all of it at the size that is laid out."""
    approvals(findings, entries)
    rebuild(findings, entries, min(rounds, 1 if entries >= 1_000_000 else 3))


def approvals(findings: Findings, entries: int) -> None:
    """Approve reports one after the other, and refresh the cells each time."""
    checker = person("diaodu")
    waiting = ProgressReport.objects.filter(
        period__year=YEAR, period__month=OPEN_MONTH, state=ReportState.SUBMITTED
    )
    found = list(waiting.order_by("pk").values_list("pk", flat=True))
    step = max(len(found) // (APPROVALS + WARM_UP), 1)
    taken: dict[str, list[float]] = {"approval": [], "refresh of its cell": []}
    for number, report in enumerate(found[::step][: APPROVALS + WARM_UP]):
        start = perf_counter()
        workflow.perform(
            report,
            ReportAction.APPROVE,
            version=0,
            by=checker,
            on=date.fromisoformat(TODAY),
            at=timezone.now(),
        )
        approved = perf_counter()
        if not keeping.refresh(at=timezone.now()):
            raise SystemExit("An approval left no mark.")
        done = perf_counter()
        if number >= WARM_UP:
            taken["approval"].append((approved - start) * 1000)
            taken["refresh of its cell"].append((done - approved) * 1000)
    findings.add(SUBJECT, entries, taken)


def hold_growth(findings: Findings) -> None:
    """An approval and its cell cost the same whatever the size."""
    for name, found in findings.times.get(SUBJECT, {}).items():
        sizes = sorted(found)
        if len(sizes) > 1:
            ratio = found[sizes[-1]][0] / found[sizes[0]][0]
            findings.hold(f"{name}: at {sizes[-1]:,} / at {sizes[0]:,}", sizes[-1], ratio, 1.5)


def rebuild(findings: Findings, entries: int, rounds: int) -> None:
    """The rebuild, the grouping that it stores, a plain grouping, and DuckDB's on the same rows.

    Of a year that is what it was, as a rebuild mostly finds it, and of one that has no cells yet.
    """
    probes = [
        Probe("rebuild", again),
        Probe(FIRST, again, before=take_away),
        Probe("the grouping that it stores, bare", fetching(recount.OF_YEAR, {"year": YEAR})),
        Probe("a plain grouping into three sums", fetching(PLAIN)),
    ]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as columnar:
        if connection.vendor == "postgresql":
            start = perf_counter()
            rows = copy_over(columnar, Path(folder) / "reports.csv")
            findings.note(
                f"{entries:,}: {rows:,} reports were copied to DuckDB in {perf_counter() - start:.1f} s."
            )
            probes.append(
                Probe("the plain grouping in DuckDB", lambda: columnar.execute(COLUMNAR).fetchall())
            )
        findings.add(REBUILD, entries, measure(probes, rounds, warm_up=0 if rounds == 1 else 1))
    floor = findings.middle(REBUILD, "the grouping that it stores, bare", entries)
    for name in ("rebuild", FIRST):
        ours = findings.middle(REBUILD, name, entries)
        findings.hold(f"{name} / bare grouping", entries, ours / floor, 1.5)


def again() -> None:
    """Count the whole year anew."""
    keeping.rebuild(YEAR, at=timezone.now())


def take_away() -> None:
    """Leave no cell, as it is before the first rebuild, and nothing for PostgreSQL to tidy up after it."""
    for model in (DepartmentCell, ProgressCell):
        with connection.cursor() as cursor:
            cursor.execute(f"{EMPTY} {model._meta.db_table}")


def fetching(statement: str, values: dict[str, int] | None = None) -> Callable[[], object]:
    """Running a query and fetching its rows a handful at a time."""

    def fetch() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            while cursor.fetchmany(10_000):
                pass

    return fetch


def copy_over(columnar: duckdb.DuckDBPyConnection, file: Path) -> int:
    """Take the reports over into DuckDB; returns how many."""
    command = f"COPY ({FLAT}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        connection.cursor() as cursor,
        file.open("wb") as target,
        cursor.cursor.copy(command) as copy,
    ):
        for piece in copy:
            target.write(piece)
    columnar.execute("CREATE TABLE report AS SELECT * FROM read_csv(?, header = true)", [str(file)])
    found = columnar.execute("SELECT count(*) FROM report").fetchone()
    return int(found[0]) if found else 0
