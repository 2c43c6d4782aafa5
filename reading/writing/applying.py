"""Writing the accepted rows of a reading: all of them in one transaction, or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from office import runs
from projects import cell_marks
from projects.models import AnnualPlan
from reading import workflow
from reading.choices import Kind
from reading.models import ReadingRow, ReportReading
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    IndicatorFound,
    ProjectFound,
    Reading,
)
from reading.rows import WRITTEN, proposal_of
from reading.storing import from_json
from reading.writing import sources
from reading.writing.indicators import IndicatorWriter
from reading.writing.outcome import Outcome, RefusedError, RowProblem, messages_of
from reading.writing.projects import ProjectWriter
from reading.writing.sources import Source
from reading.writing.statements import StatementWriter

# A part is written after what it is a part of, a statement after the projects that it counts.
_ORDER = (Kind.PROJECT, Kind.INDICATOR, Kind.COUNT, Kind.AMOUNT, Kind.COMMITMENT)
Write = Callable[[ReadingRow, Outcome], None]


class WritingError(Exception):
    """Nothing was written; `problems` says why, every row of them."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class AlreadyWrittenError(Exception):
    """The reading has been written, or is not to be written at all."""


def write(reading_id: int, *, by: User, now: datetime) -> ReportReading:
    """Write every accepted and corrected row, all or nothing.

    Raises WritingError with the problems of every row, which the rows then say too; and
    AlreadyWrittenError where the reading is not open. The caller has asked
    permissions.may_read_reports.
    """
    try:
        with transaction.atomic():
            return _write(reading_id, by=by, now=now)
    except workflow.NotOpenError as error:
        raise AlreadyWrittenError from error
    except WritingError as error:
        _keep_problems(reading_id, error.problems)
        raise


def _write(reading_id: int, *, by: User, now: datetime) -> ReportReading:
    # Whoever changes what the cells count by waits for the others before locking anything.
    cell_marks.wait_for_other_moves()
    reading = workflow.hold(reading_id)
    rows = sorted(
        reading.rows.filter(decision__in=WRITTEN),
        key=lambda row: (_ORDER.index(Kind(row.kind)), row.position),
    )
    if not rows:
        raise WritingError(
            [RowProblem(0, "", "", _("No row is accepted: there is nothing to write."))]
        )
    found = from_json(Reading, reading.found)
    touched = [row.candidate for row in rows if row.kind == Kind.PROJECT and row.candidate]
    with cell_marks.moving(lambda: AnnualPlan.objects.filter(project__in=touched)):
        writing = _writers(reading, sources.keep(reading, found), by)
        _write_rows(rows, writing)
    added = [
        step["pk"]
        for row in rows
        for step in row.written
        if step["model"] == "projects.annualplan" and step["added"]
    ]
    cell_marks.mark_entries(AnnualPlan.objects.filter(pk__in=added))
    ReadingRow.objects.filter(reading=reading).update(error="")
    ReadingRow.objects.bulk_update(rows, ["written"], batch_size=200)
    reading.state = ReportReading.State.APPLIED
    reading.applied_by, reading.applied_at = by, now
    reading.log = [*reading.log, runs.event_of("written", now, name=str(by), count=len(rows))]
    reading.save(update_fields=["state", "applied_by", "applied_at", "log", "document"])
    return reading


def _write_rows(rows: Sequence[ReadingRow], writing: Write) -> None:
    problems = []
    for row in rows:
        outcome = Outcome()
        try:
            with transaction.atomic():
                writing(row, outcome)
        except RefusedError as error:
            problems.append(RowProblem(row.pk, row.subject, error.field, str(error)))
        except ValidationError as error:
            for name, message in messages_of(error).items():
                problems.append(RowProblem(row.pk, row.subject, name, message))
        except ObjectDoesNotExist:
            gone = _("The known record that it was matched with is gone.")
            problems.append(RowProblem(row.pk, row.subject, "", gone))
        except IntegrityError as error:
            refused = _("is refused by the database: %s") % error
            problems.append(RowProblem(row.pk, row.subject, "", refused))
        row.written = outcome.steps
    if problems:
        raise WritingError(problems)


def _writers(reading: ReportReading, source: Source, by: User) -> Write:
    """One function that writes a row of any kind."""
    reading.document = source.document
    projects = ProjectWriter(source, reading.region)
    indicators = IndicatorWriter(source, by)
    statements = StatementWriter(source)

    def writing(row: ReadingRow, outcome: Outcome) -> None:
        match proposal_of(row):
            case ProjectFound() as proposal:
                projects.write(proposal, row.candidate, outcome)
            case IndicatorFound() as proposal:
                indicators.write(proposal, row.candidate, outcome)
            case CountFound() as proposal:
                statements.write_count(proposal, row.candidate, outcome)
            case AmountFound() as proposal:
                statements.write_amount(proposal, row.candidate, outcome)
            case CommitmentFound() as proposal:
                statements.write_commitment(proposal, row.candidate, outcome)

    return writing


def _keep_problems(reading_id: int, problems: Sequence[RowProblem]) -> None:
    """Let the rows say what is wrong with them; what was decided and typed stays."""
    rows = {row.pk: row for row in ReadingRow.objects.filter(reading=reading_id)}
    for row in rows.values():
        said = [problem for problem in problems if problem.row == row.pk]
        row.error = "\n".join(
            f"{problem.field}: {problem.message}" if problem.field else problem.message
            for problem in said
        )
    ReadingRow.objects.bulk_update(rows.values(), ["error"], batch_size=200)
