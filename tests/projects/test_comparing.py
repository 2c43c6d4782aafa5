"""Two texts beside each other: nothing is lost, and what differs is read as a person reads it."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.comparing import compare

WORDS = st.text(alphabet="完成投资万元12月，。主体 K+\n", max_size=60)


def pairs(before, after):
    return [(piece.text, piece.change) for piece in compare(before, after)]


@given(WORDS, WORDS)
def test_neither_text_loses_anything(before, after):
    pieces = compare(before, after)
    if before:
        assert "".join(piece.text for piece in pieces if piece.change != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.change != "del") == after
    assert all(piece.text for piece in pieces)


def test_a_figure_is_marked_as_a_whole():
    assert pairs("完成1,800万元", "完成1,900万元") == [
        ("完成", ""),
        ("1,800", "del"),
        ("1,900", "ins"),
        ("万元", ""),
    ]


def test_chinese_is_compared_sign_by_sign():
    assert pairs("完成桩基施工", "完成主体施工") == [
        ("完成", ""),
        ("桩基", "del"),
        ("主体", "ins"),
        ("施工", ""),
    ]


def test_texts_that_have_little_in_common_stand_one_after_the_other():
    changes = [
        change for _text, change in pairs("路基土石方开挖完成。", "幕墙及机电安装同步推进。")
    ]
    assert changes == ["del", "ins", ""]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "新建", [("新建", "")]),
        ("新建", "", [("新建", "del")]),
        ("新建", "新建", [("新建", "")]),
        ("", "", []),
    ],
)
def test_where_one_text_is_missing_nothing_is_marked_as_changed(before, after, expected):
    assert pairs(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("的" * 2000, "的了" * 1000),
        ("，" * 2000, "，a" * 1000),
        ("完成1月、" * 400, "完成2月、" * 400),
        ("ab12" * 500, "12ab" * 500),
    ],
)
def test_the_longest_texts_are_compared_at_once(before, after):
    start = perf_counter()
    pieces = compare(before, after)
    assert perf_counter() - start < 0.5
    assert "".join(piece.text for piece in pieces if piece.change != "del") == after
