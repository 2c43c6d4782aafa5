"""Builds the progress summary of a run, step by step, and stores it whole or not at all."""

import logging

from django.utils import timezone, translation

from summaries import digest, rollup, wording, workflow
from summaries.models import DocumentRun, ProgressSummary

logger = logging.getLogger(__name__)

# The words of a summary are the office's, whatever language somebody reads the site in.
LANGUAGE = "zh-hans"
PARTS = ("read", *rollup.PARTS, "words")


class NothingRecordedError(Exception):
    """The year has no plan, no targets and no commitments."""


def build(pk: int) -> None:
    """Build what run `pk` asks for; safe to call twice, or twice at once, or after a crash.

    Only one caller gets the run. The summary and the end of the run are stored in one transaction;
    everything before it only moves the run's progress and log.
    """
    run = workflow.claim(pk, now=timezone.now())
    if run is None:
        logger.info("run %s is done, failed, or another worker's", pk)
        return
    try:
        summary = _summary(run)
        workflow.finish(run, summary, now=timezone.now())
    except workflow.ClaimLostError:
        logger.warning("run %s was taken from this worker; nothing is stored", pk)
    except Exception as problem:
        logger.exception("run %s failed", pk)
        workflow.fail(run, problem, now=timezone.now())


def _summary(run: DocumentRun) -> ProgressSummary:
    """The summary, not stored yet; each part of it moves the run's progress."""

    def done(part: str, count: int) -> None:
        progress = 100 * (PARTS.index(part) + 1) // (len(PARTS) + 1)
        workflow.record(run, part, progress=progress, now=timezone.now(), count=count)

    data = rollup.read(run.year)
    if data.is_empty:
        raise NothingRecordedError(f"nothing is recorded of {run.year}")
    done("read", len(data.entries) + len(data.rows) + len(data.commitments))
    figures = rollup.figures(data, on_part=done)
    with translation.override(LANGUAGE):
        headline = wording.headline(figures)
        text = "\n".join(wording.paragraphs(figures))
    done("words", len(text))
    summary = ProgressSummary(
        year=run.year,
        cut_off=data.cut_off,
        rule_version=rollup.RULE_VERSION,
        figures=figures,
        headline=headline,
        text=text,
        contains_sample=data.contains_sample,
        built_by=run.asked_by,
    )
    summary.digest = digest.of_summary(summary)
    return summary
