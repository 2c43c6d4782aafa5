"""Workbooks in: people and departments, one kind a module."""
