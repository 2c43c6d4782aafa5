"""Data questions: what the report leaves contradictory, raised once, explained, closed, opened again."""

from collections import Counter

import pytest

from office.clock import today
from projects import questions
from projects.models import DataQuestion
from projects.questions import Finding
from tests.factories import make_entry, make_project, signed_in


def test_the_report_leaves_these_contradictions(report_loaded):
    found = Counter(finding.kind for finding in questions.find(on=today()))
    assert found["absent_next_year"] == 20
    assert found["category_changed"] == 3
    assert found["status_goes_back"] == 1
    assert found["verb_not_a_status"] == 1
    assert found["same_name_twice"] == 0
    (back,) = [f for f in questions.find(on=today()) if f.kind == "status_goes_back"]
    assert back.params["name"] == "年加工15万吨菜籽"
    (verb,) = [f for f in questions.find(on=today()) if f.kind == "verb_not_a_status"]
    assert verb.params["verb"] == "实现通车"


def test_phases_are_asked_about_and_never_merged(report_loaded):
    alike = [f.params["names"] for f in questions.find(on=today()) if f.kind == "phases_alike"]
    assert any("（一期）" in str(names) and "（二期）" in str(names) for names in alike)


def test_raised_twice_it_is_one_question(db):
    finding = Finding("same_name_twice", "a、b", {"codes": "a、b", "name": "水库"})
    assert questions.refresh([finding]) == 1
    assert questions.refresh([finding]) == 1
    assert DataQuestion.objects.count() == 1


def test_an_explained_question_stays_closed_until_its_words_change(manager):
    finding = Finding("same_name_twice", "a、b", {"codes": "a、b", "name": "水库"})
    questions.refresh([finding])
    questions.close(DataQuestion.objects.get(), explanation="两处水库同名", by=manager)
    assert questions.refresh([finding]) == 0
    changed = Finding("same_name_twice", "a、b", {"codes": "a、b", "name": "水库二期"})
    assert questions.refresh([changed]) == 1


def test_a_question_no_longer_found_is_taken_back(db):
    questions.refresh([Finding("same_name_twice", "a、b", {"codes": "a、b", "name": "水库"})])
    assert questions.refresh([]) == 0
    assert DataQuestion.objects.get().state == DataQuestion.State.GONE


@pytest.fixture
def question(reporter):
    project = make_project(department=reporter.department)
    make_entry(project, year=2023, result="completed")
    make_entry(project, year=2024, goal="accelerated")
    questions.refresh(questions.find(on=today()))
    return DataQuestion.objects.get(kind="status_goes_back")


def test_who_may_answer(question, reporter, outsider, leader, manager):
    address = f"/questions/{question.pk}/answer/"
    answer = {"explanation": "按报告口径"}
    assert signed_in(outsider).post(address, answer).status_code == 404
    assert signed_in(reporter).post(address, answer).status_code == 403
    assert signed_in(leader).post(address, answer).status_code == 403
    assert signed_in(manager).get(address).status_code == 405
    signed_in(manager).post(address, {"explanation": "  "})
    question.refresh_from_db()
    assert question.state == DataQuestion.State.OPEN
    signed_in(manager).post(address, answer)
    question.refresh_from_db()
    assert (question.state, question.explanation, question.answered_by) == (
        DataQuestion.State.CLOSED,
        "按报告口径",
        manager,
    )
    signed_in(manager).post(address, {"reopen": "1"})
    question.refresh_from_db()
    assert question.state == DataQuestion.State.OPEN


def test_the_page_shows_a_reader_the_questions_about_what_they_see(question, reporter, outsider):
    page = signed_in(reporter).get("/questions/").content.decode()
    assert question.project.code in page
    assert question.project.code not in signed_in(outsider).get("/questions/").content.decode()
