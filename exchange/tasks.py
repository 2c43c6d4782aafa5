"""Jobs of the imports: each refetches by id and calls one function; all are safe to run twice."""

from celery import shared_task
from django.utils import timezone

from exchange import running
from exchange.models import ImportRun
from office import runs


@shared_task
def run_import(pk: int) -> None:
    """Do what an import asks for."""
    running.run(pk)


@shared_task
def fail_lost_imports() -> None:
    """End the imports whose worker died, and announce again those whose message was lost."""
    runs.fail_lost(ImportRun, now=timezone.now())
    for pk in runs.forgotten(ImportRun, now=timezone.now()):
        run_import.delay(pk)
