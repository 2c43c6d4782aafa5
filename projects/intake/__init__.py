"""Workbooks in: projects, plans, monthly figures, funding and milestones, one kind a module."""
