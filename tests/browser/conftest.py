"""Fixtures of the browser tests, and how patient they are."""

from playwright.sync_api import expect

from tests.browser.people import sign_in, site

__all__ = ["sign_in", "site"]

# Both cores may be busy with other tests while a page answers.
expect.set_options(timeout=15_000)
