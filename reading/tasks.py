"""Jobs: each refetches by id and calls one function; all are safe to run twice."""

from celery import shared_task
from django.utils import timezone

from reading import reader, workflow


@shared_task
def read_report(reading_id: int) -> None:
    """Read the file of a reading."""
    reader.read(reading_id)


@shared_task
def fail_lost_readings() -> None:
    """End the readings whose worker died, and announce again those whose message was lost."""
    workflow.fail_lost(now=timezone.now())
    for pk in workflow.forgotten(now=timezone.now()):
        read_report.delay(pk)
