"""Stated numbers of projects."""

import pytest

from reading.counts import counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("53个市级重点项目、182个区级重大项目完成投资。", [(53, "eq"), (182, "eq")]),
        (
            "实施重点项目120个，其中续建65个、新开工35个以上。",
            [(120, "eq"), (65, "eq"), (35, "ge")],
        ),
        ("甲、乙等40个以上项目投产。", [(40, "ge")]),
        ("开工建设甲、乙等重点项目22个以上。", [(22, "ge")]),
        ("建成一批。甲、乙等12个。", [(12, "eq")]),
        ("11座污水处理厂技改加快推进。", [(11, "eq")]),
        ("1.建成16个：甲、乙等。", [(16, "eq")]),
        ("全年开工项目45个、竣工23个以上。", [(45, "eq"), (23, "ge")]),
        ("获批国家自然科学基金项目9项。", []),
        ("生态保护修复项目4.5万亩。", []),
        ("新引进50亿元级项目2个。", [(2, "eq")]),
    ],
)
def test_numbers_of_projects(text, expected):
    assert [(each.count, each.comparator) for each in counts(text)] == expected


def test_a_number_has_the_verb_beside_it():
    (first, second) = counts("甲等51个项目开工建设，乙等32个项目竣工投产。")
    assert (first.verb, second.stage) == ("开工建设", "completed")
