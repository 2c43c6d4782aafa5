"""Where a year ends at its pace: nothing that is late looks in time."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.projection import Outcome
from summaries.outlook import look_ahead, month_end

pytestmark = pytest.mark.any_database


def test_the_pace_of_half_a_year_is_carried_on():
    ahead = look_ahead(2023, 6, planned=Decimal(1200), invested=Decimal(300))
    assert ahead.curve[6] == 300
    assert ahead.december == (Decimal(300) * 364 / 180).quantize(Decimal("0.01"))
    assert ahead.projection.finish > date(2023, 12, 31)
    assert ahead.days_late == (ahead.projection.finish - date(2023, 12, 31)).days
    assert (ahead.pace.missing, ahead.pace.needed, ahead.pace.so_far) == (900, 150, 50)


def test_without_headway_there_is_no_finish():
    ahead = look_ahead(2023, 6, planned=Decimal(1200), invested=Decimal(0))
    assert ahead.projection.outcome is Outcome.STALLED
    assert set(ahead.curve.values()) == {Decimal(0)}


def test_a_plan_that_is_reached_says_so():
    ahead = look_ahead(2023, 6, planned=Decimal(1200), invested=Decimal(1300))
    assert ahead.projection.outcome is Outcome.PASSED
    assert ahead.days_late < 0


def test_nothing_planned_is_nothing_to_reach():
    assert look_ahead(2023, 6, planned=Decimal(0), invested=Decimal(5)) is None


@given(
    st.integers(1, 12),
    st.decimals(1, 10**8, places=2),
    st.decimals(0, 10**8, places=2),
)
def test_a_december_below_the_plan_is_a_late_finish(month, planned, invested):
    ahead = look_ahead(2024, month, planned=planned, invested=invested)
    assert ahead.curve == dict(sorted(ahead.curve.items()))
    assert list(ahead.curve.values()) == sorted(ahead.curve.values())
    if ahead.december < planned - 1:
        assert ahead.projection.finish is None or ahead.days_late >= 0
        assert ahead.projection.finish is None or ahead.projection.finish >= month_end(2024, 12)
