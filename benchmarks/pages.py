"""Asking for several pages in turn, and printing how long each took: what the benchmarks share."""

import os
import platform
import sys
from collections.abc import Mapping
from datetime import date
from statistics import median
from time import perf_counter

from django import get_version
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

WARM_UP = 5


def fetch(client: Client, address: str) -> bytes:
    """The page; a page that does not answer properly is not worth measuring."""
    response = client.get(address)
    if response.status_code != 200:
        sys.exit(f"{address} answered {response.status_code}.")
    return response.content


def check(client: Client, pages: Mapping[str, str], rows: Mapping[str, tuple[bytes, int]]) -> None:
    """See that the pages hold what they are measured for: so many times the mark of a row."""
    for name, (mark, wanted) in rows.items():
        found = fetch(client, pages[name]).count(mark)
        if found != wanted:
            sys.exit(f"{name}: {found} rows, not {wanted}.")


def measure(client: Client, pages: Mapping[str, str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, all pages in every round."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(-WARM_UP, rounds):
        for name, address in pages.items():
            start = perf_counter()
            fetch(client, address)
            if number >= 0:
                taken[name].append((perf_counter() - start) * 1000)
    return taken


def queries(client: Client, address: str) -> int:
    """How many queries the page makes."""
    with CaptureQueriesContext(connection) as captured:
        fetch(client, address)
    return len(captured)


def print_header(amount: str) -> None:
    """What was measured on what."""
    version = ".".join(map(str, connection.get_database_version()))
    print(
        f"{date.today():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "  # noqa: DTZ011
        f"Python {platform.python_version()}, Django {get_version()}, "
        f"{connection.display_name} {version}, {amount}\n"
    )


def print_pages(taken: Mapping[str, list[float]], asked: Mapping[str, int]) -> None:
    """The table of the pages."""
    print("| page | median ms | 9 of 10 within ms | queries |\n|---|---:|---:|---:|")
    for name, times in taken.items():
        nine_of_ten = sorted(times)[int(len(times) * 0.9)]
        print(f"| {name} | {median(times):.1f} | {nine_of_ten:.1f} | {asked[name]} |")


def print_ratios(found: Mapping[str, float], goals: Mapping[str, float]) -> bool:
    """The table of the ratios beside their goals; true where every goal is reached."""
    print("\n| ratio | found | at most |\n|---|---:|---:|")
    for name, goal in goals.items():
        print(f"| {name} | {found[name]:.2f} | {goal} |")
    return all(found[name] <= goal for name, goal in goals.items())
