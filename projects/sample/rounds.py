"""A year of monthly rounds for the demo: adopted plans, nine approved months, an open tenth.

Everything is written by the rules that people's clicks go through, on the days of the story, so
that the demo's histories hold like any other. The same seed tells the same story.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.roles import Role
from projects import chains, colouring, questions, round_keeping, workflow
from projects.models import (
    AnnualPlan,
    Message,
    ProgressReport,
    ReportAction,
    ReportingPeriod,
    Stage,
    Status,
)
from projects.planning import Adoption, Decision, adopt, revise_plan
from projects.sample import words
from projects.schedule_curves import Shape

A = ReportAction
YEAR, LAST_MONTH, OPEN_MONTH = 2024, 9, 10
TODAY = date(2024, 10, 28)
ADOPTED_ON = date(2024, 1, 12)
REVISED_ON = date(2024, 7, 22)
SEASON = (3, 3, 7, 9, 10, 10, 9, 9, 10, 10, 10, 10)
"""Percent of a year's investment by month: little around the Spring Festival."""
CENT = Decimal("0.01")


class SampleError(Exception):
    """The sample cannot be made here; the message says why."""


class Pace(Enum):
    """How a project does against its plan: the bounds of what it invests of what was planned."""

    STEADY = (0.95, 1.06)
    AHEAD = (1.08, 1.18)
    SLOW = (0.74, 0.84)
    FAR_BEHIND = (0.30, 0.45)


WEIGHTS = {Pace.STEADY: 62, Pace.AHEAD: 12, Pace.SLOW: 16, Pace.FAR_BEHIND: 10}


@dataclass(slots=True)
class Story:
    """What happens to one entry in the year."""

    entry: AnnualPlan
    maker: User
    planned: Decimal
    months: list[Decimal]
    pace: Pace
    enters_in: int = 1
    starts_in: int = 0
    completes_in: int = 0
    suspended_from: int = 0
    first_percent: int = 10
    invested: Decimal = Decimal(0)
    late_in: set[int] = field(default_factory=set)
    missing_in: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made."""

    entries: int
    steps: int


def make(seed: int = 2024) -> Made:
    """Make the sample of the year's rounds.

    Raises SampleError where plans have been adopted already or the demo's accounts are missing.
    """
    if AnnualPlan.objects.filter(adopted_on__isnull=False).exists():
        raise SampleError(
            _("Plans have been adopted here: sample data are made for an empty year.")
        )
    checker = User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk").first()
    if checker is None or not Department.objects.filter(is_sample=True).exists():
        raise SampleError(_("The demo's departments and accounts are missing."))
    draw = random.Random(seed)
    with transaction.atomic():
        stories = list(_stories(draw))
        if not stories:
            raise SampleError(_("There is no plan entry to report on."))
        _adopt(stories, by=checker)
        for month in range(1, LAST_MONTH + 1):
            _month(draw, stories, month, checker=checker)
        _open_month(draw, stories, checker=checker)
        Message.objects.filter(created_at__lt=_at(date(2024, 10, 20))).update(
            read_at=_at(date(2024, 10, 20))
        )
        questions.refresh(questions.find(on=TODAY))
    return Made(len(stories), sum(1 for _step in ProgressReport.objects.exclude(version=0)))


def _at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _stories(draw: random.Random) -> Iterator[Story]:
    """A story for each entry of the year whose project has a sample department and goes on."""
    entries = (
        AnnualPlan.objects.filter(year=YEAR, project__department__is_sample=True)
        .exclude(project__status__in=(Status.COMPLETED, Status.WITHDRAWN))
        .select_related("project__department")
        .order_by("table", "position", "pk")
    )
    makers: dict[int, User] = {}
    for number, entry in enumerate(entries):
        department = entry.project.department
        assert department is not None
        if department.pk not in makers:
            makers[department.pk] = _maker(department)
        planned = entry.planned_investment or Decimal(draw.randrange(12, 480) * 100)
        pace = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        story = Story(entry, makers[department.pk], planned, [], pace)
        story.enters_in = 7 if number == 20 else 1
        story.months = _curve(planned, story.enters_in)
        story.first_percent = draw.randrange(5, 35)
        if entry.goal == Stage.STARTED:
            story.starts_in = draw.choice((2, 3, 4, 5, 6, 9)) if number % 9 else 0
            story.first_percent = 0
        elif entry.goal == Stage.COMPLETED and pace in (Pace.STEADY, Pace.AHEAD):
            story.completes_in = draw.choice((0, 0, 6, 8, 9))
        if number in (11, 47):
            story.suspended_from = 5
        story.late_in = {month for month in range(1, LAST_MONTH + 1) if draw.random() < 0.08}
        if number in (5, 33):
            story.missing_in = {LAST_MONTH}
        yield story


def _maker(department: Department) -> User:
    """The department's reporter: of the demo, or one made for the sample, who cannot sign in."""
    known = User.objects.filter(department=department, role=Role.STAFF).order_by("pk").first()
    return known or User.objects.create_user(
        f"shili-{department.code.lower()}",
        name=f"示例填报员·{department.name}",
        role=Role.STAFF,
        department=department,
    )


def _curve(planned: Decimal, enters_in: int) -> list[Decimal]:
    """The plan's cumulated months by the season, all of it after the month of entry."""
    weights = [weight if month >= enters_in else 0 for month, weight in enumerate(SEASON, 1)]
    whole, done, curve = sum(weights), 0, []
    for weight in weights:
        done += weight
        curve.append((planned * done / whole).quantize(CENT))
    return curve


def _adopt(stories: Sequence[Story], *, by: User) -> None:
    adopt(
        [
            Adoption(s.entry.pk, s.planned, s.months, Shape.TYPED, enters_in=s.enters_in)
            for s in stories
        ],
        Decision(f"{words.MARK}区人民政府", ADOPTED_ON),
        by=by,
        at=_at(ADOPTED_ON),
    )


def _month(draw: random.Random, stories: Sequence[Story], month: int, *, checker: User) -> None:
    """A round from its opening to its lock."""
    period = ReportingPeriod.objects.get(year=YEAR, month=month)
    round_keeping.open_and_lock(on=period.opens_on, at=_at(period.opens_on, 0, 5))
    reports = _reports(month)
    if month == REVISED_ON.month:
        _revise(stories, by=checker)
        reports = _reports(month)
    for story in stories:
        if month < story.enters_in or month in story.missing_in:
            continue
        report = reports[story.entry.pk]
        window = (period.due_on - period.opens_on).days
        day = period.opens_on + timedelta(days=draw.randrange(1, window + 1))
        if month in story.late_in:
            day = period.due_on + timedelta(days=draw.randrange(1, 4))
        filled = _filled(draw, story, report, month, period)
        version = _take(report, A.SAVE, 0, story.maker, day, values=filled)
        version = _take(report, A.SUBMIT, version, story.maker, day)
        day += timedelta(days=1)
        if draw.random() < 0.04:
            version = _take(report, A.RETURN, version, checker, day, note=_note(draw))
            filled["narrative"] += "已核对。"
            version = _take(report, A.SAVE, version, story.maker, day, values=filled)
            version = _take(report, A.SUBMIT, version, story.maker, day)
        _take(report, A.APPROVE, version, checker, day)
    round_keeping.open_and_lock(on=period.locks_on, at=_at(period.locks_on, 0, 5))
    chains.seal(period.locks_on, at=_at(period.locks_on, 0, 20))


def _reports(month: int) -> dict[int, ProgressReport]:
    found = ProgressReport.objects.filter(period__year=YEAR, period__month=month)
    return {report.entry_id: report for report in found}


def _filled(
    draw: random.Random, story: Story, report: ProgressReport, month: int, period: ReportingPeriod
) -> dict[str, Any]:
    """What the department reports for a month."""
    status = _status(story, month)
    if status == Status.PREPARATION or (story.suspended_from and month >= story.suspended_from):
        share = Decimal(0)
    else:
        share = Decimal(str(round(draw.uniform(*story.pace.value), 3)))
    wanted = (report.planned_ytd * share).quantize(Decimal("0.1"))
    story.invested = max(story.invested, wanted)
    done = story.invested / story.planned if story.planned else Decimal(0)
    percent = min(int(story.first_percent + done * (98 - story.first_percent)), 98)
    if status == Status.COMPLETED:
        percent = 100
    filled: dict[str, Any] = {
        "invested_ytd": story.invested,
        "physical_progress": Decimal(percent),
        "status": status,
        "narrative": words.narrative(story.entry.category, month, percent),
        "next_step": words.MARK + draw.choice(words.NEXT_STEPS),
    }
    if story.entry.project.total_investment is not None:
        filled["confirmed"] = ["above_total"]
    if story.pace in (Pace.SLOW, Pace.FAR_BEHIND):
        filled["problems"] = words.MARK + draw.choice(words.PROBLEMS)
    if story.suspended_from and month >= story.suspended_from:
        filled["correction"] = f"{words.MARK}资金未落实，暂停施工"
        filled["narrative"] = f"{words.MARK}{month}月：现场停工，正在协调资金。"
    if story.starts_in and month == story.starts_in:
        filled["started_on"] = date(YEAR, month, draw.randrange(3, 25))
    if status == Status.COMPLETED:
        filled["completed_on"] = date(YEAR, story.completes_in, 20)
    return filled


def _status(story: Story, month: int) -> str:
    if story.suspended_from and month >= story.suspended_from:
        return Status.SUSPENDED
    if story.completes_in and month >= story.completes_in:
        return Status.COMPLETED
    if story.entry.goal == Stage.STARTED:
        started = story.starts_in and month >= story.starts_in
        return Status.STARTED if started else Status.PREPARATION
    return story.entry.project.status or Status.ACCELERATED


def _note(draw: random.Random) -> str:
    return words.MARK + draw.choice(words.RETURNED)


def _take(
    report: ProgressReport,
    action: ReportAction,
    version: int,
    by: User,
    day: date,
    **more: Any,
) -> int:
    """Take a step on a day of the story; returns the report's version after it."""
    hour = 9 if action == A.SAVE else 10 if action == A.SUBMIT else 15
    event = workflow.perform(
        report.pk, action, version=version, by=by, on=day, at=_at(day, hour), **more
    )
    return version if event is None else event.number


def _revise(stories: Sequence[Story], *, by: User) -> None:
    """中期调整: two entries far behind plan less from July on."""
    behind = [story for story in stories if story.pace is Pace.FAR_BEHIND][:2]
    for story in behind:
        entry = AnnualPlan.objects.get(pk=story.entry.pk)
        story.planned = (story.planned * Decimal("0.8")).quantize(Decimal(1))
        revise_plan(
            entry.pk,
            Decision(
                f"{words.MARK}区人大常委会", REVISED_ON, f"{words.MARK}征地滞后，年中调减计划投资"
            ),
            from_month=REVISED_ON.month,
            version=entry.version,
            by=by,
            at=_at(REVISED_ON),
            planned_investment=story.planned,
        )


def _open_month(draw: random.Random, stories: Sequence[Story], *, checker: User) -> None:
    """October is open since yesterday: some have begun, some are through, two are returned."""
    period = ReportingPeriod.objects.get(year=YEAR, month=OPEN_MONTH)
    round_keeping.open_and_lock(on=period.opens_on, at=_at(period.opens_on, 0, 5))
    reports = _reports(OPEN_MONTH)
    for number, story in enumerate(stories):
        begun = number % 5
        if begun in (0, 4) or number < 2:
            continue
        report = reports[story.entry.pk]
        filled = _filled(draw, story, report, OPEN_MONTH, period)
        day = period.opens_on + timedelta(days=number % 2)
        version = _take(report, A.SAVE, 0, story.maker, day, values=filled)
        if begun == 1:
            continue
        version = _take(report, A.SUBMIT, version, story.maker, day)
        if begun == 3 and number % 4 == 0:
            _take(report, A.RETURN, version, checker, TODAY, note=_note(draw))
        elif begun == 3:
            _take(report, A.APPROVE, version, checker, TODAY)
    _exceptions(stories, checker=checker)


def _exceptions(stories: Sequence[Story], *, checker: User) -> None:
    """A locked month reopened for one department, and a light that the manager sees otherwise."""
    september = ReportingPeriod.objects.get(year=YEAR, month=LAST_MONTH)
    approved = [s for s in stories if LAST_MONTH not in s.missing_in and s.enters_in == 1]
    story = approved[3]
    department = story.entry.project.department
    assert department is not None
    round_keeping.reopen_for(
        september.pk,
        department,
        reason=f"{words.MARK}上报口径有误，准予更正",
        until=date(2024, 10, 31),
        by=checker,
        on=TODAY,
        at=_at(TODAY, 11),
    )
    reports = _reports(LAST_MONTH)
    report = reports[story.entry.pk]
    _take(report, A.REOPEN, report.version, checker, TODAY, note=f"{words.MARK}核减重复计量部分")
    other = reports[approved[7].entry.pk]
    colouring.judge_otherwise(
        other,
        "yellow",
        version=other.version,
        reason=f"{words.MARK}现场踏勘：控制性工程滞后，金额未反映",
        by=checker,
        at=_at(TODAY, 14),
    )
