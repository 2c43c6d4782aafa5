"""The jobs themselves: thin, and safe to run twice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from projects.models import DataQuestion
from summaries import tasks, workflow
from summaries.models import DocumentRun, ProgressSummary
from tests.factories import make_entry
from wzprojects.celery import app


@pytest.fixture
def run(manager) -> DocumentRun:
    """A run that waits for a worker."""
    make_entry(year=2024, goal="started")
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    return workflow.ask(kind=kind, parameters={"year": 2024}, by=manager, now=timezone.now())


def test_the_timetable_names_jobs_that_exist():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_building_twice_builds_once(run):
    tasks.build_document(run.pk)
    tasks.build_document(run.pk)
    assert ProgressSummary.objects.count() == 1


def test_data_questions_are_raised_once_however_often_the_job_runs(report_loaded):
    tasks.raise_data_questions()
    count = DataQuestion.objects.count()
    assert DataQuestion.objects.filter(kind="status_goes_back").exists()
    tasks.raise_data_questions()
    assert DataQuestion.objects.count() == count


def test_a_lost_run_is_ended_and_a_forgotten_one_sent_again(run, manager, broker):
    long_ago = timezone.now() - workflow.QUEUE_PATIENCE - timedelta(minutes=1)
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    lost = workflow.ask(kind=kind, parameters={"year": 2023}, by=manager, now=long_ago)
    workflow.claim(lost.pk, now=long_ago)
    DocumentRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    for _ in range(2):
        tasks.fail_lost_runs()
        lost.refresh_from_db()
        assert lost.state == "failed"
        assert broker.llen("wz:celery") == 1
