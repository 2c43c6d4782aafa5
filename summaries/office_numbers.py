"""How the office writes numbers in running Chinese: 亿元, rates, 个百分点. Rounded half up, here and last.

What is rounded never says what is not so: an amount does not become nothing, a rate not a full
hundred, where one more decimal place can tell the difference.
"""

from decimal import ROUND_HALF_UP, Decimal

from office.sheet import MISSING

WAN_IN_YI = Decimal(10_000)
UNKNOWN = "暂无数据"
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """The value to a step, halves away from zero, never −0."""
    return value.quantize(step, ROUND_HALF_UP) + 0


def yi(amount: Decimal | None) -> str:
    """An amount of 万元 in 亿元: one decimal place, two under 1亿元; under 0.1亿元 in 万元."""
    if amount is None:
        return UNKNOWN
    size = abs(amount / WAN_IN_YI)
    if amount and size < TENTH:
        return f"{rounded(amount, HUNDREDTH).normalize():f}万元"
    if not amount:
        return "0亿元"
    return f"{rounded(amount / WAN_IN_YI, TENTH if size >= 1 else HUNDREDTH):f}亿元"


def in_yi(amount: Decimal | None) -> str | None:
    """An amount of 万元 in 亿元 with one decimal place, without its unit, for a chart."""
    return None if amount is None else f"{rounded(amount / WAN_IN_YI, TENTH):f}"


def rate(percent: Decimal | None) -> str:
    """A rate with one decimal place, 71.9%; with two where one would say 0 or 100 of what is not."""
    if percent is None:
        return UNKNOWN
    figure = rounded(percent, TENTH)
    if figure in (0, 100) and figure != percent:
        figure = rounded(percent, HUNDREDTH)
    return f"{figure:f}%"


def points(difference: Decimal) -> str:
    """A difference of two rates without its sign: 3.2个百分点; two decimals where one would be nothing."""
    size = abs(difference)
    figure = rounded(size, TENTH) or rounded(size, HUNDREDTH)
    return f"{figure:f}个百分点"


def against(difference: Decimal | None, *, above: str, below: str, equal: str) -> str:
    """A difference in the office's words: 高于…3.2个百分点; UNKNOWN where it is missing."""
    if difference is None:
        return UNKNOWN
    if not rounded(difference, HUNDREDTH):
        return equal
    return f"{above if difference > 0 else below}{points(difference)}"


def ratio(numerator: Decimal, denominator: Decimal) -> str:
    """What a rate is computed from, in 万元 to the cent: 1,234.50/5,678.00万元."""
    return f"{numerator:,.2f}/{denominator:,.2f}万元" if denominator else MISSING
