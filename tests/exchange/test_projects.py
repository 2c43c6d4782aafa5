import pytest

from exchange.models import ImportRun
from projects.models import Project, StatusChange
from projects.verification import verify
from tests.exchange.bringing import Task, check, faults, go_on, rows_of, written
from tests.factories import make_department, make_entry, make_project, make_region

HEAD = ["项目编码", "项目名称", "类别", "责任单位", "总投资（亿元）", "计划开工日期"]


def row(code="500101-N001", name="新港区", category="产业发展", unit="", total="3.5", start=None):
    return [code, name, category, unit, total, start]


def test_a_code_that_is_not_known_makes_a_project(manager):
    make_region()
    unit = make_department("500101-JTW", name="交通局")
    run = written(manager, "projects", HEAD, row(unit="交通局", start="2024年3月5日"))

    project = Project.objects.get(code="500101-N001")
    assert run.counts["added"] == 1
    assert (project.name, project.category, project.department) == ("新港区", "industry", unit)
    assert project.total_investment == 35_000
    assert project.planned_start_on.isoformat() == "2024-03-05"
    assert project.name_initials


def test_a_code_that_is_known_changes_what_differs_and_its_department_with_a_history(manager):
    unit = make_department("500101-JTW", name="交通局")
    project = make_project("旧名", total_investment=100)
    entry = [project.code, "新名", "", "交通局", None, None]
    run = written(manager, "projects", [HEAD[0], HEAD[1], HEAD[3]], [entry[0], entry[1], entry[3]])

    project.refresh_from_db()
    assert rows_of(run, "changed")[0]["before"] == {"name": "旧名", "department": ""}
    assert (project.name, project.department, project.total_investment) == ("新名", unit, 100)
    step = StatusChange.objects.get(project=project)
    assert (step.by, step.after["department"]) == (manager, unit.code)
    assert verify().findings == []


def test_the_rules_are_those_of_the_form(manager):
    run = check(manager, "projects", HEAD, row(name="", category="", total="-1"))

    assert run.state == ImportRun.State.FAULTY
    assert {address for address, _message in faults(run)} == {"B2", "C2", "A2"}


def test_codes_that_are_in_no_list_are_told_with_the_list(manager):
    run = check(manager, "projects", HEAD, row(category="农业", unit="没有的局"))

    found = rows_of(run, "fault")
    assert [fault["address"] for fault in found] == ["C2", "D2"]
    assert "Industry" in found[0]["allowed"]


@pytest.mark.parametrize("who", ["reporter", "leader"])
def test_who_keeps_no_plans_brings_no_projects_in(request, who):
    run = check(request.getfixturevalue(who), "projects", HEAD, row())

    assert faults(run)
    assert not Project.objects.exists()


def test_new_projects_are_taken_out_again(manager):
    run = go_on(written(manager, "projects", HEAD, row(), row("500101-N002", "二")), Task.UNDO)

    assert run.state == ImportRun.State.UNDONE
    assert not Project.objects.exists()


def test_but_not_once_something_hangs_on_one_of_them(manager):
    run = written(manager, "projects", HEAD, row(), row("500101-N002", "二"))
    make_entry(Project.objects.get(code="500101-N002"))
    go_on(run, Task.UNDO)

    assert run.state == ImportRun.State.WRITTEN
    assert run.log[-1]["why"] == "二: There are already: plan entries."
    assert Project.objects.count() == 2
