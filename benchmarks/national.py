"""A national year, made and measured once: 2,800 counties × 235 entries × 12 months.

    python -m benchmarks.national [--regions 2800] [--entries-of-a-region 235] [--rounds 9]

How long it takes to write and to count, how large the tables are, and how long pages take of one
county, of one city and of the whole. `--regions 28` tries it at a hundredth. PostgreSQL only; some
20 GB of room are needed for the whole.
"""

import argparse
import logging
import resource
import sys

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from accounts.models import Region
from benchmarks import ground, urls
from benchmarks.cluster import ON_SQLITE
from benchmarks.figures import MONTH, forget
from benchmarks.findings import write_section
from benchmarks.lists import last_page
from benchmarks.probes import Probe, measure, middle, page, worst
from projects.models import ProgressReport
from summaries import cells
from summaries.cells import By
from summaries.models import ProgressCell

LARGEST = """
    SELECT root.relname, SUM(leaf.reltuples)::bigint,
           SUM(pg_table_size(leaf.oid))::bigint, SUM(pg_indexes_size(leaf.oid))::bigint
    FROM pg_class AS root
    CROSS JOIN LATERAL (
        SELECT root.oid AS relid WHERE root.relkind = 'r'
        UNION ALL
        SELECT tree.relid FROM pg_partition_tree(root.oid) AS tree
        WHERE root.relkind = 'p' AND tree.isleaf
    ) AS part
    JOIN pg_class AS leaf ON leaf.oid = part.relid
    WHERE root.relnamespace = current_schema()::regnamespace
      AND root.relkind IN ('r', 'p') AND NOT root.relispartition
    GROUP BY root.relname
    ORDER BY 3 DESC
    LIMIT 8
"""


def main() -> int:
    """Make it, measure it, write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=int, default=2800)
    parser.add_argument("--entries-of-a-region", type=int, default=235)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--dry", action="store_true", help="leave results.md as it is")
    options = parser.parse_args()
    if ON_SQLITE:
        sys.exit("A national year is measured on PostgreSQL.")
    logging.disable(logging.WARNING)
    settings.ROOT_URLCONF = "benchmarks.urls"
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        entries = options.regions * options.entries_of_a_region
        print(f"{entries:,} entries in {options.regions:,} regions …", flush=True)
        made = ground.lay_out(entries, options.regions)
        text = "\n\n".join([ground.machine(), said_of(made), sizes(), pages(options.rounds)])
    finally:
        teardown_databases(databases, verbosity=0)
    print(text)
    if not options.dry:
        write_section("national year", f"A national year: {options.regions:,} counties", text)
    return 0


def said_of(made: ground.LaidOut) -> str:
    """What was made and how long it took."""
    reports = ProgressReport.objects.count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"- {made.regions:,} regions, {made.entries:,} entries, {reports:,} monthly reports:"
        f" {made.rows:,} rows written in {made.written_in:,.0f} s\n"
        f"- {made.cells:,} cells counted in {made.counted_in:,.0f} s (full rebuild of the year)\n"
        f"- at most {memory:,} MiB in the writing process"
    )


def sizes() -> str:
    """The largest tables, a table in parts as one."""
    with connection.cursor() as cursor:
        cursor.execute(LARGEST)
        found = cursor.fetchall()
    lines = ["| table | rows | MiB | indexes, MiB |", "|---|---:|---:|---:|"]
    for name, rows, table, indexes in found:
        lines.append(f"| {name} | {rows:,} | {table / 2**20:,.0f} | {indexes / 2**20:,.0f} |")
    return "\n".join(lines)


def pages(rounds: int) -> str:
    """Pages and roll-ups of the whole country, of a city and of a county."""
    client = Client()
    client.force_login(ground.person("admin"))
    plans = f"{reverse('projects:plan-list')}?year={ground.YEAR}"
    county = Region.objects.filter(level=Region.Level.DISTRICT).order_by("-path")[0]
    city = county.parent
    assert city is not None
    first = page(client, plans)
    probes = [
        Probe("page without rows", page(client, f"{urls.SHELL}?year={ground.YEAR}")),
        Probe("list of the nation", first),
        Probe("list of the nation, last page", page(client, last_page(first().decode(), plans))),
        Probe("list of a county", page(client, f"{plans}&region={county.code}")),
        Probe("cockpit of the nation", page(client, MONTH)),
        Probe("cockpit of the nation, just recounted", page(client, MONTH), before=forget),
        Probe("cockpit of a county", page(client, f"{MONTH}&region={county.code}")),
        Probe("roll-up of the nation by region", lambda: rolled_up(ProgressCell.objects.all())),
        Probe("roll-up of a city by county", lambda: rolled_up(of_region(city))),
        Probe("roll-up of a county by department", lambda: by_department(county)),
    ]
    taken = measure(probes, rounds)
    lines = ["| page | median ms | 95 % ms |", "|---|---:|---:|"]
    lines += [f"| {name} | {middle(t):,.1f} | {worst(t):,.1f} |" for name, t in taken.items()]
    return "\n".join(lines)


def of_region(region: Region):
    """The cells of a region and of what lies below it."""
    return ProgressCell.objects.all().in_region(region)


def rolled_up(found) -> object:
    """A month's figures region by region."""
    return cells.progress(found, ground.YEAR, ground.LAST_SETTLED, by=(By.REGION,))


def by_department(region: Region) -> object:
    """A month's figures of a region, department by department."""
    return cells.progress(of_region(region), ground.YEAR, ground.LAST_SETTLED, by=(By.DEPARTMENT,))


if __name__ == "__main__":
    sys.exit(main())
