"""Numbers with units, and numbers that are none."""

from decimal import Decimal

import pytest

from reading.quantities import quantities, wan


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("新建公路120公里", "120", "公里", "eq"),
        ("经营主体突破15万户", "15", "万户", "ge"),
        ("开展活动近230科次", "230", "科次", "about"),
        ("政策600余条", "600", "条", "ge"),
        ("失业率5.5%以内", "5.5", "%", "le"),
        ("总投资1,234.5亿元左右", "1234.5", "亿元", "about"),
        ("下降0.3个百分点", "0.3", "个百分点", "eq"),
    ],
)
def test_a_quantity_is_read_with_its_bound(text, value, unit, comparator):
    (found,) = quantities(text)
    assert (found.value, found.unit, found.comparator) == (Decimal(value), unit, comparator)


@pytest.mark.parametrize(
    "text",
    ["2024年", "4.0版举措", "50亿元级项目", "3A级景区", "第6项", "G205国道", "表1列出", "12个月"],
)
def test_years_classes_versions_and_places_in_a_row_are_none(text):
    assert not list(quantities(text))


def test_money_is_turned_into_wan():
    assert wan(Decimal("1.5"), "亿元") == 15000
    assert wan(Decimal(5000), "元") == Decimal("0.5")
    assert wan(Decimal(3), "万美元") is None
