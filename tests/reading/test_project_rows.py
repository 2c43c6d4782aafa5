"""Project tables of several manners."""

from decimal import Decimal

from reading.engine import read

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n二、2026年计划\n"


def projects(table):
    return read(TITLE + table).projects


def test_one_project_a_row_with_groups_money_and_people():
    found = projects(
        "附表1 临溪县2026年县级重点项目表（单位：万元）\n"
        "序号\t项目名称\t建设内容\t总投资\t2026年计划投资\t责任单位\t项目业主\n"
        "一、续建项目（1个）\t\t\t\t\t\t\n1\t北环路(二期)\t道路3公里\t12,000\t3000\t住建局\t城投集团\n"
        "二、储备项目（1个）\t\t\t\t\t\t\n2\t石梁水库\t大坝1座\t1.5亿元\t—\t水利局\t\n合计\t\t\t27000\t3000\t\t\n"
    )
    first, second = found
    assert (first.name, first.verb, first.stage, first.level) == (
        "北环路(二期)",
        "续建",
        "accelerated",
        "district",
    )
    assert (first.total_investment, first.planned_investment) == (Decimal(12000), Decimal(3000))
    assert (first.department, first.owner_unit, first.description) == (
        "住建局",
        "城投集团",
        "道路3公里",
    )
    assert (second.stage, second.total_investment, second.planned_investment) == (
        "preparation",
        15000,
        None,
    )


def test_columns_are_known_by_what_their_cells_show():
    found = projects(
        "表2 2026年重点项目\n领域\t名称\t层级\t安排\n交通\t北环路\t市级\t续建\n\t南门大桥\t县级\t新开工\n"
    )
    assert [(p.name, p.level, p.stage, p.category, p.sector) for p in found] == [
        ("北环路", "municipal", "accelerated", "infrastructure", "交通"),
        ("南门大桥", "district", "started", "infrastructure", "交通"),
    ]


def test_several_projects_in_a_cell_come_apart_where_a_row_has_no_money():
    found = projects(
        "表2 2026年重点项目\n领域\t性质\t项目名称\n水利\t续建\t石梁水库、东山灌区；西河堤防\n"
    )
    assert [p.name for p in found] == ["石梁水库", "东山灌区", "西河堤防"]
    assert all("several_in_cell" in p.doubts for p in found)


def test_a_name_with_a_mark_in_it_stays_whole_where_the_row_has_its_money():
    (found,) = projects(
        "表2 2026年重点项目\n项目名称\t性质\t总投资（亿元）\n供水、供气管网改造\t续建\t1.2\n"
    )
    assert (found.name, found.total_investment) == ("供水、供气管网改造", 12000)


def test_columns_of_verbs_are_lists():
    found = projects(
        "表2 2026年重点项目\n领域\t竣工项目\t续建项目\n交通\t北环路、南门大桥\t客运北站\n"
    )
    assert [(p.name, p.verb) for p in found] == [
        ("北环路", "竣工"),
        ("南门大桥", "竣工"),
        ("客运北站", "续建"),
    ]


def test_sentences_in_cells_are_lists():
    found = projects(
        "表3 2026年重点基础设施项目\n交通\t开工建设北环路等项目。竣工南门大桥等项目。\n"
    )
    assert [(p.name, p.stage, p.sector) for p in found] == [
        ("北环路", "started", "交通"),
        ("南门大桥", "completed", "交通"),
    ]


def test_a_table_of_another_kind_is_listed_and_nothing_guessed():
    found = read(TITLE + "表9 干部名册\n姓名\t职务\n甲某\t局长\n")
    assert not found.projects
    assert {each.why for each in found.unread} == {"table"}


def test_two_tables_beside_one_another_come_apart():
    found = projects(
        "附表 2026年重点项目\n续建项目\t总投资（万元）\t形象进度\t新开工项目\t总投资（万元）\t形象进度\n"
        "北环路\t3000\t完成路基\t石梁水库\t5000\t已开工\n南门大桥\t4000\t主体完工\t\t\t\n"
    )
    assert [(p.name, p.verb, p.total_investment) for p in found] == [
        ("北环路", "续建", 3000),
        ("南门大桥", "续建", 4000),
        ("石梁水库", "新开工", 5000),
    ]


def test_money_that_the_words_of_a_cell_state_once():
    (found,) = projects(
        "表2 2026年重点项目\n序号\t项目名称\t建设内容及投资\t责任单位\n"
        "1\t北环路\t全长3公里，总投资3.2亿元，年度计划投资8000万元\t住建局\n"
    )
    assert (found.total_investment, found.planned_investment) == (32000, 8000)


def test_a_column_of_kinds_of_works_tells_no_stage():
    kinds = projects(
        "表2 2026年重点项目\n序号\t项目名称\t建设性质\t总投资（万元）\n1\t北环路\t新建\t900\n2\t县医院\t扩建\t800\n"
    )
    stages = projects(
        "表2 2026年重点项目\n序号\t项目名称\t建设性质\t总投资（万元）\n1\t北环路\t新建\t900\n2\t县医院\t续建\t800\n"
    )
    assert [each.stage for each in kinds] == ["", ""]
    assert [each.stage for each in stages] == ["started", "accelerated"]
