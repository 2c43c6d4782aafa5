"""What the loader refuses: one clear message for whatever is wrong, with file, row and field."""

import pytest
from django.utils import translation

from projects.imports import FixtureError, FixtureFile, load
from tests.projects.fixture_files import (
    COUNT,
    DOCUMENT,
    ENTRY,
    PROJECT,
    SECTIONS,
    file_of,
    projects_file,
    refused,
)

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"colour": "红"}, "colour: unknown key"),
        ({"id": 5}, "id: unknown key"),
        ({"version": 7}, "version: unknown key"),
        ({"name_sort": "q"}, "name_sort: unknown key"),
        ({"entries": []}, "entries: unknown key"),
        ({"region_id": "500101"}, "region_id: unknown key"),
        ({"section": "一"}, "section: unknown key"),
        ({"region": "999999"}, "region: no such region: 999999"),
        ({"region": ["500101", "x"]}, "region: no such region: ['500101', 'x']"),
        ({"region": 500101}, "region: must be text: 500101"),
        ({"region": {"code": "500101"}}, "region: must be text: {'code': '500101'}"),
        ({"region": [["500101"]]}, "region: must be text: ['500101']"),
        ({"region": ""}, "region: is missing"),
        ({"code": None}, "code: is missing"),
        ({"code": ""}, "code: is missing"),
        ({"name": None}, "name: This field cannot be blank."),
        ({"name": 5}, "name: must be text: 5"),
        ({"name": ["青龙水库"]}, "name: must be text: ['青龙水库']"),
        ({"name": "青\0龙"}, "name: has characters that are no text"),
        ({"name": "青\ud800龙"}, "name: has characters that are no text"),
        ({"category": "farming"}, "category: Value 'farming' is not a valid choice."),
        ({"total_investment": "很多"}, "total_investment: must be a number: 很多"),
        ({"total_investment": "1e3"}, "total_investment: must be a number: 1e3"),
        ({"total_investment": "NaN"}, "total_investment: must be a number: NaN"),
        ({"total_investment": ""}, "total_investment: must be a number: "),
        ({"total_investment": True}, "total_investment: must be a number: True"),
        ({"total_investment": [1]}, "total_investment: must be a number: [1]"),
        ({"total_investment": "-1"}, ": Total investment cannot be negative."),
        ({"planned_start_on": 20240101}, "planned_start_on: must be text: 20240101"),
        ({"lists": "a"}, "lists: must be a list"),
        ({"lists": ["a"]}, "lists: no such project list: a"),
    ],
)
def test_a_wrong_value_is_told_with_file_row_and_field(db, wrong, message):
    good = {**PROJECT, "code": "500101-0002"}
    field, words = message.split(": ", 1)
    place = f"test.json · row 2 · {field}" if field else "test.json · row 2"
    assert refused(projects_file(good, {**PROJECT, **wrong})) == [f"{place}: {words}"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "长" * 121}, "name"),
        ({"total_investment": "1.234"}, "total_investment"),
        ({"total_investment": 1e40}, "total_investment"),
        ({"planned_start_on": "2024-13-45"}, "planned_start_on"),
        ({"planned_start_on": "明天"}, "planned_start_on"),
    ],
)
def test_a_value_that_the_model_refuses_is_told_with_its_field(db, wrong, field):
    (message,) = refused(projects_file({**PROJECT, **wrong}))
    assert message.startswith(f"test.json · row 1 · {field}: ")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"year": "2024"}, "year: must be a whole number: 2024"),
        ({"year": 2024.5}, "year: must be a whole number: Decimal('2024.5')"),
        ({"year": True}, "year: must be a whole number: True"),
        ({"featured": "yes"}, "featured: must be true or false: yes"),
        ({"featured": 1}, "featured: must be true or false: 1"),
        ({"sentence": 1}, "sentence: unknown key"),
        ({"project": None}, "project: is missing"),
        ({"project": "500101-9999"}, "project: no such project: 500101-9999"),
        ({"quote": 5}, "quote: must be text: 5"),
        ({"section": ["一"], "quote": "x"}, "section: must be text: ['一']"),
        ({"section": "一", "quote": "x"}, "document: no such source document: "),
    ],
)
def test_a_wrong_value_of_a_plan_entry_is_told(db, wrong, message):
    load([projects_file(PROJECT)])
    assert refused(file_of("projects.annualplan", {**ENTRY, **wrong})) == [
        f"test.json · row 1 · {message}"
    ]


def test_a_year_too_large_for_the_database_is_told(db):
    load([projects_file(PROJECT)])
    (message,) = refused(file_of("projects.annualplan", {**ENTRY, "year": 10**30}))
    assert message.startswith("test.json · row 1 · year: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", ": must be an object with model and rows"),
        ("5", ": must be an object with model and rows"),
        ("[" * 100_000, ": is nested too deeply"),
        ('{"a":' * 100_000, ": is nested too deeply"),
        ('{"rows": []}', " · model: is missing"),
        ('{"model": "projects.bridge", "rows": []}', " · model: unknown model: 'projects.bridge'"),
        ('{"model": "bridge", "rows": []}', " · model: unknown model: 'bridge'"),
        ('{"model": ["x"], "rows": []}', " · model: unknown model: ['x']"),
        ('{"model": "accounts.user"}', " · model: not loaded from fixtures: accounts.user"),
        ('{"model": "projects.project"}', " · rows: must be a list"),
        ('{"model": "projects.project", "rows": {}}', " · rows: must be a list"),
        ('{"model": "projects.project", "row": []}', " · row: unknown key"),
        ('{"model": "projects.project", "document": 1, "rows": []}', " · document: must be text"),
        ('{"model": "a", "model": "b", "rows": []}', " · model: is given twice"),
        ('{"model": "projects.project", "rows": [5]}', " · row 1: must be an object"),
        (
            '{"model": "projects.project", "rows": [{"code": "a", "code": "b"}]}',
            " · row 1 · code: is given twice",
        ),
    ],
)
def test_a_file_of_the_wrong_shape_is_told(db, text, message):
    assert refused(FixtureFile("test.json", text)) == [f"test.json{message}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "关于重庆市万州区的报告",
        '{"model": NaN}',
        '{"model": "projects.project", "rows": [{"total_investment": Infinity}]}',
        '{"model": "projects.project", "rows": [{"\\ud800": 1}]}',
        '{"model": "projects.project", "rows": [{"version": ' + "9" * 5000 + "}]}",
    ],
)
def test_a_file_that_is_not_json_is_told(db, text):
    (message,) = refused(FixtureFile("test.json", text))
    assert message.startswith("test.json: is not JSON: ")


def test_a_row_given_twice_is_told(db):
    again = {**PROJECT, "name": "白龙水库"}
    assert refused(projects_file(PROJECT, again)) == [
        "test.json · row 2 · code: duplicate of row 1"
    ]


def test_a_row_given_twice_under_a_key_of_several_fields_is_told(db):
    load([projects_file(PROJECT)])
    assert refused(file_of("projects.annualplan", ENTRY, ENTRY)) == [
        "test.json · row 2 · project, year: duplicate of row 1"
    ]


def test_every_problem_is_told_at_once_and_nothing_of_the_good_rows_is_loaded(db):
    bad = [{**PROJECT, "code": "500101-0002", "name": 5}, {**PROJECT, "code": 3}]
    assert refused(projects_file(PROJECT, *bad), FixtureFile("b.json", "{}")) == [
        "test.json · row 2 · name: must be text: 5",
        "test.json · row 3 · code: must be text: 3",
        "b.json · model: is missing",
    ]


def test_rows_that_fail_only_because_another_failed_are_not_told_besides(db):
    good = {**PROJECT, "code": "500101-0002"}
    assert refused(
        projects_file({**PROJECT, "name": 5}, good),
        file_of("projects.annualplan", ENTRY, {**ENTRY, "project": "500101-0003"}, name="b.json"),
    ) == [
        "test.json · row 1 · name: must be text: 5",
        "b.json · row 2 · project: no such project: 500101-0003",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"section": "二"}, "section: no such section: 二"),
        ({"quote": "竣工项目46个"}, "quote: does not stand in 一"),
        ({"quote": "完成投资"}, "quote: stands in 2 sentences of 一; quote more words"),
        ({"quote": ""}, "quote: is missing"),
    ],
)
def test_words_that_do_not_point_to_one_sentence_are_told(small_document, wrong, message):
    assert refused(file_of("projects.planstatement", {**COUNT, **wrong}, document="small")) == [
        f"test.json · row 1 · {message}"
    ]


def test_an_unknown_document_is_told(small_document):
    assert refused(file_of("projects.planstatement", COUNT, document="large")) == [
        "test.json · row 1 · document: no such source document: large"
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"file": "source/../settings.py"}, "file: must be source/NAME.txt"),
        ({"file": "/etc/hostname"}, "file: must be source/NAME.txt"),
        ({"sections": []}, "sections: This field cannot be blank."),
        ({"sections": "一"}, "sections: the outline must be a list of sections"),
        (
            {"sections": [{**SECTIONS[0], "columns": 1.5, "kind": "grid"}]},
            "sections: Value must be valid JSON.",
        ),
    ],
)
def test_a_document_whose_outline_or_file_is_wrong_is_told_once(small_document, wrong, message):
    document = {**DOCUMENT, **wrong}
    assert refused(
        file_of("projects.sourcedocument", document),
        file_of("projects.planstatement", COUNT, document="small", name="b.json"),
    ) == [f"test.json · row 1 · {message}"]


def test_a_document_without_its_text_is_told(small_document):
    small_document.unlink()
    (message,) = refused(file_of("projects.sourcedocument", DOCUMENT))
    assert message.startswith("test.json · row 1 · file: cannot be read: ")


def test_messages_speak_chinese_to_a_chinese_reader(small_document):
    with translation.override("zh-hans"), pytest.raises(FixtureError) as caught:
        load(
            [
                projects_file({**PROJECT, "colour": "红"}, {**PROJECT, "region": "999999"}),
                file_of("projects.planstatement", {**COUNT, "quote": "没有"}, document="small"),
                FixtureFile("b.json", "{}"),
            ]
        )
    for problem in caught.value.problems:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in problem.message), problem
