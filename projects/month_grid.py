"""我的本月: the rows of a month's grid, each report beside what was approved last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from projects.figures import Approved, Known, Problem, Severity, check, may_submit, month_figure
from projects.models import ProgressReport, ReopenGrant, ReportPhoto, ReportState, Status
from projects.permissions import may_report
from projects.reporting import earlier_and_later, entered, status_errors
from projects.schedule import Door, door, is_late
from projects.workflow import TRANSITIONS, VALUES, ReportAction

FIELDS = tuple(name for name in VALUES if name != "confirmed")


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark about a row: its field, how bad, the words, and the code that may be confirmed."""

    field: str
    severity: str
    message: str
    code: str = ""
    is_confirmed: bool = False


@dataclass(slots=True)
class Row:
    """One project's month, as the page shows it; `typed` is what stands in the fields."""

    report: ProgressReport
    last: Approved | None
    typed: dict[str, str]
    entrance: Door
    is_editable: bool
    is_late: bool
    is_ready: bool
    figure: Decimal | None
    photos: int
    findings: list[Finding] = field(default_factory=list)
    missing: list[Finding] = field(default_factory=list)
    """What keeps it from being submitted, where its state would let it be."""
    is_same: bool = False
    newer: list[Any] = field(default_factory=list)
    keeps_typed: bool = False

    @property
    def errors(self) -> list[Finding]:
        """What has to be corrected, or confirmed."""
        return [found for found in self.findings if found.severity != Severity.WARNING]

    @property
    def wrong(self) -> set[str]:
        """The fields of the errors; "" stands for the row."""
        return {found.field for found in self.errors}


def rows(reports: Iterable[ProgressReport], *, user: User, on: date) -> list[Row]:
    """The rows of these reports (with period, entry, project and department), in their order."""
    found = list(reports)
    beside = earlier_and_later(found)
    doors = _doors(found, on=on)
    return [
        _row(
            report,
            beside[report.pk],
            entrance=doors[report.entry.project.department_id, report.period_id],
            user=user,
            on=on,
            photos=getattr(report, "photo_count", 0),
        )
        for report in found
    ]


def row(
    report: ProgressReport,
    *,
    user: User,
    on: date,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    newer: Sequence[Any] = (),
    confirmed: Collection[str] = (),
) -> Row:
    """One row again, with what was typed and ticked and what is wrong with it."""
    made = rows([report], user=user, on=on)[0]
    if typed is not None:
        made.typed = {name: typed.get(name, "") for name in FIELDS}
        made.keeps_typed = True
        made.findings = [
            replace(found, is_confirmed=found.code in confirmed) if found.code else found
            for found in made.findings
        ]
    if errors:
        said = [
            Finding(name, Severity.ERROR, message)
            for name, messages in errors.items()
            for message in messages
        ]
        shown = {(finding.field, finding.message) for finding in said}
        made.findings = said + [
            finding for finding in made.findings if (finding.field, finding.message) not in shown
        ]
    made.newer = list(newer)
    return made


def editable(found: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """The reports that are asked for, with what a row reads."""
    return (
        found.exclude(state=ReportState.NOT_DUE)
        .select_related("period", "entry__project__department", "entry__latest")
        .annotate(photo_count=Coalesce(Subquery(PHOTOS), 0))
        .order_by("entry__project__department__path", "entry__position", "pk")
    )


PHOTOS = (
    ReportPhoto.objects.filter(report=OuterRef("pk"))
    .order_by()
    .values("report")
    .annotate(count=Count("pk"))
    .values("count")
)


def _doors(reports: Sequence[ProgressReport], *, on: date) -> dict[tuple[int | None, int], Door]:
    # Asked for only where a round is locked.
    grants = ReopenGrant.objects.filter(
        period__in={report.period_id for report in reports}
    ).select_related("department")
    doors = {}
    for report in reports:
        department = report.entry.project.department
        key = (report.entry.project.department_id, report.period_id)
        if key not in doors:
            doors[key] = door(report.period, department, on=on, grants=grants)
    return doors


def _row(
    report: ProgressReport,
    beside: Known,
    *,
    entrance: Door,
    user: User,
    on: date,
    photos: int,
) -> Row:
    is_editable = (
        (report.state, ReportAction.SAVE) in TRANSITIONS
        and entrance.is_open
        and may_report(user, report.entry.project)
    )
    last, untouched = beside.last, report.version == 0
    problems = check(entered(report), beside, is_draft=report.state == ReportState.DRAFT)
    made = Row(
        report=report,
        last=last,
        typed=_proposed(report) if untouched else _typed(report),
        entrance=entrance,
        is_editable=is_editable,
        is_late=is_late(report, on=on),
        is_ready=False,
        figure=month_figure(report.period.year, report.invested_ytd, last),
        photos=photos,
    )
    if untouched:
        return made
    made.findings = [_finding(problem, report) for problem in problems]
    made.is_same = any(problem.code.endswith("_unchanged") for problem in problems)
    if not is_editable:
        return made
    against = [
        Finding(name, Severity.ERROR, message)
        for name, message in status_errors(report, on=on, beside=beside)
    ]
    made.findings += against
    if (report.state, ReportAction.SUBMIT) in TRANSITIONS:
        whole = check(entered(report), beside)
        made.missing = [
            _finding(problem, report) for problem in whole if not may_submit([problem])
        ] + against
        made.is_ready = not made.missing
    return made


def _finding(problem: Problem, report: ProgressReport) -> Finding:
    confirmed = problem.code in report.confirmed
    code = problem.code.value if confirmed or problem.severity is Severity.CONFIRM else ""
    return Finding(problem.field, problem.severity.value, problem.message, code, confirmed)


def _typed(report: ProgressReport) -> dict[str, str]:
    return {name: _text(getattr(report, name)) for name in FIELDS}


def _proposed(report: ProgressReport) -> dict[str, str]:
    """What an untouched row offers, so that nobody types again what is known."""
    known = {name: _text(value) for name, value in proposed_values(report).items()}
    return dict.fromkeys(FIELDS, "") | known


def proposed_values(report: ProgressReport) -> dict[str, Any]:
    """The columns that an untouched report takes from its project; none once it was touched."""
    if report.version:
        return {}
    project = report.entry.project
    completed = project.completed_on if project.status == Status.COMPLETED else None
    return {
        "status": project.status,
        "started_on": project.started_on,
        "completed_on": completed,
    }


def _text(value: object) -> str:
    """A value as a person would type it: no zeros that were only stored, "" for nothing."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)
