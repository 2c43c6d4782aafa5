"""How late a node is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.lateness import days_late

DUE = date(2024, 6, 30)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("done_on", "on", "late"),
    [
        (None, DUE, 0),
        (None, date(2024, 7, 1), 1),
        (DUE, date(2025, 1, 1), 0),
        (date(2024, 6, 1), date(2025, 1, 1), 0),
        (date(2024, 7, 10), date(2025, 1, 1), 10),
    ],
)
def test_a_node_is_late_from_the_day_after_its_own(done_on, on, late):
    assert days_late(DUE, done_on, on=on) == late


def test_without_a_day_nothing_is_late():
    assert days_late(None, DUE, on=DUE + timedelta(days=99)) is None


@given(days, days, days, days)
def test_what_is_done_stays_as_late_as_it_was(due_on, done_on, one_day, another):
    late = days_late(due_on, done_on, on=one_day)
    assert late == days_late(due_on, done_on, on=another)
    assert (late == 0) == (done_on <= due_on)
