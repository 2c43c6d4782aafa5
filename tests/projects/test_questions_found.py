"""Each kind of contradiction among names, years, counts and words is found, and only where it is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import ProtectedError

from projects import questions
from projects.models import (
    DataQuestion,
    PlanStatement,
    Project,
    ProjectMention,
    SourceDocument,
    SourceSentence,
)
from projects.questions import Finding
from tests.factories import make_entry, make_project, signed_in

DAY = date(2024, 10, 28)
OPEN, CLOSED = DataQuestion.State.OPEN, DataQuestion.State.CLOSED
pytestmark = pytest.mark.django_db


def found(kind: str) -> list[Finding]:
    return [finding for finding in questions.find(on=DAY) if finding.kind == kind]


def two_years(*, first: dict, second: dict | None, **project) -> Project:
    """A project of 2023, and of 2024 too unless `second` is None; 2024 has a list in any case."""
    made = make_project(**project)
    make_entry(made, 2023, **first)
    if second is not None:
        make_entry(made, 2024, **second)
    make_entry(make_project("甲乙丙丁戊己"), 2024)
    return made


def stated(count: int, *, comparator: str = "eq", **more) -> PlanStatement:
    values = {
        "code": f"count-{PlanStatement.objects.count()}",
        "year": 2024,
        "table": "表5",
        "sector": "交通",
        "goal": "completed",
        "text": f"竣工{count}个",
        **more,
    }
    return PlanStatement.objects.create(count=count, comparator=comparator, **values)


def mentioned(project: Project, verb: str, status: str, **more) -> ProjectMention:
    values = {
        "code": f"mention-{project.pk}",
        "year": 2024,
        "text": f"{project.name}{verb}",
        **more,
    }
    return ProjectMention.objects.create(project=project, verb=verb, status=status, **values)


def sentence(text: str) -> SourceSentence:
    document, _made = SourceDocument.objects.get_or_create(
        code="small",
        defaults={"title": "报告", "issuer": "发改委", "year": 2024, "file": "source/small.txt"},
    )
    number = document.sentences.count() + 1
    return SourceSentence.objects.create(
        document=document, number=number, section="一", line=number, text=text
    )


def status_goes_back() -> None:
    two_years(first={"result": "completed"}, second={"goal": "accelerated"})


def absent_next_year() -> None:
    two_years(first={"result": "accelerated"}, second=None)


def phase_out_of_order() -> None:
    first = two_years(
        first={"result": "started"}, second={"goal": "accelerated"}, name="青龙水库（一期）"
    )
    second = make_project("青龙水库（二期）", predecessor=first)
    make_entry(second, 2024, goal="completed")


def same_name_twice() -> None:
    make_project("青龙水库新建工程")
    make_project("青龙水库新建工程")


def names_alike() -> None:
    make_project("青龙水库至长岭供水管网")
    make_project("青龙水库至长岭镇供水管网")


def phases_alike() -> None:
    make_project("青龙水库供水工程（一期）")
    make_project("青龙水库供水工程（二期）")


def name_changed() -> None:
    two_years(first={"cited_name": "长江大桥南岸接线"}, second={"cited_name": "长江大桥南引道改造"})


def category_changed() -> None:
    two_years(first={"category": "industry"}, second={"category": "livelihood"})


def stated_below_named() -> None:
    stated(1)
    for _ in range(2):
        make_entry(sector="交通", goal="completed")


def example_not_in_table() -> None:
    words = sentence("竣工青龙水库等45个以上")
    stated(45, comparator="ge")
    stated(45, comparator="ge", table="", sentence=words, quote="青龙水库等45个以上")
    project = make_project("青龙水库新建工程")
    mentioned(project, "竣工", "completed", sentence=words, quote="青龙水库等45个以上")


def verb_not_a_status() -> None:
    make_entry(cited_verb="实现通车", result="completed")


def text_against_table() -> None:
    project = make_project()
    make_entry(project, 2024, result="accelerated")
    mentioned(project, "投用", "completed")


MADE: dict[str, Callable[[], None]] = {
    made.__name__: made
    for made in (
        status_goes_back,
        absent_next_year,
        phase_out_of_order,
        same_name_twice,
        names_alike,
        phases_alike,
        name_changed,
        category_changed,
        stated_below_named,
        example_not_in_table,
        verb_not_a_status,
        text_against_table,
    )
}


@pytest.mark.parametrize("kind", MADE)
def test_each_kind_is_found_once_and_alone(kind):
    assert list(questions.find(on=DAY)) == []
    MADE[kind]()
    kinds = {finding.kind for finding in questions.find(on=DAY)}
    assert len(found(kind)) == 1
    # A phase is out of order only between two names that differ in phase.
    assert kinds - {kind} <= ({"phases_alike"} if kind == "phase_out_of_order" else set())


@pytest.mark.parametrize("kind", MADE)
def test_each_kind_is_explained_closed_and_opened_again(kind, manager):
    MADE[kind]()
    questions.refresh(questions.find(on=DAY))
    question = DataQuestion.objects.get(kind=kind)
    assert questions.title(question)
    client, address = signed_in(manager), f"/questions/{question.pk}/answer/"

    client.post(address, {"explanation": "已核实"})
    questions.refresh(questions.find(on=DAY))
    question.refresh_from_db()
    assert (question.state, question.explanation) == (CLOSED, "已核实")

    client.post(address, {"reopen": "1"})
    questions.refresh(questions.find(on=DAY))
    question.refresh_from_db()
    assert (question.state, question.explanation) == (OPEN, "已核实")


def test_the_kinds_that_are_tested_here_and_in_the_rounds_are_all_that_projects_have():
    of_rounds = {"figure_falls", "narrative_repeated", "report_missing", "status_taken_back"}
    of_indicators = {"unparseable_target", "indicator_renamed", "figure_differs", "tally_differs"}
    assert set(questions.KINDS) == set(MADE) | of_rounds | of_indicators


# What is not contradictory


def test_going_on_or_standing_still_is_no_going_back():
    two_years(first={"result": "started"}, second={"goal": "accelerated"})
    two_years(first={"result": "accelerated"}, second={"goal": "accelerated"})
    two_years(first={"result": ""}, second={"goal": "preparation"})
    assert found("status_goes_back") == []


def test_what_was_completed_or_not_stated_may_be_absent():
    two_years(first={"result": "completed"}, second=None)
    two_years(first={"result": ""}, second=None)
    assert found("absent_next_year") == []


def test_the_last_years_list_has_no_next_year_to_be_absent_from():
    make_entry(year=2024, result="accelerated")
    assert found("absent_next_year") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青龙水库供水工程（一期）", "青龙水库供水工程（二期）"),
        ("青龙水库供水工程一期", "青龙水库供水二期项目"),
        ("青龙水库供水工程第一阶段", "青龙水库供水工程第二阶段"),
        ("青龙水库供水工程", "青龙水库供水工程（二期）"),
    ],
)
def test_phases_stay_two_projects(one, other):
    first, second = make_project(one), make_project(other)
    questions.refresh(questions.find(on=DAY))
    assert len(found("phases_alike")) == 1
    assert found("same_name_twice") == found("names_alike") == []
    assert set(Project.objects.values_list("name", flat=True)) == {one, other}
    assert first.pk != second.pk


@pytest.mark.parametrize(
    ("one", "other"), [("第1小学教学楼", "第2小学教学楼"), ("长岭镇卫生院", "甘宁镇文化站")]
)
def test_names_with_other_numbers_or_other_words_are_not_alike(one, other):
    make_project(one)
    make_project(other)
    assert found("names_alike") == found("phases_alike") == []


@pytest.mark.parametrize(
    ("count", "comparator", "is_asked"),
    [
        (1, "eq", True),
        (1, "le", True),
        (2, "eq", False),
        (1, "ge", False),
        (1, "about", False),
    ],
)
def test_a_count_is_asked_about_where_it_bounds_and_more_are_named(count, comparator, is_asked):
    stated(count, comparator=comparator)
    for _ in range(2):
        make_entry(sector="交通", goal="completed")
    assert bool(found("stated_below_named")) is is_asked


def test_the_text_of_another_year_or_of_the_same_stage_agrees_with_the_table():
    for status, year in (("completed", 2023), ("accelerated", 2024), ("", 2024)):
        project = make_project()
        make_entry(project, 2024, result="accelerated")
        mentioned(project, "推进", status, year=year)
    assert found("text_against_table") == []


def test_a_source_that_a_question_cites_is_not_lost():
    words = sentence("青龙水库投用")
    project = make_project()
    make_entry(project, 2024, result="accelerated")
    mentioned(project, "投用", "completed", sentence=words, quote="投用")
    questions.refresh(questions.find(on=DAY))
    assert DataQuestion.objects.get().sentence == words
    with pytest.raises(ProtectedError):
        words.delete()
