"""What people who script get: show_plan, show_statements."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projects.models import DataQuestion
from tests.factories import make_entry, make_project
from tests.projects import report_parser

pytestmark = pytest.mark.any_database


def output(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def data(command: str, *arguments: object):
    return json.loads(output(command, *arguments, "--json"), parse_float=str)


# show_plan


@pytest.mark.parametrize(("year", "tables"), [(2023, ["表3"]), (2024, ["表5", "表6", "表9"])])
def test_a_year_s_plan_is_every_named_project_in_printed_order(report_loaded, year, tables):
    plan = data("show_plan", year)
    assert plan["year"] == year
    assert [
        (e["table"], e["position"], e["heading"], e["verb"], e["cited_name"])
        for e in plan["entries"]
    ] == [
        (p.table, p.order, p.heading, p.verb, p.name)
        for table in tables
        for p in report_parser.named_projects(table)
    ]


def test_an_entry_tells_what_its_table_writes_and_where_it_stands(report_loaded):
    entry = data("show_plan", 2024)["entries"][3]
    source = entry.pop("source")
    assert entry == {
        "code": "500101-0013",
        "name": "无线路由器及蓝牙无线产品项目（二期）",
        "cited_name": "无线路由器及蓝牙无线产品项目（二期）",
        "year": 2024,
        "level": "",
        "category": "industry",
        "sector": "现代化工业",
        "table": "表5",
        "heading": "一、现代化工业",
        "position": 4,
        "verb": "竣工",
        "goal": "completed",
        "result": "",
        "planned_investment": None,
        "invested_before": None,
        "featured": True,
        "status": "started",
    }
    assert (source["document"], source["section"]) == ("wanzhou-2024", "表5")
    assert source["quote"] == "无线路由器及蓝牙无线产品项目（二期）"
    assert isinstance(source["sentence"], int)


def test_last_year_s_entries_have_results_and_this_year_s_goals(report_loaded):
    assert all(e["result"] and not e["goal"] for e in data("show_plan", 2023)["entries"])
    assert all(e["goal"] and not e["result"] for e in data("show_plan", 2024)["entries"])


def test_stated_counts_stand_apart_from_the_named_projects(report_loaded):
    plan = data("show_plan", 2024)
    counts = {
        (c["sector"], c["goal"]): (c["comparator"], c["count"])
        for c in plan["stated_counts"]
        if c["table"] == "表5"
    }
    assert counts == {
        ("现代化工业", "completed"): ("ge", 45),
        ("现代化工业", "started"): ("ge", 22),
        ("现代化工业", "accelerated"): ("eq", 18),
    }
    named = [e for e in plan["entries"] if (e["sector"], e["goal"]) == ("现代化工业", "completed")]
    assert len(named) == 9


def test_money_is_written_as_the_number_that_it_is(db):
    make_entry(year=2024, planned_investment="71.90", invested_before="1000.00")
    text = output("show_plan", 2024, "--json")
    assert '"planned_investment": 71.9,' in text
    assert '"invested_before": 1000,' in text


def test_an_entry_without_a_source_says_so(db):
    make_entry(make_project("无出处"), year=2024)
    assert data("show_plan", 2024)["entries"][0]["source"] is None


def test_the_plan_is_printed_as_a_table_without_json(report_loaded):
    lines = output("show_plan", 2024).splitlines()
    assert lines[0].split()[:3] == ["table", "position", "heading"]
    assert sum("500101-" in line for line in lines) == 111
    assert any("竣工…等项目45个以上" in line for line in lines)


@pytest.mark.parametrize("command", ["show_plan", "show_statements"])
def test_an_unknown_year_is_answered_with_the_years_there_are(report_loaded, command):
    with pytest.raises(CommandError, match=r"1999.*2023, 2024"):
        call_command(command, 1999)


@pytest.mark.parametrize("command", ["show_plan", "show_statements"])
def test_an_empty_database_says_that_there_is_no_year(db, command):
    with pytest.raises(CommandError, match="none"):
        call_command(command, 2024)


@pytest.mark.parametrize("command", ["show_plan", "show_statements"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    report_loaded, django_assert_max_num_queries, command
):
    with django_assert_max_num_queries(5):
        data(command, 2024)


# show_statements


def test_the_two_levels_investments_are_stated_with_value_unit_scope_and_rate(report_loaded):
    statements = data("show_statements", 2023)["statements"]
    stated = {
        s["scope"]: (s["value"], s["unit"], s["count"], s["completion_rate"])
        for s in statements
        if s["subject"] == "完成投资"
    }
    assert stated == {
        "市级重点项目": ("71.9", "亿元", 53, 117),
        "区级重大项目": ("160.8", "亿元", 182, 105),
    }


def test_a_statement_has_growth_and_the_whole_sentence(report_loaded):
    statements = data("show_statements", 2023)["statements"]
    (stated,) = [s for s in statements if s["subject"] == "固定资产投资"]
    assert (stated["kind"], stated["comparator"]) == ("investment", "eq")
    assert (stated["value"], stated["growth"], stated["growth_unit"]) == ("256.9", "11.6", "%")
    assert stated["section"] == "一（二）"
    assert stated["sentence"].startswith("扎实推进“抓项目促投资”专项行动")
    assert stated["sentence"].endswith("同比增长11.6%。")


def test_this_year_s_amounts_are_bounds(report_loaded):
    statements = data("show_statements", 2024)["statements"]
    contracts = [s for s in statements if s["kind"] == "contract"]
    assert [(s["comparator"], s["value"], s["unit"]) for s in contracts] == [("ge", 350, "亿元")]


def test_every_statement_quotes_its_sentence(report_loaded):
    for year in (2023, 2024):
        for statement in data("show_statements", year)["statements"]:
            assert statement["source"]["quote"] in statement["sentence"]


def test_statements_are_printed_as_a_table_without_json(report_loaded):
    text = output("show_statements", 2023)
    assert "256.9亿元" in text
    assert "11.6%" in text


def test_showing_writes_nothing(report_loaded):
    data("show_plan", 2024)
    data("show_statements", 2024)
    assert not DataQuestion.objects.exists()
