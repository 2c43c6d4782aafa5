"""What is measured, and measuring it: every probe once in every round, so that all have the same weather."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

WARM_UP = 3
Times = dict[str, list[float]]


def nothing() -> None:
    """What most probes do before they are timed."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to be timed, under its name in the results; `before` and `after` are not timed."""

    name: str
    act: Callable[[], object]
    before: Callable[[], object] = nothing
    after: Callable[[], object] = nothing


def measure(probes: Sequence[Probe], rounds: int, warm_up: int = WARM_UP) -> Times:
    """Milliseconds of each probe."""
    taken: Times = {probe.name: [] for probe in probes}
    for number in range(-warm_up, rounds):
        for probe in probes:
            probe.before()
            start = perf_counter()
            probe.act()
            elapsed = (perf_counter() - start) * 1000
            probe.after()
            if number >= 0:
                taken[probe.name].append(elapsed)
    return taken


def middle(times: Iterable[float]) -> float:
    """The median."""
    return median(times)


def worst(times: Sequence[float]) -> float:
    """The 95th percentile: what all but one in twenty stay within."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def page(
    client: Client, address: str, *, holds: tuple[bytes, int] | None = None
) -> Callable[[], bytes]:
    """Fetching a page through every middleware; one that does not answer properly ends the run.

    `holds` is the mark of a row and how many the page must have of them.
    """

    def fetch() -> bytes:
        response = client.get(address)
        if response.status_code != 200:
            sys.exit(f"{address} answered {response.status_code}.")
        return response.content

    if holds is not None:
        mark, wanted = holds
        found = fetch().count(mark)
        if found != wanted:
            sys.exit(f"{address}: {found} rows, not {wanted}.")
    return fetch


def statements(act: Callable[[], object]) -> list[str]:
    """The statements that something asks the database, with their values."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [str(query["sql"]) for query in captured.captured_queries]


def bare(asked: Sequence[str]) -> Callable[[], list[Any]]:
    """Asking the same of the database and fetching the rows, with nothing of ours around it."""

    def ask() -> list[Any]:
        with connection.cursor() as cursor:
            rows: list[Any] = []
            for statement in asked:
                cursor.execute(statement)
                rows = cursor.fetchall()
            return rows

    return ask
