"""The demo's invented rounds: a whole year told by the rules, labelled, and nowhere but in a demo."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.sample import has_sample_data
from projects.models import (
    AnnualPlan,
    LatestFigures,
    Message,
    Obstacle,
    PlanRevision,
    ProgressReport,
    Project,
    ReopenGrant,
    ReportEvent,
    ReportState,
)
from projects.sample import words
from projects.verification import verify
from tests.demo_site import ENTRIES, demo

pytestmark = pytest.mark.any_database

__all__ = ["demo"]


def states(month: int) -> Counter[str]:
    reports = ProgressReport.objects.filter(period__year=2024, period__month=month)
    return Counter(reports.values_list("state", flat=True))


def test_the_sample_year_is_whole_and_everything_that_a_demo_shows_is_in_it(demo):
    assert verify().findings == []

    entries = AnnualPlan.objects.filter(adopted_on__isnull=False).count()
    assert entries > ENTRIES // 2
    for month in range(1, 9):
        of_month = states(month)
        assert of_month[ReportState.APPROVED] + of_month[ReportState.NOT_DUE] == entries
    assert set(states(9)) <= {"approved", "due", "reopened"}
    assert set(states(10)) >= {"due", "draft", "submitted", "returned", "approved"}
    assert set(states(11)) == {"not_due"}
    lights = set(LatestFigures.objects.values_list("light", flat=True))
    assert lights >= {"green", "yellow", "red"}
    assert Obstacle.objects.exclude(state="cleared").exists()
    assert PlanRevision.objects.filter(action="revise").count() == 2
    assert ReopenGrant.objects.count() == 1
    assert AnnualPlan.objects.filter(enters_in=7).count() == 1

    # What is invented says so wherever it is read.
    assert has_sample_data()
    for model, column in (
        (ReportEvent.objects.exclude(note=""), "note"),
        (ProgressReport.objects.exclude(narrative=""), "narrative"),
        (ProgressReport.objects.exclude(problems=""), "problems"),
        (PlanRevision.objects.all(), "approved_by"),
        (Obstacle.objects.all(), "text"),
    ):
        assert not model.exclude(**{f"{column}__startswith": words.MARK}).exists(), column

    with pytest.raises(CommandError):
        call_command("create_sample_round", verbosity=0)


def test_a_site_that_is_no_demo_has_none_of_it(report_loaded, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="belong into a demo"):
        call_command("create_sample_round", verbosity=0)
    assert not has_sample_data()
    for model in (ProgressReport, PlanRevision, Obstacle, Message, ReopenGrant, User):
        assert not model.objects.exists(), model
    assert not AnnualPlan.objects.filter(adopted_on__isnull=False).exists()
    assert not Project.objects.filter(department__isnull=False).exists()


def test_without_the_demos_departments_there_is_no_story_to_tell(report_loaded, settings):
    settings.DEMO = True
    with pytest.raises(CommandError):
        call_command("create_sample_round", verbosity=0)
    assert not ProgressReport.objects.exists()
