"""How a round stands: what was reported, who has not, and who answers for it.

Everything is counted by the database, over the reports that the caller permits.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Department, User
from accounts.roles import Role
from projects.models import ProgressReport, ReopenGrant, ReportingPeriod, ReportState
from projects.schedule import UNFINISHED, Door, Reason, door, is_locked, late

COUNTS: dict[str, Q] = {
    "asked": ~Q(state=ReportState.NOT_DUE),
    "reported": Q(state__in=(ReportState.SUBMITTED, ReportState.APPROVED)),
    "outstanding": Q(state__in=UNFINISHED),
    **{
        state.value: Q(state=state)
        for state in (
            ReportState.DUE,
            ReportState.DRAFT,
            ReportState.SUBMITTED,
            ReportState.RETURNED,
            ReportState.REOPENED,
            ReportState.APPROVED,
        )
    },
}
"""What is counted of a round besides the late ones: name → which reports."""


class RoundState(models.TextChoices):
    """Where a round stands."""

    UPCOMING = "upcoming", gettext_lazy("Not open yet")
    OPEN = "open", pgettext_lazy("of a round", "Open")
    OVERDUE = "overdue", gettext_lazy("Past its due day")
    LOCKED = "locked", gettext_lazy("Locked")


@dataclass(frozen=True, slots=True)
class Round:
    """A round in the list of a year; `counts` are those of COUNTS, and "late"."""

    period: ReportingPeriod
    state: RoundState
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What one department has reported in a round; projects without a department have None."""

    department: Department | None
    counts: dict[str, int]
    outstanding: list[ProgressReport]
    people: list[User]
    door: Door

    @property
    def may_be_reminded(self) -> bool:
        """Whether a reminder can still help: something is owed, and can still be reported."""
        return bool(self.outstanding) and self.door.is_open and self.department is not None


def state_of(period: ReportingPeriod, *, on: date) -> RoundState:
    """Where a round stands on a day."""
    if period.opened_at is None:
        return RoundState.UPCOMING
    if is_locked(period, on=on):
        return RoundState.LOCKED
    return RoundState.OVERDUE if on > period.due_on else RoundState.OPEN


def rounds_of(year: int, reports: QuerySet[ProgressReport], *, on: date) -> list[Round]:
    """The rounds of a year from January on, each with its counts, in two queries."""
    rows = _counted(reports.filter(year=year), "period", on=on)
    return [
        Round(period, state_of(period, on=on), rows.get(period.pk) or _nothing())
        for period in ReportingPeriod.objects.filter(year=year).order_by("month")
    ]


def totals(period: ReportingPeriod, reports: QuerySet[ProgressReport], *, on: date) -> Round:
    """A round with the counts over all departments."""
    rows = _counted(reports.filter(year=period.year, period=period), "period", on=on)
    return Round(period, state_of(period, on=on), rows.get(period.pk) or _nothing())


def counts_by_department(
    period: ReportingPeriod, reports: QuerySet[ProgressReport], *, on: date
) -> list[tuple[Department | None, dict[str, int]]]:
    """Each department that was asked in the round with its counts, those that owe most first."""
    asked = reports.filter(year=period.year, period=period).exclude(state=ReportState.NOT_DUE)
    rows = _counted(asked, "entry__project__department", on=on)
    departments = Department.objects.in_bulk([pk for pk in rows if pk is not None])
    found = [(departments[pk] if pk is not None else None, row) for pk, row in rows.items()]
    return sorted(
        found, key=lambda each: (-each[1]["outstanding"], each[0].path if each[0] else "~")
    )


def standings(
    period: ReportingPeriod,
    reports: QuerySet[ProgressReport],
    found: Collection[tuple[Department | None, dict[str, int]]],
    *,
    on: date,
    grants: Iterable[ReopenGrant],
) -> list[Standing]:
    """What the departments still owe and who answers for it; `found` are some of the counts."""
    wanted = Q(entry__project__department__in=[each.pk for each, _row in found if each])
    if any(each is None for each, _row in found):
        wanted |= Q(entry__project__department__isnull=True)
    owed: dict[int | None, list[ProgressReport]] = defaultdict(list)
    outstanding = reports.filter(wanted, year=period.year, period=period, state__in=UNFINISHED)
    for report in outstanding.select_related("entry__project").order_by("entry__project__name"):
        owed[report.entry.project.department_id].append(report)
    people = responsible_people(each for each, _row in found if each is not None)
    kept = list(grants)
    return [
        Standing(
            department=department,
            counts=row,
            outstanding=owed[department.pk if department else None],
            people=people[department.pk] if department else [],
            door=door(period, department, on=on, grants=kept),
        )
        for department, row in found
    ]


def responsible_people(departments: Iterable[Department]) -> dict[int, list[User]]:
    """Who reports for each department (by its id): its reporting officers, and where it has none
    those of the nearest department above that has some. Whoever left is not among them.
    """
    by_path: dict[str, list[User]] = defaultdict(list)
    staff = User.objects.filter(role=Role.STAFF, is_active=True).select_related("department")
    for person in staff.order_by("name", "username"):
        if person.department is not None:
            by_path[person.department.path].append(person)
    return {
        department.pk: next(
            (by_path[path] for path in _upwards(department.path) if path in by_path), []
        )
        for department in departments
    }


def departments_asked(period: ReportingPeriod) -> QuerySet[Department]:
    """The departments that report in a round, and those above them."""
    paths = (
        Department.objects.filter(
            pk__in=ProgressReport.objects.filter(year=period.year, period=period).values(
                "entry__project__department"
            )
        )
        .order_by()
        .values_list("path", flat=True)
    )
    codes = {code for path in paths for code in path.strip("/").split("/")}
    return Department.objects.offered().filter(code__in=codes)


def words(period: ReportingPeriod, user: User, *, on: date, grants: Iterable[ReopenGrant]) -> str:
    """Why the round is open or closed to this reader: for a reporting officer's own department,
    for others in general.
    """
    own = user.department if user.role == Role.STAFF else None
    entrance = door(period, own, on=on, grants=grants)
    if own is None and entrance.reason is Reason.LOCKED:
        return _(
            "The round has been locked since %(day)s. Only departments with a reopening"
            " can change their reports."
        ) % {"day": entrance.day.isoformat()}
    return entrance.words


def _upwards(path: str) -> Iterator[str]:
    """A path and those above it, the nearest first."""
    while path != "/":
        yield path
        path = path[: path.rindex("/", 0, -1) + 1]


def _counted(
    reports: QuerySet[ProgressReport], by: str, *, on: date
) -> dict[int | None, dict[str, int]]:
    counts = {f"n_{name}": Count("pk", filter=condition) for name, condition in COUNTS.items()}
    rows: Iterable[dict[str, Any]] = (
        reports.order_by().values(by).annotate(**counts, n_late=Count("pk", filter=late(on)))
    )
    return {row[by]: {name: row[f"n_{name}"] for name in (*COUNTS, "late")} for row in rows}


def _nothing() -> dict[str, int]:
    return dict.fromkeys((*COUNTS, "late"), 0)
