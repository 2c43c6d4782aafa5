"""Cells that are counted anew: what is right stays where it stands, what differs is put right."""

import pytest
from django.utils import timezone

from summaries import coarse, keeping, recount
from summaries.models import DepartmentCell, ProgressCell
from tests.factories import make_department
from tests.rounds import make_plan
from tests.summaries.by_hand import assert_cells_are_right

pytestmark = pytest.mark.django_db
KEPT = [ProgressCell, DepartmentCell]


@pytest.fixture(autouse=True)
def _cells() -> None:
    """Cells with and without department and region."""
    home = make_department()
    make_plan(home, region=home.region, planned=1200)
    make_plan(home, planned=600)
    make_plan(None, planned=100)
    rebuild()


def rebuild() -> None:
    keeping.rebuild(2024, at=timezone.now())


def rows(model) -> dict[int, dict]:
    return {row["id"]: row for row in model.objects.values()}


def test_a_rebuild_writes_nothing_where_nothing_differs():
    before = [rows(model) for model in KEPT]
    rebuild()
    assert [rows(model) for model in KEPT] == before


@pytest.mark.parametrize("model", KEPT)
def test_a_rebuild_changes_in_place_brings_what_lacks_and_takes_away_what_has_no_entries(model):
    before = rows(model)
    wrong, lacking = (cell.pk for cell in model.objects.filter(month=5).order_by("pk")[:2])
    model.objects.filter(pk=wrong).update(late=7, planned=1)
    model.objects.filter(pk=lacking).delete()
    strange = model.objects.get(month=6, department=None)
    strange.pk, strange.category = None, "ecology"
    strange.save(force_insert=True)
    rebuild()
    assert_cells_are_right()
    after = rows(model)
    assert len(after) == len(before)
    assert {pk: after.get(pk) for pk in before if pk != lacking} == {
        pk: row for pk, row in before.items() if pk != lacking
    }


def test_a_month_counted_anew_leaves_the_other_months_as_they_are():
    for model in KEPT:
        model.objects.update(late=7)
    recount.write_month(2024, 2)
    coarse.write_month(2024, 2)
    for model in KEPT:
        assert set(model.objects.filter(month=2).values_list("late", flat=True)) == {0}
        assert set(model.objects.exclude(month=2).values_list("late", flat=True)) == {7}


def test_another_year_is_not_touched():
    make_plan(make_department(), year=2023)
    keeping.rebuild(2023, at=timezone.now())
    ProgressCell.objects.filter(year=2023).update(late=7)
    rebuild()
    assert set(ProgressCell.objects.filter(year=2023).values_list("late", flat=True)) == {7}
