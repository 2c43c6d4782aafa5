"""Checks a month's figures: the one place for the grid, the import and the API.

Money is in 万元, cumulated from January; progress in percent. A field is named as it is in the
monthly report.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from projects.standing import AT_REST, Status

HUNDREDTH = Decimal("0.01")
MONEY_DIGITS, MONEY_PLACES = 14, 2
PROGRESS_PLACES = 1


class Severity(StrEnum):
    """What a problem does to a report."""

    ERROR = "error"
    """It has to be corrected."""
    CONFIRM = "confirm"
    """It has to be confirmed by the person who reports it."""
    WARNING = "warning"
    """The person and the reviewer are shown it."""


class Code(StrEnum):
    """What can be wrong or remarkable with a month's figures."""

    INVESTED_BLANK = "invested_blank"
    INVESTED_NOT_A_NUMBER = "invested_not_a_number"
    INVESTED_NEGATIVE = "invested_negative"
    INVESTED_TOO_FINE = "invested_too_fine"
    INVESTED_TOO_LARGE = "invested_too_large"
    INVESTED_FALLS = "invested_falls"
    INVESTED_ABOVE_FOLLOWING = "invested_above_following"
    INVESTED_UNCHANGED = "invested_unchanged"
    ABOVE_TOTAL = "above_total"
    JUMP = "jump"
    PROGRESS_BLANK = "progress_blank"
    PROGRESS_NOT_A_PERCENTAGE = "progress_not_a_percentage"
    PROGRESS_TOO_FINE = "progress_too_fine"
    PROGRESS_FALLS = "progress_falls"
    STATUS_BLANK = "status_blank"
    COMPLETED_WITHOUT_DATE = "completed_without_date"
    COMPLETED_UNFINISHED = "completed_unfinished"
    NARRATIVE_BLANK = "narrative_blank"
    NARRATIVE_UNCHANGED = "narrative_unchanged"


WORDS = {
    Code.INVESTED_BLANK: _("Enter the investment since January; enter 0 if there was none."),
    Code.INVESTED_NOT_A_NUMBER: _("The investment is not a number."),
    Code.INVESTED_NEGATIVE: _("Investment cannot be negative."),
    Code.INVESTED_TOO_FINE: _("The investment has at most two decimal places."),
    Code.INVESTED_TOO_LARGE: _("The investment is too large to be true."),
    Code.INVESTED_FALLS: _(
        "The investment since January falls from %(last)s (%(period)s) to %(now)s."
        " State the reason for the correction."
    ),
    Code.INVESTED_ABOVE_FOLLOWING: _(
        "%(now)s since January is more than was approved for the later month %(period)s"
        " (%(following)s). State the reason for the correction."
    ),
    Code.INVESTED_UNCHANGED: _("The investment is the same as in %(period)s: %(now)s."),
    Code.ABOVE_TOTAL: _(
        "With this month %(invested)s is invested in all, above the total investment of %(total)s."
    ),
    Code.JUMP: _(
        "%(figure)s newly invested is more than %(factor)s times what was planned for it"
        " (%(planned)s)."
    ),
    Code.PROGRESS_BLANK: _("The physical progress is not given."),
    Code.PROGRESS_NOT_A_PERCENTAGE: _("Physical progress lies between 0 and 100."),
    Code.PROGRESS_TOO_FINE: _("Physical progress has at most one decimal place."),
    Code.PROGRESS_FALLS: _(
        "The physical progress falls from %(last)s%% (%(period)s) to %(now)s%%."
        " State the reason for the correction."
    ),
    Code.STATUS_BLANK: _("The status is not given."),
    Code.COMPLETED_WITHOUT_DATE: _("A completed project has a date of completion."),
    Code.COMPLETED_UNFINISHED: _("The project is completed with a physical progress of %(now)s%%."),
    Code.NARRATIVE_BLANK: _("The progress is not described."),
    Code.NARRATIVE_UNCHANGED: _("The description is the same as in %(period)s."),
}

UNSTORABLE = frozenset(
    {
        Code.INVESTED_NOT_A_NUMBER,
        Code.INVESTED_NEGATIVE,
        Code.INVESTED_TOO_FINE,
        Code.INVESTED_TOO_LARGE,
        Code.PROGRESS_NOT_A_PERCENTAGE,
        Code.PROGRESS_TOO_FINE,
    }
)
"""What not even a draft can keep, because the database refuses or would alter it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a figure is remarkable."""

    jump_factor: Decimal = Decimal(3)
    """A month's figure above so many times its plan is a jump."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody reports for a month, from wherever it came; None and "" are blanks.

    `correction` is the stated reason for a figure that falls; `confirmed` names the codes that the
    person has confirmed.
    """

    year: int
    month: int
    invested_ytd: Decimal | None = None
    physical_progress: Decimal | None = None
    status: str = ""
    narrative: str = ""
    completed_on: date | None = None
    correction: str = ""
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Approved:
    """What was approved for another month."""

    year: int
    month: int
    invested_ytd: Decimal | None = None
    physical_progress: Decimal | None = None
    narrative: str = ""
    planned_ytd: Decimal | None = None
    status: str = ""

    @property
    def period(self) -> str:
        """The month as a person reads it."""
        return f"{self.year}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows beforehand of the entry and the month.

    `planned_ytd` is the schedule to the end of the reported month, `invested_before` what was
    invested to the end of last year. `last` is the last approved month before the reported one, of
    this year or an earlier one; `following` the first approved month after it, which is there only
    when a month was reopened.
    """

    planned_ytd: Decimal | None = None
    total_investment: Decimal | None = None
    invested_before: Decimal | None = None
    last: Approved | None = None
    following: Approved | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: the field it is about, what it is, how bad, and the figures of its message."""

    field: str
    code: Code
    severity: Severity
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The problem in the reader's language."""
        return WORDS[self.code] % {name: _plain(value) for name, value in self.params.items()}


def check(
    entered: Entered, known: Known, *, is_draft: bool = False, limits: Limits = DEFAULT_LIMITS
) -> list[Problem]:
    """List every problem of a month's figures, in the order of the report's fields.

    A draft may have blanks and a completed project without its date, because it is still being
    written. A fall with a stated correction and a confirmed figure stay as warnings, so that the
    reviewer sees them.
    """
    problems = [
        *_check_invested(entered, known, limits),
        *_check_progress(entered, known),
        *_check_status(entered),
        *_check_narrative(entered, known),
    ]
    if is_draft:
        return [problem for problem in problems if problem.code not in _LEFT_OPEN_IN_A_DRAFT]
    return problems


def may_store(problems: Iterable[Problem]) -> bool:
    """Whether a draft can keep what was entered."""
    return not any(problem.code in UNSTORABLE for problem in problems)


def may_submit(problems: Iterable[Problem]) -> bool:
    """Whether nothing is left to correct or to confirm. The problems are those of no draft."""
    return all(problem.severity is Severity.WARNING for problem in problems)


def month_figure(year: int, invested_ytd: Decimal | None, last: Approved | None) -> Decimal | None:
    """本月完成投资: the difference to the last approved month of the same year, in 万元.

    Before the first approved month it is the whole. None where the month is blank. After months
    that were not approved it is the figure of all of them.
    """
    if invested_ytd is None:
        return None
    return invested_ytd - (_of_this_year(year, last) or Decimal(0))


def growth(
    this_year: Mapping[int, Decimal | None], last_year: Mapping[int, Decimal | None], month: int
) -> Decimal | None:
    """同比: growth of the cumulated figure over the same months of last year, in percent.

    Both map a month to the amount cumulated since January of its year. None where either is not
    known at the end of `month` (no other month stands in for it), or last year's is not above 0.
    """
    now, then = this_year.get(month), last_year.get(month)
    if now is None or then is None or then <= 0:
        return None
    return (100 * (now - then) / then).quantize(HUNDREDTH, ROUND_HALF_UP) + 0


_LEFT_OPEN_IN_A_DRAFT = frozenset(
    {
        Code.INVESTED_BLANK,
        Code.PROGRESS_BLANK,
        Code.STATUS_BLANK,
        Code.NARRATIVE_BLANK,
        Code.COMPLETED_WITHOUT_DATE,
    }
)


def _of_this_year(year: int, other: Approved | None) -> Decimal | None:
    """The other month's cumulated figure, where it runs from the same January."""
    return other.invested_ytd if other is not None and other.year == year else None


def _check_invested(entered: Entered, known: Known, limits: Limits) -> Iterator[Problem]:
    name, now = "invested_ytd", entered.invested_ytd
    if now is None:
        yield Problem(name, Code.INVESTED_BLANK, Severity.ERROR)
        return
    if (wrong := _what_no_amount_can_be(now)) is not None:
        yield Problem(name, wrong, Severity.ERROR)
        return
    yield from _check_against_other_months(now, entered, known)
    invested = now + (known.invested_before or Decimal(0))
    if known.total_investment is not None and invested > known.total_investment:
        totals = {"invested": invested, "total": known.total_investment}
        yield Problem(name, Code.ABOVE_TOTAL, _unless_confirmed(entered, Code.ABOVE_TOTAL), totals)
    figure = month_figure(entered.year, now, known.last)
    planned = _planned_since_last(entered, known)
    if figure is not None and planned is not None and figure > limits.jump_factor * planned:
        jump = {"figure": figure, "planned": planned, "factor": limits.jump_factor}
        yield Problem(name, Code.JUMP, Severity.WARNING, jump)


def _check_against_other_months(now: Decimal, entered: Entered, known: Known) -> Iterator[Problem]:
    name, last, following = "invested_ytd", known.last, known.following
    before = _of_this_year(entered.year, last)
    if last is not None and before is not None:
        params = {"now": now, "last": before, "period": last.period}
        if now < before:
            yield Problem(name, Code.INVESTED_FALLS, _unless_corrected(entered), params)
        elif now == before and _is_movement_expected(entered, known):
            yield Problem(name, Code.INVESTED_UNCHANGED, Severity.WARNING, params)
    after = _of_this_year(entered.year, following)
    if following is not None and after is not None and now > after:
        params = {"now": now, "following": after, "period": following.period}
        yield Problem(name, Code.INVESTED_ABOVE_FOLLOWING, _unless_corrected(entered), params)


def _check_progress(entered: Entered, known: Known) -> Iterator[Problem]:
    name, now = "physical_progress", entered.physical_progress
    if now is None:
        yield Problem(name, Code.PROGRESS_BLANK, Severity.WARNING)
        return
    if (wrong := _what_no_percentage_can_be(now)) is not None:
        yield Problem(name, wrong, Severity.ERROR)
        return
    last = known.last
    if last is not None and last.physical_progress is not None and now < last.physical_progress:
        params = {"now": now, "last": last.physical_progress, "period": last.period}
        yield Problem(name, Code.PROGRESS_FALLS, _unless_corrected(entered), params)


def _check_status(entered: Entered) -> Iterator[Problem]:
    if not entered.status:
        yield Problem("status", Code.STATUS_BLANK, Severity.WARNING)
    if entered.status != Status.COMPLETED:
        return
    if entered.completed_on is None:
        yield Problem("completed_on", Code.COMPLETED_WITHOUT_DATE, Severity.ERROR)
    progress = entered.physical_progress
    if progress is None or _what_no_percentage_can_be(progress) is not None:
        return
    if progress < 100:
        yield Problem("status", Code.COMPLETED_UNFINISHED, Severity.WARNING, {"now": progress})


def _check_narrative(entered: Entered, known: Known) -> Iterator[Problem]:
    words, last = entered.narrative.split(), known.last
    if not words:
        yield Problem("narrative", Code.NARRATIVE_BLANK, Severity.WARNING)
    elif last is not None and words == last.narrative.split() and entered.status not in AT_REST:
        params = {"period": last.period}
        yield Problem("narrative", Code.NARRATIVE_UNCHANGED, Severity.WARNING, params)


def _what_no_amount_can_be(amount: Decimal) -> Code | None:
    if not amount.is_finite():
        return Code.INVESTED_NOT_A_NUMBER
    if amount < 0:
        return Code.INVESTED_NEGATIVE
    if amount >= Decimal(10) ** MONEY_DIGITS:
        return Code.INVESTED_TOO_LARGE
    if _has_more_places(amount, MONEY_PLACES):
        return Code.INVESTED_TOO_FINE
    return None


def _what_no_percentage_can_be(percentage: Decimal) -> Code | None:
    if not percentage.is_finite() or not 0 <= percentage <= 100:
        return Code.PROGRESS_NOT_A_PERCENTAGE
    if _has_more_places(percentage, PROGRESS_PLACES):
        return Code.PROGRESS_TOO_FINE
    return None


def _has_more_places(number: Decimal, places: int) -> bool:
    """Whether a number of ordinary size would lose something at so many decimal places."""
    return number != round(number, places)


def _planned_since_last(entered: Entered, known: Known) -> Decimal | None:
    """What the schedule asks for between the last approved month and this one."""
    last = known.last
    if known.planned_ytd is None:
        return None
    if last is None or last.year != entered.year or last.invested_ytd is None:
        return known.planned_ytd
    return None if last.planned_ytd is None else known.planned_ytd - last.planned_ytd


def _is_movement_expected(entered: Entered, known: Known) -> bool:
    """Not while a project is at rest, nor for months that the schedule leaves empty."""
    planned = _planned_since_last(entered, known)
    return entered.status not in AT_REST and (planned is None or planned > 0)


def _unless_corrected(entered: Entered) -> Severity:
    return Severity.WARNING if entered.correction.strip() else Severity.ERROR


def _unless_confirmed(entered: Entered, code: Code) -> Severity:
    return Severity.WARNING if code in entered.confirmed else Severity.CONFIRM


def _plain(value: object) -> object:
    """A number as a person writes it: no exponent, no zeros that were only stored."""
    if not isinstance(value, Decimal):
        return value
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
