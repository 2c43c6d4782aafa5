"""How long the import of 50,000 monthly rows takes, beside reading the file and storing as many rows bare.

    python -m benchmarks.import_months [--rows 50000] [--rounds 3]

In turn, round after round: the file read by python-calamine alone and its rows stored in a table by
psycopg (executemany, and COPY beside it); and the whole way in: dry run with preview, then written with
histories. Every round's file changes every row. PostgreSQL only: a throw-away cluster is made for the run.
Memory is what the way in adds to the process, for a quarter of the rows and for all of them.
"""

import argparse
import gc
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import python_calamine
import xlsxwriter
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from accounts.models import User
from benchmarks import ground
from exchange import running, workflow
from exchange.models import ImportRun
from projects.models import (
    LatestFigures,
    ProgressReport,
    ReportEvent,
    ReportingPeriod,
    ReportLight,
    ReportState,
)

settings.WZ_TODAY = "2024-12-28"
HEAD = (
    "项目编码",
    "项目名称",
    "月份",
    "自年初累计完成投资（万元）",
    "形象进度（%）",
    "当前状态",
    "进展情况",
)
GOALS = {"ours / calamine + executemany": 3.0, "ours / calamine + COPY": 3.0}
TABLE = (
    "CREATE TEMP TABLE bare (code text, name text, month text, invested numeric, progress numeric,"
    " status text, narrative text)"
)
Line = tuple[str, str, str, float, float, str, str]


def lay_out(rows: int) -> User:
    """Entries with twelve reports each that are asked for in rounds that are open."""
    ground.lay_out(-(-rows // 12))
    ReportingPeriod.objects.update(
        opened_at=timezone.now(), locked_at=None, locks_on=date(2025, 6, 1)
    )
    ReportLight.objects.all().delete()
    LatestFigures.objects.all().delete()
    blank = dict.fromkeys(("submitted_by", "submitted_at", "reviewed_by", "reviewed_at"))
    ProgressReport.objects.update(
        state=ReportState.DUE,
        invested_ytd=None,
        approved_invested_ytd=None,
        approved_physical_progress=None,
        approved_status="",
        first_submitted_on=None,
        status="",
        started_on=None,
        completed_on=None,
        **blank,
    )
    ground.settle()
    return ground.person("diaodu")


def lines(rows: int, number: int) -> list[Line]:
    """The rows of a round's file."""
    found = ProgressReport.objects.order_by("entry_id", "period__month").values_list(
        "entry__project__code", "entry__project__name", "period__month"
    )
    return [
        (
            code,
            name,
            f"2024-{month:02}",
            1000.0 * month + number,
            8.0 * month,
            "开工",
            f"第{number}次填报：完成主体施工。",
        )
        for code, name, month in found[:rows]
    ]


def workbook(found: list[Line]) -> bytes:
    """The file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("月报")
        for number, line in enumerate([HEAD, *found]):
            sheet.write_row(number, 0, line)
    return out.getvalue()


def read_bare(data: bytes) -> list[list[object]]:
    """The file as the reading library gives it."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python()[1:]


def store(rows: list[list[object]], *, copies: bool) -> None:
    """As many rows in a bare table."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        bare = cursor.cursor
        if copies:
            with bare.copy("COPY bare FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            bare.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
        cursor.execute("DROP TABLE bare")


def bring_in(data: bytes, by: User) -> tuple[float, float]:
    """The dry run with its preview, and the writing; seconds of each."""
    now = timezone.now()
    start = perf_counter()
    run = workflow.ask(
        kind="months",
        name="月报.xlsx",
        data=data,
        by=by,
        language="zh-hans",
        now=now,
        skips_totals=False,
    )
    running.run(run.pk)
    checked = perf_counter()
    run.refresh_from_db()
    assert run.state == ImportRun.State.READY, run.log
    workflow.ask_for(run.pk, ImportRun.Task.WRITE, by=by, now=now)
    running.run(run.pk)
    written = perf_counter()
    run.refresh_from_db()
    assert run.state == ImportRun.State.WRITTEN, run.log
    return checked - start, written - checked


def added(data: bytes, by: User) -> int:
    """The memory in MB that bringing a file in adds to what the process has, at the highest."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before = _of_process("VmRSS")
    bring_in(data, by)
    return _of_process("VmHWM") - before


def _of_process(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) // 1024


def main() -> int:
    """Lay out, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        by = lay_out(arguments.rows)
        few, all_rows = arguments.rows // 4, arguments.rows
        memory = [added(workbook(lines(few, -1)), by), added(workbook(lines(all_rows, 0)), by)]
        times: dict[str, list[float]] = {
            name: [] for name in ("calamine", "executemany", "COPY", "dry run", "writing")
        }
        for number in range(1, arguments.rounds + 1):
            data = workbook(lines(arguments.rows, number))
            start = perf_counter()
            rows = read_bare(data)
            times["calamine"].append(perf_counter() - start)
            for name in ("executemany", "COPY"):
                start = perf_counter()
                store(rows, copies=name == "COPY")
                times[name].append(perf_counter() - start)
            del rows
            checked, written = bring_in(data, by)
            times["dry run"].append(checked)
            times["writing"].append(written)
        written = all_rows * (arguments.rounds + 1) + few
        assert ReportEvent.objects.count() == written
        assert ProgressReport.objects.filter(invested_ytd__gt=Decimal(0)).count() == arguments.rows
    finally:
        teardown_databases(databases, verbosity=0)
    report(times, arguments.rows, memory)
    return 0


def report(times: dict[str, list[float]], rows: int, memory: list[int]) -> None:
    """What was found."""
    print(f"{ground.machine()}: {rows:,} rows, {len(times['calamine'])} rounds\n")
    print("| step | median s |\n|---|---:|")
    for name, found in times.items():
        print(f"| {name} | {median(found):.2f} |")
    ours = median(times["dry run"]) + median(times["writing"])
    read = median(times["calamine"])
    print("\n| ratio | found | at most |\n|---|---:|---:|")
    for name, most in GOALS.items():
        bare = read + median(times[name.rpartition(" ")[2]])
        print(f"| {name} | {ours / bare:.2f} | {most} |")
    few, all_rows = memory
    print(f"\nMemory added: {few} MB for a quarter of the rows, {all_rows} MB for all")


if __name__ == "__main__":
    raise SystemExit(main())
