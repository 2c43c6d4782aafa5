"""How long the refresh after an approval takes, and a year's rebuild beside the bare grouping query.

    TEST_DATABASE=postgresql python -m benchmarks.cells [--approvals 40] [--rounds 5]

The list grows to 1,000, 10,000 and 100,000 entries; at each size reports all over it are approved
one after the other, and each time the cells are refreshed. At the last size the year is rebuilt in
turn with the query that the rebuild stores (fetched and thrown away), and with a plain one that
groups the same reports by the same keys into three sums. Then a thousand reports are approved
without a pause, and refreshed as often as a worker would. A database and a broker are made for the run and thrown away.
"""

import argparse
import logging
import os
import random
import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter

from tests import ground

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE", "postgresql")
ground.prepare()

from django.db import connection  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.pages import print_header, print_ratios  # noqa: E402
from benchmarks.year_of_reports import SUBMITTED_MONTH, YEAR, grow_to, make_people  # noqa: E402
from projects import workflow  # noqa: E402
from projects.models import EntryMark, ProgressReport, ReportAction  # noqa: E402
from summaries import keeping, recount  # noqa: E402
from summaries.models import ProgressCell  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
WARM_UP = 5
THOUSAND = 1_000
DAY = date(YEAR, 11, 3)
GOALS = {"refresh at the most entries / at the fewest": 1.5, "rebuild / bare grouping query": 1.5}

PLAIN = """
    SELECT entry.year, period.month, project.region_id, project.department_id,
           entry.level, entry.category, entry.sector, entry.goal, COUNT(*),
           SUM(report.planned_year), SUM(report.planned_ytd), SUM(report.approved_invested_ytd)
    FROM projects_progressreport AS report
    JOIN projects_annualplan AS entry ON entry.id = report.entry_id
    JOIN projects_project AS project ON project.id = entry.project_id
    JOIN projects_reportingperiod AS period ON period.id = report.period_id
    WHERE entry.year = %s
    GROUP BY entry.year, period.month, project.region_id, project.department_id,
             entry.level, entry.category, entry.sector, entry.goal
"""


def milliseconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000


def refresh() -> None:
    keeping.refresh(at=timezone.now())


def rebuild() -> None:
    keeping.rebuild(YEAR, at=timezone.now())


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def waiting_reports(count: int, draw: random.Random) -> list[int]:
    """Submitted reports from all over the list."""
    found = ProgressReport.objects.filter(period__month=SUBMITTED_MONTH, state="submitted")
    return draw.sample(sorted(found.values_list("pk", flat=True)), count)


def approve(report: int, checker: User) -> None:
    workflow.perform(report, ReportAction.APPROVE, version=0, by=checker, on=DAY, at=timezone.now())


def measure_refresh(
    approvals: int, checker: User, draw: random.Random
) -> tuple[float, float, float, int]:
    """Median of the approval, of its refresh, nine of ten within; queries of the last refresh."""
    approved, refreshed, asked = [], [], 0
    for report in waiting_reports(WARM_UP + approvals, draw):
        approved.append(milliseconds(lambda pk=report: approve(pk, checker)))
        if EntryMark.objects.count() == 0:
            sys.exit("An approval left no mark.")
        with CaptureQueriesContext(connection) as captured:
            refreshed.append(milliseconds(refresh))
        asked = len(captured)
    taken = sorted(refreshed[WARM_UP:])
    return (
        median(approved[WARM_UP:]),
        median(taken),
        taken[int(len(taken) * 0.9)],
        asked,
    )


def fetch(statement: str) -> None:
    """Run a query and fetch its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [YEAR])
        cursor.fetchall()


def measure_rebuild(rounds: int) -> dict[str, float]:
    """Medians in milliseconds, the three in every round."""
    acts = {
        "rebuild": rebuild,
        "the grouping query that it stores": lambda: fetch(recount.OF_YEAR),
        "a plain grouping into three sums": lambda: fetch(PLAIN),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(-1, rounds):
        for name, act in acts.items():
            found = milliseconds(act)
            if number >= 0:
                taken[name].append(found)
    return {name: median(times) for name, times in taken.items()}


def measure_thousand(checker: User, draw: random.Random) -> None:
    """Approve a thousand reports in one go, with a refresh after every twenty."""
    reports = waiting_reports(THOUSAND, draw)

    def work() -> None:
        for number, report in enumerate(reports, start=1):
            approve(report, checker)
            if number % 20 == 0:
                refresh()

    seconds = milliseconds(work) / 1000
    print(f"\n1,000 approvals one after the other, with 50 refreshes: {seconds:.1f} s")


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--approvals", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    logging.disable(logging.INFO)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        maker, checker = make_people()
        draw = random.Random(YEAR)
        print_header(f"{options.approvals} approvals at each size, {options.rounds} rebuilds")
        print(
            "| entries | cells | approval ms | its refresh ms | 9 of 10 within ms | queries |\n"
            "|---:|---:|---:|---:|---:|---:|"
        )
        refreshed = {}
        for size in options.sizes:
            grow_to(size, maker, checker)
            rebuild()
            analyze()
            approval, middle, most, asked = measure_refresh(options.approvals, checker, draw)
            refreshed[size] = middle
            cells = ProgressCell.objects.count()
            print(
                f"| {size:,} | {cells:,} | {approval:.1f} | {middle:.1f} | {most:.1f} | {asked} |",
                flush=True,
            )
        taken = measure_rebuild(options.rounds)
        print(f"\n| {max(options.sizes):,} entries | median ms |\n|---|---:|")
        for name, middle in taken.items():
            print(f"| {name} | {middle:.0f} |")
        rebuilt, bare, _plain = taken.values()
        ratios = {
            "refresh at the most entries / at the fewest": refreshed[max(refreshed)]
            / refreshed[min(refreshed)],
            "rebuild / bare grouping query": rebuilt / bare,
        }
        reached = print_ratios(ratios, GOALS)
        measure_thousand(checker, draw)
        differences = keeping.differences(YEAR)
        if differences:
            sys.exit(f"{len(differences)} cells are wrong: {differences[0]}")
        return 0 if reached else 1
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
