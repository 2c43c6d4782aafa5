"""System checks: the demo's secret and accounts never reach production."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from accounts.demo import DEMO_USERNAMES


def secret_key_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Outside the demo a SECRET_KEY must be given, and not the published one."""
    if settings.DEMO or settings.DEBUG:
        return []
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's answer to an empty one
        key = ""
    if key in ("", settings.DEMO_SECRET_KEY):
        return [Error("SECRET_KEY is missing or is the demo's.", id="wzprojects.E001")]
    return []


def no_demo_in_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """`check --deploy` refuses an installation that has the demo switch or a demo account."""
    errors: list[CheckMessage] = []
    if settings.DEMO:
        errors.append(Error("DEMO is on.", id="wzprojects.E002"))
    try:
        found = list(
            get_user_model()
            .objects.filter(username__in=DEMO_USERNAMES, is_active=True)
            .values_list("username", flat=True)
        )
    except DatabaseError:
        found = []  # not migrated yet: there are no accounts at all
    if found:
        errors.append(
            Error("Demo accounts exist: {}.".format(", ".join(found)), id="wzprojects.E003")
        )
    return errors


def replica_has_a_primary(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """REPLICA_URL names a PostgreSQL that follows another PostgreSQL."""
    engines = [database["ENGINE"] for database in settings.DATABASES.values()]
    if settings.REPLICA_URL and any(engine.endswith("sqlite3") for engine in engines):
        return [Error("REPLICA_URL is for PostgreSQL only.", id="wzprojects.E004")]
    return []
