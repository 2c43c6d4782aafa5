"""What a monthly report is held against: the months beside it and the project's own life."""

from collections.abc import Collection, Iterable
from datetime import date

from projects import lifecycle
from projects.figures import Approved, Entered, Known, Problem
from projects.models import ProgressReport, Status


def known(report: ProgressReport) -> Known:
    """What the system knows beforehand of a report's month: for figures.check."""
    found = earlier_and_later([report])
    return found[report.pk]


def earlier_and_later(reports: Collection[ProgressReport]) -> dict[int, Known]:
    """figures.Known for each of the reports (with entry, project and period), in one query."""
    projects = {report.entry.project_id for report in reports}
    months: dict[int, list[Approved]] = {pk: [] for pk in projects}
    rows = ProgressReport.objects.filter(
        entry__project__in=projects, approved_invested_ytd__isnull=False
    ).order_by("period__year", "period__month")
    for row in rows.values_list(
        "entry__project_id",
        "period__year",
        "period__month",
        "approved_invested_ytd",
        "approved_physical_progress",
        "narrative",
        "planned_ytd",
        "approved_status",
    ):
        months[row[0]].append(Approved(*row[1:]))
    return {report.pk: _known(report, months[report.entry.project_id]) for report in reports}


def entered(report: ProgressReport) -> Entered:
    """A report's figures as figures.check takes them."""
    return Entered(
        year=report.period.year,
        month=report.period.month,
        invested_ytd=report.invested_ytd,
        physical_progress=report.physical_progress,
        status=report.status,
        narrative=report.narrative,
        completed_on=report.completed_on,
        correction=report.correction,
        confirmed=frozenset(report.confirmed),
    )


def errors_of(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """The messages of problems by field."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(problem.field, []).append(problem.message)
    return errors


def is_overtaken(report: ProgressReport, beside: Known | None = None) -> bool:
    """Whether a later month of the project has been approved: it speaks for the present, not this."""
    return (beside or known(report)).following is not None


def status_errors(
    report: ProgressReport, *, on: date, beside: Known | None = None
) -> list[tuple[str, str]]:
    """What the project's lifecycle has against the status and the dates that are reported.

    A month that a later one has overtaken changes neither: nothing is held against it. `beside` is
    known(report), where the caller has it.
    """
    update = status_update(report)
    if update is None or is_overtaken(report, beside):
        return []
    try:
        lifecycle.check(report.entry.project, update, on=on)
    except lifecycle.TransitionError as error:
        return [(_FIELD_OF.get(error.field, error.field), str(error))]
    return []


_FIELD_OF = {"reason": "correction"}


def status_update(report: ProgressReport) -> lifecycle.StatusUpdate | None:
    """What approving a report makes of the project's status and dates; None where nothing changes."""
    project = report.entry.project
    status = Status(report.status) if report.status else None
    if status is None:
        return None
    completed = report.completed_on or project.completed_on
    update = lifecycle.StatusUpdate(
        status=status,
        reason=report.correction,
        started_on=None
        if status == Status.PREPARATION
        else report.started_on or project.started_on,
        completed_on=completed if status == Status.COMPLETED else None,
    )
    now = (project.status, project.started_on, project.completed_on)
    return None if (update.status, update.started_on, update.completed_on) == now else update


def _known(report: ProgressReport, months: list[Approved]) -> Known:
    here = (report.period.year, report.period.month)
    last = [month for month in months if (month.year, month.month) < here]
    following = [month for month in months if (month.year, month.month) > here]
    return Known(
        planned_ytd=report.planned_ytd,
        total_investment=report.entry.project.total_investment,
        invested_before=report.entry.invested_before,
        last=last[-1] if last else None,
        following=following[0] if following else None,
    )
