"""Numbers in the office's words: units, decimal places, rounding; held against arithmetic of whole numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.office_numbers import UNKNOWN, against, points, rate, yi
from tests.summaries.bulletin_by_hand import half_up

pytestmark = pytest.mark.any_database

MONEY = st.decimals(0, 10**9, places=2)
PERCENT = st.decimals(-500, 500, places=6)


@given(MONEY)
def test_an_amount_is_written_to_half_a_unit_and_never_as_nothing(amount):
    words = yi(amount)
    unit = 10_000 if words.endswith("亿元") else 1
    figure = words.removesuffix("亿元").removesuffix("万元")
    places = len(figure.partition(".")[2])
    assert places <= 2
    assert abs(Fraction(figure) * unit - Fraction(amount)) <= Fraction(unit, 2 * 10**places)
    assert (Fraction(figure) == 0) == (amount == 0)


@given(st.decimals(10_000, 10**9, places=2))
def test_from_one_yi_on_there_is_one_decimal_place_rounded_half_up(amount):
    assert yi(amount) == f"{half_up(Fraction(amount) / 10_000, 1)}亿元"


@given(PERCENT)
def test_a_rate_has_one_or_two_decimal_places_and_says_0_or_100_only_of_what_is(percent):
    figure = rate(percent).removesuffix("%")
    places = len(figure.partition(".")[2])
    assert places in (1, 2)
    assert figure == half_up(Fraction(percent), places)
    if places == 1 and Decimal(figure) in (0, 100):
        assert Decimal(figure) == percent


@given(PERCENT)
def test_a_difference_says_its_size_in_points_and_its_direction_in_words(difference):
    words = against(difference, above="提高", below="下降", equal="持平")
    if words == "持平":
        assert abs(difference) < Decimal("0.005") or difference == 0
    else:
        assert words == ("提高" if difference > 0 else "下降") + points(difference)
        assert words.endswith("个百分点")
        assert "-" not in words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal(719000), "71.9亿元"),
        (Decimal(10500), "1.1亿元"),
        (Decimal("9949.99"), "0.99亿元"),
        (Decimal("12.50"), "12.5万元"),
        (Decimal(60), "60万元"),
        (Decimal("999.99"), "999.99万元"),
        (Decimal(1000), "0.10亿元"),
        (Decimal(0), "0亿元"),
        (None, UNKNOWN),
    ],
)
def test_amounts(amount, words):
    assert yi(amount) == words


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (Decimal("71.85"), "71.9%"),
        (Decimal("99.97"), "99.97%"),
        (Decimal(100), "100.0%"),
        (Decimal("0.04"), "0.04%"),
        (Decimal("-2.25"), "-2.3%"),
        (None, UNKNOWN),
    ],
)
def test_rates(percent, words):
    assert rate(percent) == words


def test_what_cannot_be_compared_is_said_to_be_missing():
    assert against(None, above="提高", below="下降", equal="持平") == UNKNOWN
    assert against(Decimal("0.004"), above="提高", below="下降", equal="持平") == "持平"
    assert against(Decimal("-0.03"), above="提高", below="下降", equal="持平") == "下降0.03个百分点"
