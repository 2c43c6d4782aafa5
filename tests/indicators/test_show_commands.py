"""What people who script get: show_indicators, show_commitments."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.indicators.factories import make_commitment, make_indicator, make_result, make_target
from tests.projects import report_parser

pytestmark = pytest.mark.any_database


def output(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def data(command: str, year: int):
    """The JSON, its numbers as they are written."""
    return json.loads(output(command, year, "--json"), parse_float=str)


def test_the_counts_are_the_report_s(report_loaded):
    assert data("show_indicators", 2023)["counts"] == {
        "total": 25,
        "met": 20,
        "below": 3,
        "pending": 2,
        "unjudged": 0,
        "binding": 4,
        "expected": 21,
        "binding_missed": 1,
    }


@pytest.mark.parametrize(("year", "table"), [(2023, "表1"), (2024, "表4")])
def test_the_rows_are_the_printed_table(report_loaded, year, table):
    rows = data("show_indicators", year)["rows"]
    printed = report_parser.indicator_rows(table)
    assert [row["target_text"] for row in rows] == [line[2] for line in printed]
    assert [str(row["seq"] or "") for row in rows] == [line[0] for line in printed]
    if table == "表1":
        assert [row["actual_text"] for row in rows] == [line[3] for line in printed]


def test_a_row_says_everything(report_loaded):
    row = next(r for r in data("show_indicators", 2023)["rows"] if r["seq"] == 21)
    source = row.pop("source")
    assert row == {
        "code": "resident-income-growth",
        "seq": 21,
        "parent_seq": None,
        "name": "全体居民人均可支配收入增速",
        "unit": "%",
        "binding": False,
        "counted": True,
        "target_text": "6.5以上",
        "actual_text": "5.1",
        "comparator": "ge",
        "value": "6.5",
        "base_year": None,
        "verdict": "below",
        "reason": "missed",
        "gap": "-1.4",
        "gap_unit": "个百分点",
        "note": "受传统商贸服务业等行业用工收缩，灵活就业人员收入增速放缓等因素影响",
    }
    assert source["section"] == "一"
    assert "低于预期1.4个百分点" in source["quote"]


def test_a_sub_indicator_names_the_row_it_belongs_to(report_loaded):
    rows = data("show_indicators", 2023)["rows"]
    part = next(r for r in rows if r["seq"] is None)
    assert (part["name"], part["parent_seq"], part["counted"]) == ("税收收入增速", 10, False)


def test_a_decimal_is_written_with_its_own_digits(db):
    make_result(make_target("0.035以下", make_indicator(unit="")), "0.012")
    (row,) = data("show_indicators", 2023)["rows"]
    assert (row["value"], row["gap"]) == ("0.035", "-0.023")


def test_without_json_the_table_and_the_count_are_text(report_loaded):
    lines = output("show_indicators", 2023).splitlines()
    assert len(lines) == 27 + 1
    assert "空气质量优良天数（天）*" in lines[15]
    assert "−4天" in lines[15]


def test_a_commitment_says_everything(report_loaded):
    found = data("show_commitments", 2023)
    assert found["counts"]["commitments"] == 20
    row = found["rows"][13]
    assert (row["kind"], row["title"]) == ("livelihood", "为适龄在校女学生免费接种HPV疫苗")
    assert row["source_sentence"] == f"{row['title']}\t{row['text']}"
    assert row["measures"][3] == {
        "subject": "HPV疫苗第一剂接种率",
        "text": "超过市级目标要求14.3个百分点",
        "comparator": "ge",
        "value": 60,
        "unit": "%",
        "actual": "74.3",
        "actual_text": "74.3%",
        "verdict": "met",
        "reason": "reached",
        "gap": "14.3",
        "gap_unit": "个百分点",
        "note": "市级目标60.0由74.3减14.3推得，报告未直接写出",
        "quote": "第一剂接种率74.3%、超过市级目标要求14.3个百分点",
    }


def test_the_tasks_of_2024_wait_for_their_results(report_loaded):
    counts = data("show_commitments", 2024)["counts"]
    assert counts["commitments"] == 104
    assert counts["measures"]["pending"] == counts["measures"]["total"] > 100


def test_without_json_commitments_are_text(db):
    make_commitment("一项任务", code="task-1")
    assert output("show_commitments", 2024) == "task task-1 一项任务\n"


@pytest.mark.parametrize("command", ["show_indicators", "show_commitments"])
def test_an_unknown_year_names_those_there_are(report_loaded, command):
    with pytest.raises(CommandError, match=r"1999.*2024, 2023"):
        call_command(command, 1999, "--json")


@pytest.mark.parametrize("command", ["show_indicators", "show_commitments"])
def test_without_data_the_error_says_so(db, command):
    with pytest.raises(CommandError, match="none"):
        call_command(command, 2023)
