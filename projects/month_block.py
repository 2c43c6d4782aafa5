"""A block that was copied from a spreadsheet, saved into a month's reports: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from office.paste import Cell, PasteError, Unit, number, rows
from projects import workflow
from projects.models import ProgressReport, ReportAction
from projects.month_grid import proposed_values

COLUMNS = (
    ("invested_ytd", gettext_lazy("Invested, year to date"), Unit.WAN_YUAN),
    ("physical_progress", gettext_lazy("Physical progress (%)"), Unit.PERCENT),
    ("narrative", gettext_lazy("Progress in words"), None),
    ("problems", gettext_lazy("Problems"), None),
    ("next_step", gettext_lazy("Next step"), None),
)
"""What stands beside the project's code or name, in this order; a column that is left out stays."""


class BlockError(Exception):
    """The block cannot be saved; `messages` name line, column and project, one for each fault."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the block: its number, the report it is about, and what it says."""

    number: int
    report: ProgressReport
    values: dict[str, Any]


def save(block: str, reports: Iterable[ProgressReport], *, by: User, on: date, at: datetime) -> int:
    """Save the rows of a block into those of the reports that they name; returns how many.

    `reports` are those that the person may write, with period, entry and project. Raises
    BlockError, with every fault that was found, where one row cannot be saved.
    """
    lines = _read(block, list(reports))
    faults: list[str] = []
    with transaction.atomic():
        for line in lines:
            try:
                workflow.perform(
                    line.report.pk,
                    ReportAction.SAVE,
                    version=line.report.version,
                    by=by,
                    on=on,
                    at=at,
                    values=line.values,
                )
            except workflow.InvalidFigures as error:
                for messages in error.errors.values():
                    faults += [_place(line, message) for message in messages]
            except (workflow.WorkflowError, workflow.StaleReportError) as error:
                faults.append(_place(line, str(error)))
        if faults:
            raise BlockError(faults)
    return len(lines)


def _read(block: str, reports: list[ProgressReport]) -> list[Line]:
    by_name: dict[str, list[ProgressReport]] = {}
    for report in reports:
        for name in {report.entry.project.code, report.entry.project.name, report.entry.cited_name}:
            by_name.setdefault(name, []).append(report)
    try:
        cells = [row for row in rows(block) if any(cell.text for cell in row)]
    except PasteError as error:
        raise BlockError([error.message]) from error
    faults: list[str] = []
    lines: list[Line] = []
    for position, row in enumerate(cells):
        named = by_name.get(row[0].text, [])
        if position == 0 and not named and _is_heading(row):
            continue
        if len(named) != 1:
            words = (
                _("Line %(line)s: “%(name)s” is the name of several projects. Use the code.")
                if named
                else _("Line %(line)s: “%(name)s” is no project that you report for this month.")
            )
            faults.append(words % {"line": row[0].row, "name": row[0].text})
            continue
        values, wrong = _values(row, named[0])
        faults += wrong
        if any(line.report.pk == named[0].pk for line in lines):
            said = _("Line %(line)s: “%(name)s” stands in the block twice.")
            faults.append(said % {"line": row[0].row, "name": row[0].text})
        lines.append(Line(row[0].row, named[0], values))
    if not lines and not faults:
        faults.append(_("The block has no row."))
    if faults:
        raise BlockError(faults)
    return lines


def _is_heading(row: list[Cell]) -> bool:
    """Whether the first line names columns: it says something, but no figure."""
    return len(row) > 1 and not any(char.isdigit() for char in row[1].text)


def _values(row: list[Cell], report: ProgressReport) -> tuple[dict[str, Any], list[str]]:
    values = proposed_values(report)
    faults = []
    for cell, (name, label, unit) in zip(row[1:], COLUMNS, strict=False):
        if unit is None:
            values[name] = cell.text
            column: Any = ProgressReport._meta.get_field(name)
            limit = column.max_length
            if len(cell.text) > limit:
                said = _("Line %(line)s, %(column)s: more than %(limit)s characters.")
                faults.append(said % {"line": cell.row, "column": label, "limit": limit})
            continue
        try:
            values[name] = number(cell, unit)
        except PasteError as error:
            said = _("%(project)s, %(column)s: %(why)s")  # why names line and column by itself
            told = {"project": report.entry.project, "column": label, "why": error.message}
            faults.append(said % told)
    return values, faults


def _place(line: Line, message: str) -> str:
    return _("Line %(line)s, %(project)s: %(why)s") % {
        "line": line.number,
        "project": line.report.entry.project,
        "why": message,
    }
