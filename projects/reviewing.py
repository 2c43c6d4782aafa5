"""审核: submitted reports beside last month's, with what the checks found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from office.keyset import Key, Order
from projects.comparing import Piece, compare
from projects.figures import Approved, Known, Severity, check, month_figure
from projects.models import ProgressReport, ReopenGrant, ReportAction, ReportPhoto, ReportState
from projects.reporting import earlier_and_later, entered, status_errors
from projects.schedule import Door, door, is_late, late
from projects.workflow import makers_of, offers


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how bad it is, in words, and whether the reporter has confirmed it."""

    severity: str
    message: str
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """How many reports of a department wait, and how many of them came late."""

    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report that waits for its review; `why_not` is empty where this person may approve it."""

    report: ProgressReport
    last: Approved | None
    figure: Decimal | None
    findings: list[Finding]
    is_late: bool
    why_not: str
    may_return: bool

    @property
    def department_id(self) -> int | None:
        """Whose report it is."""
        return self.report.entry.project.department_id

    @property
    def is_clean(self) -> bool:
        """Whether no check found anything."""
        return not self.findings

    @property
    def invested_before(self) -> Decimal | None:
        """The last approved cumulated figure, where it runs from the same January."""
        last = self.last
        return last.invested_ytd if last and last.year == self.report.period.year else None

    @property
    def status_before(self) -> str:
        """The last approved status; the project's own where no month was approved."""
        return (self.last.status if self.last else "") or self.report.entry.project.status

    def words(self) -> list[Piece]:
        """The narrative with what differs from the last approved one."""
        return compare(self.last.narrative if self.last else "", self.report.narrative)


def waiting(reports: QuerySet[ProgressReport], *, on: date) -> QuerySet[ProgressReport]:
    """The submitted ones of these reports, with what they are ordered by."""
    in_time = ExpressionWrapper(~late(on), output_field=BooleanField())
    return reports.filter(state=ReportState.SUBMITTED).annotate(
        is_in_time=Coalesce(in_time, Value(True))
    )


ORDER = Order(
    (
        Key(("entry__project__department__path",), nullable=True),
        Key(("is_in_time", "year", "period__month", "submitted_at", "pk")),
    )
)
"""By department, in each those that came late first. Of the second key nothing has an index:
a department's few reports are sorted, those of the departments behind it are not read."""


def in_departments(
    reports: QuerySet[ProgressReport], departments: Iterable[int | None]
) -> dict[int | None, Held]:
    """How many of the reports (see `waiting`) each of these departments has; one query."""
    wanted = set(departments)
    named = Q(entry__project__department__in=wanted - {None})
    found = reports.filter(named | Q(entry__project__department=None) if None in wanted else named)
    rows = (
        found.order_by()
        .values_list("entry__project__department")
        .annotate(count=Count("pk"), behind=Count("pk", filter=Q(is_in_time=False)))
    )
    return {department: Held(count, behind) for department, count, behind in rows}


def queue(keys: Sequence[int], *, user: User, on: date) -> list[Waiting]:
    """The reports with these ids as a reviewer sees them, in this order; three or four queries."""
    photos = (
        ReportPhoto.objects.filter(report=OuterRef("pk"))
        .order_by()
        .values("report")
        .annotate(count=Count("pk"))
        .values("count")
    )
    read = (
        ProgressReport.objects.filter(pk__in=keys)
        .select_related("period", "entry__project__department", "submitted_by")
        .annotate(photo_count=Coalesce(Subquery(photos), 0))
        .order_by()
        .in_bulk()
    )
    found = [read[pk] for pk in keys if pk in read]
    beside = earlier_and_later(found)
    makers = makers_of([report.pk for report in found])
    # Asked for only where a round is locked.
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
        steps = {
            offer.action: offer
            for offer in offers(report, user=user, entrance=doors[key], makers=makers[report.pk])
        }
        last = beside[report.pk].last
        made.append(
            Waiting(
                report=report,
                last=last,
                figure=month_figure(report.period.year, report.invested_ytd, last),
                findings=findings(report, beside[report.pk], on=on),
                is_late=is_late(report, on=on),
                why_not=steps[ReportAction.APPROVE].why,
                may_return=steps[ReportAction.RETURN].is_allowed,
            )
        )
    return made


def findings(report: ProgressReport, beside: Known, *, on: date) -> list[Finding]:
    """What the checks find in a report as it stands, and what approving it would run into."""
    found = [
        Finding(problem.severity, problem.message, problem.code in report.confirmed)
        for problem in check(entered(report), beside)
    ]
    if report.state != ReportState.APPROVED:
        said = {finding.message for finding in found}
        against = [message for _field, message in status_errors(report, on=on, beside=beside)]
        found += [Finding(Severity.ERROR, message) for message in against if message not in said]
    return found
