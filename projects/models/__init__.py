"""The records of key projects, one subject a module."""

from projects.models.audit import AuditSeal, Chained
from projects.models.history import SavedView, StatusChange
from projects.models.light import LatestFigures, Light, LightRule, ReportLight
from projects.models.mark import CellMark, EntryMark
from projects.models.message import DeliveryAttempt, Message
from projects.models.obstacle import (
    Obstacle,
    ObstacleAction,
    ObstacleEvent,
    ObstacleKind,
    ObstacleLevel,
    ObstacleState,
)
from projects.models.open_data import OpenDataFile, Publication
from projects.models.period import ReopenGrant, ReportingPeriod
from projects.models.plan import (
    AnnualPlan,
    PlanAction,
    PlanRevision,
    PlanStatement,
    StatedAmount,
)
from projects.models.project import Funding, Milestone, Project, ProjectList, ProjectMention
from projects.models.question import DataQuestion
from projects.models.report import (
    ProgressReport,
    ReportAction,
    ReportEvent,
    ReportPhoto,
    ReportState,
)
from projects.models.source import Cited, SourceDocument, SourceSentence
from projects.models.vocabulary import Category, Comparator, Level, Stage, Status
from projects.models.webhook import Webhook, WebhookEvent, WebhookStep

__all__ = [
    "AnnualPlan",
    "AuditSeal",
    "Category",
    "CellMark",
    "Chained",
    "Cited",
    "Comparator",
    "DataQuestion",
    "DeliveryAttempt",
    "EntryMark",
    "Funding",
    "LatestFigures",
    "Level",
    "Light",
    "LightRule",
    "Message",
    "Milestone",
    "Obstacle",
    "ObstacleAction",
    "ObstacleEvent",
    "ObstacleKind",
    "ObstacleLevel",
    "ObstacleState",
    "OpenDataFile",
    "PlanAction",
    "PlanRevision",
    "PlanStatement",
    "ProgressReport",
    "Project",
    "ProjectList",
    "ProjectMention",
    "Publication",
    "ReopenGrant",
    "ReportAction",
    "ReportEvent",
    "ReportLight",
    "ReportPhoto",
    "ReportState",
    "ReportingPeriod",
    "SavedView",
    "SourceDocument",
    "SourceSentence",
    "Stage",
    "StatedAmount",
    "Status",
    "StatusChange",
    "Webhook",
    "WebhookEvent",
    "WebhookStep",
]
