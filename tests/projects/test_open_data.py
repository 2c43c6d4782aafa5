"""Open data: what anybody may take away, who decides, and that nothing else gets out."""

import csv
import hashlib
import io
import json
import os
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from office.delimited import MARK
from projects import flat_files, open_data, publishing
from projects.models import Funding, OpenDataFile, Publication
from projects.tasks import build_open_data
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, submit
from tests.worker import eventually

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ON = date(2024, 4, 2)
AT = moment(ON)
INDEX = reverse("projects:open-data")
LISTS = reverse("projects:publication-list")
DECIDE = reverse("projects:publication-decide")


def address(name):
    return reverse("projects:open-data-file", args=[name])


def publish(manager, year=2024, at=AT):
    listed = next(each for each in publishing.lists() if each.year == year)
    return publishing.decide(listed, is_public=True, by=manager, at=at)


def withdraw(manager, year=2024):
    listed = next(each for each in publishing.lists() if each.year == year)
    return publishing.decide(listed, is_public=False, reason="重新核实", by=manager, at=AT)


def taken(client, name):
    """The rows of a file as a stranger gets them."""
    body = b"".join(client.get(address(name)).streaming_content)
    assert body.startswith(MARK)
    return list(csv.DictReader(io.StringIO(body.removeprefix(MARK).decode(), newline="")))


@pytest.fixture
def entry(reporter, manager):
    made = make_plan(
        reporter.department,
        name="=跨江大桥",
        contact="王五",
        leader="赵六",
        entry={"goal": "started"},
    )
    open_rounds(2)
    approve(report_of(made, 1), reporter, manager, invested=90)
    submit(report_of(made, 2), reporter, invested=555)
    return made


def test_a_stranger_takes_the_files_away_with_their_digest(client, entry, manager):
    publish(manager)
    open_data.build(on=ON, at=AT)
    page = client.get(INDEX).content.decode()
    for name in open_data.KINDS:
        response = client.get(address(name))
        assert response.status_code == HTTPStatus.OK
        digest = hashlib.sha256(b"".join(response.streaming_content)).hexdigest()
        assert response["ETag"] == f'"{digest}"'
        assert digest in page
    package = json.loads(b"".join(client.get(address("oc4ids.json")).streaming_content))
    assert package["publishedDate"] == "2024-04-02T10:00:00+08:00"


def test_only_approved_figures_of_published_years_are_in_the_tables(client, entry, manager):
    other = make_entry(make_project("未公开的项目"), 2025)
    Funding.objects.create(project=other.project, source="central", amount=1)
    publish(manager)
    open_data.build(on=ON, at=AT)
    assert [(row["month"], row["invested_ytd"]) for row in taken(client, "months.csv")] == [
        ("1", "90.00")
    ]
    assert [row["code"] for row in taken(client, "projects.csv")] == [entry.project.code]
    assert [row["year"] for row in taken(client, "plans.csv")] == ["2024"]
    assert taken(client, "funding.csv") == []
    (plan,) = taken(client, "plans.csv")
    assert (plan["goal"], plan["goal_label"]) == ("started", "开工")
    assert plan["invested_before"] == ""


def test_no_table_names_a_person_or_carries_a_formula(client, entry, manager):
    publish(manager)
    open_data.build(on=ON, at=AT)
    for name in open_data.KINDS:
        said = b"".join(client.get(address(name)).streaming_content).decode()
        assert not any(private in said for private in ("王五", "赵六", "reporter"))
    assert taken(client, "projects.csv")[0]["name"] == "'=跨江大桥"


def test_who_has_the_file_already_is_told_so(client, entry, manager):
    publish(manager)
    open_data.build(on=ON, at=AT)
    first = client.get(address("projects.csv"))
    assert b"".join(first.streaming_content)
    same = client.get(address("projects.csv"), headers={"If-None-Match": first["ETag"]})
    since = client.get(
        address("projects.csv"), headers={"If-Modified-Since": first["Last-Modified"]}
    )
    assert same.status_code == since.status_code == HTTPStatus.NOT_MODIFIED
    assert "max-age=60" in first["Cache-Control"]


def test_the_last_change_is_that_of_the_content(client, entry, manager):
    publish(manager)
    assert set(open_data.build(on=ON, at=AT)) == set(open_data.KINDS)
    assert open_data.build(on=ON, at=AT + timedelta(hours=1)) == []
    file = OpenDataFile.objects.get(name="oc4ids.json")
    assert (file.changed_at, file.made_at) == (AT, AT + timedelta(hours=1))
    Funding.objects.create(project=entry.project, source="central", amount=Decimal(3))
    changed = open_data.build(on=ON, at=AT + timedelta(hours=2))
    assert changed == ["oc4ids.json", "funding.csv"]


def test_a_withdrawn_list_is_gone_at_once(client, entry, manager):
    publish(manager)
    open_data.build(on=ON, at=AT)
    withdraw(manager)
    response = client.get(address("projects.csv"))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response["Retry-After"] == "60"
    assert "projects.csv" not in client.get(INDEX).content.decode()
    open_data.build(on=ON, at=AT)
    assert taken(client, "projects.csv") == []
    assert client.get(address("oc4ids.json")).status_code == HTTPStatus.NOT_FOUND


def test_a_file_that_is_not_offered_is_not_found(client):
    assert client.get(address("users.csv")).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/open-data/..%2f..%2fmanage.py").status_code == HTTPStatus.NOT_FOUND


def test_before_anything_is_decided_there_is_no_file_and_none_is_promised(client):
    assert client.get("/open-data/projects.csv").status_code == 404
    assert client.get("/open-data/").context["is_complete"]


def test_the_page_costs_the_same_for_one_project_and_for_thirty(
    client, manager, django_assert_max_num_queries
):
    make_entry(make_project(), 2024)
    publish(manager)
    open_data.build(on=ON, at=AT)
    client.get(INDEX)
    with django_assert_max_num_queries(5):
        client.get(INDEX)
    for _each in range(30):
        make_entry(make_project(department=make_department()), 2024)
    open_data.build(on=ON, at=AT)
    with django_assert_max_num_queries(5):
        client.get(INDEX)
    with django_assert_max_num_queries(3):
        assert len(taken(client, "projects.csv")) == 31


def test_files_that_were_replaced_are_swept_once_nobody_reads_them(entry, manager):
    publish(manager)
    open_data.build(on=ON, at=AT)
    before = OpenDataFile.objects.get(name="funding.csv").path
    Funding.objects.create(project=entry.project, source="central", amount=Decimal(3))
    open_data.build(on=ON, at=AT)
    assert default_storage.exists(before)
    os.utime(default_storage.path(before), (0, 0))
    open_data.build(on=ON, at=AT)
    assert not default_storage.exists(before)


def test_the_dictionary_tells_of_every_column_in_the_models_words(client):
    told = {(entry.file, entry.column): entry for entry in flat_files.dictionary()}
    for file in flat_files.FILES:
        assert {name for name, _path in file.columns} == {
            column for name, column in told if name == file.name
        }
    assert "completed = " in told["plans.csv", "goal"].codes
    assert "10,000 yuan" in told["plans.csv", "planned_investment"].title or (
        "万元" in told["plans.csv", "planned_investment"].title
    )
    page = client.get(reverse("projects:open-data-dictionary")).content.decode()
    assert "planned_investment" in page


def test_a_manager_publishes_and_withdraws_and_both_stay_on_record(manager, entry):
    browser = signed_in(manager)
    browser.post(DECIDE, {"list": "year-2024", "step": "publish"})
    refused = browser.post(DECIDE, {"list": "year-2024", "step": "withdraw", "reason": " "})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    browser.post(DECIDE, {"list": "year-2024", "step": "withdraw", "reason": "重新核实"})
    steps = Publication.objects.order_by("pk").values_list("is_public", "reason", "by")
    assert list(steps) == [(True, "", manager.pk), (False, "重新核实", manager.pk)]
    assert "重新核实" in browser.get(LISTS).content.decode()


def test_what_is_so_already_is_decided_once(manager, entry):
    browser = signed_in(manager)
    for _twice in range(2):
        browser.post(DECIDE, {"list": "year-2024", "step": "publish"})
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("person", ["reporter", "leader"])
def test_others_decide_nothing(request, person, entry):
    browser = signed_in(request.getfixturevalue(person))
    assert browser.get(LISTS).status_code == HTTPStatus.FORBIDDEN
    answer = browser.post(DECIDE, {"list": "year-2024", "step": "publish"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not Publication.objects.exists()


def test_a_list_that_does_not_exist_is_not_found(manager):
    answer = signed_in(manager).post(DECIDE, {"list": "year-1999", "step": "publish"})
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_decision_is_read_not_changed_by_a_visit(manager, entry):
    assert signed_in(manager).get(DECIDE).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert signed_in(manager).post(INDEX).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_public": True},
        {"is_public": False, "year": 2024},
    ],
)
def test_a_decision_is_about_one_list_and_a_withdrawal_has_a_reason(manager, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(by=manager, at=AT, **wrong)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_files(start_worker, client, manager, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    start_worker(MEDIA_ROOT=str(tmp_path))
    make_entry(make_project("跨江大桥"), 2024)
    publish(manager)
    build_open_data.delay()
    eventually(lambda: open_data.is_complete(open_data.offered()))
    assert taken(client, "projects.csv")[0]["name"] == "跨江大桥"
