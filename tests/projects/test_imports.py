"""Loading fixtures: idempotent, all or nothing, one clear message for whatever is wrong."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.utils import translation

from projects import lifecycle
from projects.imports import FixtureError, FixtureFile, load, site_fixtures
from projects.models import (
    AnnualPlan,
    PlanStatement,
    Project,
    ProjectList,
    SourceDocument,
    SourceSentence,
)
from projects.verification import verify
from tests.factories import make_department, make_project, make_region
from tests.rounds import make_plan, moment

TEXT = "一、总述\n全年完成投资75亿元。完成投资目标。竣工项目45个以上。\n"
SECTIONS = [{"label": "一", "first_line": 1, "last_line": 2}]
DOCUMENT = {
    "code": "small",
    "title": "报告",
    "issuer": "发改委",
    "year": 2024,
    "file": "source/small.txt",
    "sections": SECTIONS,
}
PROJECT = {"code": "500101-0001", "name": "青龙水库", "category": "infrastructure"}
ENTRY = {"project": "500101-0001", "year": 2024, "category": "infrastructure"}
COUNT = {
    "code": "count-1",
    "year": 2024,
    "count": 45,
    "text": "竣工项目45个以上",
    "section": "一",
    "quote": "竣工项目45个以上",
}


def file_of(model, *rows, name="test.json", **head) -> FixtureFile:
    return FixtureFile(name, json.dumps({"model": model, "rows": rows, **head}))


def projects_file(*rows, **head) -> FixtureFile:
    return file_of("projects.project", *rows, **head)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """The content of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
    }


def refused(*files: FixtureFile) -> list[str]:
    """What the loader says of files that it refuses; nothing of them may be loaded."""
    before = everything()
    with translation.override("en"), pytest.raises(FixtureError) as caught:
        load(files)
    assert everything() == before
    with translation.override("en"):
        return [str(problem) for problem in caught.value.problems]


def counts(report) -> dict[str, tuple[int, int, int]]:
    return {m.label: (len(m.added), len(m.changed), m.left) for m in report.models}


@pytest.fixture
def small_document(db, settings, tmp_path):
    """A document of three sentences, whose text the test may change."""
    settings.FIXTURES_DIR = tmp_path
    (tmp_path / "source").mkdir()
    text = tmp_path / "source" / "small.txt"
    text.write_text(TEXT, encoding="utf-8")
    load([file_of("projects.sourcedocument", DOCUMENT)])
    return text


# The report itself


def test_loading_the_report_again_changes_nothing(report_loaded):
    before = everything()
    report = load(site_fixtures())
    assert all(not model.added and not model.changed for model in report.models)
    assert sum(model.left for model in report.models) > 1000
    assert everything() == before


def test_a_dry_run_into_an_empty_database_shows_what_it_would_add_and_writes_nothing(db):
    before = everything()
    report = load(site_fixtures(), dry_run=True)
    assert len(report.of(Project).added) > 200
    assert everything() == before


def test_a_dry_run_shows_what_it_would_change_and_writes_nothing(report_loaded):
    changed = Project.objects.get(code="500101-0003")
    changed.name = "改过的名称"
    changed.save()
    before = everything()
    report = load(site_fixtures(), dry_run=True)
    assert [(row.key, row.changes) for row in report.of(Project).changed] == [
        ("500101-0003", [("name", "改过的名称", "年加工15万吨菜籽")])
    ]
    assert everything() == before


# What loading does


def test_rows_are_added_then_changed_then_left(db):
    assert counts(load([projects_file(PROJECT)])) == {"projects.project": (1, 0, 0)}
    renamed = {**PROJECT, "name": "青龙水库二期"}
    assert counts(load([projects_file(renamed)])) == {"projects.project": (0, 1, 0)}
    assert counts(load([projects_file(renamed)])) == {"projects.project": (0, 0, 1)}
    assert Project.objects.get().name == "青龙水库二期"


def test_decimals_are_stored_as_they_are_written(db):
    load([projects_file({**PROJECT, "total_investment": "1234567890123.56"})])
    assert str(Project.objects.get().total_investment) == "1234567890123.56"
    left = load([projects_file({**PROJECT, "total_investment": "1234567890123.560"})])
    assert counts(left) == {"projects.project": (0, 0, 1)}


def test_what_a_person_set_survives_a_reload(db):
    make_region()
    theirs = make_department("500101-SLJ")
    make_department("500101-JTW")
    row = {**PROJECT, "status": "started", "department": "500101-JTW"}
    load([projects_file(row)])
    project = Project.objects.get()
    project.status, project.department = "completed", theirs
    project.save()
    report = load([projects_file({**row, "name": "青龙水库工程"})])
    project.refresh_from_db()
    assert (project.status, project.department) == ("completed", theirs)
    assert [name for name, _old, _new in report.of(Project).changed[0].changes] == ["name"]


def test_what_a_history_accounts_for_is_left_alone(reporter, manager):
    """Loading again would otherwise change a plan and a project behind their histories' backs."""
    entry = make_plan(reporter.department, entry={"goal": "started"}, status="")
    project = entry.project
    lifecycle.move(
        project.pk, reporter.department, reason="划转", by=manager, at=moment(date(2024, 5, 1))
    )
    renamed = {**PROJECT, "code": project.code, "name": "新名", "status": "started"}
    entry_row = {**ENTRY, "project": project.code, "goal": "completed", "sector": "交通"}
    load([projects_file(renamed), file_of("projects.annualplan", entry_row)])
    project.refresh_from_db()
    entry.refresh_from_db()
    assert (project.name, project.status) == ("新名", "")
    assert (entry.sector, entry.goal) == ("交通", "started")
    assert verify().findings == []


def test_what_nobody_set_is_filled_by_a_later_file(db):
    load([projects_file(PROJECT)])
    load([projects_file({**PROJECT, "status": "started"})])
    assert Project.objects.get().status == "started"


def test_what_a_fixture_does_not_say_stays_as_it_is(db):
    make_project(code=PROJECT["code"], name="旧名", owner_unit="水利局")
    load([projects_file(PROJECT)])
    project = Project.objects.get()
    assert (project.name, project.owner_unit) == ("青龙水库", "水利局")


def test_rows_name_other_rows_by_their_keys(db):
    make_region("500000", name="重庆市", level="city")
    report = load(
        [
            projects_file({**PROJECT, "region": "500000"}),
            file_of("projects.annualplan", ENTRY, name="plan.json"),
            file_of("projects.planstatement", name="empty.json"),
        ]
    )
    entry = AnnualPlan.objects.get()
    assert (entry.project.code, entry.project.region.name) == ("500101-0001", "重庆市")
    assert report.of(AnnualPlan).added[0].key == "500101-0001 · 2024"


def test_lists_of_a_project_are_set_and_their_change_is_told(db):
    lists = [{"code": "a", "name": "甲"}, {"code": "b", "name": "乙"}]
    load(
        [
            file_of("projects.projectlist", *lists, name="lists.json"),
            projects_file({**PROJECT, "lists": ["a", "b"]}),
        ]
    )
    assert ProjectList.objects.filter(project__code=PROJECT["code"]).count() == 2
    report = load([projects_file({**PROJECT, "lists": ["b"]})])
    assert report.of(Project).changed[0].changes[0][0] == "lists"
    assert Project.objects.get().lists.get().name == "乙"


def test_a_fact_is_tied_to_the_sentence_that_has_its_words(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    statement = PlanStatement.objects.get()
    assert statement.sentence.text == "竣工项目45个以上。"
    assert statement.quote == "竣工项目45个以上"


def test_a_later_file_may_add_to_a_row_but_not_contradict_it(db):
    added = projects_file({"code": PROJECT["code"], "owner_unit": "水利局"}, name="more.json")
    load([projects_file(PROJECT), added, projects_file(PROJECT, name="again.json")])
    assert Project.objects.get().owner_unit == "水利局"
    contrary = projects_file({**PROJECT, "name": "白龙水库"}, name="other.json")
    assert refused(projects_file(PROJECT), contrary) == [
        "other.json · row 1 · name: contradicts test.json, row 1"
    ]


def test_who_loaded_is_noted_but_not_of_a_dry_run(admin):
    load([projects_file(PROJECT)], dry_run=True, by=admin)
    assert not LogEntry.objects.exists()
    load([projects_file(PROJECT)], by=admin)
    assert LogEntry.objects.get().user == admin
    load([projects_file(PROJECT)], by=admin)
    assert LogEntry.objects.count() == 1


# What is refused


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


# A text that changes


def reload(*facts: FixtureFile):
    return load([file_of("projects.sourcedocument", DOCUMENT), *facts])


def test_a_sentence_that_moves_keeps_its_facts(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    cited = PlanStatement.objects.get().sentence
    small_document.write_text(TEXT.replace("全年", "一年来，形势稳定。全年"), encoding="utf-8")
    report = reload()
    assert report.of(SourceDocument).changed[0].changes[0][0] == "sentences"
    moved = PlanStatement.objects.get().sentence
    assert (moved.pk, moved.number, moved.text) == (cited.pk, cited.number + 1, cited.text)
    numbers = SourceSentence.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_a_text_that_drops_words_that_a_fact_quotes_is_refused(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("45", "46"), encoding="utf-8")
    (message,) = refused(file_of("projects.sourcedocument", DOCUMENT))
    assert message == (
        "test.json · row 1 · file: the words “竣工项目45个以上” of 竣工项目45个以上 are gone"
    )


def test_a_text_and_the_facts_that_quote_it_may_change_together(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("45", "46"), encoding="utf-8")
    words = {"text": "竣工项目46个以上", "quote": "竣工项目46个以上", "count": 46}
    reload(file_of("projects.planstatement", {**COUNT, **words}, document="small", name="b"))
    assert PlanStatement.objects.get().sentence.text == "竣工项目46个以上。"


def test_a_text_without_a_sentence_that_a_fact_cites_is_refused(small_document):
    load([file_of("projects.planstatement", COUNT, document="small")])
    small_document.write_text(TEXT.replace("竣工项目45个以上。", ""), encoding="utf-8")
    assert refused(file_of("projects.sourcedocument", DOCUMENT)) == [
        "test.json · row 1 · sections: a sentence that facts cite is gone"
    ]
