"""Reads the file of a reading, and stores what was found whole or not at all."""

import logging

from django.utils import timezone
from django.utils.translation import gettext as _

from office import runs, texts
from reading import engine, workflow
from reading.proposals import Reading

logger = logging.getLogger(__name__)


class UnreadableError(Exception):
    """The file is no report that can be read; the message says why."""


def read(pk: int) -> None:
    """Read what reading `pk` is of; safe to call twice, or twice at once, or after a crash.

    Only one caller gets the run. What was found, its rows and the end of the run are stored in one
    transaction; everything before it only moves the run's progress and log.
    """
    run = workflow.claim(pk, now=timezone.now())
    if run is None:
        logger.info("reading %s is read, failed, or another worker's", pk)
        return
    try:
        with run.file.open("rb") as file:
            text = extract(run.name, file.read())
        runs.record(run, "extracted", progress=40, now=timezone.now(), count=text.count("\n") + 1)
        found = recognise(text)
        runs.record(run, "recognised", progress=80, now=timezone.now(), count=total(found))
        workflow.finish(run, found, now=timezone.now())
    except runs.ClaimLostError:
        logger.warning("reading %s was taken from this worker; nothing is stored", pk)
    except UnreadableError as problem:
        runs.fail(run, problem, now=timezone.now())
    except Exception as problem:
        logger.exception("reading %s failed", pk)
        runs.fail(run, problem, now=timezone.now())


def extract(name: str, data: bytes) -> str:
    """The plain text of a report's file; UnreadableError says what keeps it from being read."""
    try:
        return texts.extract(name, data)
    except texts.TextError as error:
        raise UnreadableError(error.message) from error


def recognise(text: str) -> Reading:
    """What a report's text says; UnreadableError where it is no such report."""
    try:
        found = engine.read(text)
    except ValueError as error:
        raise UnreadableError(_("The text is too long for a report.")) from error
    if not 1990 <= found.year <= 2100:
        raise UnreadableError(
            _("The text does not say which year it plans: it is no report of a year's plan.")
        )
    return found


def total(found: Reading) -> int:
    """How many proposals were found."""
    kinds = (found.indicators, found.projects, found.counts, found.amounts, found.commitments)
    return sum(map(len, kinds))
