"""A hundred signed-in people at work on one machine: no error, and nobody waits much longer than when idle.

    python -m benchmarks.crowd [--entries 10000] [--people 100] [--seconds 120]

The site runs as in production (gunicorn as deploy/gunicorn.conf.py has it, PostgreSQL, Valkey) on the
loopback interface; locust plays the people (crowd_people.py). Before them one person does everybody's work
alone, which gives the idle times. Seven in ten report, two review, one leads.
"""

import argparse
import csv
import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connection, connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from accounts.models import User
from accounts.roles import Role
from benchmarks import ground
from benchmarks.cluster import ON_SQLITE
from benchmarks.findings import write_section
from scripts.demo import web_answers
from scripts.servers import LOOPBACK, free_port
from scripts.supervisor import Program, Supervisor

IDLE_SECONDS, WARM_SECONDS = 30, 10
GOAL = 4
ALL = "Aggregated"


@dataclass(frozen=True, slots=True)
class Taken:
    """What locust found of a page: requests, failures, milliseconds."""

    requests: int
    failures: int
    median: float
    within: float
    """95 of 100 within."""


def main() -> int:
    """Measure once; 1 where the goal is missed or anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--dry", action="store_true", help="leave results.md as it is")
    options = parser.parse_args()
    if ON_SQLITE:
        sys.exit("A crowd is measured on PostgreSQL.")
    logging.disable(logging.WARNING)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        made = ground.lay_out(options.entries)
        print(f"{made.entries:,} entries, {made.cells:,} cells", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            idle, crowd = play(Path(folder), options.people, options.seconds)
        text, reached = told(idle, crowd, options)
    finally:
        connections.close_all()
        teardown_databases(databases, verbosity=0)
    print(text)
    if not options.dry:
        title = f"{options.people} people at {options.entries:,} entries"
        write_section(f"crowd at {options.entries}", title, text)
    return 0 if reached else 1


def play(folder: Path, people: int, seconds: int) -> tuple[dict[str, Taken], dict[str, Taken]]:
    """Start the site, let one person work alone, then all of them."""
    host = f"http://{LOOPBACK}:{free_port()}"
    sessions = folder / "people.json"
    sessions.write_text(json.dumps(signed_in(people)))
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "CROWD_PEOPLE": str(sessions),
        "CROWD_YEAR": str(ground.YEAR),
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        check=True,
        env=environment,
    )
    supervisor = Supervisor()
    try:
        # The web server inherits what is said here.
        os.environ["DATABASE_URL"] = environment["DATABASE_URL"]
        os.environ["WEB_BIND"] = host.removeprefix("http://")
        os.environ["WEB_WORKERS"] = str(max(os.cpu_count() or 2, 2))
        web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        supervisor.start(Program("web", web))
        supervisor.wait_until(lambda: web_answers(f"{host}/"), patience=60, name="The site")
        alone = {**environment, "CROWD_ALONE": "true"}
        locust(folder / "warm", host, 1, WARM_SECONDS, alone)
        idle = locust(folder / "idle", host, 1, IDLE_SECONDS, alone)
        return idle, locust(folder / "crowd", host, people, seconds, environment)
    finally:
        supervisor.stop()


def database_url() -> str:
    """The address of the database that the portfolio was laid out in."""
    of = connection.settings_dict
    return f"postgres://{of['USER']}:{quote(of['PASSWORD'])}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def signed_in(people: int) -> list[dict[str, str]]:
    """So many sessions: reporters of departments of their own, the manager's, the leader's."""
    leading = people // 10
    staff = User.objects.filter(role=Role.STAFF, department__parent=None).order_by("?")
    reporting = list(staff.exclude(username="tianbao")[: people - 3 * leading])
    manager, leader = ground.person("diaodu"), ground.person("lingdao")
    everybody = [*reporting, *[manager] * (people - len(reporting) - leading), *[leader] * leading]
    found = []
    for user in everybody:
        client = Client()
        client.force_login(user)
        found.append({"role": user.role, "session": client.cookies["sessionid"].value})
    return found


def locust(
    prefix: Path, host: str, people: int, seconds: int, environment: dict[str, str]
) -> dict[str, Taken]:
    """Let people work for so long; what was found of each page and of all."""
    command = [
        *(sys.executable, "-m", "locust", "-f", "benchmarks/crowd_people.py", "--headless"),
        *("--host", host, "--users", str(people), "--spawn-rate", str(max(people // 10, 1))),
        *("--run-time", f"{seconds}s", "--csv", str(prefix), "--loglevel", "ERROR"),
        *("--only-summary", "--stop-timeout", "10"),
    ]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    failures = Path(f"{prefix}_failures.csv").read_text()
    if failures.count("\n") > 1:
        print(failures)
    with Path(f"{prefix}_stats.csv").open(newline="") as file:
        return {
            row["Name"]: Taken(
                int(row["Request Count"]),
                int(row["Failure Count"]),
                float(row["Median Response Time"]),
                float(row["95%"]),
            )
            for row in csv.DictReader(file)
            if int(row["Request Count"])
        }


def told(
    idle: dict[str, Taken], crowd: dict[str, Taken], options: argparse.Namespace
) -> tuple[str, bool]:
    """The results as results.md holds them, and whether the goal is reached."""
    every, calm = crowd[ALL], idle[ALL]
    ratio = every.within / calm.median
    is_reached = ratio <= GOAL and not every.failures
    lines = [
        ground.machine(),
        "",
        f"{options.people} people for {options.seconds} s: {every.requests:,} requests, {every.failures} failed.",
        f"95 % within {every.within:.0f} ms, idle median {calm.median:.0f} ms: **{ratio:.2f}**"
        f" (at most {GOAL}) {'pass' if is_reached else '**MISSED**'}",
        "",
        "| page | requests | failed | idle median ms | median ms | 95 % ms | 95 % / idle median |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in sorted(crowd.items()):
        if name == ALL or name not in idle:
            continue
        before = idle[name].median
        lines.append(
            f"| {name} | {found.requests:,} | {found.failures} | {before:.0f} | {found.median:.0f}"
            f" | {found.within:.0f} | {found.within / max(before, 1):.1f} |"
        )
    return "\n".join(lines), is_reached


if __name__ == "__main__":
    sys.exit(main())
