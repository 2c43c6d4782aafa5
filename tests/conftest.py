"""Fixtures that every test may ask for."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from projects import partitions
from tests.personas import admin, leader, manager, outsider, reporter
from tests.report import report_loaded

__all__ = ["admin", "leader", "manager", "outsider", "report_loaded", "reporter"]

YEARS = (2023, 2024, 2025)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The years that tests are about are open, that no test has to make their partitions.

    In the end, what the live server left open: a request that a closing browser cut off keeps its
    session.
    """
    with django_db_blocker.unblock():
        for year in YEARS:
            partitions.open_year(year)
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
