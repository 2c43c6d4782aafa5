"""PostgreSQL's own programs on this machine, and how they are told which database."""

import os
import shutil
from pathlib import Path

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

OLDEST = 15
# Where scripts/system_packages.py unpacks PostgreSQL from a wheel, on a machine that has no other.
WHEEL = Path("var/postgresql-wheel")
TOLD = (
    *("host", "port", "user", "dbname", "service", "target_session_attrs"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
)


class ProgramMissing(Exception):
    """PostgreSQL's programs are not on this machine; the message says how they get there."""


def programs(*names: str) -> Path:
    """The folder that holds all of these: the newest of the system, else of the path, else the wheel's."""
    system = [
        (int(path.parent.name), path)
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdigit() and all((path / name).exists() for name in names)
    ]
    if system and max(system)[0] >= OLDEST:
        return max(system)[1]
    if found := shutil.which(names[0]):
        for folder in (Path(found).resolve().parent, Path(found).parent):
            if all((folder / name).exists() for name in names):
                return folder
    for path in WHEEL.glob("*/pginstall/bin"):
        return path.resolve()
    raise ProgramMissing(f"None of PostgreSQL's programs found: {', '.join(names)}.")


def address(database: BaseDatabaseWrapper) -> str:
    """The database as libpq names it, without the password, which others could read in a command."""
    given = _given(database)
    return make_conninfo(**{name: given[name] for name in TOLD if name in given})


def environment(database: BaseDatabaseWrapper) -> dict[str, str]:
    """What a program of PostgreSQL needs from its environment: the password."""
    password = _given(database).get("password")
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def connect(database: BaseDatabaseWrapper) -> psycopg.Connection:
    """A connection past Django and its pool, with no transaction begun."""
    password = _given(database).get("password")
    return psycopg.connect(address(database), password=password, autocommit=True)


def _given(database: BaseDatabaseWrapper) -> dict[str, str]:
    return {name: str(value) for name, value in database.get_connection_params().items()}
