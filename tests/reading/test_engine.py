"""The whole reader: it finds what is there, lists what it cannot read, and invents nothing."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from reading.engine import read
from reading.proposals import Part
from reading.widths import squeezed

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n临溪县发展和改革局\n"
REPORT = (
    TITLE
    + """一、2025年计划执行情况
全年实施重点项目120个，其中续建65个、新开工35个以上。南门大桥、北环路二期等项目建成通车。
二、2026年主要任务
主要预期目标是：地区生产总值增长6%左右；城镇新增就业3000人以上。
续建城西污水处理厂一期、城西污水处理厂二期等项目，储备石梁水库等8个项目。新建农村公路１２０公里。
"""
)


def words(reading):
    for each in (*reading.indicators, *reading.projects):
        yield each.evidence, each.name
    for each in reading.counts:
        yield each.evidence, each.subject
        yield each.evidence, str(each.count)
    for each in reading.amounts:
        yield each.evidence, each.subject
    for each in reading.commitments:
        yield each.evidence, each.title
        yield each.evidence, each.text
        for measure in each.measures:
            yield each.evidence, measure.quote
    for each in reading.unread:
        yield each.evidence, each.evidence.quote


def assert_nothing_is_invented(reading):
    for evidence, said in words(reading):
        line = squeezed(reading.lines[evidence.line - 1])
        assert squeezed(evidence.quote) in squeezed(evidence.sentence), evidence
        assert squeezed(evidence.sentence) in line, evidence
        assert squeezed(said) in line, (said, line)


def test_reads_a_report_of_another_place():
    found = read(REPORT)
    assert (found.region, found.year, found.issuer) == ("临溪县", 2026, "临溪县发展和改革局")
    assert [(p.name, p.part, p.stage) for p in found.projects] == [
        ("南门大桥", Part.RESULT, "completed"),
        ("北环路二期", Part.RESULT, "completed"),
        ("城西污水处理厂一期", Part.PLAN, "accelerated"),
        ("城西污水处理厂二期", Part.PLAN, "accelerated"),
        ("石梁水库", Part.PLAN, "preparation"),
    ]
    assert [(c.verb, c.count, c.comparator) for c in found.counts] == [
        ("实施", 120, "eq"),
        ("续建", 65, "eq"),
        ("新开工", 35, "ge"),
        ("储备", 8, "eq"),
    ]
    targets = [(i.name, i.target) for i in found.indicators if i.target]
    assert targets == [("地区生产总值", "增长6%左右"), ("城镇新增就业", "3000人以上")]
    assert_nothing_is_invented(found)


def test_a_heading_ends_the_list_above_it_and_bullets_are_no_part_of_names():
    found = read(
        "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n"
        "一、2025年执行情况\n● 地区生产总值128.6亿元；\n"
        "二、2026年工作安排\n主要预期目标为：\n● 地区生产总值增长6%左右；\n（一）抓投资。\n● 新增停车位500个。\n"
    )
    assert [(i.name, i.target, i.actual) for i in found.indicators] == [
        ("地区生产总值", "", "128.6亿元"),
        ("地区生产总值", "增长6%左右", ""),
    ]
    assert [(c.title, c.text) for c in found.commitments] == [("新增停车位", "新增停车位500个")]


def test_a_table_called_by_the_heading_above_quotes_that_heading():
    found = read("二、储备石梁水库等8个项目。尚有前期。\n甲\t乙\n丙\t丁\n")
    assert {each.evidence.line for each in found.counts} == {1}
    assert_nothing_is_invented(found)


HALF_YEAR = """关于临溪县2026年上半年国民经济和社会发展计划执行情况的报告
一、上半年执行情况
表1 主要指标
指标名称\t单位\t上半年\t增减（%）\t全年目标
一般公共预算收入\t亿元\t6.8\t4.2\t12.5
表2 重点项目
续建项目（1个）\t上半年进展\t计划新开工重点项目（1个）\t上半年进展
东岭水库\t大坝封顶\t西河大桥\t桩基施工
重点任务有序推进
南山公路建成通车。
"""


def test_a_half_year_accounts_for_its_own_year():
    found = read(HALF_YEAR)
    assert [(i.year, i.unit, i.target, i.actual) for i in found.indicators] == [
        (2026, "亿元", "12.5", "6.8"),
        (2026, "%", "", "4.2"),
    ]
    assert [(p.name, p.year, p.part, p.stage) for p in found.projects] == [
        ("东岭水库", 2026, Part.RESULT, "accelerated"),
        ("西河大桥", 2026, Part.RESULT, "started"),
        ("南山公路", 2026, Part.RESULT, "completed"),
    ]


def test_an_empty_text_gives_an_empty_reading():
    assert read("").lines == ()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *re.findall(r"[^。；，、\n]+[。；，、\n]", REPORT),
                "\t",
                "（",
                "）",
                "等",
                "１２",
                "|甲|乙|\n",
                "表1 重点项目\n",
                "\n\n",
                "1\t项目\t开工\n",
                "一、",
            ]
        ),
        max_size=40,
    )
)
def test_whatever_stands_there_nothing_is_invented(pieces):
    assert_nothing_is_invented(read("".join(pieces)))
