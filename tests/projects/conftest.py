"""Fixtures that several tests of projects share."""

from tests.projects.fixture_files import small_document
from tests.projects.verified_life import life

__all__ = ["life", "small_document"]
