"""Cards of projects and departments, the indicator table: one page, what it tells, who may ask."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.roles import Role
from indicators import scoreboard
from projects.models import Funding, Milestone
from summaries import builder, project_card, workflow
from summaries.models import DocumentRun
from tests.factories import make_department, make_project, make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
Kind = DocumentRun.Kind


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where this test's files are kept."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def entry(db):
    """An adopted entry of the transport department with a figure of January."""
    made = make_plan(make_department("500101-JTW"), planned=1200)
    open_rounds(1)
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    return approve(report_of(made, 1), maker, checker, invested=60).entry


def built(kind, by, **parameters) -> DocumentRun:
    run = workflow.ask(kind=kind, parameters=parameters, by=by, now=timezone.now())
    builder.build(run.pk)
    run.refresh_from_db()
    return run


def card_text(project, by) -> str:
    """Every word of a project's card on the first of March."""
    words = []
    for block in project_card.compose(
        project_card.read(project.code, by, on=date(2024, 3, 1)), "区发展和改革委员会"
    ).blocks:
        words.append(getattr(block, "text", "") or getattr(block, "caption", ""))
        for row in getattr(block, "rows", ()):
            words += [getattr(cell, "text", cell) for cell in row]
    return "\n".join(words)


def test_a_project_card_tells_the_year_month_by_month(entry, manager):
    text = card_text(entry.project, manager)
    assert (
        "年度计划投资0.12亿元，截至1月底累计完成60万元，年度计划投资完成率5.0%，序时完成率60.0%"
        in text
    )
    assert "三、资金：未填报。" in text
    assert "六、报告原文：未提及。" in text


def test_money_nodes_and_obstacles_stand_on_the_card(entry, manager):
    Funding.objects.create(project=entry.project, source="central", amount=100, arrived=25)
    Milestone.objects.create(project=entry.project, name="初步设计批复", due_on=date(2024, 2, 1))
    text = card_text(entry.project, manager)
    assert "初步设计批复\n2024-02-01\n—\n逾期" in text
    assert "合计\n100\n25" in text


def test_however_much_there_is_to_tell_a_card_is_one_page(entry, manager):
    entry.project.description = "建设内容" * 400
    entry.project.save()
    for number in range(30):
        Milestone.objects.create(project=entry.project, name=f"节点{number}" * 8)
    run = built(Kind.PROJECT_CARD, manager, project=entry.project.code)
    assert run.state == "done", run.log
    assert page_count(run) == 1


def page_count(run) -> int:
    with run.files.get(format="pdf").file.open("rb") as file:
        (pages,) = re.findall(rb"/Type\s*/Pages.{0,400}?/Count (\d+)", file.read(), re.DOTALL)
    return int(pages)


def test_the_same_card_has_the_same_digest_and_bytes_but_for_the_cut_off(entry, manager):
    first = built(Kind.PROJECT_CARD, manager, project=entry.project.code)
    second = built(Kind.PROJECT_CARD, manager, project=entry.project.code)
    assert first.digest == second.digest
    entry.project.leader = "某区长"
    entry.project.save()
    assert built(Kind.PROJECT_CARD, manager, project=entry.project.code).digest != first.digest


def test_a_department_card_counts_its_branch_alone(entry, reporter):
    make_plan(make_department("500101-SLJ"), planned=9999)
    run = built(Kind.DEPARTMENT_CARD, reporter, department="500101-JTW", year=2024, month=1)
    assert run.state == "done", run.log
    assert page_count(run) == 1


def test_a_card_of_what_one_does_not_see_is_not_built(entry, outsider):
    for run in (
        built(Kind.PROJECT_CARD, outsider, project=entry.project.code),
        built(Kind.DEPARTMENT_CARD, outsider, department="500101-JTW", year=2024, month=1),
    ):
        assert run.state == "failed"
        assert not run.files.exists()


# persona → asking for the card of a transport project, of the transport department, the indicators
MATRIX = {
    "reporter": (302, 302, 403),
    "outsider": (404, 404, 403),
    "leader": (302, 302, 403),
    "manager": (302, 302, 302),
    "admin": (302, 302, 302),
}


@pytest.mark.parametrize("name", MATRIX)
def test_who_may_ask_for_what(name, entry, request):
    client = signed_in(request.getfixturevalue(name))
    asked = (
        {"kind": "project_card", "project": entry.project.code},
        {"kind": "department_card", "department": "500101-JTW", "year": 2024, "month": 1},
        {"kind": "indicator_table", "year": 2024},
    )
    found = tuple(client.post("/documents/build/", each).status_code for each in asked)
    assert found == MATRIX[name]
    assert DocumentRun.objects.count() == found.count(302)


def test_a_card_belongs_to_its_department(entry, manager, reporter, outsider):
    signed_in(manager).post(
        "/documents/build/", {"kind": "project_card", "project": entry.project.code}
    )
    run = DocumentRun.objects.get()
    assert signed_in(reporter).get(run.get_absolute_url()).status_code == 200
    assert signed_in(outsider).get(run.get_absolute_url()).status_code == 404


def test_a_project_that_does_not_exist_is_not_found(manager):
    client = signed_in(manager)
    for code in ("500101-9999", "' OR 1=1"):
        asked = {"kind": "project_card", "project": code}
        assert client.post("/documents/build/", asked).status_code == 404
    assert not DocumentRun.objects.exists()


def test_a_project_s_page_offers_its_card(entry, reporter):
    page = signed_in(reporter).get(entry.project.get_absolute_url()).content.decode()
    assert 'name="kind" value="project_card"' in page
    assert f'name="project" value="{entry.project.code}"' in page


def test_a_project_nobody_planned_has_a_card_that_says_so(manager):
    project = make_project("未列入计划的项目")
    text = card_text(project, manager)
    assert "未列入年度计划。" in text


@pytest.mark.usefixtures("report_loaded")
def test_the_indicator_table_prints_the_report_s_words_with_verdicts_and_gaps(manager):
    run = built(Kind.INDICATOR_TABLE, manager, year=2023)
    with run.files.get(format="xlsx").file.open("rb") as file:
        book = CalamineWorkbook.from_filelike(BytesIO(file.read()))
    rows = book.get_sheet_by_name("指标").to_python()[3:-1]
    expected = scoreboard.rows(2023)
    assert len(rows) == len(expected)
    for found, row in zip(rows, expected, strict=True):
        assert found[1:4] == [row.printed_name, row.target_in_force, row.actual_text or "—"]
        assert found[6] == ("—" if row.gap is None else pytest.approx(float(row.gap)))
    assert [row[5] for row in rows if row[0]].count("低于预期") == 3
    missed = {row[1]: (row[6], row[7]) for row in rows if row[5] == "低于预期" and row[0]}
    assert (-4.0, "天") in missed.values()
    assert Decimal(str(min(gap for gap, unit in missed.values() if unit == "万美元"))) == -376
