"""What is on the screen, taken away: the filter, the columns, the order, all rows, and back again."""

import csv
import io
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from office.delimited import MARK
from office.excel import NOT_READ, read
from projects import clearing, questions
from projects.intake.projects import Projects
from projects.models import ObstacleKind, ProgressReport
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of
from tests.workbooks import whole

pytestmark = pytest.mark.django_db
PLANS, PROJECTS = reverse("projects:plan-list"), reverse("projects:project-list")


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def body_of(response):
    assert response.status_code == HTTPStatus.OK
    return b"".join(response.streaming_content)


def as_csv(browser, address, **query):
    body = body_of(browser.get(address, {**query, "file": "csv"}))
    return list(csv.reader(io.StringIO(body.removeprefix(MARK).decode(), newline="")))


def as_xlsx(browser, address, **query):
    body = body_of(browser.get(address, {**query, "file": "xlsx"}))
    page = openpyxl.load_workbook(io.BytesIO(body)).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_the_file_has_the_filter_the_columns_and_the_order_of_the_page(manager):
    for name, sector, money in (("甲桥", "交通", 3), ("乙路", "交通", 1), ("丙库", "水利", 2)):
        make_entry(make_project(name, sector=sector), 2024, planned_investment=money)
    asked = {
        "year": "2024",
        "q": "",
        "sector": "交通",
        "columns": ["sector", "planned_investment"],
        "sort": "planned_investment",
    }
    browser = signed_in(manager)
    head, *rows = as_csv(browser, PLANS, **asked)
    assert head == ["※ 项目名称", "项目编码", "年度", "细分领域", "年度计划投资（万元）"]
    assert [row[0] for row in rows] == ["乙路", "甲桥"]
    assert [row[4] for row in rows] == ["1.00", "3.00"]
    sheet = as_xlsx(browser, PLANS, **asked)
    assert sheet[0] == head
    assert [row[4] for row in sheet[1:]] == [1, 3]


def test_all_rows_are_in_the_file_however_many_pages_the_screen_has(manager):
    for number in range(60):
        make_entry(make_project(f"第{number}号"), 2024)
    assert len(as_csv(signed_in(manager), PLANS, year="2024")) == 61


def test_a_ratio_has_its_numerator_and_denominator_beside_it(reporter, manager):
    entry = make_plan(reporter.department, planned=1200)
    open_rounds(1)
    approve(report_of(entry, 1), reporter, manager, invested=90)
    ProgressReport.objects.filter(entry=entry, period__month__gt=1).update(planned_year=9999)
    columns = ["completion_rate", "on_schedule_rate"]
    head, row = as_csv(signed_in(manager), PLANS, year="2024", columns=columns)
    assert len(head) == 3 + 3 + 3
    assert [Decimal(cell) for cell in row[3:]] == [
        Decimal("7.5"),
        90,
        1200,
        90,
        90,
        100,
    ]


def test_a_months_list_has_the_months_own_parts(reporter, manager):
    entry = make_plan(reporter.department, planned=1200)
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager, invested=96)
    query = {"year": "2024", "month": "1", "columns": ["completion_rate"]}
    _head, row = as_csv(signed_in(manager), PLANS, **query)
    assert [Decimal(cell) for cell in row[3:]] == [8, 96, 1200]


def test_a_figure_that_is_missing_is_an_empty_cell(manager):
    make_entry(make_project("甲桥"), 2024)
    _head, row = as_csv(
        signed_in(manager), PLANS, year="2024", columns=["planned_investment", "completion_rate"]
    )
    assert row[3:] == ["", "", "", ""]


def test_projects_tell_the_years_of_their_plans(manager):
    project = make_project("甲桥")
    make_entry(project, 2023)
    make_entry(project, 2024)
    head, row = as_csv(signed_in(manager), PROJECTS)
    assert "2023、2024" in row
    assert head[row.index("2023、2024")].startswith(NOT_READ)


def test_nobody_takes_away_what_they_may_not_see(reporter):
    make_entry(make_project("甲桥", department=reporter.department), 2024)
    make_entry(make_project("乙路", department=make_department("500101-SLJ")), 2024)
    assert [row[0] for row in as_csv(signed_in(reporter), PLANS, year="2024")[1:]] == ["甲桥"]


def test_a_name_that_looks_like_a_formula_is_none(manager):
    make_entry(make_project("=HYPERLINK(1)"), 2024)
    assert as_csv(signed_in(manager), PLANS, year="2024")[1][0] == "'=HYPERLINK(1)"
    assert as_xlsx(signed_in(manager), PLANS, year="2024")[1][0] == "=HYPERLINK(1)"


def test_a_filter_that_is_wrong_gives_the_page_that_says_so(manager):
    response = signed_in(manager).get(PLANS, {"year": "abc", "file": "csv"})
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_the_file_costs_the_same_queries_for_one_row_and_for_thirty(
    manager, django_assert_max_num_queries
):
    make_entry(make_project(), 2024)
    browser = signed_in(manager)
    with django_assert_max_num_queries(9):
        as_csv(browser, PROJECTS)
    for _each in range(30):
        make_entry(make_project(department=make_department()), 2024)
    with django_assert_max_num_queries(9):
        as_csv(browser, PROJECTS)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_taken_away_is_read_again_without_a_fault(manager, kind):
    department = make_department(name="交通局")
    project = make_project(
        "-甲桥",
        department=department,
        sector="交通",
        total_investment=Decimal("120.5"),
        started_on=date(2023, 3, 1),
    )
    everything = ["code", "category", "sector", "status", "years", "department", "region"]
    everything += ["owner_unit", "leader", "total_investment", "started_on", "light", "questions"]
    body = body_of(signed_in(manager).get(PROJECTS, {"columns": everything, "file": kind}))
    found = whole(read(f"projects.{kind}", body), Projects.fields)
    assert found.faults == []
    (record,) = found.records
    assert record.text("code") == project.code
    assert record.text("name") == "-甲桥"
    assert record.text("department") == "交通局"
    assert "120.5" in record.text("total_investment")


def test_obstacles_are_taken_away_as_they_are_filtered(reporter):
    for text, kind in (
        ("红线内两户未签约", ObstacleKind.LAND),
        ("=资金未到位", ObstacleKind.FUNDS),
    ):
        clearing.raise_obstacle(
            make_project("甲桥", department=reporter.department),
            kind=kind,
            text=text,
            responsible=make_department("500101-SLJ", name="水利局"),
            due_on=date(2030, 3, 20),
            by=reporter,
            on=date(2024, 3, 1),
            at=moment(date(2024, 3, 1)),
        )
    browser = signed_in(reporter)
    assert len(as_csv(browser, reverse("projects:obstacle-list"))) == 3
    head, row = as_csv(browser, reverse("projects:obstacle-list"), kind=ObstacleKind.FUNDS)
    assert head[:3] == ["项目编码", "问题内容", "项目名称"]
    assert row[1:3] == ["'=资金未到位", "甲桥"]
    assert row[5:7] == ["水利局", "2030-03-20"]


def test_data_questions_are_taken_away_as_they_are_filtered_and_seen(reporter, outsider, manager):
    project = make_project("甲桥", department=reporter.department)
    about = {"codes": "a、b", "name": "水库"}
    questions.refresh(
        [
            questions.Finding("same_name_twice", "a、b", about, project=project),
            questions.Finding("phases_alike", "c、d", {"names": "=一期、二期"}),
        ]
    )
    address = reverse("projects:question-list")
    assert len(as_csv(signed_in(manager), address)) == 3
    assert len(as_csv(signed_in(manager), address, state="closed")) == 1
    head, row = as_csv(signed_in(manager), address, kind="same_name_twice")
    assert head[2:4] == ["项目编码", "存疑内容"]
    assert row[2] == project.code
    assert "水库" in row[3]
    assert len(as_csv(signed_in(reporter), address)) == 3
    assert len(as_csv(signed_in(outsider), address)) == 2
