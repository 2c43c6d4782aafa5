"""What the API shows: the rows that the pages show, to the same people, at the same cost."""

from datetime import date
from http import HTTPStatus
from time import sleep

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from projects.models import AnnualPlan, Project
from tests.factories import make_department, make_entry, make_project
from tests.programs import ROOT, program
from tests.rounds import approve, make_plan, open_rounds, report_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(reporter, manager):
    """An adopted plan of the reporter's department, approved for March."""
    made = make_plan(reporter.department, name="滨江环湖公路", entry={"level": "municipal"})
    open_rounds(4)
    approve(report_of(made, 3), reporter, manager, invested=250)
    return made


def test_a_project_is_read_as_it_stands(plan, reporter):
    client = program(reporter, Scope.READ)

    listed = client.read("projects/")["results"]
    detail = client.read(f"projects/{plan.project.code}/")

    assert [row["name"] for row in listed] == ["滨江环湖公路"]
    assert listed[0]["total_investment"] == "10000.00"
    assert listed[0]["department"] == "500101-JTW"
    assert listed[0]["status"] == "started"
    assert listed[0].items() <= detail.items()
    assert detail["entries"] == [{"id": plan.pk, "year": 2024, "goal": "", "result": ""}]


def test_a_missing_figure_is_null_and_never_zero(reporter):
    make_entry(make_project(department=reporter.department))
    [row] = program(reporter).read("plans/")["results"]
    missing = ("planned_investment", "invested_ytd", "completion_rate", "gap", "light", "streak")
    assert [row[name] for name in missing] == [None] * 6


def test_an_entry_has_its_latest_figures_and_its_months(plan, reporter):
    client = program(reporter)
    [row] = client.read("plans/", year=2024, level="municipal")["results"]
    detail = client.read(f"plans/{plan.pk}/")

    assert (row["reported_month"], row["invested_ytd"]) == (3, "250.00")
    assert (row["planned_ytd"], row["completion_rate"]) == ("300.00", "20.83")
    assert row["light"] == "green"
    march = detail["months"][2]
    assert (march["month"], march["state"]) == (3, "approved")
    assert march["approved_invested_ytd"] == "250.00"
    assert [decision["action"] for decision in detail["decisions"]] == ["adopt"]


def test_a_month_is_told_as_its_reports_tell_it(plan, reporter):
    client = program(reporter)
    [march] = client.read("plans/of-month/", year=2024, month=3)["results"]
    [april] = client.read("plans/of-month/", year=2024, month=4)["results"]

    assert (march["state"], march["invested_ytd"]) == ("approved", "250.00")
    assert (april["state"], april["invested_ytd"]) == ("due", None)
    assert client.read("plans/of-month/", year=2024, month=4, reporting="figures")["results"] == []
    refused = client.get(f"{ROOT}plans/of-month/?year=2024")
    assert list(refused.json()["errors"]) == ["month"]


def test_a_report_is_read_with_its_history(plan, reporter):
    client = program(reporter)
    report = report_of(plan, 3)
    [row] = client.read("reports/", year=2024, month=3)["results"]
    detail = client.read(f"reports/{report.pk}/")

    assert row["id"] == report.pk
    assert (row["state"], row["version"], row["invested_ytd"]) == ("approved", 3, "250.00")
    assert [event["action"] for event in detail["events"]] == ["save", "submit", "approve"]
    assert detail["events"][0]["after"]["invested_ytd"] == "250"
    assert detail["events"][2]["by"] == "manager先生"


def test_strangers_find_nothing(plan, outsider):
    client = program(outsider)
    report = report_of(plan, 3)
    for address in ("projects/", "plans/", "reports/"):
        assert client.read(address)["results"] == []
    for address in (
        f"projects/{plan.project.code}/",
        f"plans/{plan.pk}/",
        f"reports/{report.pk}/",
        f"reports/{report.pk}/steps/",
    ):
        assert client.get(ROOT + address).status_code == HTTPStatus.NOT_FOUND, address


@pytest.mark.parametrize(
    "address", [f"plans/{2**63}/", f"reports/{10**30}/", "projects/%00/", "projects/a%00b/"]
)
def test_what_no_key_can_be_is_not_found(admin, address):
    assert program(admin).get(ROOT + address).status_code == HTTPStatus.NOT_FOUND


LISTS = ("projects/", "plans/", "reports/", "plans/of-month/?year=2024&month=3", "departments/")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_queries_with_one_row_and_with_thirty(admin, address):
    client = program(admin)
    open_rounds(3)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ROOT + address).status_code == HTTPStatus.OK
        return len(captured)

    make_plan(make_department())
    asked()
    first = asked()
    for number in range(29):
        make_plan(make_department(f"500101-D{number}"))
    assert asked() == first


def test_pages_follow_one_another_without_gap_or_repetition(admin):
    for name in ("丙", "甲", "乙", "甲", "丁", "甲", "戊"):
        make_entry(make_project(name))
    client = program(admin)
    for address, order, wanted in (
        ("projects/", "name", Project.objects.order_by("name_sort", "pk").values_list("code")),
        ("projects/", "-name", Project.objects.order_by("-name_sort", "-pk").values_list("code")),
        ("plans/", "id", AnnualPlan.objects.order_by("pk").values_list("pk")),
        ("plans/", "-id", AnnualPlan.objects.order_by("-pk").values_list("pk")),
        (
            "plans/",
            "name",
            AnnualPlan.objects.order_by("project__name_sort", "pk").values_list("pk"),
        ),
    ):
        found, page = [], client.read(address, ordering=order, page_size=2)
        while True:
            found += [(row.get("id") or row["code"],) for row in page["results"]]
            if page["next"] is None:
                break
            page = client.get(page["next"]).json()
        assert found == list(wanted)


def test_a_row_that_is_added_before_a_cursor_moves_nothing(admin):
    for name in ("乙", "丙", "丁"):
        make_project(name)
    client = program(admin)
    page = client.read("projects/", ordering="name", page_size=1)
    make_project("阿")

    assert client.get(page["next"]).json()["results"][0]["name"] == "丁"


def test_a_cursor_belongs_to_its_order(admin):
    for name in ("乙", "丙"):
        make_project(name)
    client = program(admin)
    following = client.read("projects/", ordering="name", page_size=1)["next"]
    response = client.get(following.replace("ordering=name", "ordering=code"))
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_what_a_reader_has_already_is_not_sent_again(plan, reporter):
    client = program(reporter)
    for address in ("projects/", f"reports/{report_of(plan, 3).pk}/", "departments/"):
        first = client.get(ROOT + address)
        again = client.get(ROOT + address, headers={"if-none-match": first["ETag"]})
        assert again.status_code == HTTPStatus.NOT_MODIFIED
        assert again.content == b""
        assert again["ETag"] == first["ETag"]
        assert "private" in first["Cache-Control"]

    stale = client.get(ROOT + "projects/")["ETag"]
    Project.objects.update(name="改名")
    assert client.get(ROOT + "projects/", headers={"if-none-match": stale}).status_code == 200


def test_a_page_that_is_followed_by_others_stays_the_same_while_time_passes(admin):
    for name in ("乙", "丙"):
        make_project(name)
    client = program(admin)
    first = client.get(f"{ROOT}projects/?page_size=1")
    assert first.json()["next"]
    sleep(1.1)
    again = client.get(f"{ROOT}projects/?page_size=1", headers={"if-none-match": first["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_dates_and_moments_are_written_in_full(plan, reporter):
    row = program(reporter).read("reports/", year=2024, month=3)["results"][0]
    assert row["started_on"] == date(2023, 3, 1).isoformat()
    assert row["submitted_at"].endswith("+08:00")
