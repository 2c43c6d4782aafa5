"""What the heaviest statements of our pages do in PostgreSQL: python -m benchmarks.explain

A portfolio is laid out, the pages below are fetched, and each statement that they ask is explained
with what it read. The ten that take longest go to docs/explain/, one file each; the files of the last
run are replaced. Times belong to the machine of the day: what is kept is which indexes are walked and
how many rows are read.
"""

import argparse
import logging
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from accounts.models import Region, User
from accounts.roles import Role
from benchmarks import ground
from benchmarks.ground import LAST_SETTLED, OPEN_MONTH, YEAR, person
from benchmarks.probes import page, statements

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "explain"
KEPT = 10


def pages() -> dict[str, str]:
    """The pages that read most for somebody who sees everything, by what the files are called."""
    plans, projects = reverse("projects:plan-list"), reverse("projects:project-list")
    year = f"{plans}?year={YEAR}"
    return {
        "plan list": year,
        "plan list, last page": f"{year}&page=last",
        "plan list, two filters": f"{year}&category=industry&goal=started",
        "plan list, by name": f"{year}&sort=name",
        "plan list, by completion rate": f"{year}&sort=-completion_rate",
        "plan list, by completion rate, last page": f"{year}&sort=-completion_rate&page=last",
        "plan list, by planned investment": f"{year}&sort=-planned_investment",
        "plan list, a common word": f"{year}&q=污水",
        "plan list, a rare word": f"{year}&q=龙驹镇",
        "plan list, initials": f"{year}&q=ljz",
        "plan list, counted": f"{year}&totals=exact",
        "plan list of a month": f"{year}&month={LAST_SETTLED}",
        "plan list of a month, not submitted": f"{year}&month={OPEN_MONTH}&reporting=unreported",
        "project list": f"{projects}?all=1",
        "project list, a common word": f"{projects}?q=污水",
        "cockpit": f"/?year={YEAR}&month={LAST_SETTLED}",
        "review queue": reverse("projects:review-queue"),
    }


def pages_in_bounds() -> dict[str, str]:
    """The pages that read most for somebody who sees a part of it."""
    plans = reverse("projects:plan-list")
    return {
        "plan list": f"{plans}?year={YEAR}",
        "plan list, a common word": f"{plans}?year={YEAR}&q=污水",
        "cockpit": "/",
    }


def readers() -> list[tuple[User, str, dict[str, str]]]:
    """Who reads, what is said of them in the name of a file, and their pages."""
    county = Region.objects.filter(level=Region.Level.DISTRICT).order_by("-path")[0]
    manager = User(username="of-one-county", role=Role.MANAGER, region=county)
    manager.save()
    in_bounds = pages_in_bounds()
    reporting = {"grid": reverse("projects:my-month"), **in_bounds}
    return [
        (person("admin"), "", pages()),
        (manager, "a county's ", {**in_bounds, "review queue": reverse("projects:review-queue")}),
        (person("tianbao"), "a department's ", reporting),
    ]


def explained(client: Client, name: str, address: str) -> Iterator[tuple[float, str]]:
    """Milliseconds and the text of each statement that a page asks of what it shows."""
    page(client, address)()  # what is remembered is remembered
    for sql in statements(page(client, address)):
        if not re.match(r"SELECT .*(projects|summaries)_", sql):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        taken = float(re.findall(r"Execution Time: ([\d.]+) ms", plan)[-1])
        yield taken, f"{name}: {address}\n\n{folded(sql)}\n\n{plan}\n"


def folded(sql: str) -> str:
    """A statement to be read: its clauses on lines of their own."""
    parts = re.split(r" (?=(?:FROM|WHERE|GROUP BY|ORDER BY|LIMIT)\b)", sql)
    return "\n".join(textwrap.fill(part, 118, subsequent_indent="    ") for part in parts)


def keep(found: list[tuple[float, str]]) -> None:
    """Write the heaviest, the heaviest first; a page's statement once."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    heaviest = sorted({text: taken for taken, text in found}.items(), key=lambda each: -each[1])
    for number, (text, _taken) in enumerate(heaviest[:KEPT], start=1):
        name = re.sub(r"\W+", "-", text.partition(":")[0])
        (FOLDER / f"{number:02}-{name}.txt").write_text(text)


def main() -> int:
    """Explain once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        ground.lay_out(options.entries)
        found = []
        for reader, whose, addresses in readers():
            client = Client()
            client.force_login(reader)
            for name, address in addresses.items():
                found += explained(client, f"{whose}{name}", address)
        keep(found)
        (FOLDER / "machine.txt").write_text(f"{ground.machine()}, {options.entries:,} entries\n")
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
