"""Saves the drafts of many monthly reports at once: by the table, the checks and the histories of `workflow`.

What workflow.perform does report by report, this does for any number with a few statements; a test
holds the two together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction

from accounts.models import User
from office import bulk
from projects import chains, workflow
from projects.models import (
    AnnualPlan,
    ProgressReport,
    ReopenGrant,
    ReportAction,
    ReportEvent,
    ReportingPeriod,
    ReportState,
)
from projects.reporting import earlier_and_later
from projects.schedule import Door, door

BATCH = 5_000
SAVED = (*workflow.VALUES, *chains.OWNER_FIELDS, "state")
"""The columns of a report that saving a draft writes; those of other steps need not be sent along."""


@dataclass(frozen=True, slots=True)
class Save:
    """What is to be saved into a report: its id, the version that was seen, and the values that change."""

    report_id: int
    version: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """What became of a save: why it is refused, or, of a dry run, what is remarkable about the figures."""

    refused: Exception | None = None
    remarks: Sequence[str] = ()
    version: int = 0
    """Of the report afterwards."""


@transaction.atomic
def save_all(
    saves: Sequence[Save], *, by: User, on: date, at: datetime, is_dry: bool = False
) -> list[Outcome]:
    """Save drafts; those that are refused are left out, and the outcome of each is told.

    A refusal is one of the exceptions of workflow.perform. With `is_dry` nothing is written. The
    caller has fetched the reports through permissions.visible_reports.
    """
    outcomes: list[Outcome] = []
    for batch in _batches(saves):
        outcomes += _save(batch, by=by, on=on, at=at, is_dry=is_dry)
    return outcomes


def _batches(saves: Sequence[Save]) -> Iterator[list[Save]]:
    waiting = iter(saves)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _save(
    saves: Sequence[Save], *, by: User, on: date, at: datetime, is_dry: bool
) -> list[Outcome]:
    reports = _reports([save.report_id for save in saves], locked=not is_dry)
    beside = earlier_and_later(list(reports.values()))
    doors = _doors(list(reports.values()), on=on)
    outcomes, events = [], []
    for save in saves:
        report = reports[save.report_id]
        outcome = Outcome()
        outcomes.append(outcome)
        try:
            if report.version != save.version:
                raise workflow.StaleReportError(report, [])
            transition = workflow.allow(
                report, ReportAction.SAVE, by=by, entrance=doors[report.pk], makers=()
            )
            before = {} if is_dry else workflow.snapshot(report)
            old_state = ReportState(report.state)
            workflow.fill_in(report, save.values)
            problems = workflow.check_figures(
                report, ReportAction.SAVE, on=on, beside=beside[report.pk]
            )
            if is_dry:
                outcome.remarks = [problem.message for problem in problems]
                continue
            report.state = transition.to
            event = workflow.chained(
                report, ReportAction.SAVE, before, old_state, by=by, at=at, note=""
            )
            outcome.version = report.version
            if event is not None:
                events.append(event)
        except (
            workflow.WorkflowError,
            workflow.InvalidFigures,
            workflow.StaleReportError,
        ) as error:
            outcome.refused = error.with_traceback(None)  # which would hold all of the batch
    if events:
        bulk.update(ProgressReport, [event.report for event in events], SAVED)
        bulk.insert(ReportEvent, events)
    return outcomes


def _reports(keys: Sequence[int], *, locked: bool) -> dict[int, ProgressReport]:
    """The reports with what the checks read of them; months of one entry share it."""
    found = ProgressReport.objects.filter(pk__in=keys).order_by("pk")
    reports = list(found.select_for_update() if locked else found)
    periods = ReportingPeriod.objects.in_bulk({report.period_id for report in reports})
    entries = AnnualPlan.objects.select_related("project__department").in_bulk(
        {report.entry_id for report in reports}
    )
    for report in reports:
        report.period, report.entry = periods[report.period_id], entries[report.entry_id]
    return {report.pk: report for report in reports}


def _doors(reports: Sequence[ProgressReport], *, on: date) -> dict[int, Door]:
    """schedule.door for each report, once for each round and department."""
    periods = {report.period_id for report in reports}
    grants = list(ReopenGrant.objects.filter(period__in=periods).select_related("department"))
    known: dict[tuple[int, int | None], Door] = {}
    doors = {}
    for report in reports:
        department = report.entry.project.department
        place = (report.period_id, department.pk if department else None)
        if place not in known:
            known[place] = door(report.period, department, on=on, grants=grants)
        doors[report.pk] = known[place]
    return doors
