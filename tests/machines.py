"""An installation of several machines on this one: two database servers, web and worker processes, that can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from django.test import override_settings

from scripts.servers import (
    LOOPBACK,
    Server,
    free_port,
    postgresql,
    streaming_replica,
)
from scripts.supervisor import Program, end, ended_with_us
from tests.worker import Worker, database_url, eventually
from wzprojects.operations.postgresql import programs

# Commits wait for the replica once the primary is told that it has one to wait for.
SETTINGS = {
    "synchronous_commit": "remote_apply",
    "wal_keep_size": "256MB",
    "hot_standby_feedback": "on",
}
DATABASES = ("primary", "replica")
NOTHING: Mapping[str, str] = {}
PYTHON = [sys.executable, "-m"]


class Machines:
    """What runs, by name; all of it is ended when the block is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> "Machines":
        return self

    def __exit__(self, *details: object) -> None:
        for name in reversed(list(self.running)):
            if name in DATABASES:
                end(self.running[name], signal.SIGINT, patience=10)
            else:
                self.kill(name)

    def start(self, name: str, program: Program, environment: Mapping[str, str] = NOTHING) -> None:
        """Start a program in a process group of its own; its log is NAME.log."""
        with self.log(name).open("a") as file:
            self.running[name] = subprocess.Popen(
                ended_with_us(program.command, program.stop_signal),
                env={**os.environ, **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End a program and its children at once, like a power cut."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def database(self, name: str, server: Server) -> None:
        """Start a database server and wait for it."""
        self.start(name, server.program)

        def answers() -> bool:
            if self.running[name].poll() is not None:
                # Of one that was killed, sessions may still be ending: it refuses to start beside them.
                self.start(name, server.program)
            return server.answers()

        eventually(answers, seconds=60)

    def web(self, name: str, environment: Mapping[str, str], *, threads: int) -> str:
        """Start a web process; its address, where it may not answer yet."""
        port = free_port()
        command = ["gunicorn", "wzprojects.wsgi", f"--bind={LOOPBACK}:{port}"]
        quiet = [f"--threads={threads}", "--no-control-socket", "--log-level=warning"]
        pool = {"DB_POOL_SIZE": str(threads)}
        self.start(name, Program(name, [*PYTHON, *command, *quiet]), {**environment, **pool})
        return f"http://{LOOPBACK}:{port}"

    def worker(self, name: str, environment: Mapping[str, str]) -> Worker:
        """Start a Celery worker, which may not answer yet."""
        known_as = f"{name}-{os.getpid()}@localhost"
        command = ["celery", "-A", "wzprojects", "worker", "-c1", "-lINFO", "-n", known_as]
        alone = ["--without-gossip", "--without-mingle"]
        pool = {"DB_POOL_SIZE": "0"}
        self.start(name, Program(name, [*PYTHON, *command, *alone]), {**environment, **pool})
        return Worker(known_as, self.running[name], self.log(name))


class Pair:
    """A primary and its streaming replica, begun with what the test's own database holds."""

    def __init__(self, machines: Machines, folder: Path) -> None:
        self.primary = postgresql(folder / "primary", **SETTINGS)
        machines.database("primary", self.primary)
        binaries = programs("pg_dump", "psql")
        dump = [binaries / "pg_dump", "--no-owner", "--no-privileges", f"--dbname={database_url()}"]
        restore = [
            binaries / "psql",
            "-qX",
            "--set=ON_ERROR_STOP=1",
            f"--dbname={self.primary.url}",
        ]
        said = subprocess.run(dump, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(restore, check=True, input=said, stdout=subprocess.DEVNULL)
        self.replica = streaming_replica(folder / "replica", self.primary.url, **SETTINGS)
        machines.database("replica", self.replica)

    @property
    def address(self) -> str:
        """Both servers; whoever connects finds the one that is the primary."""
        one, other = urlsplit(self.primary.url), urlsplit(self.replica.url)
        place = f"{one.netloc},{other.netloc.rpartition('@')[2]}"
        asked = "target_session_attrs=read-write"
        return urlunsplit(one._replace(netloc=place, query=asked))

    def wait_for_commits(self) -> None:
        """From now on what is acknowledged is on the replica too."""
        self.ask(self.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.ask(self.primary, "SELECT pg_reload_conf()")
        state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        eventually(lambda: self.ask(self.primary, state), seconds=60)

    def promote(self) -> None:
        """Make the replica the primary."""
        assert self.ask(self.replica, "SELECT pg_promote()")

    def ask(self, server: Server, query: str) -> object:
        """The first value of a query's answer, if it has any."""
        with psycopg.connect(server.url, autocommit=True) as connection:
            cursor = connection.execute(query)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextmanager
def replica_known(url: str) -> Iterator[None]:
    """Within the block this process has a second database, as an installation with a replica does."""
    connections.settings["replica"] = _settings(url, {"MIRROR": "default"})
    try:
        yield
    finally:
        _close(connections["replica"])
        del connections["replica"], connections.settings["replica"]


@contextmanager
def primary_at(url: str) -> Iterator[None]:
    """Within the block this process works on another database than the test's own."""
    own, before = connections.settings["default"], connections["default"]
    _close(before)
    connections.settings["default"] = _settings(url, {})
    del connections["default"]
    try:
        with override_settings(DATABASE_ROUTERS=["office.replica.Router"]):
            yield
    finally:
        _close(connections["default"])
        connections.settings["default"] = own
        connections["default"] = before  # whoever made the test's database knows it by this one


def _close(connection: Any) -> None:
    connection.close()
    connection.close_pool()


def _settings(url: str, test: dict[str, str]) -> dict[str, Any]:
    """The settings of a database that is like the test's own, at an address of one or more servers."""
    own = connections.settings["default"]
    user, _, places = urlsplit(url).netloc.rpartition("@")
    hosts, ports = zip(*(place.split(":") for place in places.split(",")), strict=True)
    return {
        **own,
        "NAME": urlsplit(url).path.strip("/"),
        "USER": user.partition(":")[0],
        "PASSWORD": user.partition(":")[2],
        "HOST": ",".join(hosts),
        "PORT": ",".join(ports),
        "OPTIONS": {"target_session_attrs": "read-write"} if len(hosts) > 1 else {},
        "TEST": {**own["TEST"], **test},
    }
