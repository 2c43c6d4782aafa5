"""Builds the document of a run, whatever kind it is, and stores it whole or not at all."""

import logging

from django.utils import timezone

from office import replica
from summaries import workflow
from summaries.document_kinds import KINDS
from summaries.models import DocumentRun
from summaries.product import Product, Step

logger = logging.getLogger(__name__)


def build(pk: int) -> None:
    """Build what run `pk` asks for; safe to call twice, or twice at once, or after a crash.

    Only one caller gets the run. The product and the end of the run are stored in one transaction;
    everything before it only moves the run's progress and log.
    """
    run = workflow.claim(pk, now=timezone.now())
    if run is None:
        logger.info("run %s is done, failed, or another worker's", pk)
        return
    try:
        product = _product(run)
        workflow.finish(run, product, now=timezone.now())
    except workflow.ClaimLostError:
        logger.warning("run %s was taken from this worker; nothing is stored", pk)
    except Exception as problem:
        logger.exception("run %s failed", pk)
        workflow.fail(run, problem, now=timezone.now())


@replica.insisting
def _product(run: DocumentRun) -> Product:
    return KINDS[run.kind].build(run, _steps(run))


def _steps(run: DocumentRun) -> Step:
    parts = KINDS[run.kind].parts

    def done(part: str, count: int) -> None:
        progress = 100 * (parts.index(part) + 1) // (len(parts) + 1)
        workflow.record(run, part, progress=progress, now=timezone.now(), count=count)

    return done
