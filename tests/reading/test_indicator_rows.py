"""Indicator tables of several manners."""

from reading.engine import read

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n"


def indicators(table):
    return [
        (each.year, each.name, each.unit, each.target, each.actual, each.binding, each.parent)
        for each in read(TITLE + table).indicators
    ]


def test_two_years_in_one_table_with_a_column_of_units_and_of_kinds():
    found = indicators(
        "表1 主要指标\n指标\t单位\t2025年计划\t2025年预计\t2026年目标\t属性\n"
        "地区生产总值增速\t%\t6左右\t6.1\t6\t预期性\n其中：工业增加值增速\t%\t7\t7.2\t—\t预期性\n"
        "空气质量优良天数\t天\t340\t338\t340以上\t约束性\n"
    )
    assert found == [
        (2025, "地区生产总值增速", "%", "6左右", "6.1", False, ""),
        (2026, "地区生产总值增速", "%", "6", "", False, ""),
        (2025, "工业增加值增速", "%", "7", "7.2", False, "地区生产总值增速"),
        (2025, "空气质量优良天数", "天", "340", "338", True, ""),
        (2026, "空气质量优良天数", "天", "340以上", "", True, ""),
    ]


def test_units_in_brackets_marks_and_a_note_below():
    found = indicators(
        "表1 2026年主要预期目标\n序号\t指标名称\t目标\n1\t地区生产总值增长(%)\t6\n2\t▲森林覆盖率（％）\t41\n"
        "注：▲为约束性指标，其余为预期性指标。\n"
    )
    assert found == [
        (2026, "地区生产总值增长", "%", "6", "", False, ""),
        (2026, "森林覆盖率", "％", "41", "", True, ""),
    ]


def test_headings_within_the_table_say_which_are_binding():
    found = indicators(
        "表1 2025年指标完成情况\n指标\t目标\t完成\n约束性指标\t\t\n粮食产量（万吨）\t30\t31\n"
        "预期性指标\t\t\n新增就业（人）\t100\t120\n"
    )
    assert [each[5] for each in found] == [True, False]


def test_growth_beside_the_figure_is_a_row_of_its_own_with_a_doubt():
    found = read(
        TITLE
        + "表1 2025年指标完成情况\n指标\t单位\t2025年完成\t增长（%）\n预算收入\t亿元\t23.1\t5.4\n"
    ).indicators
    assert [(each.unit, each.actual, each.doubts) for each in found] == [
        ("亿元", "23.1", ()),
        ("%", "5.4", ("growth_column",)),
    ]


def test_words_that_are_no_known_target_are_kept_with_a_doubt():
    (found,) = read(
        TITLE + "表1 2026年目标\n指标\t2026年目标\n幸福感（分）\t明显好于上年\n"
    ).indicators
    assert found.target == "明显好于上年"
    assert "target_words" in found.doubts


def test_a_table_whose_columns_are_not_known_is_listed():
    found = read(TITLE + "表1 主要指标\n指标名称\t单位\t备注\n甲\t家\t坏\n")
    assert not found.indicators
    assert {each.why for each in found.unread} == {"columns"}


def test_the_sign_of_a_footnote_is_no_part_of_the_name():
    found = indicators("表1 2026年主要预期目标\n指标名称\t单位\t目标\n研发投入强度①\t%\t2.2\n")
    assert found == [(2026, "研发投入强度", "%", "2.2", "", None, "")]
