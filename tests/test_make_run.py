"""`make run` itself: it answers, keeps what it was given, and leaves no process behind."""

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from scripts.servers import free_port
from tests import ground
from tests.processes import descendants, still_running

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ("DATABASE_URL", "REDIS_URL")
OF_THE_TESTS = {
    *ground.SETTINGS,
    *SERVERS,
    "DJANGO_SETTINGS_MODULE",
    "PORT",
    "MAKEFLAGS",
    "MAKELEVEL",
}


@dataclass
class Site:
    """A running `make run` and what it has written so far."""

    process: subprocess.Popen[str]
    port: int
    output: str = ""

    def read_until(self, words: str) -> None:
        """Wait for a line with these words; fail when the site ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if words in line:
                return
        pytest.fail(f"Ended before {words!r}:\n{self.output}")

    def interrupt(self) -> str:
        """Press Ctrl-C: the whole foreground group gets it. Return the rest of the output."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.communicate(timeout=60)[0]


@pytest.fixture
def servers() -> Iterator[dict[str, str]]:
    """Addresses for the site: none on SQLite, an empty database and the broker on PostgreSQL."""
    if ground.on_sqlite():
        yield {}
        return
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        name = "make_run_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")
        connection.execute(f"CREATE DATABASE {name}")
        yield {
            "DATABASE_URL": url.rsplit("/", 1)[0] + f"/{name}",
            "REDIS_URL": os.environ["REDIS_URL"],
        }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def make_run(tmp_path: Path, servers: dict[str, str]) -> Iterator[Callable[..., Site]]:
    """Runs `make run` as a terminal does, over files of this test only."""
    sites: list[Site] = []

    def start(**variables: str) -> Site:
        environment = {k: v for k, v in os.environ.items() if k not in OF_THE_TESTS}
        port = free_port()
        given = {"WZ_VAR": str(tmp_path / "var"), "PORT": str(port), **servers, **variables}
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        sites.append(Site(process, port))
        return sites[-1]

    yield start
    for site in sites:
        if site.process.poll() is None:
            os.killpg(site.process.pid, signal.SIGTERM)
        site.process.communicate(timeout=60)


def test_the_site_runs_stops_and_loses_nothing(make_run, servers, tmp_path):
    site = make_run()
    site.read_until("Ctrl-C ends it.")
    address = f"http://127.0.0.1:{site.port}/"
    assert address in site.output
    assert "tianbao" in site.output
    with urllib.request.urlopen(address) as page:
        assert page.url.startswith(f"{address}accounts/login/")
    family = descendants(site.process.pid)
    connection = json.loads((tmp_path / "var/connection.json").read_text())
    with redis.Redis.from_url(connection["REDIS_URL"]) as broker:
        broker.set("kept", "yes")
    assert [each.name for each in family].count("valkey-server") == (0 if servers else 1)

    # A second one over the same files is refused, and says why.
    second = make_run()
    assert "already runs" in second.process.communicate(timeout=60)[0]

    assert "every program has ended" in site.interrupt()
    assert still_running(family) == []

    again = make_run()
    again.read_until("Ctrl-C ends it.")
    assert "Loading the report" in site.output
    assert "Loading the report" not in again.output
    connection = json.loads((tmp_path / "var/connection.json").read_text())
    with redis.Redis.from_url(connection["REDIS_URL"]) as broker:
        assert broker.get("kept") == b"yes"
    again.interrupt()


def test_a_busy_port_is_named(make_run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = make_run(PORT=str(port)).process.communicate(timeout=60)[0]

    assert f"Cannot listen on 127.0.0.1:{port}" in said
    assert f"make run PORT={port + 1}" in said
