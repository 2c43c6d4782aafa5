"""Makes the database slow at one point, so that a worker can be killed exactly there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Counting these takes minutes; no table of ours is needed for it.
_ENDLESS = ", ".join(f"sqlite_master AS m{number}" for number in range(6))


@contextmanager
def stalled(table: str, event: str, when: str = "") -> Iterator[None]:
    """Every `event` (INSERT, UPDATE) on `table` that fulfils `when` lasts until its writer dies."""
    condition = f"WHEN ({when})" if when else ""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER stall BEFORE {event} ON {table} {condition} "
                f"BEGIN SELECT count(*) FROM {_ENDLESS}; END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_sleep(120); RETURN NEW; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER stall BEFORE {event} ON {table} "
                f"FOR EACH ROW {condition} EXECUTE FUNCTION stall()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER stall")
            else:
                end_stalled_writers()
                cursor.execute("DROP FUNCTION stall CASCADE")


def end_stalled_writers() -> None:
    """PostgreSQL notices a dead client only when it has something to tell it; help it along."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event = 'PgSleep'"
            )


@contextmanager
def held(table: str) -> Iterator[None]:
    """Whoever writes to `table` meanwhile stands still until the block is left, with what it has read.

    SQLite needs no help: it lets one transaction write at a time, and the block simply runs first.
    """
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_advisory_xact_lock({_HELD}); RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER hold AFTER INSERT ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION hold()"
        )
        cursor.execute(f"SELECT pg_advisory_lock({_HELD})")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({_HELD})")
            cursor.execute("DROP FUNCTION hold CASCADE")


def is_held() -> bool:
    """Whether somebody stands still in `held`; on SQLite nobody can."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


_HELD = 7_001
