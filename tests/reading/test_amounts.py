"""Stated money, and money that is none of investment, funds or contracts."""

from decimal import Decimal

import pytest

from reading.amounts import amounts


def found(text):
    return [(each.subject, each.kind, each.value, each.unit, each.growth) for each in amounts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "完成固定资产投资256.9亿元、同比增长11.6%。",
            [("固定资产投资", "investment", "256.9", "亿元", "11.6")],
        ),
        (
            "实际使用外资1124万美元，下降5%。",
            [("实际使用外资", "investment", "1124", "万美元", "-5")],
        ),
        ("争取专项债券9.8亿元。", [("专项债券", "funding", "9.8", "亿元", None)]),
        (
            "协议投资额143亿元，到位资金61.5亿元。",
            [
                ("协议投资额", "contract", "143", "亿元", None),
                ("到位资金", "funding", "61.5", "亿元", None),
            ],
        ),
        ("工业投资同比增长15%。", [("工业投资", "investment", None, "", "15")]),
        (
            "中央投资1.2亿元、债券资金5.6亿元，同比分别增长12%、8%。",
            [
                ("中央投资", "investment", "1.2", "亿元", "12"),
                ("债券资金", "funding", "5.6", "亿元", "8"),
            ],
        ),
        ("地区生产总值1179亿元，税收收入44.6亿元。", []),
        ("2021—2023年累计完成投资1042亿元。", []),
    ],
)
def test_amounts_with_their_growth(text, expected):
    wanted = [
        (subject, kind, value and Decimal(value), unit, growth and Decimal(growth))
        for subject, kind, value, unit, growth in expected
    ]
    assert found(text) == wanted


def test_amounts_that_are_parted_by_respectively_go_each_with_its_own():
    first, second = amounts("甲类项目、乙类项目分别完成投资71.9亿元、160.8亿元。")
    assert (first.subject, first.value) == ("甲类项目", Decimal("71.9"))
    assert (second.subject, second.value) == ("乙类项目", Decimal("160.8"))
