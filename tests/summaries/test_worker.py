"""A real worker, a real broker, a real power cut."""

from datetime import timedelta

import pytest
from django.utils import timezone

from summaries import progress_summary, workflow
from summaries.models import DocumentRun, ProgressSummary
from summaries.tasks import build_document
from tests.factories import signed_in
from tests.summaries.stalling import end_stalled_writers, stalled
from tests.worker import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("report_loaded")]

RUNS, SUMMARIES = DocumentRun._meta.db_table, ProgressSummary._meta.db_table


def progress_after(part: str) -> int:
    return 100 * (progress_summary.PARTS.index(part) + 1) // (len(progress_summary.PARTS) + 1)


def asked(client, year=2024) -> DocumentRun:
    response = client.post("/documents/build/", {"kind": "progress_summary", "year": year})
    assert response.status_code == 302
    return DocumentRun.objects.latest("pk")


def state_of(run) -> str:
    return DocumentRun.objects.values_list("state", flat=True).get(pk=run.pk)


@pytest.mark.parametrize(
    ("stall", "reached"),
    [
        ((RUNS, "UPDATE", f"NEW.progress = {progress_after('carry_overs')}"), "stated_counts"),
        ((SUMMARIES, "INSERT"), "words"),
    ],
    ids=["between two parts", "while the summary is stored"],
)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_run_can_be_run_again(
    start_worker, manager, stall, reached
):
    client = signed_in(manager)
    first = start_worker()
    with stalled(*stall):
        run = asked(client)
        eventually(lambda: DocumentRun.objects.get(pk=run.pk).progress == progress_after(reached))
        first.kill()
        end_stalled_writers()
    assert state_of(run) == "running"
    assert not ProgressSummary.objects.exists()

    assert workflow.fail_lost(now=timezone.now()) == 0
    assert workflow.fail_lost(now=timezone.now() + workflow.PATIENCE + timedelta(seconds=1)) == 1
    page = client.get(f"/documents/{run.pk}/")
    assert f"/documents/{run.pk}/retry/" in page.content.decode()

    client.post(f"/documents/{run.pk}/retry/")
    start_worker()
    eventually(lambda: state_of(run) == "done", seconds=60)
    run.refresh_from_db()
    assert run.attempt == 2
    assert run.summary == ProgressSummary.objects.get()


def test_a_message_delivered_three_times_to_two_workers_builds_one_summary(start_worker, manager):
    start_worker()
    start_worker()
    run = asked(signed_in(manager))
    for _ in range(2):
        build_document.delay(run.pk)
    eventually(lambda: state_of(run) == "done", seconds=60)
    build_document.delay(run.pk)
    run.refresh_from_db()
    assert run.attempt == 1
    assert ProgressSummary.objects.count() == 1
