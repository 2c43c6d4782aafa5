"""Prepares what every test stands on, before a test module or Django is imported."""

from collections.abc import Generator

import pytest
from hypothesis import settings

from tests import ground

ground.prepare()

# A machine that is busy with other things is no fault of the code under test.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = ["tests.isolation", "tests.worker", "tests.browser.chromium"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """pytest-xdist is about to start its processes."""
    ground.before_processes_start()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second run, on PostgreSQL, leaves out what the first has said for any database."""
    if ground.on_sqlite():
        return
    told = [item for item in items if item.get_closest_marker("any_database")]
    config.hook.pytest_deselected(items=told)
    items[:] = [item for item in items if item not in told]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is one that nobody ran: it fails, so that nothing passes by skipping."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as failed: {report.longrepr}"
    return report
