"""红黄绿灯: judges one month's figures against the schedule under a rule that is data.

All rates are percentages, all gaps percentage points, both to two decimal places. What is judged is
the rounded figure itself, so that no light contradicts the number that stands beside it.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from projects.standing import UNDER_WAY, Status

HUNDREDTH = Decimal("0.01")

Key = TypeVar("Key")


class Light(StrEnum):
    """How a project stands against its schedule; grey where nothing can be judged."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Measure(StrEnum):
    """What a rule holds its thresholds against."""

    GAP = "gap"
    """与序时进度差, in percentage points of the year's plan."""
    RATE = "rate"
    """序时完成率, in percent of what was planned to date."""


class Reason(StrEnum):
    """Why a light is what it is."""

    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    START_MISSED = "start_missed"
    START_LONG_MISSED = "start_long_missed"
    NO_PLAN = "no_plan"
    NOT_REPORTED = "not_reported"
    NOTHING_DUE = "nothing_due"
    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"


Judgement = tuple[Light, Reason]

WORDS = {
    Reason.WITHDRAWN: _("Withdrawn from the list"),
    Reason.COMPLETED: _("Completed"),
    Reason.SUSPENDED: _("Work is suspended"),
    Reason.START_MISSED: _("The planned start was missed"),
    Reason.START_LONG_MISSED: _("The planned start was missed %(months)s months ago"),
    Reason.NO_PLAN: _("No investment is planned for the year"),
    Reason.NOT_REPORTED: _("The month is not reported"),
    Reason.NOTHING_DUE: _("Nothing is due yet"),
    Reason.ON_SCHEDULE: _("On schedule (%(gap)s percentage points)"),
    Reason.BEHIND: _(
        "Behind schedule (%(gap)s percentage points; %(rate)s%% of what was planned to date)"
    ),
    Reason.FAR_BEHIND: _(
        "Far behind schedule (%(gap)s percentage points; %(rate)s%% of what was planned to date)"
    ),
}


@dataclass(frozen=True, slots=True)
class RuleValues:
    """The thresholds of one version of the rule; the defaults are the office's first version.

    By gap: behind by `yellow_gap` to `red_gap` percentage points, both included, is yellow, by more
    is red. By rate: under `yellow_rate` percent of the schedule is yellow, under `red_rate` red. A
    missed start is yellow at once and red from the `red_start_months`-th month after it on.

    `suspended` is the light of a project whose work stands still: red, whatever its figures say.
    A halt early in the year looks harmless for months because little was planned by then, and
    somebody has to look at it now; cities that see it otherwise set another light.

    Raises ValueError where red would come before yellow or a threshold is negative.
    """

    measure: Measure = Measure.GAP
    yellow_gap: Decimal = Decimal(10)
    red_gap: Decimal = Decimal(30)
    yellow_rate: Decimal = Decimal(80)
    red_rate: Decimal = Decimal(60)
    red_start_months: int = 3
    suspended: Light = Light.RED
    long_red_days: int = 90

    def __post_init__(self) -> None:
        if not 0 <= self.yellow_gap <= self.red_gap:
            raise ValueError("a gap is yellow before it is red, and neither is negative")
        if not 0 <= self.red_rate <= self.yellow_rate:
            raise ValueError("a rate is yellow before it is red, and neither is negative")
        if self.red_start_months < 0 or self.long_red_days < 0:
            raise ValueError("a time is not negative")


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What is known of a plan entry at the end of a month; money in 万元.

    `planned_year` is the year's plan, `planned_ytd` and `invested_ytd` are cumulated from January.
    None is "not known" and never zero. `goal` and `status` are values of standing.Status.
    """

    year: int
    month: int
    goal: str = ""
    status: str = ""
    planned_year: Decimal | None = None
    planned_ytd: Decimal | None = None
    invested_ytd: Decimal | None = None
    start_due: date | None = None
    started_on: date | None = None

    @property
    def month_end(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light with its reason and what was judged.

    `gap` is in percentage points, negative when behind; `rate` the on-schedule rate in percent;
    `start_late` the whole months since the month in which the project should have started, None
    where it has started or need not yet.
    """

    light: Light
    reason: Reason
    gap: Decimal | None = None
    rate: Decimal | None = None
    start_late: int | None = None


@dataclass(frozen=True, slots=True)
class Change(Generic[Key]):
    """One month of one entry that another rule would colour otherwise."""

    key: Key
    before: Verdict
    after: Verdict


def completion_rate(invested_ytd: Decimal | None, planned_year: Decimal | None) -> Decimal | None:
    """年度计划投资完成率: invested so far in percent of the year's plan; None without either."""
    return _percent(invested_ytd, planned_year)


def planned_share(planned_ytd: Decimal | None, planned_year: Decimal | None) -> Decimal | None:
    """What the schedule asks for to date, in percent of the year's plan; None without either."""
    return _percent(planned_ytd, planned_year)


def on_schedule_rate(invested_ytd: Decimal | None, planned_ytd: Decimal | None) -> Decimal | None:
    """序时完成率: invested so far in percent of what was planned to date.

    None where one of them is not known or nothing was planned to date.
    """
    return _percent(invested_ytd, planned_ytd)


def schedule_gap(
    invested_ytd: Decimal | None, planned_ytd: Decimal | None, planned_year: Decimal | None
) -> Decimal | None:
    """与序时进度差: completion rate − planned share, in percentage points, negative when behind.

    It is rounded once, and so may differ by 0.01 from the difference of the two rounded rates.
    """
    if invested_ytd is None or planned_ytd is None:
        return None
    return _percent(invested_ytd - planned_ytd, planned_year)


def judge(figures: MonthFigures, rule: RuleValues) -> Verdict:
    """Give the light of one month.

    Withdrawn is grey, completed is green, suspended is the rule's. Of the others the worse of two
    judgements counts: whether the planned start was missed, and how the investment stands against
    the schedule. A month without a figure is grey; a missed start shows all the same.
    """
    gap = schedule_gap(figures.invested_ytd, figures.planned_ytd, figures.planned_year)
    rate = on_schedule_rate(figures.invested_ytd, figures.planned_ytd)
    start_late = months_since_missed_start(figures)
    light, reason = _judge_standing(figures.status, rule) or _worse(
        _judge_start(start_late, rule), _judge_investment(figures, gap, rate, rule)
    )
    return Verdict(light, reason, gap, rate, start_late)


def months_since_missed_start(figures: MonthFigures) -> int | None:
    """Whole months since the month of the missed start: 0 in that month itself.

    None where the project has started, or need not have by the end of the month. Without a date of
    its own, an entry whose goal is to start has the whole year for it. An entry that is to be
    accelerated or completed has started, as its plan implies, unless its status says preparation.
    """
    due = figures.start_due
    if due is None and figures.goal == Status.STARTED:
        due = date(figures.year, 12, 31)
    if due is None or due > figures.month_end or _has_started(figures):
        return None
    return (figures.year - due.year) * 12 + figures.month - due.month


def explain(verdict: Verdict) -> str:
    """Say a verdict's reason in the reader's language."""
    return WORDS[verdict.reason] % {
        "gap": "" if verdict.gap is None else f"{verdict.gap:+.2f}",
        "rate": "" if verdict.rate is None else f"{verdict.rate:.2f}",
        "months": verdict.start_late,
    }


def streak(lights: Sequence[Light]) -> int:
    """How many months the latest light has lasted; `lights` run from the oldest to the latest.

    A grey month neither counts nor ends the streak of a colour, so that nobody shakes off a red
    streak by not reporting. No months at all are 0.
    """
    if not lights:
        return 0
    latest = lights[-1]
    months = 0
    for light in reversed(lights):
        if light is latest:
            months += 1
        elif light is not Light.GREY:
            break
    return months


def red_days(months: Sequence[tuple[date, Light]], *, on: date) -> int:
    """For how many days a project has been red, from the end of its first red month to `on`.

    `months` are (month's end, light) from the oldest to the latest. Grey months do not end the
    red, not even the latest ones: what was red and is no longer reported is still red. Ask it of
    projects that are on the list; a withdrawn one is nobody's red light. 0 where it is not red.
    """
    first: date | None = None
    for month_end, light in reversed(months):
        if light is Light.RED:
            first = month_end
        elif light is not Light.GREY:
            break
    return max((on - first).days, 0) if first else 0


def is_long_red(months: Sequence[tuple[date, Light]], *, on: date, rule: RuleValues) -> bool:
    """Whether a project has been red for longer than the rule's number of days."""
    return red_days(months, on=on) > rule.long_red_days


def compare_rules(
    months: Iterable[tuple[Key, MonthFigures]], before: RuleValues, after: RuleValues
) -> Iterator[Change[Key]]:
    """Yield the months whose light another version of the rule would change (the back-test)."""
    for key, figures in months:
        was, becomes = judge(figures, before), judge(figures, after)
        if was.light is not becomes.light:
            yield Change(key, was, becomes)


_SEVERITY = {Light.GREY: 0, Light.GREEN: 1, Light.YELLOW: 2, Light.RED: 3}


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    rounded = (100 * part / whole).quantize(HUNDREDTH, ROUND_HALF_UP)
    return rounded + 0  # never -0.00


def _worse(start: Judgement | None, investment: Judgement) -> Judgement:
    """Of two that are equally bad the missed start, which explains the other."""
    if start is None or _SEVERITY[start[0]] < _SEVERITY[investment[0]]:
        return investment
    return start


def _judge_standing(status: str, rule: RuleValues) -> Judgement | None:
    match status:
        case Status.WITHDRAWN:
            return Light.GREY, Reason.WITHDRAWN
        case Status.COMPLETED:
            return Light.GREEN, Reason.COMPLETED
        case Status.SUSPENDED:
            return rule.suspended, Reason.SUSPENDED
    return None


def _has_started(figures: MonthFigures) -> bool:
    if figures.started_on is not None and figures.started_on <= figures.month_end:
        return True
    if figures.status in UNDER_WAY:
        return True
    return figures.goal in UNDER_WAY - {Status.STARTED} and figures.status != Status.PREPARATION


def _judge_start(months: int | None, rule: RuleValues) -> Judgement | None:
    if months is None:
        return None
    if months >= rule.red_start_months:
        return Light.RED, Reason.START_LONG_MISSED
    return Light.YELLOW, Reason.START_MISSED


def _judge_investment(
    figures: MonthFigures, gap: Decimal | None, rate: Decimal | None, rule: RuleValues
) -> Judgement:
    if not figures.planned_year or figures.planned_ytd is None:
        return Light.GREY, Reason.NO_PLAN
    if figures.invested_ytd is None:
        return Light.GREY, Reason.NOT_REPORTED
    if not figures.planned_ytd and not figures.invested_ytd:
        return Light.GREY, Reason.NOTHING_DUE
    if rule.measure is Measure.RATE and rate is not None:
        is_red, is_yellow = rate < rule.red_rate, rate < rule.yellow_rate
    else:
        behind = -gap if gap is not None else Decimal(0)
        is_red, is_yellow = behind > rule.red_gap, 0 < behind >= rule.yellow_gap
    if is_red:
        return Light.RED, Reason.FAR_BEHIND
    if is_yellow:
        return Light.YELLOW, Reason.BEHIND
    return Light.GREEN, Reason.ON_SCHEDULE
