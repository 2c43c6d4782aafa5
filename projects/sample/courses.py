"""How an invented year goes: plans by the season, reports, delays and lights, in shares of the plan.

A course knows no amount. Its months are shares of the year's plan in hundredths of a percent, so
that rates, gaps and lights are the same for every plan that is a whole number of millions of yuan:
they are judged once a course, by the rules that judge everybody's reports.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from projects import colouring
from projects.models import (
    AnnualPlan,
    LightRule,
    ProgressReport,
    Project,
    ReportingPeriod,
    ReportState,
    Stage,
    Status,
)
from projects.sample import words
from projects.sample.rounds import SEASON, WEIGHTS, Pace
from projects.schedule_curves import spread_by_season

S = ReportState
VARIANTS = 60
"""So many different courses for each category and goal."""
HUNDRED = Decimal(100)
OPEN_ROUND = {S.DUE: 30, S.DRAFT: 12, S.SUBMITTED: 30, S.RETURNED: 5, S.APPROVED: 23}
"""How the reports of the open round stand, in percent."""
PAST_ROUND = {S.APPROVED: 95, S.DUE: 4, S.REOPENED: 1}
LATE, SUSPENDED, MID_YEAR = 0.08, 0.02, 0.05
"""The shares of reports that come late, of works that halt, of entries that come in July."""
HANDED_IN = (S.SUBMITTED, S.RETURNED, S.APPROVED, S.REOPENED)
LOOKED_AT = (S.RETURNED, S.APPROVED, S.REOPENED)
IN_FORCE = (S.APPROVED, S.REOPENED)


@dataclass(frozen=True, slots=True)
class Month:
    """One month: shares in hundredths of a percent of the plan, None where there is no figure.

    `report` and `light` are the columns that are the same whatever the amounts (see REPORT, LIGHT).
    """

    planned: int
    invested: int | None
    approved: int | None
    is_handed_in: bool
    is_looked_at: bool
    report: tuple[Any, ...]
    light: tuple[Any, ...] | None


REPORT = (
    "physical_progress",
    "status",
    "started_on",
    "completed_on",
    "narrative",
    "problems",
    "next_step",
    "correction",
    "state",
    "first_submitted_on",
    "submitted_at",
    "reviewed_at",
    "approved_physical_progress",
    "approved_status",
)
LIGHT = ("computed", "reason", "gap", "rate", "start_late", "shown")
LATEST = (
    "month",
    "physical_progress",
    "completion_rate",
    "on_schedule_rate",
    "gap",
    "light",
    "light_month",
    "streak",
    "red_since",
)
PROJECT = ("status", "planned_start_on", "planned_finish_on", "started_on", "completed_on")


@dataclass(frozen=True, slots=True)
class Course:
    """A year of one entry: its months, where its project stands, what is in force of it."""

    enters_in: int
    months: tuple[Month, ...]
    project: tuple[Any, ...]
    latest: tuple[Any, ...] | None
    latest_planned: int | None
    latest_invested: int | None


class Courses:
    """The courses of a year of which so many rounds have opened, made when they are asked for."""

    def __init__(
        self, periods: Sequence[ReportingPeriod], opened: int, rule: LightRule, seed: int
    ) -> None:
        self.periods, self.opened, self.rule, self.seed = periods, opened, rule, seed
        self.known: dict[tuple[str, str, int], Course] = {}

    def course(self, category: str, goal: str, variant: int) -> Course:
        """The course of this number among those of a category and goal."""
        key = category, goal, variant % VARIANTS
        if key not in self.known:
            draw = random.Random(f"{self.seed}/{category}/{goal}/{key[2]}")
            self.known[key] = _Telling(draw, self, category, goal).course()
        return self.known[key]


class _Telling:
    """One course while it is made up."""

    def __init__(self, draw: random.Random, year: Courses, category: str, goal: str) -> None:
        self.draw, self.year, self.category, self.goal = draw, year, category, goal
        self.number = year.periods[0].year
        self.pace: Pace = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self.enters_in = 7 if draw.random() < MID_YEAR else 1
        self.first_percent = draw.randrange(5, 35)
        self.starts_in = draw.choice((3, 4, 5, 6, 8)) if goal == Stage.STARTED else 0
        self.completes_in = draw.choice((0, 6, 8, 9, 11)) if goal == Stage.COMPLETED else 0
        self.halts_in = draw.randrange(4, 9) if draw.random() < SUSPENDED else 0
        if goal == Stage.STARTED:
            self.start_due: date | None = date(self.number, 6, 30)
            self.started_on = date(self.number, self.starts_in, 12)
        else:
            self.start_due = None
            self.started_on = date(self.number - 1, draw.randrange(1, 13), 18)
        if goal == Stage.PREPARATION:
            self.started_on = date.max  # never asked for: it stays in preparation
        self.invested, self.percent = 0, 0

    def course(self) -> Course:
        project = Project(planned_start_on=self.start_due, category=self.category)
        entry = AnnualPlan(project=project, goal=self.goal, enters_in=self.enters_in)
        last_year = [
            Decimal(share + self.draw.random()).quantize(Decimal("0.01")) for share in SEASON
        ]
        curve = spread_by_season(HUNDRED, list(accumulate(last_year)), entry_month=self.enters_in)
        reports = [
            self._report(entry, period, curve[period.month - 1]) for period in self.year.periods
        ]
        known = [report for report in reports if report.approved_invested_ytd is not None]
        if known:
            project.status = known[-1].approved_status
            project.started_on = known[-1].started_on
            project.completed_on = known[-1].completed_on
        else:
            project.status = Status.PREPARATION
        settled = [report for report in reports if colouring.is_settled(report)]
        lights = {
            report.period.month: colouring.light_of(report, self.year.rule) for report in settled
        }
        latest = colouring.latest_of(0, settled) if settled else None
        return Course(
            enters_in=self.enters_in,
            months=tuple(_month(report, lights.get(report.period.month)) for report in reports),
            project=(
                project.status,
                self.start_due,
                date(self.number + 1, 12, 31),
                project.started_on,
                project.completed_on,
            ),
            latest=None if latest is None else tuple(getattr(latest, name) for name in LATEST),
            latest_planned=None if latest is None else _share(latest.planned_ytd),
            latest_invested=None if latest is None else _share(latest.invested_ytd),
        )

    def _report(
        self, entry: AnnualPlan, period: ReportingPeriod, planned: Decimal
    ) -> ProgressReport:
        """What is reported for a month, of a plan of 100."""
        report = ProgressReport(
            entry=entry,
            period=period,
            planned_year=HUNDRED,
            planned_ytd=planned,
            state=self._state(period.month),
        )
        if report.state in (S.NOT_DUE, S.DUE):
            return report
        self._fill(report, period.month)
        if report.state in HANDED_IN:
            self._hand_in(report, period)
        if report.state in IN_FORCE:
            report.approved_invested_ytd = report.invested_ytd
            report.approved_physical_progress = report.physical_progress
            report.approved_status = report.status
        return report

    def _state(self, month: int) -> ReportState:
        if month > self.year.opened or month < self.enters_in:
            return S.NOT_DUE
        weights = OPEN_ROUND if month == self.year.opened else PAST_ROUND
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def _fill(self, report: ProgressReport, month: int) -> None:
        status = self._status(month)
        if status not in (Status.PREPARATION, Status.SUSPENDED):
            share = Decimal(str(round(self.draw.uniform(*self.pace.value), 3)))
            self.invested = max(self.invested, round(report.planned_ytd * share * 100))
        percent = self.first_percent + self.invested * (98 - self.first_percent) // 10_000
        self.percent = max(self.percent, 100 if status == Status.COMPLETED else min(percent, 98))
        report.invested_ytd = Decimal(self.invested).scaleb(-2)
        report.physical_progress = Decimal(self.percent)
        report.status = status
        report.narrative = words.narrative(self.category, month, self.percent)
        report.next_step = words.MARK + self.draw.choice(words.NEXT_STEPS)
        if self.pace in (Pace.SLOW, Pace.FAR_BEHIND):
            report.problems = words.MARK + self.draw.choice(words.PROBLEMS)
        if status == Status.SUSPENDED:
            report.narrative = f"{words.MARK}{month}月：现场停工，正在协调资金。"
            report.correction = f"{words.MARK}资金未落实，暂停施工"
        if status != Status.PREPARATION:
            report.started_on = self.started_on
        if status == Status.COMPLETED:
            report.completed_on = date(self.number, self.completes_in, 20)

    def _status(self, month: int) -> Status:
        if self.goal == Stage.PREPARATION or month < self.starts_in:
            return Status.PREPARATION
        if self.halts_in and month >= self.halts_in:
            return Status.SUSPENDED
        if self.completes_in and month >= self.completes_in:
            return Status.COMPLETED
        return Status.STARTED if self.goal == Stage.STARTED else Status.ACCELERATED

    def _hand_in(self, report: ProgressReport, period: ReportingPeriod) -> None:
        is_late = self.draw.random() < LATE
        late = timedelta(days=self.draw.randrange(1, 4)) if is_late else timedelta()
        window = (period.due_on - period.opens_on).days
        early = timedelta(days=0 if is_late else self.draw.randrange(window))
        report.first_submitted_on = period.due_on + late - early


def _month(report: ProgressReport, light: Any) -> Month:
    day = report.first_submitted_on
    next_day = None if day is None else day + timedelta(days=1)
    moments = {
        "submitted_at": None if day is None else f"{day} 02:00:00",
        "reviewed_at": f"{next_day} 07:00:00" if report.state in LOOKED_AT else None,
    }
    columns = tuple(moments.get(name, getattr(report, name)) for name in REPORT)
    return Month(
        planned=_share(report.planned_ytd) or 0,
        invested=_share(report.invested_ytd),
        approved=_share(report.approved_invested_ytd),
        is_handed_in=report.state in HANDED_IN,
        is_looked_at=report.state in LOOKED_AT,
        report=tuple(str(value) if isinstance(value, S) else value for value in columns),
        light=None if light is None else tuple(getattr(light, name) for name in LIGHT),
    )


def _share(amount: Decimal | None) -> int | None:
    """An amount of a plan of 100 in hundredths of a percent."""
    return None if amount is None else int(amount * 100)
