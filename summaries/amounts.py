"""How the cockpit writes sums of money, rates and differences of rates, in the reader's language.

Documents write them in running Chinese: office_numbers.py, which also rounds for both.
"""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from office.sheet import MISSING
from summaries import office_numbers
from summaries.office_numbers import HUNDREDTH as HUNDREDTH
from summaries.office_numbers import TENTH, WAN_IN_YI


def in_yi(amount: Decimal | None, step: Decimal = HUNDREDTH) -> Decimal | None:
    """An amount in 万元 as a number of 亿元, for the axis of a chart."""
    return None if amount is None else office_numbers.rounded(amount / WAN_IN_YI, step)


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
    return None if number is None else office_numbers.rounded(number, step)


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
