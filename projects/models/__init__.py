"""The records of key projects, one subject a module."""

from projects.models.history import SavedView, StatusChange
from projects.models.plan import AnnualPlan, PlanRevision, PlanStatement, StatedAmount
from projects.models.project import Funding, Milestone, Project, ProjectList, ProjectMention
from projects.models.question import DataQuestion
from projects.models.source import Cited, SourceDocument, SourceSentence
from projects.models.vocabulary import Category, Comparator, Level, Stage, Status

__all__ = [
    "AnnualPlan",
    "Category",
    "Cited",
    "Comparator",
    "DataQuestion",
    "Funding",
    "Level",
    "Milestone",
    "PlanRevision",
    "PlanStatement",
    "Project",
    "ProjectList",
    "ProjectMention",
    "SavedView",
    "SourceDocument",
    "SourceSentence",
    "Stage",
    "StatedAmount",
    "Status",
    "StatusChange",
]
