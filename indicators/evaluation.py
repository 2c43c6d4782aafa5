"""Judges what was achieved against a target, and counts the verdicts of a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators import targets
from indicators.targets import ActualKind, Comparator, Direction, ParsedActual, ParsedTarget

# What 左右 allows, in the target's own unit; docs/adr/0003-tolerance-of-about.md says why.
DEFAULT_TOLERANCE = Decimal("0.2")


class Verdict(StrEnum):
    """What becomes of a target: 达到、低于预期、暂未反馈、无法评判."""

    MET = "met"
    BELOW = "below"
    PENDING = "pending"
    UNJUDGED = "unjudged"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    REACHED = "reached"
    WITHIN_TOLERANCE = "within_tolerance"
    MISSED = "missed"
    NOT_REPORTED = "not_reported"
    NOT_RELEASED = "not_released"
    ASSIGNED_ELSEWHERE = "assigned_elsewhere"
    TARGET_UNREADABLE = "target_unreadable"
    ACTUAL_UNREADABLE = "actual_unreadable"
    ACTUAL_TOO_VAGUE = "actual_too_vague"
    KINDS_DIFFER = "kinds_differ"
    UNITS_DIFFER = "units_differ"
    BASE_YEARS_DIFFER = "base_years_differ"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its gap.

    `gap` is always actual minus target, whichever way is better, in `gap_unit`: 336 days of 340 are
    -4 天, and between percentages it is 个百分点. Where the result is only a bound, the gap is
    that of the bound. None when nothing can be subtracted.
    """

    verdict: Verdict
    reason: Reason
    gap: Decimal | None = None
    gap_unit: str = ""

    @property
    def shortfall(self) -> Decimal | None:
        """By how much a missed target was missed, without sign, as "低于预期4天" says it."""
        if self.verdict is Verdict.BELOW and self.gap is not None:
            return abs(self.gap)
        return None


@dataclass(frozen=True, slots=True)
class _Span:
    """All numbers from `low` to `high`, both included; None is without end."""

    low: Decimal | None
    high: Decimal | None

    def holds(self, other: "_Span") -> bool:
        above = self.low is None or (other.low is not None and other.low >= self.low)
        below = self.high is None or (other.high is not None and other.high <= self.high)
        return above and below

    def misses(self, other: "_Span") -> bool:
        under = self.low is not None and other.high is not None and other.high < self.low
        over = self.high is not None and other.low is not None and other.low > self.high
        return under or over


def _span(number: Decimal, bound: Comparator | None, slack: Decimal) -> _Span:
    """The numbers that a bound around `number` leaves possible."""
    if bound == Comparator.GE:
        return _Span(number, None)
    if bound == Comparator.LE:
        return _Span(None, number)
    if bound == Comparator.ABOUT:
        return _Span(number - slack, number + slack)
    return _Span(number, number)


def _accepted(number: Decimal, bound: Comparator, direction: Direction, slack: Decimal) -> _Span:
    """The results that meet a target; more than "about" is welcome on the better side."""
    span = _span(number, bound, slack)
    if bound == Comparator.ABOUT and direction == Direction.HIGHER:
        return _Span(span.low, None)
    if bound == Comparator.ABOUT and direction == Direction.LOWER:
        return _Span(None, span.high)
    return span


def _split(unit: str) -> tuple[int, str]:
    """A unit's power of ten and what it counts: 万美元 is 4 and 美元."""
    for prefix, power in (("万亿", 12), ("亿", 8), ("千万", 7), ("百万", 6), ("万", 4), ("千", 3)):
        if unit.startswith(prefix) and unit != prefix:
            return power, unit.removeprefix(prefix)
    return 0, unit


def _convert(number: Decimal, unit: str, into: str) -> Decimal | None:
    """The number in another unit of the same thing (亿元 into 万元); None for different things.

    A number whose words name no unit is in `into` already.
    """
    if unit in ("", into):
        return number
    power, thing = _split(unit)
    power_into, thing_into = _split(into)
    if thing != thing_into:
        return None
    return number.scaleb(power - power_into) + Decimal(0)


def _unit_of_gap(unit: str) -> str:
    return targets.POINTS if unit == "%" else unit


def _judge_task(actual: ParsedActual) -> Judgement:
    """A task set elsewhere is met or missed when those who set it say so."""
    if actual.kind != ActualKind.FED_BACK:
        return Judgement(Verdict.UNJUDGED, Reason.KINDS_DIFFER)
    if actual.fulfilled:
        return Judgement(Verdict.MET, Reason.REACHED)
    return Judgement(Verdict.BELOW, Reason.MISSED)


def _decide(
    accepted: _Span, possible: _Span, gap: Decimal, gap_unit: str, *, allowance: bool
) -> Judgement:
    """Met when every possible result is accepted, below when none is, else not to be judged."""
    if accepted.holds(possible):
        reason = Reason.WITHIN_TOLERANCE if allowance else Reason.REACHED
        return Judgement(Verdict.MET, reason, gap, gap_unit)
    if accepted.misses(possible):
        return Judgement(Verdict.BELOW, Reason.MISSED, gap, gap_unit)
    return Judgement(Verdict.UNJUDGED, Reason.ACTUAL_TOO_VAGUE)


def _judge_grade(target: ParsedTarget, actual: ParsedActual) -> Judgement:
    """Class I is the best, so a lower number is better; the gap counts classes."""
    if target.grade is None or actual.grade is None:
        return Judgement(Verdict.UNJUDGED, Reason.KINDS_DIFFER)
    goal, grade = Decimal(target.grade), Decimal(actual.grade)
    best = Decimal(1) if actual.bound == Comparator.GE else grade
    return _decide(_Span(None, goal), _Span(best, grade), grade - goal, "类", allowance=False)


def _obstacle(target: ParsedTarget, actual: ParsedActual) -> Reason | None:
    """Why a result cannot be held against a target of this kind; None when it can."""
    change = target.comparator == Comparator.CHANGE
    wanted = (ActualKind.CHANGE if change else ActualKind.LEVEL, ActualKind.GROWTH)
    if actual.kind not in wanted:
        return Reason.KINDS_DIFFER
    if change and target.base_year is not None:
        # Growth is over last year, and the words do not say which year that is.
        on_last_year = actual.kind == ActualKind.GROWTH
        if on_last_year or actual.base_year not in (None, target.base_year):
            return Reason.BASE_YEARS_DIFFER
    return None


def _judge_number(
    target: ParsedTarget,
    actual: ParsedActual,
    *,
    unit: str,
    direction: Direction,
    tolerance: Decimal,
) -> Judgement:
    obstacle = _obstacle(target, actual)
    if obstacle is not None:
        return Judgement(Verdict.UNJUDGED, obstacle)
    if target.value is None or actual.number is None:
        return Judgement(Verdict.UNJUDGED, Reason.KINDS_DIFFER)
    change = target.comparator == Comparator.CHANGE
    named = target.unit or actual.unit
    into = (named or unit) if change else (unit or named)
    if change and into == "%" and not named:
        into = targets.POINTS
    value = _convert(target.value, target.unit, into)
    number = _convert(actual.number, actual.unit, into)
    slack = _convert(tolerance, target.unit, into)
    if value is None or number is None or slack is None:
        return Judgement(Verdict.UNJUDGED, Reason.UNITS_DIFFER)
    bound = target.comparator
    if change:
        bound = target.bound or targets.default_bound(value)
    accepted = _accepted(value, bound, direction, slack)
    exact = _accepted(value, bound, direction, Decimal(0))
    possible = _span(number, actual.bound, slack)
    return _decide(
        accepted,
        possible,
        number - value,
        _unit_of_gap(into),
        allowance=not exact.holds(possible),
    )


def judge(
    target: ParsedTarget | None,
    actual: ParsedActual | None,
    *,
    unit: str,
    direction: Direction,
    tolerance: Decimal = DEFAULT_TOLERANCE,
) -> Judgement:
    """Judge a result against its target; equality meets, as the report counts it.

    `target` is None when its words could not be read: unjudged. `actual` is None when nothing was
    reported: pending, as are results not yet released and tasks set elsewhere until they are fed
    back. `unit` is the indicator's; units that the words name are converted to it (亿元 to 万元)
    or, where they count something else, leave the target unjudged. `tolerance` is what 左右
    allows on the worse side, in the target's own unit; the better side has no end.

    Comparators and directions may be plain strings of the same value, as a database gives them.

    Raises ValueError for a negative tolerance.
    """
    if tolerance < 0:
        raise ValueError(f"a tolerance cannot be negative: {tolerance}")
    if target is None:
        return Judgement(Verdict.UNJUDGED, Reason.TARGET_UNREADABLE)
    assigned = target.comparator == Comparator.ASSIGNED
    if actual is None:
        reason = Reason.ASSIGNED_ELSEWHERE if assigned else Reason.NOT_REPORTED
        return Judgement(Verdict.PENDING, reason)
    if actual.kind == ActualKind.NOT_RELEASED:
        return Judgement(Verdict.PENDING, Reason.NOT_RELEASED)
    if assigned:
        return _judge_task(actual)
    if target.comparator == Comparator.GRADE:
        return _judge_grade(target, actual)
    return _judge_number(
        target, actual, unit=targets.tidy(unit), direction=direction, tolerance=tolerance
    )


def judge_words(
    target_text: str,
    actual_text: str,
    *,
    unit: str,
    direction: Direction,
    tolerance: Decimal = DEFAULT_TOLERANCE,
) -> Judgement:
    """Judge from the words themselves: a blank result is pending, unreadable words are unjudged."""
    try:
        target = targets.parse(target_text, direction=direction)
    except targets.UnparseableTarget:
        target = None
    actual = None
    if actual_text.strip():
        try:
            actual = targets.parse_actual(actual_text)
        except targets.UnparseableActual:
            unread = Reason.ACTUAL_UNREADABLE if target else Reason.TARGET_UNREADABLE
            return Judgement(Verdict.UNJUDGED, unread)
    return judge(target, actual, unit=unit, direction=direction, tolerance=tolerance)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row of a year's table with its judgement; `code` is the indicator's."""

    code: str
    judgement: Judgement
    counts_in_total: bool = True
    binding: bool = False

    @property
    def misses_binding(self) -> bool:
        """Whether a binding (约束性) target was missed."""
        return self.binding and self.judgement.verdict is Verdict.BELOW


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted rows of a table by verdict, each list in the table's order.

    The report's sentence reads: of `total` targets `pending` are not fed back; of the `remaining`
    `met` are reached or passed and `below` fell short.
    """

    met_rows: tuple[JudgedRow, ...]
    below_rows: tuple[JudgedRow, ...]
    pending_rows: tuple[JudgedRow, ...]
    unjudged_rows: tuple[JudgedRow, ...]

    @property
    def met(self) -> int:
        return len(self.met_rows)

    @property
    def below(self) -> int:
        return len(self.below_rows)

    @property
    def pending(self) -> int:
        return len(self.pending_rows)

    @property
    def unjudged(self) -> int:
        return len(self.unjudged_rows)

    @property
    def remaining(self) -> int:
        """All that have data: met, below and what could not be judged."""
        return self.met + self.below + self.unjudged

    @property
    def total(self) -> int:
        return self.remaining + self.pending

    @property
    def missed_binding_rows(self) -> tuple[JudgedRow, ...]:
        return tuple(row for row in self.below_rows if row.misses_binding)


def tally(rows: Iterable[JudgedRow]) -> Tally:
    """Count a table's rows by verdict, without sub-indicators (# rows, `counts_in_total` false)."""
    counted: dict[Verdict, list[JudgedRow]] = {verdict: [] for verdict in Verdict}
    for row in rows:
        if row.counts_in_total:
            counted[row.judgement.verdict].append(row)
    return Tally(
        met_rows=tuple(counted[Verdict.MET]),
        below_rows=tuple(counted[Verdict.BELOW]),
        pending_rows=tuple(counted[Verdict.PENDING]),
        unjudged_rows=tuple(counted[Verdict.UNJUDGED]),
    )
