"""Rounds, code lists, data questions, summaries and documents through the API."""

import hashlib
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.scopes import Scope
from projects.models import DataQuestion
from summaries.models import DocumentFile, DocumentRun
from tests.factories import make_project
from tests.programs import ROOT, Program, make_token, program
from tests.rounds import make_plan, open_rounds
from tests.summaries.month_summaries import build_year, issue_month
from tests.summaries.months import make_months

pytestmark = pytest.mark.django_db


def question(project, number=1, state="open"):
    return DataQuestion.objects.create(
        kind="same_name_twice",
        key=str(number),
        project=project,
        params={"codes": "A、B", "name": "桥"},
        state=state,
    )


def test_rounds_follow_one_another(outsider):
    open_rounds(2)
    periods = program(outsider).read("periods/", ordering="-month", page_size=12)["results"]
    assert [row["month"] for row in periods] == list(range(12, 0, -1))
    assert periods[-1]["opened_at"]
    assert periods[0]["opened_at"] is None


def test_code_lists_say_what_codes_mean(outsider):
    lists = {row["name"]: row["codes"] for row in program(outsider).read("codes/")}
    assert {"code": "completed", "label": "竣工"} in lists["status"]
    assert {"code": "land", "label": "用地"} in lists["obstacle_kind"]


def test_a_question_is_explained_and_opened_again(reporter, outsider, manager):
    asked = question(make_project(department=reporter.department))
    question(None, 2, state="gone")
    reader, keeper = program(reporter), program(manager)

    [row] = reader.read("questions/", state="open")["results"]
    assert "桥" in row["title"]
    assert program(outsider).read("questions/")["results"] == []
    address = f"questions/{asked.pk}/"
    assert reader.send("post", f"{address}answer/", {}).status_code == HTTPStatus.FORBIDDEN
    empty = keeper.send("post", f"{address}answer/", {"explanation": " "})
    assert list(empty.json()["errors"]) == ["explanation"]
    closed = keeper.send("post", f"{address}answer/", {"explanation": "两个项目"})
    assert (closed.json()["state"], closed.json()["answered_by"]) == ("closed", "manager先生")
    assert keeper.send("post", f"{address}reopen/").json()["state"] == "open"


def test_issued_summaries_are_everybodys_and_drafts_the_offices(outsider, leader, manager):
    make_months()
    issue = issue_month(manager)
    draft = build_year(manager)

    seen = program(leader).read("summaries/")["results"]
    assert [(row["id"], row["issue"]) for row in seen] == [(issue.summary_id, 1), (draft.pk, None)]
    client = program(outsider)
    assert [row["id"] for row in client.read("summaries/")["results"]] == [issue.summary_id]
    assert client.read(f"summaries/{issue.summary_id}/")["figures"] == issue.summary.figures
    assert client.get(f"{ROOT}summaries/{draft.pk}/").status_code == HTTPStatus.NOT_FOUND


def test_a_summary_that_is_known_is_not_read_again(manager):
    make_months()
    address = f"{ROOT}summaries/{issue_month(manager).summary_id}/"
    client = program(manager)
    tag = client.get(address)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = client.get(address, headers={"if-none-match": tag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert not any('"figures"' in query["sql"] for query in captured)


def make_document(by, department=None):
    now = timezone.now()
    run = DocumentRun.objects.create(
        kind="project_card",
        key=str(DocumentRun.objects.count()),
        department=department,
        state="done",
        progress=100,
        digest="d" * 64,
        cut_off=now,
        finished_at=now,
        asked_by=by,
    )
    content = f"document {run.pk}".encode()
    DocumentFile.objects.create(
        run=run,
        format="pdf",
        name="项目卡.pdf",
        file=ContentFile(content, name=f"{run.pk}.pdf"),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )
    return run


def test_a_document_is_taken_by_who_sees_it(reporter, outsider, manager):
    run = make_document(manager, reporter.department)
    make_document(manager)
    client = program(reporter)

    [row] = client.read("documents/", kind="project_card")["results"]
    assert row["id"] == run.pk
    address = row["files"][0]["url"]
    taken = client.get(address)
    assert b"".join(taken.streaming_content) == f"document {run.pk}".encode()
    assert taken["ETag"] == f'"{row["files"][0]["digest"]}"'
    known = client.get(address, headers={"if-none-match": taken["ETag"]})
    assert known.status_code == HTTPStatus.NOT_MODIFIED
    for stranger in (f"{ROOT}documents/{run.pk}/", address):
        assert program(outsider).get(stranger).status_code == HTTPStatus.NOT_FOUND
    assert len(program(manager).read("documents/")["results"]) == 2


@pytest.mark.parametrize("address", ["questions/", "documents/", "obstacles/", "summaries/"])
def test_a_list_costs_the_same_queries_with_one_row_and_with_thirty(admin, address):
    client = Program(make_token(admin, Scope.READ)[1])
    counts = []
    for more in (1, 0, 29):
        for _ in range(more):
            question(make_project(), DataQuestion.objects.count())
            make_document(admin)
        with CaptureQueriesContext(connection) as captured:
            client.read(address)
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_no_list_shows_what_its_page_hides(outsider, reporter):
    """Every list of the API that has rows of projects is empty for who sees no project."""
    plan = make_plan(reporter.department)
    open_rounds(2)
    question(plan.project)
    client = program(outsider)
    for address in ("projects/", "plans/", "reports/", "questions/", "obstacles/", "documents/"):
        assert client.read(address)["results"] == [], address
