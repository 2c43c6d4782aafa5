"""Targets and results in running text."""

from reading.engine import read

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n"


def test_targets_in_one_sentence_and_as_lines():
    one = "二、2026年目标\n主要预期目标是：地区生产总值增长6%左右，失业率控制在5.5%以内；价格指数102左右。完成投资9亿元。\n"
    lines = "二、2026年目标\n主要预期目标为：\n——地区生产总值增长6%左右；\n——城镇新增就业3000人；\n——能耗降低率完成市下达任务。\n"
    assert [(i.name, i.target) for i in read(TITLE + one).indicators] == [
        ("地区生产总值", "增长6%左右"),
        ("失业率", "控制在5.5%以内"),
        ("价格指数", "102左右"),
    ]
    assert [(i.name, i.target) for i in read(TITLE + lines).indicators] == [
        ("地区生产总值", "增长6%左右"),
        ("城镇新增就业", "3000人"),
        ("能耗降低率", "完成市下达任务"),
    ]


def test_results_of_well_known_statistics_with_their_growth():
    text = "一、2025年执行情况\n地区生产总值320亿元，增长6.1%；举办活动50场，增长9%。\n"
    assert [(i.name, i.actual) for i in read(TITLE + text).indicators] == [
        ("地区生产总值", "320亿元"),
        ("地区生产总值", "增长6.1%"),
    ]


def test_what_the_text_repeats_of_a_table_is_proposed_once():
    text = (
        "一、2025年执行情况\n固定资产投资增长7%。\n表1 2025年完成情况\n指标\t单位\t目标\t完成\n"
        "固定资产投资增速\t%\t8\t7\n"
    )
    assert [i.evidence.table for i in read(TITLE + text).indicators] == ["表1 2025年完成情况"]


def test_a_ratio_without_a_unit_is_named_without_its_verb():
    text = "一、2025年执行情况\n城乡居民收入比缩小到1.86，旅游总收入64亿元。\n"
    assert [(i.name, i.actual) for i in read(TITLE + text).indicators] == [
        ("城乡居民收入比", "1.86"),
        ("旅游总收入", "64亿元"),
    ]
