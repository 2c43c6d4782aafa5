"""`make run`: the whole site in one terminal, with the servers it needs and the demo's data."""

import fcntl
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from scripts.servers import ServerMissing, valkey
from scripts.supervisor import Program, ProgramEnded, StopAsked, Supervisor
from wzprojects.celery import app

# Where a run keeps its database, its broker's data and what `make worker` needs to join it.
VAR = Path(os.environ.get("WZ_VAR", "var")).resolve()
CONNECTION = VAR / "connection.json"
DEMO_DATE = "2024-10-28"
PASSED_ON = (
    "DATABASE_URL",
    "REPLICA_URL",
    "REDIS_URL",
    "DEMO",
    "SECRET_KEY",
    "WZ_TODAY",
    "HTTPS",
    "SITE_URL",
    "EMAIL_URL",
    "EMAIL_BACKEND",
    "DEFAULT_FROM_EMAIL",
)


class CannotStart(Exception):
    """The site cannot start; the message says why and what to do."""


def main() -> int:
    """Run the site until it is told to stop; return the exit code."""
    host = os.environ.get("BIND", "127.0.0.1")
    try:
        port = int(os.environ.get("PORT", "8000"))
        VAR.mkdir(parents=True, exist_ok=True)
        with only_run(), Supervisor() as supervisor:
            check_port(host, port)
            run(supervisor, host, port)
    except StopAsked:
        print("Stopped: every program has ended.")
        return 0
    except (CannotStart, ServerMissing, ProgramEnded, TimeoutError) as problem:
        print(f"{problem}", file=sys.stderr)
    except ValueError:
        print("PORT must be a number, for example: make run PORT=8001", file=sys.stderr)
    return 1


def run(supervisor: Supervisor, host: str, port: int) -> None:
    """Start everything in order and stay until something ends."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{VAR / 'wzprojects.sqlite3'}")
    os.environ.setdefault("DEMO", "true")
    os.environ.setdefault("WZ_TODAY", DEMO_DATE)
    os.environ.setdefault("SITE_URL", address_of(host, port))
    if not os.environ.get("REDIS_URL"):
        broker = valkey(VAR / "valkey", keep=True)
        os.environ["REDIS_URL"] = broker.url
        supervisor.start(broker.program)
        supervisor.wait_until(broker.answers, patience=30, name="The broker")
    if supervisor.run([sys.executable, "-m", "scripts.prepare"]) != 0:
        raise CannotStart("The database could not be prepared; the reason stands above.")
    for program in programs(host, port):
        supervisor.start(program)
    address = f"{address_of(host, port)}/"
    supervisor.wait_until(lambda: web_answers(address), patience=60, name="The site")
    supervisor.wait_until(worker_answers, patience=60, name="The worker")
    tell_other_terminals()
    welcome(address)
    supervisor.wait()


def programs(host: str, port: int) -> list[Program]:
    """The site's own programs: web, worker and beat."""
    python = [sys.executable, "-m"]
    web = ["gunicorn", "wzprojects.wsgi", f"--bind={host}:{port}", "--workers=2", "--threads=4"]
    quiet = ["--preload", "--no-control-socket", "--log-level=warning"]
    worker = ["celery", "-A", "wzprojects", "-q", "worker", "--concurrency=2", "--loglevel=INFO"]
    alone = ["--hostname=demo@%h", "--without-gossip", "--without-mingle"]
    beat = ["celery", "-A", "wzprojects", "-q", "beat", "--pidfile=", "--loglevel=WARNING"]
    return [
        Program("web", [*python, *web, *quiet]),
        Program("worker", [*python, *worker, *alone]),
        Program("beat", [*python, *beat]),
    ]


@contextmanager
def only_run() -> Iterator[None]:
    """Hold the lock of this folder: two runs over the same files would destroy each other's data."""
    with (VAR / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise CannotStart("The site already runs from here, in another terminal.") from problem
        try:
            yield
        finally:
            CONNECTION.unlink(missing_ok=True)


def check_port(host: str, port: int) -> None:
    """Say so plainly when somebody else listens where the site should."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CannotStart(
                f"Cannot listen on {host}:{port} ({problem.strerror}). Choose another port: make run PORT={port + 1}"
            ) from problem


def address_of(host: str, port: int) -> str:
    """Where the site is found from this machine."""
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"


def web_answers(address: str) -> bool:
    """Whether the site serves its first page (the sign-in page it redirects to)."""
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker_answers() -> bool:
    """Whether a Celery worker replies over the broker."""
    return bool(app.control.ping(timeout=1))


def tell_other_terminals() -> None:
    """Leave the connection, readable by this user only, for `make worker`."""
    CONNECTION.touch(mode=0o600)
    connection = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    CONNECTION.write_text(json.dumps(connection))


def welcome(address: str) -> None:
    """Print the address and who can sign in."""
    print(f"\n万州重点项目 is ready:  {address}\n")
    if os.environ["DEMO"].lower() in ("1", "true", "yes", "on"):
        for account in DEMO_ACCOUNTS:
            print(f"    {account.username:<10} {DEMO_PASSWORD}   {account.name}")
    print("\nCtrl-C ends it.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
