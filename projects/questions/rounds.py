"""What is contradictory in the monthly rounds and in a project's own history.

These kinds are decided by one project's rows alone, so that its questions can be looked for at once
when something happens to it, and all projects' at night, by a fixed number of queries.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from projects import audit
from projects.models import ProgressReport, Project, ReportState, StatusChange
from projects.questions.kinds import Finding
from projects.standing import AT_REST

OWN_KINDS = frozenset({"figure_falls", "narrative_repeated", "report_missing", "status_taken_back"})
"""The kinds that these finders find."""

UNSENT = (ReportState.DUE, ReportState.DRAFT, ReportState.RETURNED)
"""Nothing is submitted or in force. A reopened report's approved figures are."""


def find_own(*, on: date, project: Project | None = None) -> Iterator[Finding]:
    """The contradictions within each project, or within one of them, as they stand on a day."""
    reports = ProgressReport.objects.all()
    changes = StatusChange.objects.all()
    if project is not None:
        reports = reports.filter(entry__project=project)
        changes = changes.filter(project=project)
    yield from _falls(reports)
    yield from _repeated(reports)
    yield from _missing(reports, on)
    yield from _taken_back(changes)


class _Approved(NamedTuple):
    """What was approved for one month of one plan entry, year to date, in 万元."""

    entry: int
    project: int
    year: int
    month: int
    invested: Decimal


def _falls(reports: QuerySet[ProgressReport]) -> Iterator[Finding]:
    """A month approved below the approved month before it: what was corrected is asked about once."""
    fallen = [
        (last, now)
        for last, now in pairwise(_approved_months(reports))
        if last.entry == now.entry and now.invested < last.invested
    ]
    projects = Project.objects.in_bulk([now.project for _last, now in fallen])
    for last, now in fallen:
        period = f"{now.year}-{now.month:02d}"
        yield _about(
            projects[now.project],
            "figure_falls",
            period,
            now.year,
            period=period,
            now=now.invested,
            last_period=f"{last.year}-{last.month:02d}",
            last=last.invested,
        )


def _approved_months(reports: QuerySet[ProgressReport]) -> Iterator[_Approved]:
    """The approved months, entry by entry, in the order of the year."""
    rows = (
        reports.filter(approved_invested_ytd__isnull=False)
        .order_by("entry", "period__month")
        .values_list(
            "entry", "entry__project", "period__year", "period__month", "approved_invested_ytd"
        )
    )
    for entry, project, year, month, invested in rows.iterator(chunk_size=2000):
        if invested is not None:
            yield _Approved(entry, project, year, month, invested)


@dataclass(frozen=True, slots=True)
class _Month:
    project: int
    year: int
    month: int
    narrative: str

    @property
    def period(self) -> str:
        return f"{self.year}-{self.month:02d}"

    def follows(self, other: "_Month") -> bool:
        """Whether it says the same of the same project in the month after the other."""
        return (
            self.project == other.project
            and 12 * (self.year - other.year) + self.month - other.month == 1
            and self.narrative.split() == other.narrative.split()
        )


def _repeated(reports: QuerySet[ProgressReport]) -> Iterator[Finding]:
    """The same words in months on end, unless the project is at rest: a run of months, once."""
    sent = (
        reports.filter(state__in=(ReportState.SUBMITTED, ReportState.APPROVED))
        .exclude(narrative="")
        .exclude(status__in=AT_REST)
        .order_by("entry__project", "period__year", "period__month")
        .values_list("entry__project", "period__year", "period__month", "narrative")
    )
    months = (_Month(*row) for row in sent.iterator(chunk_size=2000))
    runs = [(run[0], run[-1], len(run)) for run in _runs(months) if len(run) > 1]
    projects = Project.objects.in_bulk([first.project for first, _last, _count in runs])
    for first, last, count in runs:
        yield _about(
            projects[first.project],
            "narrative_repeated",
            first.period,
            last.year,
            first=first.period,
            last=last.period,
            count=count,
        )


def _runs(months: Iterable[_Month]) -> Iterator[list[_Month]]:
    run: list[_Month] = []
    for month in months:
        if run and not month.follows(run[-1]):
            yield run
            run = []
        run.append(month)
    if run:
        yield run


def _missing(reports: QuerySet[ProgressReport], on: date) -> Iterator[Finding]:
    """A month that nobody has submitted though its due day has passed or its round is locked."""
    over = Q(period__due_on__lt=on) | Q(period__locked_at__isnull=False)
    found = reports.filter(over, state__in=UNSENT).select_related("entry__project", "period")
    for report in found.order_by("pk"):
        period = report.period
        yield _about(
            report.entry.project,
            "report_missing",
            str(period),
            period.year,
            period=str(period),
            due=period.due_on.isoformat(),
        )


def _taken_back(changes: QuerySet[StatusChange]) -> Iterator[Finding]:
    """A status that went back: the lifecycle allows it with a reason, which somebody looks at."""
    for change in changes.filter(goes_back=True).select_related("project").order_by("pk"):
        day = timezone.localdate(change.at)
        yield _about(
            change.project,
            "status_taken_back",
            str(change.number),
            day.year,
            old=change.old_status,
            new=change.new_status,
            day=day.isoformat(),
            reason=change.reason,
        )


def _about(project: Project, kind: str, key: str, year: int, **params: object) -> Finding:
    """A finding about one project; its facts are written as JSON keeps them."""
    params = {"name": project.name, **audit.plain(params)}
    return Finding(kind, f"{project.code}/{key}", params, project=project, year=year)
