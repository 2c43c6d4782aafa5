"""The browser of the browser tests: the system's Chromium, which reaches this machine only."""

import os
from typing import Any

import pytest

from scripts.system_packages import chromium

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium that the system has; root cannot use its sandbox."""
    path = chromium()
    if path is None:
        pytest.fail("No Chromium on this machine: run `make test`, or install Debian's chromium.")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "headless": True, "args": [*ARGUMENTS, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A Chinese desktop browser; tests of other languages and sizes say so."""
    return {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}}
