"""催报: which reminders are due on a day, to whom, and about what; each is written once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Department, User
from projects import outbox
from projects.models import Message, ProgressReport, ReportingPeriod
from projects.round_status import responsible_people
from projects.schedule import UNFINISHED, door, is_locked

DAYS_BEFORE = (7, 3, 1)
LONGEST_LIST = 50
"""Of the projects that a reminder names; their number is always told."""


class Occasion(StrEnum):
    """Why somebody is reminded; the kind of the message."""

    DUE_SOON = "round_due_soon"
    OVERDUE = "round_overdue"
    ASKED = "round_reminder"
    """The scheduling office asked for it."""


def occasion(period: ReportingPeriod, *, on: date) -> Occasion | None:
    """The reminder that a round's days ask for: 7, 3 and 1 days before it falls due, then daily
    until it is locked.
    """
    if period.opened_at is None or is_locked(period, on=on):
        return None
    days = (period.due_on - on).days
    if days < 0:
        return Occasion.OVERDUE
    return Occasion.DUE_SOON if days in DAYS_BEFORE else None


def remind_due(*, on: date, at: datetime) -> int:
    """Write the reminders of a day; safe to run again. Returns how many people were reminded now."""
    reminded = 0
    for period in ReportingPeriod.objects.filter(opened_at__isnull=False, locked_at__isnull=True):
        if (kind := occasion(period, on=on)) is not None:
            reminded += remind(period, kind, on=on, at=at)
    return reminded


def remind(
    period: ReportingPeriod,
    kind: Occasion,
    *,
    on: date,
    at: datetime,
    by: User | None = None,
    departments: Collection[int] | None = None,
) -> int:
    """Write one reminder to each person who answers for outstanding reports of the round.

    Narrowed to `departments` (ids) where given. Whoever had this kind of reminder today is passed
    over. Each person's is a transaction of its own: a run that dies leaves whole messages, and the
    next one writes the rest. Returns how many people were reminded now.
    """
    owed = _owed(period, departments)
    found = Department.objects.filter(pk__in=owed)
    projects: dict[int, list[str]] = defaultdict(list)
    people: dict[int, User] = {}
    for department, responsible in responsible_people(found.order_by("path")).items():
        for person in responsible:
            people[person.pk] = person
            projects[person.pk] += owed[department]
    key = f"{period.pk}-{on.isoformat()}"
    told = Message.objects.filter(kind=kind.value, key=key, channel=Message.Channel.INBOX)
    for pk in told.values_list("recipient", flat=True):
        people.pop(pk, None)
    for person in people.values():
        outbox.post(
            [person],
            kind.value,
            key=key,
            params={
                "period": str(period),
                "due": period.due_on.isoformat(),
                "locks": period.locks_on.isoformat(),
                "count": len(projects[person.pk]),
                "projects": _named(projects[person.pk]),
                "who": str(by) if by is not None else "",
            },
            url=reverse("projects:my-month-of", args=[period.year, period.month]),
            at=at,
        )
    return len(people)


def remind_asked(
    period: ReportingPeriod,
    departments: QuerySet[Department],
    *,
    by: User,
    on: date,
    at: datetime,
) -> int:
    """Remind at the office's wish: these departments. Those that cannot report any
    more are passed over. Returns how many people were reminded now.
    """
    owing = ProgressReport.objects.filter(year=period.year, period=period, state__in=UNFINISHED)
    found = departments.filter(pk__in=owing.values("entry__project__department"))
    grants = list(period.grants.select_related("department"))
    able = {
        department.pk
        for department in found
        if door(period, department, on=on, grants=grants).is_open
    }
    return remind(period, Occasion.ASKED, on=on, at=at, by=by, departments=able)


def _owed(period: ReportingPeriod, departments: Collection[int] | None) -> dict[int, list[str]]:
    """The names of the outstanding projects by department."""
    reports = ProgressReport.objects.filter(
        year=period.year,
        period=period,
        state__in=UNFINISHED,
        entry__project__department__isnull=False,
    )
    if departments is not None:
        reports = reports.filter(entry__project__department__in=departments)
    owed: dict[int, list[str]] = defaultdict(list)
    rows = reports.order_by("entry__project__name")
    for department, name in rows.values_list("entry__project__department", "entry__project__name"):
        owed[department].append(name)
    return owed


def _named(names: list[str]) -> str:
    more = ["…"] if len(names) > LONGEST_LIST else []
    return "、".join(names[:LONGEST_LIST] + more)
