"""Everything that is claimed of speed, in one run: `make bench`, or `make bench SIZES="1000 10000"`.

At each size a portfolio is laid out, and pages, figures, files and jobs are measured in rounds with
what they are held against. The tables go to results.md; the exit status says whether every goal is
reached. DATABASE=sqlite measures on the embedded default, up to 10,000 entries unless told otherwise.
"""

import argparse
import logging
import sys
import traceback
from time import perf_counter

from django.conf import settings
from django.test.utils import setup_databases, teardown_databases

from benchmarks import figures, files, ground, kept_cells, lists, monthly
from benchmarks.cluster import ON_SQLITE
from benchmarks.findings import Findings, write_section

SIZES = [1_000, 10_000] if ON_SQLITE else [1_000, 10_000, 100_000, 1_000_000]
SUBJECTS = {
    "lists": lists.run,
    "figures": figures.run,
    "monthly": monthly.run,
    "files": files.run,
    "cells": kept_cells.run,
}
AT_MOST = {1_000_000: 12}
"""So many rounds at most at a size."""


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, default=list(SUBJECTS))
    parser.add_argument("--dry", action="store_true", help="leave results.md as it is")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.API_RATES = {"read": "1000000/hour", "write": "1000000/hour"}
    databases = setup_databases(verbosity=0, interactive=False)
    findings = Findings()
    start = perf_counter()
    try:
        machine = ground.machine()
        print(machine, flush=True)
        for size in sorted(options.sizes):
            measure(findings, size, options.rounds, options.only)
        lists.hold_growth(findings)
        kept_cells.hold_growth(findings)
    finally:
        teardown_databases(databases, verbosity=0)
    text = (
        f"{machine}. {options.rounds} rounds, {perf_counter() - start:.0f} s.\n\n{findings.text()}"
    )
    print(f"\n{text}")
    if not options.dry:
        name = "sqlite" if ON_SQLITE else "postgresql"
        title = "SQLite, the embedded default" if ON_SQLITE else "PostgreSQL"
        write_section(f"bench on {name}", f"make bench: {title}", text)
    return 0 if findings.are_reached else 1


def measure(findings: Findings, size: int, rounds: int, only: list[str]) -> None:
    """Lay a portfolio out and measure everything on it."""
    print(f"{size:,} entries …", flush=True)
    made = ground.lay_out(size)
    findings.note(
        f"{size:,} entries in {made.regions} regions: {made.rows:,} rows written in"
        f" {made.written_in:.1f} s, {made.cells:,} cells counted in {made.counted_in:.1f} s."
    )
    for subject in only:
        try:
            SUBJECTS[subject](findings, size, min(rounds, AT_MOST.get(size, rounds)))
        except (Exception, SystemExit) as problem:
            # An hour's measurements are not thrown away for one page that does not answer.
            traceback.print_exc()
            findings.fail(f"{size:,}: {subject} could not be measured to the end: {problem}")


if __name__ == "__main__":
    sys.exit(main())
