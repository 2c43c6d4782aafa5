"""A real Celery worker for tests that need one: another process, on the test's own database and broker.

    def test_the_summary_is_built(worker, client): ...

`worker` has started and answers. It implies transactional_db: the worker sees only what is
committed. Wait for what it should do with `eventually(lambda: Run.objects.get().state == "done")`.
`start_worker(**environment)` starts more, or later, or with other settings; `worker.kill()` ends one
like a power cut.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from celery import Celery
from django.db import connection

from scripts.supervisor import end, ended_with_us
from wzprojects.celery import app

START_SECONDS = 40


@dataclass
class Worker:
    """A running worker process and the file of its log."""

    name: str
    process: subprocess.Popen[str]
    log: Path
    office: Celery = app
    """The application as it stands at the worker's broker."""

    def answers(self) -> bool:
        """Whether it takes part: it replies to a ping over the broker."""
        return bool(self.office.control.ping(destination=[self.name], timeout=0.5))

    def is_busy(self) -> bool:
        """Whether it works on a job."""
        return bool((self.office.control.inspect([self.name]).active() or {}).get(self.name))

    def kill(self) -> None:
        """End it and its children at once, like a power cut."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in an orderly way: what it works on is finished first."""
        end(self.process, signal.SIGTERM, patience=10)


def eventually(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Return the condition's value as soon as it is true; fail when it stays false."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"Still not true after {seconds} seconds.")
        time.sleep(0.05)
    return value


def at_broker(url: str) -> Celery:
    """The application over another broker than the test's own."""
    office = Celery("elsewhere", broker=url, set_as_current=False)
    office.conf.broker_transport_options = app.conf.broker_transport_options
    return office


def database_url() -> str:
    """The address of the database this test runs on, as DATABASE_URL writes it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    place = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    return f"postgres://{user}:{password}@{place}"


@pytest.fixture
def start_worker(
    transactional_db: None, broker: redis.Redis, tmp_path: Path
) -> Iterator[Callable[..., Worker]]:
    """A function that starts a worker and waits for it; keyword arguments add to its environment."""
    workers: list[Worker] = []

    def start(**environment: str) -> Worker:
        name = f"w{len(workers)}-{os.getpid()}@localhost"
        log = tmp_path / f"worker-{len(workers)}.log"
        command = [sys.executable, "-m", "celery", "-A", "wzprojects", "worker", "-c1", "-lINFO"]
        with log.open("w") as file:
            process = subprocess.Popen(
                ended_with_us([*command, "-n", name, "--without-gossip", "--without-mingle"]),
                env={**os.environ, "DATABASE_URL": database_url(), **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        worker = Worker(name, process, log)
        if "REDIS_URL" in environment:
            worker.office = at_broker(environment["REDIS_URL"])
        workers.append(worker)
        deadline = time.monotonic() + START_SECONDS
        while not worker.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The worker did not start:\n{log.read_text()}")
        return worker

    yield start
    for worker in workers:
        worker.stop()
        print(worker.log.read_text())  # noqa: T201 - pytest shows it when the test failed


@pytest.fixture
def worker(start_worker: Callable[..., Worker]) -> Worker:
    """A worker that answers."""
    return start_worker()
