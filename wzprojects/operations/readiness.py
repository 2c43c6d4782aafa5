"""Whether this process can serve: the database, its migrations, the broker, the static files."""

from collections.abc import Callable
from functools import cache

import redis
import structlog
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OK, FAILED = "ok", "failed"
BROKER_SECONDS = 2
"""A broker that has not answered by then does not."""

logger = structlog.get_logger(__name__)


def checks() -> dict[str, str]:
    """Each check's name and how it ended, OK or FAILED; why is told to the log, not to the asker."""
    return {name: _state(name, check) for name, check in CHECKS.items()}


def _state(name: str, check: Callable[[], bool]) -> str:
    try:
        passed, reason = check(), "not as it should be"
    except (DatabaseError, redis.RedisError, OSError, ValueError) as error:
        passed, reason = False, type(error).__name__
    if passed:
        return OK
    logger.warning("not_ready", check=name, reason=reason)
    return FAILED


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _is_migrated() -> bool:
    """Every migration of this release is applied; those of a later release do no harm."""
    return MigrationRecorder(connection).applied_migrations().keys() >= _migrations()


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def _broker_answers() -> bool:
    seconds = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with redis.Redis.from_url(settings.REDIS_URL, **seconds) as client:
        return bool(client.ping())


def _static_files_are_there() -> bool:
    """The manifest was read; a storage without one finds files by their own names."""
    manifest = getattr(staticfiles_storage, "hashed_files", None)
    return manifest is None or bool(manifest)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _is_migrated,
    "broker": _broker_answers,
    "static": _static_files_are_there,
}
