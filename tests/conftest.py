"""Fixtures that every test may ask for."""

from tests.personas import admin, leader, manager, outsider, reporter
from tests.report import report_loaded

__all__ = ["admin", "leader", "manager", "outsider", "report_loaded", "reporter"]
