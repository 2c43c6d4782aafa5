"""Jobs of the imports: each refetches by id and calls one function; all are safe to run twice."""

from celery import shared_task
from django.utils import timezone

from exchange import running, workflow


@shared_task
def run_import(pk: int) -> None:
    """Do what an import asks for."""
    running.run(pk)


@shared_task
def fail_lost_imports() -> None:
    """End the imports whose worker died, and announce again those whose message was lost."""
    workflow.fail_lost(now=timezone.now())
    for pk in workflow.forgotten(now=timezone.now()):
        run_import.delay(pk)
