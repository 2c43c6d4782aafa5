"""Workbooks in: targets and results of indicators, one kind a module."""
