"""How long the cockpit and the wall screen take at 1,000, 10,000 and 100,000 entries.

    TEST_DATABASE=postgresql python -m benchmarks.cockpit [--rounds 30] [--entries 1000 10000 100000]

Each entry has two years of months. The pages are asked for in turn, round after round, by one
signed-in administrator, in this process and through every middleware, beside the same page of a
year whose rounds have opened and of which nothing has been counted. *Just recounted* is the first
reading after the cells have changed; the others find it remembered. A database and a broker are
made for the run and thrown away.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from tests import ground

os.environ.setdefault("TEST_DATABASE", "postgresql")
os.environ["WZ_TODAY"] = "2024-10-28"
ground.prepare()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.many_months import EMPTY_YEAR, LAST_MONTH, YEARS, fill, make_office  # noqa: E402
from benchmarks.pages import WARM_UP, fetch, print_header, print_ratios, queries  # noqa: E402
from summaries.models import CellKeeper, ProgressCell  # noqa: E402

PAGES = {
    "without data": f"/?year={EMPTY_YEAR}&month={LAST_MONTH}",
    "month": f"/?year={YEARS[-1]}&month={LAST_MONTH}",
    "wall": "/wall/",
    "month, just recounted": f"/?year={YEARS[-1]}&month={LAST_MONTH}",
}
MOST = 4.0


def forget() -> None:
    """What a refresh of the cells does to what is remembered of them."""
    CellKeeper.objects.update(refreshed_at=timezone.now())


BEFORE: dict[str, Callable[[], None]] = {"month, just recounted": forget}


def measure(client: Client, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, all pages in every round."""
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    for number in range(-WARM_UP, rounds):
        # The wall's first reading after a refresh belongs to nobody's measure.
        fetch(client, PAGES["wall"])
        for name, address in PAGES.items():
            BEFORE.get(name, lambda: None)()
            start = perf_counter()
            fetch(client, address)
            if number >= 0:
                taken[name].append((perf_counter() - start) * 1000)
    return taken


def check(client: Client, entries: int) -> None:
    """See that the page counts what it is measured for, and that the bare one counts nothing."""
    if f">{entries}</span>".encode() not in fetch(client, PAGES["month"]):
        sys.exit("The page does not count its entries.")
    if f">{entries}</dd>".encode() not in fetch(client, PAGES["wall"]):
        sys.exit("The wall does not count its entries.")
    if b"data-chart" in fetch(client, PAGES["without data"]):
        sys.exit("The page without data has data.")


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    logging.disable(logging.INFO)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        client = Client()
        client.force_login(make_office())
        print_header(f"two years of months each, {options.rounds} rounds")
        print("| entries | page | median ms | 9 of 10 within ms | queries | cells of a month |")
        print("|---:|---|---:|---:|---:|---:|")
        ratios: dict[str, float] = {}
        for entries in options.entries:
            fill(entries)
            check(client, entries)
            asked = {name: queries(client, address) for name, address in PAGES.items()}
            cells = ProgressCell.objects.filter(year=YEARS[-1], month=LAST_MONTH).count()
            taken = measure(client, options.rounds)
            for name, times in taken.items():
                nine_of_ten = sorted(times)[int(len(times) * 0.9)]
                print(
                    f"| {entries:,} | {name} | {median(times):.1f} | {nine_of_ten:.1f}"
                    f" | {asked[name]} | {cells:,} |"
                )
                if name != "without data":
                    bare = median(taken["without data"])
                    ratios[f"{name} / without data, {entries:,}"] = median(times) / bare
        return 0 if print_ratios(ratios, dict.fromkeys(ratios, MOST)) else 1
    finally:
        connection.close()
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
