"""Fixtures that every test may ask for."""

from tests.personas import admin, leader, manager, outsider, reporter

__all__ = ["admin", "leader", "manager", "outsider", "reporter"]
