"""The demo as `make run` prepares it: the report's facts, departments, accounts and the invented year."""

import os

import pytest
from django.conf import settings as site
from django.core.management import call_command

from projects.imports import FixtureFile, load
from projects.models import AnnualPlan, Project

ENTRIES = 25
TODAY = "2024-10-28"


def files() -> list[FixtureFile]:
    """The invented departments, and which projects are theirs."""
    paths = sorted((site.FIXTURES_DIR / "sample").glob("*.json"))
    return [FixtureFile(path.name, path.read_text(encoding="utf-8")) for path in paths]


@pytest.fixture
def demo(report_loaded, settings):
    """The demo, but for a part of the projects only, which is quicker told; whole for pictures."""
    settings.DEMO = True
    settings.WZ_TODAY = TODAY
    load(files())
    call_command("create_demo", verbosity=0)
    if not os.environ.get("SCREENSHOTS"):
        entries = AnnualPlan.objects.filter(year=2024, project__department__isnull=False)
        order = entries.order_by("table", "position", "pk")
        kept = order.values_list("project", flat=True)[:ENTRIES]
        Project.objects.exclude(pk__in=list(kept)).update(department=None)
    call_command("create_sample_round", verbosity=0)
