"""Prepares what every test stands on, before a test module is imported or settings are read."""

from collections.abc import Generator
from inspect import signature

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

from tests import ground

ground.prepare()

# A machine that is busy with other things is no fault of the code under test.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

# What gives a test a database: pytest-django, or servers of its own.
DATABASES = {"db", "transactional_db", "django_db_setup", "make_run"}

LONGEST = {"test_make_run.py", "test_two_of_each.py"}

pytest_plugins = ["tests.isolation", "tests.worker", "tests.browser.chromium"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """pytest-xdist is about to start its processes."""
    ground.before_processes_start()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest test first, that no process waits for it at the end; each run has its own.

    The second run, on PostgreSQL, leaves out what the first has said for any database.
    """
    items.sort(key=lambda item: item.path.name not in LONGEST)
    elsewhere = only_on_postgresql if ground.on_sqlite() else depends_on_no_database
    told = set(filter(elsewhere, items))
    config.hook.pytest_deselected(items=list(told))
    items[:] = [item for item in items if item not in told]


def only_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test is of something that only PostgreSQL has."""
    return item.get_closest_marker("postgresql_only") is not None


def depends_on_no_database(item: pytest.Item) -> bool:
    """Whether a test is marked as such, or is given no database at all."""
    if item.get_closest_marker("any_database"):
        return True
    if not isinstance(item, pytest.Function) or item.get_closest_marker("django_db"):
        return False
    is_a_case = issubclass(item.cls or object, TransactionTestCase)
    # A test that asks for fixtures while it runs may ask for a database.
    asks = "request" in signature(item.function).parameters
    return not (is_a_case or asks or DATABASES & set(item.fixturenames))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is one that nobody ran: it fails, so that nothing passes by skipping."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as failed: {report.longrepr}"
    return report
