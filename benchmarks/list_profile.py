"""Where the time of the plan list's first page goes: `python -m benchmarks.list_profile`, as docs/profiles/ holds it."""

import argparse
import cProfile
import logging
import os
import pstats
import re
import sys
from collections.abc import Callable
from time import process_time

from django.conf import settings
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from benchmarks import ground, urls
from benchmarks.lists import ADMIN_ROW, ROW
from benchmarks.probes import Probe, measure, middle, page

TOLD = 25
"""How many functions are named, once by their whole time, once by their own."""
PASSED_ON = 0.9
LIBRARIES = re.compile(r"site-packages/|lib/python3\.\d+/")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def main() -> None:
    """Profile our page; before it, how it stands beside the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    settings.ROOT_URLCONF = "benchmarks.urls"
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        ground.lay_out(options.entries)
        client = Client()
        client.force_login(ground.person("admin"))
        compare(client, options.rounds)
        profile(page(client, reverse("projects:plan-list"), holds=ROW), options.rounds)
    finally:
        teardown_databases(databases, verbosity=0)


def compare(client: Client, rounds: int) -> None:
    """Print the page's median beside the shell's and Django admin's, as ratios."""
    plans = reverse("projects:plan-list")
    changes = reverse("peers:projects_annualplan_changelist")
    probes = [
        Probe("list", page(client, plans, holds=ROW)),
        Probe("projects", page(client, reverse("projects:project-list"), holds=ROW)),
        Probe("shell", page(client, urls.SHELL, holds=(ROW[0], 0))),
        Probe("admin", page(client, changes, holds=ADMIN_ROW)),
    ]
    found = {name: middle(times) for name, times in measure(probes, rounds).items()}
    for peer in ("admin", "shell"):
        print(f"list / {peer}: {found['list'] / found[peer]:.2f}")
    print(f"projects / admin: {found['projects'] / found['admin']:.2f}\n")


def profile(act: Callable[[], object], rounds: int) -> None:
    """Print the dearest functions as two tables, in milliseconds of processor a page."""
    profiler = cProfile.Profile(process_time)
    profiler.enable()
    for _ in range(rounds):
        act()
    profiler.disable()
    found = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in found.values())
    print(f"{whole * 1000 / rounds:.1f} ms a page, the profiler's own time included\n")
    for title, column in (("with what it calls", 3), ("alone", 2)):
        print(f"| ms a page {title} | calls a page | function |\n|---:|---:|---|")
        # what only passes the request on holds nearly the whole time and says nothing
        told = [entry for entry in found.items() if entry[1][3] < PASSED_ON * whole]
        for (path, line, name), times in sorted(told, key=lambda entry: -entry[1][column])[:TOLD]:
            where = f"{module_path(path)}:{line} " if line else ""
            took, calls = times[column] * 1000 / rounds, times[1] / rounds
            print(f"| {took:.2f} | {calls:.0f} | {where}`{ADDRESS.sub('', name)}` |")
        print()


def module_path(path: str) -> str:
    """A source file by its place in the project, or in the library that it belongs to."""
    within = LIBRARIES.split(path)[-1]
    return os.path.relpath(path, settings.BASE_DIR) if within == path else within


if __name__ == "__main__":
    sys.exit(main())
