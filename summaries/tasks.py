"""Jobs: each refetches by id and calls one function; all are safe to run twice."""

from itertools import chain

from celery import shared_task
from django.utils import timezone

from indicators import questions as indicator_questions
from office.clock import now, today
from projects import questions
from summaries import builder, document_files, keeping, standings, workflow


@shared_task
def build_document(run_id: int) -> None:
    """Build the document that a run asks for."""
    builder.build(run_id)


@shared_task
def raise_data_questions() -> None:
    """Look for contradictions in everything that is recorded."""
    questions.refresh(chain(questions.find(on=today()), indicator_questions.find()))


@shared_task
def fail_lost_runs() -> None:
    """End the runs whose worker died, and announce again those whose message was lost."""
    workflow.fail_lost(now=timezone.now())
    for pk in workflow.forgotten(now=timezone.now()):
        build_document.delay(pk)


@shared_task
def sweep_documents() -> None:
    """Remove the files that workers left behind when they died."""
    document_files.sweep(now=timezone.now())


@shared_task
def refresh_cells() -> None:
    """Recompute the cells that were marked since the last time, and remember the shown month."""
    standings.keep(on=today(), at=now())


@shared_task
def rebuild_cells(year: int) -> None:
    """Compute a year's cells anew."""
    keeping.rebuild(year, at=now())
