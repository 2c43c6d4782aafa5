"""What a report is of, and in which half and under which headings its parts stand."""

import pytest

from reading.layout import laid_out
from reading.outline import outlined
from reading.places import Prose, Table, half
from reading.proposals import Part

TITLE = "关于临溪县2025年国民经济和社会发展计划执行情况与2026年计划草案的报告\n"


def outline(text):
    return outlined(laid_out(text)[1])


@pytest.mark.parametrize(
    ("title", "region", "year"),
    [
        ("关于甲市2023年国民经济和社会发展计划执行情况及2024年计划草案的报告", "甲市", 2024),
        (
            "某省乙县\n关于乙县２０２２年国民经济和社会发展计划执行情况\n与２０２３年计划草案的报告",
            "乙县",
            2023,
        ),
        ("丙区二〇二四年国民经济和社会发展计划执行情况与二〇二五年计划草案的报告", "丙区", 2025),
        ("关于丁旗2025年国民经济和社会发展计划执行情况的报告", "丁旗", 2026),
    ],
)
def test_the_title_says_place_and_year(title, region, year):
    found = outline(title + "\n丁旗发展和改革委员会\n")
    assert (found.region, found.year) == (region, year)
    assert found.issuer == "丁旗发展和改革委员会"


def test_headings_turn_from_the_year_gone_by_to_the_plan():
    found = outline(
        TITLE
        + "一、2025年计划执行情况\n（一）工业。甲竣工。\n二、2026年主要任务\n1.1 抓项目\n乙开工。\n"
    )
    places = {each.text[:3]: each.place for each in found.content if isinstance(each, Prose)}
    assert (places["（一）"].part, places["（一）"].year) == (Part.RESULT, 2025)
    assert places["乙开工"].part is Part.PLAN
    assert places["乙开工"].section == ("二、2026年主要任务", "1.1抓项目")


def test_a_table_has_its_title_unit_notes_and_the_words_that_refer_to_it():
    found = outline(
        TITLE
        + "二、2026年任务\n安排区级重点项目9个（见附表2）。\n附表2：2026年重点项目表\n单位：万元\n"
        + "项目名称\t总投资\n北环路\t200\n注：按上报数填列。\n"
    )
    (table,) = [each for each in found.content if isinstance(each, Table)]
    assert (table.label, table.title, table.unit) == ("附表2", "2026年重点项目表", "万元")
    assert "注：按上报数填列。" in table.notes
    assert "区级重点项目" in table.spoken
    assert half(table) == (Part.PLAN, 2026)


def test_a_table_that_goes_on_on_the_next_page_is_one():
    found = outline(
        TITLE + "表1 指标\n指标\t单位\t2025年\n甲\t%\t1\n\f\n指标\t单位\t2025年\n乙\t%\t2\n"
    )
    (table,) = [each for each in found.content if isinstance(each, Table)]
    assert [row.cells[0] for row in table.rows] == ["指标", "甲", "乙"]


def test_numbered_lines_of_a_list_are_no_headings():
    found = outline(TITLE + "二、2026年任务\n1. 新建公园5个。\n2. 改造小区3个。\n")
    assert {each.place.section for each in found.content} <= {(), ("二、2026年任务",)}


def test_a_half_years_report_is_of_one_year():
    found = outline(
        "关于平县2024年上半年国民经济和社会发展计划执行情况的报告\n一、上半年执行情况\n甲竣工。\n二、下半年安排\n乙开工。\n"
    )
    places = {each.text[:1]: each.place for each in found.content}
    assert found.year == 2024
    assert (places["甲"].part, places["甲"].year) == (Part.RESULT, 2024)
    assert (places["乙"].part, places["乙"].year) == (Part.PLAN, 2024)


def test_a_title_below_another_documents_name_is_found():
    found = outline("甲县人民代表大会文件\n" + TITLE + "一、2025年执行情况\n")
    assert (found.title, found.region) == (TITLE.strip(), "临溪县")
