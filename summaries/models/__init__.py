"""What is kept of summaries, of their figures and of documents, one subject a module."""

from summaries.models.cell import CellKeeper, DepartmentCell, ProgressCell
from summaries.models.document import DocumentFile, DocumentRun
from summaries.models.narrative import NarrativeChange, NarrativeTemplate
from summaries.models.reconciliation import ReconciliationChange, ReconciliationNote
from summaries.models.summary import ProgressSummary, SummaryIssue

__all__ = [
    "CellKeeper",
    "DepartmentCell",
    "DocumentFile",
    "DocumentRun",
    "NarrativeChange",
    "NarrativeTemplate",
    "ProgressCell",
    "ProgressSummary",
    "ReconciliationChange",
    "ReconciliationNote",
    "SummaryIssue",
]
