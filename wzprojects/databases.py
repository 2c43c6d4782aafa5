"""The databases of an installation, from what its environment says: one, and a replica where there is one."""

from pathlib import Path
from typing import Any

import environ

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536;"
    ),
}
CONNECT_SECONDS = 5
WAIT_SECONDS, REPLICA_WAIT_SECONDS = 10, 2
"""For a connection of the pool; instead of the replica there is another server to read."""


def databases(env: environ.Env, folder: Path) -> dict[str, dict[str, Any]]:
    """DATABASES of DATABASE_URL (an SQLite file in `folder` by itself), REPLICA_URL, DB_POOL_SIZE."""
    found = {
        "default": env.db("DATABASE_URL", default=f"sqlite:///{folder / 'wzprojects.sqlite3'}")
    }
    if env.str("REPLICA_URL", default=""):
        found["replica"] = {**env.db("REPLICA_URL"), "TEST": {"MIRROR": "default"}}
    size = env.int("DB_POOL_SIZE", default=8)
    for alias, database in found.items():
        if database["ENGINE"].endswith("sqlite3"):
            database["OPTIONS"] = SQLITE
            continue
        wait = WAIT_SECONDS if alias == "default" else REPLICA_WAIT_SECONDS
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS, **database.get("OPTIONS", {})}
        if size:
            database["OPTIONS"]["pool"] = pool(size, wait)
    return found


def pool(size: int, wait: float) -> dict[str, Any]:
    """A pool of at most `size` connections, in which somebody waits `wait` seconds for one.

    A server that does not answer is given up soon: who wants a connection next asks it again.
    """
    return {"min_size": 1, "max_size": size, "timeout": wait, "reconnect_timeout": 2}
