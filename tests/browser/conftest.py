"""Fixtures of the browser tests."""

from tests.browser.people import sign_in, site

__all__ = ["sign_in", "site"]
