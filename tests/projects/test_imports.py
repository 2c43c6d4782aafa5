"""Loading fixtures: idempotent, all or nothing."""

from datetime import date

from django.contrib.admin.models import LogEntry

from projects import lifecycle
from projects.imports import load, site_fixtures
from projects.models import (
    AnnualPlan,
    PlanStatement,
    Project,
    ProjectList,
)
from projects.verification import verify
from tests.factories import make_department, make_project, make_region
from tests.projects.fixture_files import (
    COUNT,
    ENTRY,
    PROJECT,
    counts,
    everything,
    file_of,
    projects_file,
    refused,
)
from tests.rounds import make_plan, moment

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
