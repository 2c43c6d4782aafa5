"""What is kept of summaries and of the figures that they are made of, one subject a module."""

from summaries.models.cell import CellKeeper, ProgressCell
from summaries.models.summary import DocumentRun, ProgressSummary

__all__ = ["CellKeeper", "DocumentRun", "ProgressCell", "ProgressSummary"]
