import io
from datetime import date

import pytest
from django.utils import translation

from exchange.kinds import KINDS
from exchange.template_book import filled
from office.intake import Scope
from projects.models import Funding, Milestone
from tests.exchange.bringing import check, opened
from tests.factories import make_department, make_project
from tests.indicators.factories import make_result, make_target
from tests.rounds import make_plan, open_rounds, report_of, save

pytestmark = pytest.mark.any_database

SCOPE = Scope(2024, 3)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def entry(reporter, settings):
    settings.WZ_TODAY = "2024-03-29"
    made = make_plan(reporter.department)
    open_rounds(3)
    save(report_of(made, 3), reporter, invested=300.5, problems="=不是公式")
    return made


def test_it_holds_the_rows_of_the_readers_department_as_they_stand(reporter, outsider, entry):
    sheet = opened(filled(KINDS["months"], reporter, SCOPE)).worksheets[0]
    line = [cell.value for cell in sheet[2]]

    assert line[:4] == [entry.project.code, entry.project.name, "2024-03", "Draft"]
    assert line[4:6] == [300, 300.5]
    assert sheet.max_row == 2
    assert opened(filled(KINDS["months"], outsider, SCOPE)).worksheets[0].max_row == 1


def test_headings_are_protected_and_stay_in_view_and_lists_drop_down(reporter, entry):
    sheet = opened(filled(KINDS["months"], reporter, SCOPE)).worksheets[0]

    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["G2"].protection.locked
    assert sheet.freeze_panes == "F2"
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == [
        "D2:D202",
        "H2:H202",
    ]
    assert "10,000 yuan" in sheet["F1"].comment.text


def test_a_sheet_of_notes_says_what_each_column_takes_with_an_example(reporter, entry):
    notes = opened(filled(KINDS["months"], reporter, SCOPE)).worksheets[-1]
    table = {row[0]: row[1:4] for row in notes.iter_rows(values_only=True) if row[1]}

    assert table["Physical progress (%)"] == ("Percent, such as 85 or 85%", "", "85%")


@pytest.mark.parametrize("kind", KINDS)
def test_brought_in_again_as_it_is_it_changes_nothing(kind, admin, entry):
    project = make_project("甲", department=make_department(), total_investment=12.5)
    Funding.objects.create(project=project, source="central", amount=20, arrived=1)
    Milestone.objects.create(project=project, name="开工", due_on=date(2024, 3, 1))
    make_result(make_target("15左右", year=2024, binding=True), "16", "16")
    make_target("15左右", year=2024)
    run = check(admin, kind, data=filled(KINDS[kind], admin, SCOPE))

    assert run.state == "ready", run.log
    assert (run.counts["added"], run.counts["changed"]) == (0, 0)
    assert run.counts["left"] >= 1


def test_a_list_too_long_for_a_cell_stands_on_a_sheet_of_its_own(admin):
    for number in range(40):
        make_department(f"500101-D{number:02}", name=f"第{number}个责任单位")
    book = opened(filled(KINDS["projects"], admin, SCOPE))

    assert book["Lists"].sheet_state == "hidden"
    rule = next(
        each
        for each in book.worksheets[0].data_validations.dataValidation
        if "Lists" in str(each.formula1)
    )
    assert rule.formula1 == "'Lists'!$F$1:$F$40"


def test_it_is_read_as_any_workbook_is(reporter, entry):
    book = opened(filled(KINDS["months"], reporter, SCOPE))
    book.worksheets[0]["G2"] = 0.45
    book.worksheets[0]["G2"].number_format = "0%"
    out = io.BytesIO()
    book.save(out)

    run = check(reporter, "months", data=out.getvalue())
    assert run.pages.get(group="changed").rows[0]["after"] == {"physical_progress": "45"}
