"""How the cockpit writes sums of money, rates and differences of rates; rounding happens only here."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MISSING = "—"
WAN_IN_YI = Decimal(10_000)
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


def in_yi(amount: Decimal | None, step: Decimal = CENT) -> Decimal | None:
    """An amount in 万元 as a number of 亿元, for the axis of a chart."""
    return None if amount is None else (amount / WAN_IN_YI).quantize(step, ROUND_HALF_UP)


def yi(amount: Decimal | None, step: Decimal = TENTH) -> str:
    """An amount in 万元 as a figure in 亿元, without its unit."""
    return _written(in_yi(amount, step))


def yi_with_unit(amount: Decimal | None) -> str:
    """An amount in 万元 as 亿元 with one decimal place, as the report writes it."""
    if amount is None:
        return MISSING
    return _("%(figure)s hundred million yuan") % {"figure": yi(amount)}


def rounded(number: Decimal | None, step: Decimal = TENTH) -> Decimal | None:
    """A rate or a difference of rates, for the axis of a chart."""
    return None if number is None else number.quantize(step, ROUND_HALF_UP)


def percent(rate: Decimal | None) -> str:
    """A rate in percent, with its sign."""
    return MISSING if rate is None else f"{_written(rounded(rate))}%"


def points(difference: Decimal | None) -> str:
    """A difference of rates in percentage points, signed, without its unit."""
    shown = rounded(difference)
    if shown is None:
        return MISSING
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return f"{sign}{_written(abs(shown))}"


def _written(figure: Decimal | None) -> str:
    return MISSING if figure is None else str(number_format(figure, force_grouping=True))
