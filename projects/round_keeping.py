"""What is done with a round: opened and locked by its days, moved, locked at once, reopened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from projects import cell_marks, colouring, outbox, schedule
from projects.models import ProgressReport, ReopenGrant, ReportingPeriod, ReportState
from projects.round_status import responsible_people

DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Days:
    """The three days of a round."""

    opens_on: date
    due_on: date
    locks_on: date

    @classmethod
    def of(cls, period: ReportingPeriod) -> "Days":
        """The days that a round has now."""
        return cls(period.opens_on, period.due_on, period.locks_on)

    def __str__(self) -> str:
        return f"{self.opens_on} {self.due_on} {self.locks_on}"


class RoundError(Exception):
    """What was asked of a round is not possible; `field` names the field it is about, or is ""."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class StaleRoundError(Exception):
    """The round changed since the page was opened; `period` is the round as it is now."""

    def __init__(self, period: ReportingPeriod, message: str) -> None:
        super().__init__(message)
        self.period = period


def open_and_lock(*, on: date, at: datetime) -> None:
    """Do what the day asks for: the year's rounds exist (in December the next year's too), those
    whose day has come are opened or locked, and the locked months have their lights.

    Safe to run again, and after days on which nothing ran.
    """
    for year in (on.year, on.year + 1) if on.month == DECEMBER else (on.year,):
        schedule.ensure_periods(year)
    schedule.open_due(on=on, at=at)
    with transaction.atomic():  # a round is never locked without its lights
        _judge(schedule.lock_due(on=on, at=at), at=at)


@transaction.atomic
def change_days(
    period_id: int, days: Days, *, seen: str, by: User, on: date, at: datetime
) -> ReportingPeriod:
    """Give a round other days, and tell those who still have to report.

    `seen` are the days as the page showed them. A round whose opening day has come by that opens at
    once. Raises StaleRoundError where the round was moved or locked since, RoundError where the
    days are not possible.
    """
    period = _locked(period_id)
    before = Days.of(period)
    if period.locked_at is not None:
        raise StaleRoundError(
            period,
            _("The round is locked: its dates stay. Open it again for a department instead."),
        )
    if seen != str(before):
        raise StaleRoundError(
            period,
            _(
                "Somebody changed the dates meanwhile: opens on %(opens)s, due on %(due)s,"
                " locked from %(locks)s."
            )
            % {"opens": before.opens_on, "due": before.due_on, "locks": before.locks_on},
        )
    _refuse_impossible(period, days, on=on)
    if days == before:
        return period
    period.opens_on, period.due_on, period.locks_on = days.opens_on, days.due_on, days.locks_on
    period.save(update_fields=["opens_on", "due_on", "locks_on"])
    cell_marks.mark_month(period)
    if period.opened_at is not None:
        _tell_new_days(period, by=by, at=at)
    schedule.open_due(on=on, at=at)
    return period


@transaction.atomic
def lock_now(period_id: int, *, on: date, at: datetime) -> ReportingPeriod:
    """Lock a round without waiting for its day, and judge its months.

    Raises RoundError where it is not open, or is not overdue yet.
    """
    period = _locked(period_id)
    if period.opened_at is None:
        raise RoundError(_("A round is opened before it is locked."))
    if period.locked_at is not None:
        raise RoundError(_("The round is locked already."))
    if on <= period.due_on:
        raise RoundError(
            _("A round is locked after its due day (%(due)s) at the earliest.")
            % {"due": period.due_on}
        )
    period.locks_on, period.locked_at = min(period.locks_on, on), at
    period.save(update_fields=["locks_on", "locked_at"])
    _judge([period], at=at)
    return period


@transaction.atomic
def reopen_for(
    period_id: int,
    department: Department,
    *,
    reason: str,
    until: date,
    by: User,
    on: date,
    at: datetime,
) -> ReopenGrant:
    """Open a locked round again for a department and those below it, and tell their people.

    Raises RoundError where the round is not locked, the day is past or no reason is given.
    """
    period = _locked(period_id)
    if not schedule.is_locked(period, on=on) or period.opened_at is None:
        raise RoundError(_("Only a locked round is opened again."))
    if not reason.strip():
        raise RoundError(_("Say why."), "reason")
    if until < on:
        raise RoundError(_("This day is past."), "until")
    if department.dissolved_into_id is not None:
        raise RoundError(_("This department has been dissolved."), "department")
    grant = schedule.reopen(period, department, reason=reason, until=until, by=by, at=at)
    outbox.post(
        _people_of(department),
        "round_reopened",
        key=str(grant.pk),
        params={
            "period": str(period),
            "department": department.name,
            "until": until.isoformat(),
            "reason": grant.reason,
            "who": str(by),
        },
        url=period.get_absolute_url(),
        at=at,
    )
    return grant


def _locked(period_id: int) -> ReportingPeriod:
    return ReportingPeriod.objects.select_for_update().get(pk=period_id)


def _judge(periods: Iterable[ReportingPeriod], *, at: datetime) -> None:
    """Give the locked months their lights; months before a project entered have none."""
    pks = [period.pk for period in periods]
    if pks:
        reports = ProgressReport.objects.filter(period__in=pks)
        colouring.recolour(reports.exclude(state=ReportState.NOT_DUE), at=at)


def _refuse_impossible(period: ReportingPeriod, days: Days, *, on: date) -> None:
    if period.opened_at is not None and days.opens_on != period.opens_on:
        raise RoundError(_("The round is open already."), "opens_on")
    if days.due_on < days.opens_on:
        raise RoundError(_("The due day cannot be before the opening day."), "due_on")
    if days.due_on != period.due_on and days.due_on < on:
        raise RoundError(_("This day is past."), "due_on")
    if days.locks_on <= days.due_on:
        raise RoundError(_("The round is locked on a later day than it falls due."), "locks_on")
    if days.locks_on <= on:
        raise RoundError(
            _("This would lock the round at once: choose a later day, or lock it now."), "locks_on"
        )


def _tell_new_days(period: ReportingPeriod, *, by: User, at: datetime) -> None:
    owing = ProgressReport.objects.filter(
        year=period.year, period=period, state__in=schedule.UNFINISHED
    )
    departments = Department.objects.filter(pk__in=owing.values("entry__project__department"))
    people = {
        person.pk: person for found in responsible_people(departments).values() for person in found
    }
    outbox.post(
        people.values(),
        "round_dates",
        key=f"{period.pk}-{at.isoformat()}",
        params={
            "period": str(period),
            "due": period.due_on.isoformat(),
            "locks": period.locks_on.isoformat(),
            "who": str(by),
        },
        url=period.get_absolute_url(),
        at=at,
    )


def _people_of(department: Department) -> list[User]:
    """The reporting officers of a department's branch, else those who report for it from above."""
    branch = User.objects.filter(
        role=Role.STAFF, is_active=True, department__path__startswith=department.path
    )
    return list(branch) or responsible_people([department])[department.pk]
