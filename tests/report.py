"""The report as the site knows it: every fixture of `fixtures/`, loaded by the site's own loader."""

import pytest
from django.db.models import Model

from accounts.models import Region
from indicators.models import (
    Commitment,
    Indicator,
    Measure,
    Observation,
    Target,
    TargetRevision,
)
from projects.imports import load, site_fixtures
from projects.models import (
    AnnualPlan,
    PlanStatement,
    Project,
    ProjectMention,
    SourceDocument,
    SourceSentence,
    StatedAmount,
)
from summaries.models import NarrativeTemplate

# In an order in which every row comes after those that it names.
MODELS: list[type[Model]] = [
    Region,
    SourceDocument,
    SourceSentence,
    Project,
    AnnualPlan,
    PlanStatement,
    ProjectMention,
    StatedAmount,
    Indicator,
    Target,
    TargetRevision,
    Observation,
    Commitment,
    Measure,
    NarrativeTemplate,
]
_loaded: dict[type[Model], list[Model]] = {}


@pytest.fixture
def report_loaded(db: None) -> None:
    """The database holds the report and nothing else.

    The loader runs once a process; later tests get the rows that it wrote, with their keys.
    """
    if not _loaded:
        load(site_fixtures())
        _loaded.update({model: list(model._default_manager.order_by("pk")) for model in MODELS})
        return
    for model, rows in _loaded.items():
        model._default_manager.bulk_create(rows)
