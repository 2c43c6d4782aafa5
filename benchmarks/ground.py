"""A portfolio of a size, laid out to be measured, and what to say of the machine that it stands on."""

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from django import get_version
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import User
from benchmarks.cluster import GIGABYTE, MEMORY
from projects.sample.portfolio import Size, generate
from summaries import keeping

YEAR, MONTHS, SEED = 2024, 10, 2024
LAST_SETTLED, OPEN_MONTH = 9, 10
OURS = ("accounts", "projects", "indicators", "exchange", "summaries", "reading")
ENTRIES_OF_A_REGION, MOST_REGIONS = 250, 100


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A portfolio in the database: how many entries, how long it took to write and to count."""

    entries: int
    regions: int
    rows: int
    cells: int
    written_in: float
    counted_in: float


def lay_out(entries: int, regions: int | None = None) -> LaidOut:
    """Take away what there is and put a portfolio of this size in its place, cells and statistics too."""
    empty()
    regions = regions or min(max(entries // ENTRIES_OF_A_REGION, 1), MOST_REGIONS)
    start = perf_counter()
    made = generate(Size(entries, MONTHS, regions), year=YEAR, seed=SEED, at=timezone.now())
    written = perf_counter()
    cells = keeping.rebuild(YEAR, at=timezone.now())
    counted = perf_counter()
    settle()
    cache.clear()
    return LaidOut(entries, regions, made.rows, cells, written - start, counted - written)


def empty() -> None:
    """Take every row away that our own apps hold."""
    tables = sorted(
        {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label in OURS and model._meta.managed
        }
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            return
        with connection.constraint_checks_disabled():
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")


def settle() -> None:
    """Let the database tidy up and learn what it holds, as it would have by the next day."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def person(username: str) -> User:
    """One of the portfolio's people (see accounts.demo)."""
    return User.objects.get(username=username)


def machine() -> str:
    """Date, processor and versions: what a table of results begins with."""
    version = ".".join(map(str, connection.get_database_version()))
    memory = f"{MEMORY / GIGABYTE:.0f} GiB"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_processor()}, {os.cpu_count()} cores, {memory},"
        f" Python {platform.python_version()}, Django {get_version()},"
        f" {connection.display_name} {version}, commit {_commit()}"
    )


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
