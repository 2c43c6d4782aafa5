"""月调度: which rounds there are, when they open, fall due and lock, and for whom a locked one is open.

Rounds are opened and locked by one set-based statement each, whatever the number of entries.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from projects import cell_marks, partitions
from projects.models import (
    AnnualPlan,
    ProgressReport,
    ReopenGrant,
    ReportingPeriod,
    ReportState,
)

OPENS_DAYS_BEFORE_MONTH_END = 5
DUE_DAY, LOCK_DAY = 5, 10
"""Of the following month: the office's usual round. A period's own dates count."""

UNFINISHED = (ReportState.DUE, ReportState.DRAFT, ReportState.RETURNED, ReportState.REOPENED)
"""Where the department is at turn."""


class Reason(StrEnum):
    """Why a round is open or closed to a department."""

    OPEN = "open"
    NOT_OPEN_YET = "not_open_yet"
    LOCKED = "locked"
    REOPENED = "reopened"
    GRANT_EXPIRED = "grant_expired"


WORDS = {
    Reason.OPEN: _("The round is open until %(day)s."),
    Reason.NOT_OPEN_YET: _("The round opens on %(day)s."),
    Reason.LOCKED: _(
        "The round has been locked since %(day)s. Only a reopening for your department,"
        " which the scheduling office grants, lets you change it."
    ),
    Reason.REOPENED: _("The round is locked, but open again for %(department)s until %(day)s."),
    Reason.GRANT_EXPIRED: _(
        "The round has been locked since %(day)s; the reopening for %(department)s"
        " ended on %(until)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Door:
    """Whether a department may write in a round on a day, and why."""

    is_open: bool
    reason: Reason
    day: date
    department: str = ""
    until: date | None = None

    @property
    def words(self) -> str:
        """The reason in the reader's language."""
        return WORDS[self.reason] % {
            "day": self.day.isoformat(),
            "department": self.department,
            "until": self.until.isoformat() if self.until else "",
        }


def default_dates(year: int, month: int) -> tuple[date, date, date]:
    """When a month's round opens, falls due and is locked, unless the office sets other dates."""
    month_end = date(year, month, monthrange(year, month)[1])
    following = month_end + timedelta(days=1)
    opens = following - timedelta(days=OPENS_DAYS_BEFORE_MONTH_END)
    return opens, following.replace(day=DUE_DAY), following.replace(day=LOCK_DAY)


def ensure_periods(year: int) -> list[ReportingPeriod]:
    """The twelve rounds of a year, made where they are missing, and its place in the database."""
    partitions.open_year(year)
    ReportingPeriod.objects.bulk_create(
        (
            ReportingPeriod(year=year, month=month, opens_on=opens, due_on=due, locks_on=locks)
            for month in range(1, 13)
            for opens, due, locks in [default_dates(year, month)]
        ),
        ignore_conflicts=True,
    )
    return list(ReportingPeriod.objects.filter(year=year).order_by("month"))


@transaction.atomic
def open_due(*, on: date, at: datetime) -> list[ReportingPeriod]:
    """Open the rounds whose day has come; safe to run again. Returns those opened now."""
    waiting = ReportingPeriod.objects.select_for_update().filter(
        opens_on__lte=on, opened_at__isnull=True
    )
    opened = list(waiting.order_by("year", "month"))
    for period in opened:
        period.opened_at = at
        period.save(update_fields=["opened_at"])
        _await_reports(ProgressReport.objects.all(), period)
        cell_marks.mark_month(period)
    return opened


def await_reports(reports: QuerySet[ProgressReport]) -> int:
    """Ask for those of the reports whose round is open and whose project has entered the plan."""
    waiting = reports.filter(state=ReportState.NOT_DUE).order_by()
    rounds = ReportingPeriod.objects.filter(
        opened_at__isnull=False, pk__in=waiting.values("period")
    )
    return sum(_await_reports(waiting, period) for period in rounds)


def _await_reports(reports: QuerySet[ProgressReport], period: ReportingPeriod) -> int:
    """await_reports of one open round: with it known, the rows are found and written in one go."""
    entered = AnnualPlan.objects.filter(year=period.year, enters_in__lte=period.month)
    waiting = reports.filter(
        year=period.year, state=ReportState.NOT_DUE, period=period, entry__in=entered
    )
    return waiting.update(state=ReportState.DUE)


@transaction.atomic
def lock_due(*, on: date, at: datetime) -> list[ReportingPeriod]:
    """Lock the open rounds whose day has come; safe to run again. Returns those locked now."""
    ripe = ReportingPeriod.objects.select_for_update().filter(
        locks_on__lte=on, opened_at__isnull=False, locked_at__isnull=True
    )
    locked = list(ripe.order_by("year", "month"))
    ReportingPeriod.objects.filter(pk__in=[period.pk for period in locked]).update(locked_at=at)
    return locked


def is_locked(period: ReportingPeriod, *, on: date) -> bool:
    """Whether a round is locked: from its day on, even where no job has marked it yet."""
    return period.locked_at is not None or on >= period.locks_on


def door(
    period: ReportingPeriod,
    department: Department | None,
    *,
    on: date,
    grants: Iterable[ReopenGrant],
) -> Door:
    """Whether the projects of a department may be reported and reviewed in a round on a day.

    `grants` are the round's reopenings with their departments; those of other departments and
    other rounds are passed over.
    """
    if period.opened_at is None:
        return Door(False, Reason.NOT_OPEN_YET, period.opens_on)
    if not is_locked(period, on=on):
        return Door(True, Reason.OPEN, period.locks_on - timedelta(days=1))
    ours = [
        grant
        for grant in grants
        if department is not None
        and grant.period_id == period.pk
        and department.path.startswith(grant.department.path)
    ]
    if not ours:
        return Door(False, Reason.LOCKED, period.locks_on)
    latest = max(ours, key=lambda grant: grant.until)
    if latest.until >= on:
        return Door(True, Reason.REOPENED, latest.until, latest.department.name)
    return Door(False, Reason.GRANT_EXPIRED, period.locks_on, latest.department.name, latest.until)


def reopen(
    period: ReportingPeriod,
    department: Department,
    *,
    reason: str,
    until: date,
    by: User,
    at: datetime,
) -> ReopenGrant:
    """Open a locked round again for one department until the end of a day."""
    return ReopenGrant.objects.create(
        period=period, department=department, reason=reason.strip(), until=until, by=by, at=at
    )


def is_late(report: ProgressReport, *, on: date) -> bool:
    """迟报: first submitted after the due day, or not submitted though that day has passed."""
    if report.state == ReportState.NOT_DUE:
        return False
    return (report.first_submitted_on or on) > report.period.due_on


def late(on: date) -> Q:
    """is_late as a condition of a query over monthly reports."""
    return ~Q(state=ReportState.NOT_DUE) & (
        Q(first_submitted_on__gt=F("period__due_on"))
        | Q(first_submitted_on__isnull=True, period__due_on__lt=on)
    )


def current_period(*, on: date) -> ReportingPeriod | None:
    """The round that is worked on: the earliest open one, else the latest opened, else the next."""
    opened = ReportingPeriod.objects.filter(opened_at__isnull=False)
    workable = opened.filter(locks_on__gt=on, locked_at__isnull=True)
    upcoming = ReportingPeriod.objects.filter(opened_at__isnull=True).order_by("year", "month")
    return (
        workable.order_by("year", "month").first()
        or opened.order_by("year", "month").last()
        or upcoming.first()
    )
