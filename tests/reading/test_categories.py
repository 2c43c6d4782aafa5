"""The category of a project, by the headings above it and by its own nouns."""

import pytest

from reading.categories import category_by_name


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("南湖大桥", "infrastructure"),
        ("第二污水处理厂", "ecology"),
        ("城东小学教学楼", "livelihood"),
        ("精密铸件生产线", "industry"),
        ("北坡综合体", ""),
    ],
)
def test_a_name_tells_its_category_by_its_nouns(name, category):
    assert category_by_name(name) == category
