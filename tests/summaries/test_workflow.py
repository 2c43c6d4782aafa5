"""The life of a run: nobody's write lands where it no longer belongs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from summaries import workflow
from summaries.models import DocumentRun, ProgressSummary
from summaries.product import Product

NOW = datetime(2024, 7, 5, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=5)
TOO_LATE = NOW + workflow.PATIENCE + timedelta(seconds=1)
KIND = DocumentRun.Kind.PROGRESS_SUMMARY
YEAR = {"year": 2024}


@pytest.fixture
def run(manager) -> DocumentRun:
    """A run that waits for a worker."""
    return workflow.ask(kind=KIND, parameters=YEAR, by=manager, now=NOW)


@pytest.fixture
def claimed(run) -> DocumentRun:
    """A run that a worker has taken up."""
    return workflow.claim(run.pk, now=NOW)


def product(manager) -> Product:
    summary = ProgressSummary(
        year=2024,
        cut_off=NOW,
        rule_version="1",
        figures={},
        headline="",
        text="",
        digest="0" * 64,
        built_by=manager,
    )
    return Product(digest=summary.digest, cut_off=NOW, rule_version="1", summary=summary)


def events(run) -> list[str]:
    run.refresh_from_db()
    return [event["event"] for event in run.log]


def test_a_run_is_asked_for_taken_up_and_done(run, manager):
    claimed = workflow.claim(run.pk, now=NOW)
    workflow.record(claimed, "projects", progress=40, now=SOON, count=3)
    run.refresh_from_db()
    assert (run.state, run.progress, run.attempt, run.heartbeat_at) == ("running", 40, 1, SOON)
    workflow.finish(claimed, product(manager), now=SOON)
    assert events(run) == ["asked", "taken_up", "projects", "done"]
    assert (run.state, run.progress) == ("done", 100)
    assert run.summary == ProgressSummary.objects.get()


def test_a_second_run_of_the_year_is_refused_while_one_is_under_way(run, manager, admin):
    with pytest.raises(workflow.RunUnderWayError) as refused:
        workflow.ask(kind=KIND, parameters=YEAR, by=admin, now=NOW)
    assert refused.value.run == run
    other_year = workflow.ask(kind=KIND, parameters={"year": 2023}, by=admin, now=NOW)
    assert other_year.state == "queued"


def test_a_message_delivered_twice_finds_the_run_taken(claimed):
    assert workflow.claim(claimed.pk, now=SOON) is None
    claimed.refresh_from_db()
    assert claimed.attempt == 1


def test_a_message_delivered_after_the_end_finds_nothing_to_do(claimed, manager):
    workflow.finish(claimed, product(manager), now=SOON)
    assert workflow.claim(claimed.pk, now=TOO_LATE) is None


def test_a_message_for_a_run_that_does_not_exist_finds_nothing_to_do(db):
    assert workflow.claim(404, now=NOW) is None


def test_a_lost_worker_s_run_may_be_taken_over(claimed):
    again = workflow.claim(claimed.pk, now=TOO_LATE)
    assert again.attempt == 2


def test_a_slow_worker_cannot_write_after_its_run_was_taken_over(claimed, manager):
    workflow.claim(claimed.pk, now=TOO_LATE)
    with pytest.raises(workflow.ClaimLostError):
        workflow.record(claimed, "projects", progress=40, now=TOO_LATE)
    with pytest.raises(workflow.ClaimLostError):
        workflow.finish(claimed, product(manager), now=TOO_LATE)
    assert not ProgressSummary.objects.exists()
    workflow.fail(claimed, ValueError("late"), now=TOO_LATE)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempt) == ("running", 2)


def test_a_slow_worker_cannot_write_after_its_run_was_given_up(claimed, manager):
    assert workflow.fail_lost(now=TOO_LATE) == 1
    with pytest.raises(workflow.ClaimLostError):
        workflow.finish(claimed, product(manager), now=TOO_LATE)
    assert not ProgressSummary.objects.exists()
    assert events(claimed)[-1] == "lost"
    assert claimed.state == "failed"


def test_a_worker_that_gives_signs_of_life_is_left_alone(claimed):
    workflow.record(claimed, "projects", progress=40, now=TOO_LATE)
    assert workflow.fail_lost(now=TOO_LATE) == 0


def test_a_failure_is_told_without_its_traceback(claimed):
    workflow.fail(claimed, ValueError("line one\nline two " + "x" * 900), now=SOON)
    claimed.refresh_from_db()
    told = claimed.log[-1]
    assert told["problem"] == "ValueError"
    assert told["message"].startswith("line one line two xxx")
    assert len(told["message"]) == workflow.LONGEST_MESSAGE


def test_a_failed_run_is_asked_for_again_and_keeps_its_log(claimed, admin):
    workflow.fail(claimed, ValueError("no"), now=SOON)
    workflow.ask_again(claimed.pk, by=admin, now=SOON)
    assert events(claimed) == ["asked", "taken_up", "failed", "asked_again"]
    assert (claimed.state, claimed.asked_by) == ("queued", admin)
    assert workflow.claim(claimed.pk, now=SOON).attempt == 2


def test_a_run_under_way_is_not_asked_for_again(run, manager):
    with pytest.raises(workflow.NotRetryableError):
        workflow.ask_again(run.pk, by=manager, now=SOON)
    workflow.claim(run.pk, now=SOON)
    with pytest.raises(workflow.NotRetryableError):
        workflow.ask_again(run.pk, by=manager, now=SOON)


def test_a_run_whose_worker_is_lost_is_asked_for_again_at_once(claimed, manager):
    workflow.ask_again(claimed.pk, by=manager, now=TOO_LATE)
    assert events(claimed) == ["asked", "taken_up", "lost", "asked_again"]


def test_a_failed_run_waits_while_another_of_its_year_is_under_way(claimed, manager):
    workflow.fail(claimed, ValueError("no"), now=SOON)
    other = workflow.ask(kind=KIND, parameters=YEAR, by=manager, now=SOON)
    with pytest.raises(workflow.RunUnderWayError) as refused:
        workflow.ask_again(claimed.pk, by=manager, now=SOON)
    assert refused.value.run == other
    claimed.refresh_from_db()
    assert claimed.state == "failed"


def test_a_run_whose_message_may_be_lost_is_announced_again_but_not_every_minute(run):
    later = NOW + workflow.QUEUE_PATIENCE + timedelta(seconds=1)
    assert workflow.forgotten(now=SOON) == []
    assert workflow.is_lost(run, now=later)
    assert workflow.forgotten(now=later) == [run.pk]
    assert workflow.forgotten(now=later + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"state": "done"},
        {"state": "done", "progress": 100},
        {"progress": 101},
    ],
)
def test_the_database_refuses_half_a_run(run, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentRun.objects.filter(pk=run.pk).update(**change)
