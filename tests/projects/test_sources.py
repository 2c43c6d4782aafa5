"""A report's text as sentences and table rows."""

import json
import re
from hashlib import sha256

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from projects.models import SourceDocument, SourceSentence
from projects.sources import OutlineError, split, store
from tests.projects import report_parser


def prose(first: int, last: int, label: str = "一", **fields) -> dict[str, object]:
    return {"label": label, "kind": "prose", "first_line": first, "last_line": last, **fields}


def grid(first: int, last: int, columns: object = 2, label: str = "表1") -> dict[str, object]:
    return prose(first, last, label, kind="grid", columns=columns)


def texts(text: str, *sections: dict[str, object]) -> list[str]:
    return [sentence.text for sentence in split(text, list(sections))]


# Prose


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("完成投资75亿元。同比增长15.6%。", ["完成投资75亿元。", "同比增长15.6%。"]),
        ("各位代表：", ["各位代表："]),
        ("加油！好吗？好", ["加油！", "好吗？", "好"]),
        ("真的？！是的。", ["真的？！", "是的。"]),
        ("他说“好。”然后走了。", ["他说“好。”", "然后走了。"]),
        ("（详见“表一。”）然后。", ["（详见“表一。”）", "然后。"]),
        ("\t　竣工。  开工。", ["竣工。", "开工。"]),
        ("   ", []),
    ],
)
def test_prose_is_split_after_its_full_stops_which_closing_marks_stay_with(line, sentences):
    assert texts(line, prose(1, 1)) == sentences


def test_a_sentence_does_not_run_over_the_end_of_a_line():
    found = split("第一句\n第二句。\n", [prose(1, 2)])
    assert [(s.line, s.text) for s in found] == [(1, "第一句"), (2, "第二句。")]


@given(st.text(alphabet="甲乙1。！？”）\n\t ", max_size=60))
def test_splitting_prose_loses_nothing_but_the_space_around(text):
    found = texts(text, prose(1, text.count("\n") + 1))
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert all(sentence.strip() == sentence != "" for sentence in found)


# Tables


def test_a_tab_opens_a_cell_and_any_other_line_continues_it():
    text = "表1 名称\n\n\t序号\n\t目标\n\t1\n\t较2022年提升\n\n0.2个百分点\n"
    assert texts(text, grid(1, 8)) == ["表1 名称", "序号\t目标", "1\t较2022年提升0.2个百分点"]


def test_a_lone_tab_is_an_empty_cell():
    assert texts("\t\n\t#税收收入增速\n", grid(1, 2)) == ["\t#税收收入增速"]


def test_a_row_begins_on_the_line_of_its_first_cell():
    found = split("\ta\n\tb\n\n\tc\n\td\n", [grid(1, 5)])
    assert [(s.section, s.line) for s in found] == [("表1", 1), ("表1", 4)]


def test_cells_that_do_not_fill_their_rows_are_refused():
    with translation.override("en"), pytest.raises(OutlineError) as caught:
        split("\ta\n\tb\n\tc\n", [grid(1, 3)])
    assert str(caught.value) == "表1: 3 cells do not fill rows of 2"


# Outlines


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ([], "line 1 belongs to no section"),
        ([prose(1, 1)], "line 2 belongs to no section"),
        ([prose(2, 3)], "line 1 belongs to no section"),
        ([prose(1, 1), prose(3, 3)], "line 2 belongs to no section"),
        ([prose(1, 2), prose(2, 3)], "一: lines 2 to 3 cannot follow line 2"),
        ([prose(1, 9)], "一: lines 1 to 9 cannot follow line 0"),
        ([prose(3, 2)], "一: lines 3 to 2 cannot follow line 0"),
        ("一", "the outline must be a list of sections"),
        (None, "the outline must be a list of sections"),
        (["一"], "section 1 must be an object"),
        ([prose(1, 3, colour="红")], "section 1: unknown key colour"),
        ([prose(1, 3, label="")], "section 1: label is missing or wrong"),
        ([prose(1, 3, label="\ud800")], "section 1: label is missing or wrong"),
        ([prose(1, 3, label=5)], "section 1: label is missing or wrong"),
        ([prose(1, 3, kind="gird")], "section 1: kind is missing or wrong"),
        ([prose(1, 3, kind=[])], "section 1: kind is missing or wrong"),
        ([prose("1", 3)], "section 1: first_line is missing or wrong"),
        ([prose(0, 3)], "section 1: first_line is missing or wrong"),
        ([prose(1, True)], "section 1: last_line is missing or wrong"),
        ([{"label": "一", "first_line": 1}], "section 1: last_line is missing or wrong"),
        ([grid(1, 3, columns=0)], "section 1: columns is missing or wrong"),
        ([grid(1, 3, columns=None)], "section 1: columns is missing or wrong"),
    ],
)
def test_an_outline_that_does_not_fit_is_refused(sections, message):
    with translation.override("en"), pytest.raises(OutlineError) as caught:
        split("甲。\n乙。\n丙。\n", sections)
    assert str(caught.value) == message


# The report's own outline


@pytest.fixture(scope="module")
def outline() -> list[dict[str, object]]:
    text = (settings.FIXTURES_DIR / "10-sources.json").read_text(encoding="utf-8")
    return json.loads(text)["rows"][0]["sections"]


def test_the_report_s_sections_are_those_that_it_prints(outline):
    labels = list(dict.fromkeys(section["label"] for section in outline))
    parts = [f"一（{number}）" for number in "一二三四五六七"]
    tasks = [f"三（{number}）" for number in "一二三四五六七八"]
    tables = [f"表{number}" for number in range(1, 10)]
    assert set(labels) == {"序", "一", "二", "二（一）", "二（二）", "三", *parts, *tasks, *tables}
    assert [label for label in labels if label in tables] == tables
    assert [label for label in labels if label in tasks] == tasks


@pytest.mark.parametrize("table", ["表1", "表2", "表4", "表7", "表8"])
def test_the_report_s_tables_have_the_rows_of_an_independent_reading(outline, table):
    rows = [
        sentence.text.split("\t")
        for sentence in split(report_parser.TEXT, outline)
        if sentence.section == table and "\t" in sentence.text
    ]
    columns = 4 if table in ("表1", "表4") else 2
    assert rows == report_parser.grid(table, columns)


def test_the_report_s_text_is_kept_byte_by_byte():
    text = (settings.FIXTURES_DIR / "source/wanzhou-2024.txt").read_bytes()
    assert sha256(text).hexdigest() == (
        "a4707c7d08da629c64fb1c157b16e71f8f33b9098b5e473854029a9896bae614"
    )


# Stored sentences


@pytest.fixture
def document(db) -> SourceDocument:
    return SourceDocument.objects.create(
        code="small", title="报告", issuer="发改委", year=2024, file="source/small.txt"
    )


def keep(document: SourceDocument, text: str) -> int:
    document.sections = [prose(1, text.count("\n") + 1)]
    return store(document, text)


def stored(document: SourceDocument) -> dict[str, int]:
    return dict(document.sentences.values_list("text", "pk"))


def test_storing_a_text_twice_changes_nothing(document):
    assert keep(document, "甲。乙。丙。") == 3
    before = stored(document)
    assert keep(document, "甲。乙。丙。") == 0
    assert stored(document) == before


@pytest.mark.parametrize(
    "text",
    ["新。甲。乙。丙。", "甲。新。乙。丙。", "甲。乙。丙。新。", "甲。丙。", "新。一。甲。丙。"],
)
def test_a_sentence_whose_neighbours_change_stays_the_same_row(document, text):
    keep(document, "甲。乙。丙。")
    before = stored(document)
    keep(document, text)
    after = stored(document)
    for sentence in after.keys() & before.keys():
        assert after[sentence] == before[sentence]
    in_order = SourceSentence.objects.order_by("number").values_list("number", "text")
    assert list(in_order) == list(enumerate(re.findall("[^。]+。", text), start=1))


def test_a_sentence_reworded_in_its_place_stays_the_same_row(document):
    keep(document, "甲。乙。丙。")
    before = stored(document)
    assert keep(document, "甲。乙乙。丙。") == 1
    assert stored(document) == {
        "甲。": before["甲。"],
        "乙乙。": before["乙。"],
        "丙。": before["丙。"],
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [("甲乙丙丁", "丁丙乙甲"), ("甲甲乙", "乙甲甲甲"), ("甲乙", ""), ("", "甲")],
)
def test_any_text_may_follow_any_other(document, before, after):
    keep(document, "".join(f"{sign}。" for sign in before))
    keep(document, "".join(f"{sign}。" for sign in after))
    in_order = document.sentences.order_by("number").values_list("number", "text")
    assert list(in_order) == [(n, f"{sign}。") for n, sign in enumerate(after, start=1)]
