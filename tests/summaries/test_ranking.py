"""Departments in their order: places, ties, units below their department, nothing to rank by."""

from datetime import date
from decimal import Decimal

import pytest

from summaries.cells import Progress, Sums
from summaries.ranking import RankBy, rank
from tests.factories import make_department

pytestmark = pytest.mark.django_db
DUE, ON = date(2024, 4, 5), date(2024, 4, 12)


def group(department, invested, planned=100, *, late=0, schedule=25):
    """A department's month; without a figure where nothing is invested."""
    if invested is None:
        return Progress(2024, 3, (department and department.pk,), Sums(entries=1, due=1))
    now = Sums(
        entries=1,
        due=1,
        reported=1,
        late=late,
        figures=1,
        invested_ytd=Decimal(invested),
        figures_planned=Decimal(planned),
        figures_planned_ytd=Decimal(schedule),
    )
    return Progress(2024, 3, (department and department.pk,), now)


def ranked(groups, departments, by=RankBy.COMPLETION):
    found = rank(groups, departments, by=by, due_on=DUE, on=ON)
    return [(each.place, each.depth, each.code) for each in found]


def test_the_furthest_comes_first_and_equals_share_a_place():
    a, b, c, d = (make_department(code) for code in "ABCD")
    groups = [group(a, 10), group(b, 30), group(c, 30), group(d, 20)]
    assert ranked(groups, [a, b, c, d]) == [(1, 0, "B"), (1, 0, "C"), (3, 0, "D"), (4, 0, "A")]


def test_who_has_no_figure_comes_last_and_has_no_place():
    a, b = make_department("A"), make_department("B")
    groups = [group(a, None), group(b, 0), group(None, 90)]
    assert ranked(groups, [a, b]) == [(1, 0, "B"), (None, 0, "A"), (None, 0, "none")]


def test_units_stand_below_their_department_and_count_in_it():
    a, b = make_department("A"), make_department("B")
    units = [make_department(code, parent=a) for code in ("A1", "A2")]
    groups = [group(units[0], 5), group(units[1], 40), group(b, 30)]
    assert ranked(groups, [a, b, *units]) == [
        (1, 0, "B"),
        (2, 0, "A"),
        (None, 1, "A2"),
        (None, 1, "A1"),
    ]


def test_the_gap_and_lateness_give_other_orders():
    a, b = make_department("A"), make_department("B")
    groups = [group(a, 30, schedule=60, late=0), group(b, 20, schedule=10, late=1)]
    assert [code for *_rest, code in ranked(groups, [a, b])] == ["A", "B"]
    assert [code for *_rest, code in ranked(groups, [a, b], RankBy.GAP)] == ["B", "A"]
    assert [code for *_rest, code in ranked(groups, [a, b], RankBy.LATE)] == ["A", "B"]


def test_who_has_not_reported_by_the_due_day_is_late():
    a = make_department("A")
    assert rank([group(a, None)], [a], by=RankBy.LATE, due_on=DUE, on=ON)[0].late == 1
    assert rank([group(a, None)], [a], by=RankBy.LATE, due_on=DUE, on=DUE)[0].late == 0
