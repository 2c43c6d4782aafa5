"""序时计划: the year's planned investment as twelve amounts, each cumulated from January.

Money is in 万元 and exact to 0.01, the smallest amount that is stored. The last month of a curve is
the annual amount itself, to the last digit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

MONTHS = 12
SMALLEST = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 14
ZERO = Decimal("0.00")

Curve = tuple[Decimal, ...]


class Shape(StrEnum):
    """The named ways to spread an annual amount over its months."""

    EVEN = "even"
    SEASON = "season"
    TYPED = "typed"

    @property
    def label(self) -> str:
        """The shape's name in the reader's language."""
        return str(SHAPE_WORDS[self])


SHAPE_WORDS = {
    Shape.EVEN: _("Evenly"),
    Shape.SEASON: _("By last year's season"),
    Shape.TYPED: _("Month by month"),
}


class Code(StrEnum):
    """What can be wrong with a curve."""

    AMOUNT_MISSING = "amount_missing"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_TOO_FINE = "amount_too_fine"
    AMOUNT_TOO_LARGE = "amount_too_large"
    NOT_TWELVE = "not_twelve"
    MONTH_MISSING = "month_missing"
    MONTH_NEGATIVE = "month_negative"
    MONTH_TOO_FINE = "month_too_fine"
    MONTH_TOO_LARGE = "month_too_large"
    MONTH_FALLS = "month_falls"
    BEFORE_ENTRY = "before_entry"
    EARLIER_CHANGED = "earlier_changed"
    ENDS_ELSEWHERE = "ends_elsewhere"
    SEASON_EMPTY = "season_empty"
    ALREADY_PLANNED = "already_planned"


WORDS = {
    Code.AMOUNT_MISSING: _("The year has no planned investment to spread."),
    Code.AMOUNT_NEGATIVE: _("The planned investment cannot be negative."),
    Code.AMOUNT_TOO_FINE: _("The planned investment has at most two decimal places."),
    Code.AMOUNT_TOO_LARGE: _("The planned investment is too large to be true."),
    Code.NOT_TWELVE: _("A monthly plan has 12 amounts, not %(count)s."),
    Code.MONTH_MISSING: _("Month %(month)s has no amount."),
    Code.MONTH_NEGATIVE: _("Month %(month)s is negative."),
    Code.MONTH_TOO_FINE: _("Month %(month)s has more than two decimal places."),
    Code.MONTH_TOO_LARGE: _("Month %(month)s is too large to be true."),
    Code.MONTH_FALLS: _(
        "Month %(month)s (%(amount)s) is below the month before it (%(before)s): amounts are"
        " cumulated from January."
    ),
    Code.BEFORE_ENTRY: _(
        "Month %(month)s lies before the project enters in month %(entry_month)s: it is 0."
    ),
    Code.EARLIER_CHANGED: _(
        "Month %(month)s is %(kept)s in the plan: a revision changes later months only."
    ),
    Code.ENDS_ELSEWHERE: _("December (%(amount)s) is not the planned investment (%(total)s)."),
    Code.SEASON_EMPTY: _(
        "Last year nothing was invested from month %(entry_month)s on: there is no curve to follow."
    ),
    Code.ALREADY_PLANNED: _(
        "The new planned investment (%(total)s) is below what is planned to the end of month"
        " %(month)s already (%(kept)s)."
    ),
}


@dataclass(frozen=True, slots=True)
class CurveProblem:
    """One thing that is wrong; `month` (1–12) is None where it is the amount or the whole."""

    code: Code
    month: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The problem in the reader's language."""
        return WORDS[self.code] % {"month": self.month, **self.params}


class CurveError(ValueError):
    """There is no curve; `problems` says why, every one of them."""

    def __init__(self, problems: Sequence[CurveProblem]) -> None:
        super().__init__(", ".join(problem.code.value for problem in problems))
        self.problems = tuple(problems)


def spread_evenly(total: Decimal | None, *, entry_month: int = 1) -> Curve:
    """Spread `total` in equal parts over the months from `entry_month` on; 0 before.

    Raises CurveError where the amount is missing, negative or finer than 0.01.
    """
    months = MONTHS + 1 - _known_month(entry_month)
    return _spread(_checked_amount(total), [Fraction(1)] * months)


def spread_by_season(
    total: Decimal | None, last_year: Sequence[Decimal | None], *, entry_month: int = 1
) -> Curve:
    """Spread `total` as last year's actual investment was spread over the same months.

    `last_year` are twelve amounts cumulated from January, in any one unit: of one project, or of a
    department or category. A project that enters in July follows last year's July to December.
    Raises CurveError where a month of it is missing or falls, or where nothing was invested from
    the entry month on.
    """
    problems = list(_amount_problems(total)) + list(_list_problems(last_year))
    if problems or total is None:
        raise CurveError(problems)
    actual = [ZERO] + [amount for amount in last_year if amount is not None]
    parts = [Fraction(after) - Fraction(before) for before, after in pairwise(actual)]
    parts = parts[_known_month(entry_month) - 1 :]
    if not any(parts):
        raise CurveError([CurveProblem(Code.SEASON_EMPTY, None, {"entry_month": entry_month})])
    return _spread(total, parts)


def check_typed(
    values: Sequence[Decimal | None],
    total: Decimal | None,
    *,
    entry_month: int = 1,
    kept: Sequence[Decimal] = (),
) -> list[CurveProblem]:
    """List everything that is wrong with a typed, pasted or imported curve.

    It has 12 amounts that never fall, ends at the annual amount, and is 0 before `entry_month`.
    `kept` are the months before a revision, which must stay as they were.
    """
    values = [None if amount is None or not amount.is_finite() else amount for amount in values]
    problems = list(_amount_problems(total)) + list(_list_problems(values, is_money=True))
    for month, amount in enumerate(values, start=1):
        if amount and month < _known_month(entry_month):
            params = {"entry_month": entry_month}
            problems.append(CurveProblem(Code.BEFORE_ENTRY, month, params))
    for month, (amount, old) in enumerate(zip(values, kept, strict=False), start=1):
        if amount is not None and amount != old:
            problems.append(CurveProblem(Code.EARLIER_CHANGED, month, {"kept": old}))
    last = values[-1] if len(values) == MONTHS else None
    if total is not None and total.is_finite() and last is not None and last != total:
        ends = {"amount": last, "total": total}
        problems.append(CurveProblem(Code.ENDS_ELSEWHERE, MONTHS, ends))
    return problems


def read_typed(
    values: Sequence[Decimal | None],
    total: Decimal | None,
    *,
    entry_month: int = 1,
    kept: Sequence[Decimal] = (),
) -> Curve:
    """Take a typed curve as it is. Raises CurveError with everything check_typed finds."""
    problems = check_typed(values, total, entry_month=entry_month, kept=kept)
    if problems:
        raise CurveError(problems)
    return tuple(amount.quantize(SMALLEST) for amount in values if amount is not None)


def revise(curve: Sequence[Decimal], new_total: Decimal | None, *, from_month: int) -> Curve:
    """中期调整: bring a curve to a new annual amount, changing `from_month` and later only.

    What remains is spread over the later months in the proportions that they had, evenly where
    nothing was planned for them. Raises CurveError where the new amount is below what the earlier
    months have planned already, or where `curve` itself is no curve.
    """
    kept = tuple(curve[: _known_month(from_month) - 1])
    total = _checked_amount(new_total)
    read_typed(curve, curve[-1] if curve else None)
    base = kept[-1] if kept else ZERO
    if total < base:
        params = {"total": total, "kept": base}
        raise CurveError([CurveProblem(Code.ALREADY_PLANNED, from_month - 1, params)])
    parts = [Fraction(amount) for amount in monthly(curve)[from_month - 1 :]]
    if not any(parts):
        parts = [Fraction(1)] * len(parts)
    later = _spread(total - base, parts)[from_month - 1 :]
    return tuple(amount.quantize(SMALLEST) for amount in kept) + tuple(
        base + part for part in later
    )


def monthly(curve: Sequence[Decimal]) -> Curve:
    """The plan of each single month: the differences of the cumulated amounts."""
    return tuple(after - before for before, after in pairwise([ZERO, *curve]))


def _known_month(month: int) -> int:
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no month of a year: {month}")
    return month


def _checked_amount(total: Decimal | None) -> Decimal:
    problems = list(_amount_problems(total))
    if problems or total is None:
        raise CurveError(problems)
    return total


def _spread(total: Decimal, parts: Sequence[Fraction]) -> Curve:
    """Cumulate `total` over the last months of the year, in proportion to `parts`.

    The cumulated amounts are rounded, not the single months: no remainder is left to hand out, no
    month falls, and December is the total.
    """
    whole = sum(parts)
    curve = [ZERO] * (MONTHS - len(parts))
    share = Fraction(0)
    for part in parts:
        share += part
        curve.append(_rounded(Fraction(total) * share / whole))
    return tuple(curve)


def _rounded(amount: Fraction) -> Decimal:
    """An amount that is not negative to 0.01, halves upwards."""
    return Decimal((amount * 200 + 1) // 2).scaleb(-2)


def _amount_problems(total: Decimal | None) -> Iterator[CurveProblem]:
    if total is None or not total.is_finite():
        yield CurveProblem(Code.AMOUNT_MISSING)
    elif total < 0:
        yield CurveProblem(Code.AMOUNT_NEGATIVE)
    elif total >= TOO_LARGE:
        yield CurveProblem(Code.AMOUNT_TOO_LARGE)
    elif _is_too_fine(total):
        yield CurveProblem(Code.AMOUNT_TOO_FINE)


def _list_problems(
    values: Sequence[Decimal | None], *, is_money: bool = False
) -> Iterator[CurveProblem]:
    if len(values) != MONTHS:
        yield CurveProblem(Code.NOT_TWELVE, None, {"count": len(values)})
    before = ZERO
    for month, amount in enumerate(values[:MONTHS], start=1):
        if amount is None or not amount.is_finite():
            yield CurveProblem(Code.MONTH_MISSING, month)
            continue
        if amount < 0:
            yield CurveProblem(Code.MONTH_NEGATIVE, month)
            continue
        if amount >= TOO_LARGE:
            yield CurveProblem(Code.MONTH_TOO_LARGE, month)
            continue
        if amount < before:
            yield CurveProblem(Code.MONTH_FALLS, month, {"amount": amount, "before": before})
        if is_money and _is_too_fine(amount):
            yield CurveProblem(Code.MONTH_TOO_FINE, month)
        before = amount


def _is_too_fine(amount: Decimal) -> bool:
    return Fraction(amount) % Fraction(SMALLEST) != 0
