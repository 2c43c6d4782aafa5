"""What has arrived of a project's money, and the rate with its two parts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.arrival import exceeds, totals

amounts = st.decimals(0, 10_000, places=2)


def test_a_project_without_sources_has_no_totals():
    assert totals([]) is None


def test_the_rate_is_what_arrived_of_what_was_promised():
    found = totals([(Decimal(300), Decimal(100)), (Decimal(100), Decimal(100))])
    assert (found.arrived, found.promised, found.rate) == (200, 400, Decimal("50.0"))
    assert not found.is_partial


def test_a_source_of_which_nobody_says_what_arrived_is_not_counted_as_nothing():
    found = totals([(Decimal(300), Decimal(150)), (Decimal(700), None)])
    assert (found.amount, found.promised, found.rate) == (1000, 300, Decimal("50.0"))
    assert (found.stated, found.sources, found.is_partial) == (1, 2, True)


def test_where_nobody_says_anything_there_is_no_rate():
    found = totals([(Decimal(300), None)])
    assert (found.arrived, found.promised, found.rate) == (None, None, None)


def test_nothing_promised_gives_no_rate():
    assert totals([(Decimal(0), Decimal(0))]).rate is None


@pytest.mark.parametrize(("total", "beyond"), [(None, None), (250, 50), (300, 0), (400, -100)])
def test_the_sources_are_held_against_the_total_investment(total, beyond):
    found = totals([(Decimal(300), None)])
    assert found.beyond(None if total is None else Decimal(total)) == beyond


@pytest.mark.parametrize(
    ("amount", "arrived", "is_more"),
    [(100, 100, False), (100, "100.01", True), (100, None, False), (None, 5, False)],
)
def test_more_than_was_promised_is_seen(amount, arrived, is_more):
    money = [None if value is None else Decimal(value) for value in (amount, arrived)]
    assert exceeds(*money) is is_more


@given(st.lists(st.tuples(amounts, st.none() | amounts), min_size=1, max_size=7))
def test_the_parts_add_up(rows):
    found = totals(rows)
    assert found.amount == sum(amount for amount, _arrived in rows)
    assert found.stated == sum(arrived is not None for _amount, arrived in rows)
    assert (found.rate is None) == (not found.promised)
