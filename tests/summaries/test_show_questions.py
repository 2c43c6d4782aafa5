"""What people who script get of the data questions: those of now, with what was answered."""

import json
from io import StringIO
from itertools import chain

import pytest
from django.core.management import call_command
from django.utils import translation

from indicators import questions as indicator_questions
from office.clock import today
from projects import questions
from projects.models import AnnualPlan, DataQuestion, Stage
from tests.factories import make_entry, make_project

pytestmark = pytest.mark.any_database


def output(*arguments: str) -> str:
    out = StringIO()
    call_command("show_questions", *arguments, stdout=out)
    return out.getvalue()


def shown() -> list[dict[str, object]]:
    return json.loads(output("--json"))["questions"]


def refresh() -> None:
    questions.refresh(chain(questions.find(on=today()), indicator_questions.find()))


@pytest.fixture
def going_back(db) -> AnnualPlan:
    """A project that was completed last year and is to be accelerated this year."""
    project = make_project("年加工15万吨菜籽")
    make_entry(project, 2023, result=Stage.COMPLETED, table="表3")
    return make_entry(project, 2024, goal=Stage.ACCELERATED)


def test_the_report_s_own_contradiction_is_asked_about_before_any_job_ran(report_loaded):
    (question,) = [q for q in shown() if q["kind"] == "status_goes_back"]
    assert question["project"] == "500101-0003"
    assert question["state"] == "open"
    assert question["year"] == 2024
    assert question["source"]["quote"] in question["sentence"]
    assert "年加工15万吨菜籽" in question["title"]
    assert question["explanation"] == ""


def test_it_shows_what_the_nightly_job_would_leave_and_writes_nothing(report_loaded):
    before = [(q["kind"], q["key"], q["title"]) for q in shown()]
    assert not DataQuestion.objects.exists()
    refresh()
    assert [(q["kind"], q["key"], q["title"]) for q in shown()] == before
    assert DataQuestion.objects.filter(state="open").count() == len(before)
    assert len({key[:2] for key in before}) == len(before)


def test_an_answered_question_stays_closed_with_its_explanation(going_back, manager):
    refresh()
    questions.close(DataQuestion.objects.get(), explanation="设备重装", by=manager)
    (question,) = shown()
    assert (question["state"], question["explanation"]) == ("closed", "设备重装")


def test_an_answered_question_whose_words_changed_is_open_again(going_back, manager):
    refresh()
    questions.close(DataQuestion.objects.get(), explanation="设备重装", by=manager)
    going_back.goal = Stage.STARTED
    going_back.save()
    (question,) = shown()
    assert (question["state"], question["explanation"]) == ("open", "设备重装")
    assert DataQuestion.objects.get().state == "closed"


def test_a_question_that_is_no_longer_found_is_left_out_unless_it_was_answered(going_back, manager):
    refresh()
    going_back.goal = Stage.COMPLETED
    going_back.save()
    assert shown() == []
    questions.close(DataQuestion.objects.get(), explanation="更正", by=manager)
    assert [q["state"] for q in shown()] == ["closed"]


def test_it_speaks_the_site_s_language_whoever_asks(going_back):
    with translation.override("en"):
        (question,) = shown()
    assert question["kind_label"] != "Status going backwards"
    assert "竣工" in question["title"]
    assert "Completed" not in question["title"]


def test_without_json_it_is_a_table(going_back):
    lines = output().splitlines()
    assert lines[0].split()[0] == "state"
    assert "年加工15万吨菜籽" in lines[1]


def test_without_questions_it_says_nothing_but_the_headings(db):
    assert json.loads(output("--json")) == {"questions": []}
    assert len(output().splitlines()) == 1
