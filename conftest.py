"""Prepares what every test stands on, before a test module or Django is imported."""

from tests import ground

ground.prepare()

pytest_plugins = ["tests.isolation", "tests.worker", "tests.browser.chromium"]


def pytest_xdist_setupnodes() -> None:
    """pytest-xdist is about to start its processes."""
    ground.before_processes_start()
