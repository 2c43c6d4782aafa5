"""What the models derive and what they refuse."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from indicators import models, targets
from indicators.models import Direction, Observation, Target
from projects.imports import FixtureFile, load
from tests.indicators.factories import make_indicator, make_result, make_target


def test_the_choices_of_the_models_are_those_that_targets_are_read_by():
    assert set(models.Direction.values) == set(targets.Direction)
    assert set(models.TargetComparator.values) == set(targets.Comparator)


@pytest.mark.parametrize(
    ("text", "comparator", "value", "base_year"),
    [
        ("6.5以上", "ge", Decimal("6.5"), None),
        ("8左右", "about", Decimal(8), None),
        ("较2022年提升0.2个百分点", "change", Decimal("0.2"), 2022),
        ("稳定保持II类", "grade", Decimal(2), None),
        ("上级下达任务", "assigned", None, None),
        ("力争更上一层楼", "", None, None),
        ("123456789012345.1234567891以上", "ge", Decimal("123456789012345.1234567891"), None),
    ],
)
def test_comparator_value_and_base_year_are_read_out_of_the_words(
    db, text, comparator, value, base_year
):
    target = make_target(text)
    assert (target.comparator, target.value, target.base_year) == (comparator, value, base_year)


def test_a_long_number_is_stored(db):
    make_target("123456789012345以上")
    assert Target.objects.get().value == Decimal(123456789012345)


def test_words_that_are_changed_are_read_again(db):
    target = make_target("6.5以上")
    target.text = "9以内"
    target.save()
    target.refresh_from_db()
    assert (target.comparator, target.value) == ("le", Decimal(9))


def test_an_indicator_s_direction_is_applied_to_targets_it_has_already(db):
    target = make_target("9")
    assert target.comparator == "ge"
    target.indicator.direction = Direction.LOWER
    target.indicator.save()
    target.refresh_from_db()
    assert target.comparator == "le"


def test_a_target_is_set_once_a_year(db):
    target = make_target()
    with pytest.raises(ValidationError):
        make_target("11", target.indicator)


def test_a_tolerance_cannot_be_negative(db):
    with translation.override("en"), pytest.raises(ValidationError, match="negative"):
        make_target(tolerance=Decimal("-0.1"))


def test_a_figure_that_is_not_released_has_no_value(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_result(make_target(), "12", "12", status=Observation.Status.NOT_RELEASED)


def test_a_year_has_one_figure_of_the_district(db):
    target = make_target()
    make_result(target, "12")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_result(target, "13")


def test_a_sub_indicator_has_no_sub_indicators(db):
    parent = make_indicator()
    part = make_indicator(parent=parent)
    for indicator, above in ((make_indicator(), part), (parent, make_indicator())):
        indicator.parent = above
        with pytest.raises(ValidationError) as refused:
            indicator.full_clean()
        assert list(refused.value.message_dict) == ["parent"]


def test_an_indicator_is_no_part_of_itself(db):
    indicator = make_indicator()
    indicator.parent = indicator
    with pytest.raises(ValidationError):
        indicator.full_clean()


def test_loading_the_report_again_leaves_what_was_fed_back_since(db):
    result = make_result(make_target(), status=Observation.Status.NOT_RELEASED, text="市级暂未反馈")
    row = {
        "indicator": result.indicator.code,
        "year": 2023,
        "status": "not_released",
        "text": "市级暂未反馈",
    }
    content = {"model": "indicators.observation", "rows": [row]}
    fixture = FixtureFile("33-observations.json", json.dumps(content))
    Observation.objects.update(status="final", text="11.2", value=Decimal("11.2"))
    load([fixture])
    result.refresh_from_db()
    assert (result.status, result.text, result.value) == ("final", "11.2", Decimal("11.2"))
