"""The standard's package: clean by the standard's checker, complete, and silent about people."""

import json
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from projects import oc4ids, open_data, publishing
from projects.models import Funding, Milestone, ProjectList
from scripts.check_oc4ids import COUNTERS, found
from tests.factories import make_department, make_entry, make_project, make_region
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, save

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ON = date(2024, 4, 2)
AT = moment(ON)


def publish(manager, *keys):
    for listed in publishing.lists():
        if listed.key in keys:
            publishing.decide(listed, is_public=True, by=manager, at=AT)


def package():
    public = publishing.public(publishing.in_force())
    return json.loads(b"".join(open_data.stream(public, on=ON, at=AT)))


@pytest.fixture
def bridge(reporter, manager):
    """A project with everything that the package can tell, its first month approved."""
    region = make_region("500101")
    earlier = make_project("跨江大桥一期", status="completed", completed_on=date(2022, 6, 1))
    make_entry(earlier, 2024)
    entry = make_plan(
        reporter.department,
        planned=1200,
        name="跨江大桥二期",
        sector="公路",
        description="全长1.2公里。",
        national_code="2311-500101-04-01-123456",
        contact="王五 13800000000",
        leader="赵六",
        owner_unit="万州交投公司",
        region=region,
        predecessor=earlier,
        planned_start_on=date(2023, 1, 1),
        planned_finish_on=date(2025, 12, 31),
        entry={"goal": "accelerated", "level": "municipal"},
    )
    project = entry.project
    Funding.objects.create(project=project, source="central", amount=Decimal("300.5"))
    for name, due, done in (
        ("开工令", date(2023, 2, 1), date(2023, 2, 3)),
        ("合龙", date(2024, 3, 1), None),
        ("通车", date(2025, 10, 1), None),
    ):
        Milestone.objects.create(project=project, name=name, due_on=due, done_on=done)
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager, invested=90)
    save(report_of(entry, 2), reporter, invested=555)
    return project


def test_every_counter_of_the_standards_checker_is_clean(bridge, manager):
    publish(manager, "year-2024")
    assert len(package()["projects"]) == 2
    assert found(package()) == {}


@pytest.mark.parametrize(
    ("spoil", "counter"),
    [
        (lambda project: project.update(status="stopped"), "additional_closed_codelist_values"),
        (lambda project: project.update(contact="王五"), "additional_fields_count"),
        (
            lambda project: project["period"].update(startDate="2023-01-01"),
            "validation_errors_count",
        ),
        (lambda project: project.update(id="500101-1"), "conformance_checks"),
        (lambda project: project.update(description=" "), "additional_checks"),
    ],
)
def test_the_checker_finds_what_is_wrong(bridge, manager, spoil, counter):
    publish(manager, "year-2024")
    spoilt = deepcopy(package())
    spoil(next(each for each in spoilt["projects"] if each["title"] == bridge.name))
    assert counter in COUNTERS
    assert counter in found(spoilt)


def test_what_is_recorded_is_told_and_only_that(bridge, manager):
    publish(manager, "year-2024")
    made = {each["title"]: each for each in package()["projects"]}
    told, earlier = made["跨江大桥二期"], made["跨江大桥一期"]
    assert told["id"] == f"oc4ids-000000-{bridge.code}"
    assert told["status"] == "implementation"
    assert told["sector"] == ["transport", "transport.road"]
    assert told["period"]["endDate"] == "2025-12-31T00:00:00+08:00"
    assert told["budget"]["amount"] == {"amount": 100_000_000, "currency": "CNY"}
    by_source, by_year = told["budget"]["budgetBreakdowns"]
    assert by_source["budgetBreakdown"][0]["amount"]["amount"] == 3_005_000
    assert by_year["budgetBreakdown"][0]["approvalDate"] == "2024-01-15T00:00:00+08:00"
    assert [each["status"] for each in told["milestones"]] == ["met", "met", "notMet", "scheduled"]
    assert [each["id"] for each in told["relatedProjects"]] == [
        f"earlierPhase-{earlier['id'].removeprefix('oc4ids-000000-')}"
    ]
    classes = {each["id"] for each in told["additionalClassifications"]}
    assert {"goal-2024-accelerated", "level-2024-municipal", "status-started"} <= classes
    assert earlier["completion"] == {"endDate": "2022-06-01T00:00:00+08:00"}
    for name in ("budget", "metrics", "milestones", "description", "parties"):
        assert name not in earlier


def test_only_approved_figures_are_told(bridge, manager):
    publish(manager, "year-2024")
    told = next(each for each in package()["projects"] if each["title"] == bridge.name)
    money, built = told["metrics"]
    assert [each["id"] for each in money["observations"]] == ["2024-01"]
    assert money["observations"][0]["value"]["amount"] == 900_000
    assert built["observations"][0]["measure"] == 10
    assert len(told["forecasts"][0]["observations"]) == 12
    assert "5550000" not in json.dumps(told)


def test_no_person_is_named(bridge, manager):
    publish(manager, "year-2024")
    said = json.dumps(package(), ensure_ascii=False)
    for private in ("王五", "13800000000", "赵六", "reporter", "manager"):
        assert private not in said


def test_a_year_that_is_not_published_tells_nothing(bridge, manager):
    make_entry(bridge, 2025, goal="completed", planned_investment=777)
    publish(manager, "year-2024")
    assert "2025-completed" not in json.dumps(package())
    assert "7770000" not in json.dumps(package())


def test_a_project_of_a_published_list_is_told_without_the_years_that_are_not(bridge, manager):
    chosen = ProjectList.objects.create(code="cy", name="成渝双城项目清单")
    bridge.lists.add(chosen)
    publish(manager, f"list-{chosen.pk}")
    (told,) = package()["projects"]
    assert told["title"] == bridge.name
    assert "metrics" not in told
    assert "list-cy" in {each["id"] for each in told["additionalClassifications"]}
    assert "relatedProjects" not in told  # the earlier phase is on no published list
    assert found(package()) == {}


def test_nothing_is_published_before_somebody_decides(bridge):
    assert package()["projects"] == []


def test_the_number_of_queries_is_that_of_a_single_project(
    manager, reporter, django_assert_num_queries
):
    def made(count):
        for _each in range(count):
            project = make_project(department=make_department(), planned_start_on=ON)
            make_entry(project, 2024)

    made(1)
    publish(manager, "year-2024")
    with django_assert_num_queries(10):
        package()
    made(30)
    with django_assert_num_queries(10):
        assert len(package()["projects"]) == 31


def test_projects_beyond_a_chunk_are_told_too(manager):
    for _each in range(5):
        make_entry(make_project(), 2024)
    publish(manager, "year-2024")
    public = publishing.public(publishing.in_force())
    assert len(list(oc4ids.projects(public, on=ON, at_once=2))) == 5


@pytest.mark.parametrize("status", ["suspended", "withdrawn", ""])
def test_a_status_that_the_standard_does_not_know_is_left_out(status, manager):
    make_entry(make_project(status=status), 2024)
    publish(manager, "year-2024")
    assert "status" not in package()["projects"][0]


def test_a_node_due_today_is_not_missed_yet(manager):
    project = make_project()
    make_entry(project, 2024)
    Milestone.objects.create(project=project, name="通车", due_on=ON)
    Milestone.objects.create(project=project, name="合龙", due_on=ON - timedelta(days=1))
    publish(manager, "year-2024")
    states = {each["title"]: each["status"] for each in package()["projects"][0]["milestones"]}
    assert states == {"通车": "scheduled", "合龙": "notMet"}


def test_the_command_writes_the_package(bridge, manager, tmp_path):
    publish(manager, "year-2024")
    out, file = StringIO(), tmp_path / "package.json"
    call_command("export_oc4ids", stdout=out)
    call_command("export_oc4ids", output=file)
    shown, written = json.loads(out.getvalue()), json.loads(file.read_text(encoding="utf-8"))
    assert shown["projects"] == written["projects"] != []
    assert found(written) == {}
