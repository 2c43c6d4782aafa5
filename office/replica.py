"""Reading at a replica: work that only reads says so here and reads there, where REPLICA_URL names one.

The replica is used once it has everything that the primary had when the work began, so nobody is
shown less than had been saved by then; otherwise, and within a transaction, the primary is read.
Decision 22 says why.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import wraps
from time import monotonic, sleep
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
LEFT_ALONE = 15.0
"""Seconds for which a process does not ask a replica again that failed it."""
_POLL = 0.01

_chosen: ContextVar[str] = ContextVar("chosen", default=PRIMARY)
P = ParamSpec("P")
R = TypeVar("R")


class ReplicaLostError(OperationalError):
    """The replica ended what was read there; read again, it is read at the primary."""


class Router:
    """Writes go to the primary, reads to where `reading` has chosen."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return alias()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


def alias() -> str:
    """The database that is read now; inside a transaction that may write it is always the primary."""
    return PRIMARY if connections[PRIMARY].in_atomic_block else _chosen.get()


@contextmanager
def reading() -> Iterator[None]:
    """A block that only reads; it raises ReplicaLostError where the replica fails it.

    A write within it goes to the primary all the same, but is not seen by what is read after it.
    """
    if _chosen.get() == REPLICA or not _is_ready():
        yield
        return
    before = _chosen.set(REPLICA)
    try:
        yield
    except (OperationalError, InterfaceError) as problem:
        _leave_alone(problem)
        raise ReplicaLostError(str(problem)) from problem
    finally:
        _chosen.reset(before)


def insisting(function: Callable[P, R]) -> Callable[P, R]:
    """The function, called a second time where the replica is lost in the first."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except ReplicaLostError:
            pass  # from now on the replica is left alone
        return function(*args, **kwargs)

    return call


def reader(function: Callable[P, R]) -> Callable[P, R]:
    """The function as one that only reads; where the replica is lost it is called again."""
    return insisting(reading()(function))


def kept(pieces: Generator[R, None, None]) -> Iterator[R]:
    """The pieces, read where reading is done now even after the block has been left.

    Whoever closes them before their end ends the reading: nothing is left to chance that still holds them.
    """
    return _kept(pieces, _chosen.get())


def _kept(pieces: Generator[R, None, None], chosen: str) -> Iterator[R]:
    with closing(pieces):
        yield from _read_at(pieces, chosen)


def _read_at(pieces: Iterator[R], chosen: str) -> Iterator[R]:
    while True:
        before = _chosen.set(chosen)
        try:
            piece = next(pieces)
        except StopIteration:
            return
        except (OperationalError, InterfaceError) as problem:
            if chosen == REPLICA:
                _leave_alone(problem)
            raise
        finally:
            _chosen.reset(before)
        yield piece


class _Patience:
    """Until when this process leaves the replica alone (time.monotonic)."""

    until = 0.0


def _leave_alone(reason: object) -> None:
    logger.warning("The primary is read instead of the replica for a while: %s", reason)
    _Patience.until = monotonic() + LEFT_ALONE
    connections[REPLICA].close_if_unusable_or_obsolete()


def _is_ready() -> bool:
    """Whether the replica has all that the primary has now; waits REPLICA_PATIENCE seconds for it."""
    if REPLICA not in connections.settings or monotonic() < _Patience.until:
        return False
    if connections[PRIMARY].in_atomic_block:
        return False
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        position = cursor.fetchone()[0]
    deadline = monotonic() + settings.REPLICA_PATIENCE
    try:
        while not _has(position):
            if monotonic() > deadline:
                _leave_alone(f"it lags by more than {settings.REPLICA_PATIENCE} s")
                return False
            sleep(_POLL)
    except (OperationalError, InterfaceError) as problem:
        _leave_alone(problem)
        return False
    return True


def _has(position: str) -> bool:
    """Whether the replica is one still, and has come as far as a position of the primary's log."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]
        )
        return bool(cursor.fetchone()[0])
