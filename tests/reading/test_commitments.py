"""Livelihood items and tasks with their quantities."""

from reading.engine import read

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n"


def commitments(text):
    return read(TITLE + text).commitments


def measures(each):
    return [(m.subject, m.comparator, str(m.value), m.unit) for m in each.measures]


def test_a_clause_with_quantities_is_a_task_of_the_plan():
    (found,) = commitments("二、2026年任务\n新建农村公路120公里、公厕6座以上。\n")
    assert (found.kind, found.text) == ("task", "新建农村公路120公里、公厕6座以上")
    assert measures(found) == [("新建农村公路", "ge", "120", "公里"), ("公厕", "ge", "6", "座")]


def test_livelihood_items_as_lines_in_a_sentence_and_in_a_table():
    lines = commitments(
        "二、2026年任务\n办好以下民生实事：\n1. 改造小区32个，加装电梯60部。\n（2）新增学位900个。\n"
    )
    inline = commitments("二、2026年任务\n办好2件实事：①新建公园5个；②新增托位300个。\n")
    table = commitments(
        "表2 2026年民生实事\n序号\t事项\t内容\t责任单位\n1\t停车\t新增泊位700个\t城管局\n"
    )
    assert [each.text for each in lines] == ["改造小区32个，加装电梯60部。", "新增学位900个。"]
    assert [each.text for each in inline] == ["新建公园5个", "新增托位300个。"]
    assert [(each.title, each.text, each.department) for each in table] == [
        ("停车", "新增泊位700个", "城管局")
    ]
    assert {each.kind for each in (*lines, *inline, *table)} == {"livelihood"}


def test_what_was_provided_to_the_people_is_done_outside_lists_too():
    found = commitments(
        "一、2025年执行情况\n（一）民生持续改善。改造老旧小区16个、新增学位900个，发放贷款3亿元。\n"
        "（二）农业稳步发展。改造老旧小区5个。\n"
    )
    assert [(each.kind, each.year, each.text) for each in found] == [
        ("livelihood", 2025, "改造老旧小区16个"),
        ("livelihood", 2025, "新增学位900个"),
    ]


def test_what_was_done_of_the_livelihood_items():
    found = commitments(
        "一、2025年执行情况\n10件民生实事全部办结，其中：改造小区16个；建成食堂12个。\n"
    )
    assert [(each.year, each.text) for each in found] == [
        (2025, "改造小区16个"),
        (2025, "建成食堂12个"),
    ]


def test_figures_of_difficulties_and_of_the_year_gone_by_are_no_tasks():
    text = "一、2025年执行情况\n新建公路12公里。\n二、2026年任务\n（一）形势分析\n预计新增税收20亿元。\n"
    assert commitments(text) == ()


def test_numbers_within_names_are_no_measures():
    (found,) = commitments(
        "二、2026年任务\n年产5万吨调味品项目投产，服务半径15分钟，新增就业300人。\n"
    )
    assert measures(found) == [("新增就业", "ge", "300", "人")]
