"""审核: submitted reports beside last month's, with what the checks found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from projects.figures import Approved, Known, Problem, check, month_figure
from projects.models import ProgressReport, ReopenGrant, ReportPhoto, ReportState
from projects.reporting import earlier_and_later, entered
from projects.schedule import Door, door, is_late
from projects.workflow import ReportAction, available, makers_of

LONGEST_COMPARED = 2000
"""Characters of a narrative; what is longer cannot be stored."""

UNLIKE = 0.5
"""Share of common characters below which two narratives are shown one after the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a narrative: as it was, newly written, or gone."""

    text: str
    change: str = ""


@dataclass(slots=True)
class Waiting:
    """One report that waits for its review."""

    report: ProgressReport
    last: Approved | None
    figure: Decimal | None
    problems: list[Problem]
    is_late: bool
    may_approve: bool
    may_return: bool
    entrance: Door
    is_own_work: bool
    photos: int
    words: list[Piece] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether no check found anything."""
        return not self.problems


def queue(reports: Iterable[ProgressReport], *, user: User, on: date) -> list[Waiting]:
    """The reports (see `waiting`) as a reviewer sees them, in their order."""
    found = list(reports)
    beside = earlier_and_later(found)
    makers = makers_of([report.pk for report in found])
    grants = ReopenGrant.objects.filter(
        period__in={report.period_id for report in found}
    ).select_related("department")
    doors: dict[tuple[int | None, int], Door] = {}
    made = []
    for report in found:
        department = report.entry.project.department
        key = (report.entry.project.department_id, report.period_id)
        if key not in doors:
            doors[key] = door(report.period, department, on=on, grants=grants)
        may = available(report, user=user, entrance=doors[key], makers=makers[report.pk])
        made.append(
            Waiting(
                report=report,
                last=beside[report.pk].last,
                figure=month_figure(
                    report.period.year, report.invested_ytd, beside[report.pk].last
                ),
                problems=check(entered(report), beside[report.pk]),
                is_late=is_late(report, on=on),
                may_approve=ReportAction.APPROVE in may,
                may_return=ReportAction.RETURN in may,
                entrance=doors[key],
                is_own_work=user.pk in makers[report.pk],
                photos=report.photo_count,  # type: ignore[attr-defined]
                words=list(differences(beside[report.pk], report.narrative)),
            )
        )
    return made


def waiting(found: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """The submitted ones of these reports, with what the queue reads, by department and lateness."""
    photos = (
        ReportPhoto.objects.filter(report=OuterRef("pk"))
        .order_by()
        .values("report")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        found.filter(state=ReportState.SUBMITTED)
        .select_related("period", "entry__project__department", "submitted_by")
        .annotate(photo_count=Coalesce(Subquery(photos), 0))
        .order_by(
            "entry__project__department__path",
            "period__year",
            "period__month",
            "-first_submitted_on",
            "pk",
        )
    )


def differences(beside: Known, narrative: str) -> Iterator[Piece]:
    """What was written beside what was approved last, in pieces; all of it new where nothing was."""
    before = beside.last.narrative if beside.last else ""
    if not before:
        if narrative:
            yield Piece(narrative)
        return
    matcher = SequenceMatcher(
        None, before[:LONGEST_COMPARED], narrative[:LONGEST_COMPARED], autojunk=False
    )
    if matcher.quick_ratio() < UNLIKE:  # nothing of the old is left: marks would only confuse
        yield Piece(before, "del")
        yield Piece(narrative, "ins")
        return
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            yield Piece(before[a:b])
            continue
        if a < b:
            yield Piece(before[a:b], "del")
        if c < d:
            yield Piece(narrative[c:d], "ins")
