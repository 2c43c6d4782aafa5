"""The readings of reports, their rows, and what became of each."""

from reading.models.row import ReadingRow
from reading.models.run import ReportReading

__all__ = ["ReadingRow", "ReportReading"]
