"""Monthly reports through the API: the workflow of the pages, with versions, scopes and personas."""

from http import HTTPStatus

import pytest

from accounts.scopes import Scope
from projects import workflow
from projects.models import ReportAction, ReportState
from projects.schedule import Door, Reason
from tests.factories import make_department, make_user
from tests.programs import ROOT, Program, make_token, program
from tests.rounds import make_plan, open_rounds, report_of, save, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FIGURES = {
    "invested_ytd": "90.50",
    "physical_progress": "8.5",
    "status": "started",
    "started_on": "2023-03-01",
    "narrative": "路基完成。",
}


@pytest.fixture
def today(settings):
    """The day on which the round of February is reported."""
    settings.WZ_TODAY = "2024-03-03"


@pytest.fixture
def report(reporter, today):
    """February of a project of the reporter's, to be reported."""
    plan = make_plan(reporter.department)
    open_rounds(2)
    return report_of(plan, 2)


def address(report, action=""):
    return f"reports/{report.pk}/" + (f"{action}/" if action else "")


def test_a_report_is_saved_submitted_and_approved(report, reporter, manager):
    maker, checker = program(reporter), program(manager)

    saved = maker.send("patch", address(report), {**FIGURES, "version": 0})
    assert saved.status_code == HTTPStatus.OK, saved.content.decode()
    assert (saved.json()["state"], saved.json()["invested_ytd"]) == ("draft", "90.50")
    submitted = maker.send("post", address(report, "submit"), {"version": 1})
    assert submitted.json()["state"] == "submitted"
    approved = checker.send("post", address(report, "approve"), {"version": 2})
    assert approved.json()["state"] == "approved"

    report.refresh_from_db()
    assert report.approved_invested_ytd == report.invested_ytd
    makers = list(report.events.order_by("number").values_list("action", "by__username"))
    assert makers == [("save", "reporter"), ("submit", "reporter"), ("approve", "manager")]


def test_a_save_leaves_alone_what_it_does_not_name(report, reporter):
    save(report, reporter, on=report.period.due_on)
    program(reporter).send("patch", address(report), {"problems": "征地未完", "version": 1})
    report.refresh_from_db()
    assert report.problems == "征地未完"
    assert report.invested_ytd == 100


def test_the_etag_stands_for_the_version(report, reporter):
    client = program(reporter)
    tag = client.get(ROOT + address(report))["ETag"]

    saved = client.send("patch", address(report), FIGURES, **{"if-match": tag})
    assert saved.status_code == HTTPStatus.OK
    assert saved["ETag"] != tag
    stale = client.send("patch", address(report), FIGURES, **{"if-match": tag})

    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED


def test_who_was_slower_is_told_who_wrote_what_and_nothing_is_lost(report, reporter, manager):
    program(reporter).send("patch", address(report), {**FIGURES, "version": 0})

    response = program(manager).send("patch", address(report), {"invested_ytd": "91", "version": 0})

    assert response.status_code == HTTPStatus.CONFLICT
    problem = response.json()
    assert (problem["code"], problem["version"]) == ("stale", 1)
    assert problem["newer"][0]["by"] == "reporter先生"
    assert problem["newer"][0]["after"]["invested_ytd"] == "90.5"
    report.refresh_from_db()
    assert str(report.invested_ytd) == "90.50"


@pytest.mark.parametrize("header", ["*", '"x"', "W/*", "", '"٣-x"'])
def test_a_write_says_which_version_it_has_seen(report, reporter, header):
    client = program(reporter)
    assert client.send("patch", address(report), FIGURES).status_code == 428
    response = client.send("patch", address(report), FIGURES, **{"if-match": header})
    assert response.status_code == 428
    assert list(response.json()["errors"]) == ["version"]


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({"invested_ytd": "-1"}, "invested_ytd"),
        ({"invested_ytd": "1.005"}, "invested_ytd"),
        ({"physical_progress": "101"}, "physical_progress"),
        ({"invested_ytd": "1" * 20}, "invested_ytd"),
    ],
)
def test_what_the_workflow_refuses_names_the_field(report, reporter, figures, field):
    response = program(reporter).send("patch", address(report), {**figures, "version": 0})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert field in response.json()["errors"]
    assert report_of(report.entry, 2).state == ReportState.DUE


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"invested_ytd": "NaN"}, "invested_ytd"),
        ({"invested_ytd": "Infinity"}, "invested_ytd"),
        ({"invested_ytd": "1e999999"}, "invested_ytd"),
        ({"invested_ytd": []}, "invested_ytd"),
        ({"invested_ytd": {"a": 1}}, "invested_ytd"),
        ({"invested_ytd": "9" * 2000}, "invested_ytd"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"narrative": "\ud800"}, "narrative"),
        ({"narrative": 3.5e300, "version": "x"}, "version"),
        ({"narrative": "x" * 2001}, "narrative"),
        ({"status": "finished"}, "status"),
        ({"status": {}}, "status"),
        ({"started_on": "31.12.2023"}, "started_on"),
        ({"started_on": 7}, "started_on"),
        ({"confirmed": "above_total"}, "confirmed"),
        ({"confirmed": ["nothing"]}, "confirmed.0"),
        ({"state": "approved"}, "state"),
        ({"version": 2**40}, "version"),
        ({"version": -1}, "version"),
        ({"version": 1.5}, "version"),
        ({"version": None}, "version"),
        ([], ""),
        ('"x"', ""),
        (None, "version"),
    ],
)
def test_what_is_no_report_is_refused_by_the_name_of_the_field(report, reporter, body, field):
    if isinstance(body, dict) and "version" not in body:
        body = {**body, "version": 0}
    response = program(reporter).send("patch", address(report), body)
    assert response.status_code in (HTTPStatus.BAD_REQUEST, 428), response.content.decode()
    assert field in response.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"invested_ytd": NaN, "version": 0}',
        b'{"invested_ytd": -Infinity, "version": 0}',
        b'{"version": 0, "version": 1}',
        b'{"version": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"",
        b"{",
        b"version=0",
    ],
)
def test_what_is_no_json_is_refused(report, reporter, body):
    client = program(reporter)
    response = client.generic("PATCH", ROOT + address(report), body, "application/json")
    assert response.status_code in (HTTPStatus.BAD_REQUEST, 428), response.content.decode()
    assert response.json()["detail"]


def test_a_huge_body_is_refused_before_it_is_read_to_its_end(report, reporter, settings):
    client = program(reporter)
    body = b'{"narrative": "' + b"x" * settings.API_BODY_BYTES + b'"}'
    response = client.generic("PATCH", ROOT + address(report), body, "application/json")
    assert response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    form = client.patch(ROOT + address(report), b"version=0", "application/x-www-form-urlencoded")
    assert form.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def test_a_step_that_needs_a_reason_names_it(report, reporter, manager):
    submit(report, reporter)
    response = program(manager).send("post", address(report, "return"), {"version": 2})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.json()["errors"]) == ["note"]


def test_nobody_approves_what_they_wrote(report, manager):
    client = program(manager)
    client.send("patch", address(report), {**FIGURES, "version": 0})
    client.send("post", address(report, "submit"), {"version": 1})
    response = client.send("post", address(report, "approve"), {"version": 2})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.json()["code"] == "own_work"


def test_a_round_that_is_locked_is_closed_to_programs_too(report, reporter, settings):
    settings.WZ_TODAY = "2024-05-01"
    response = program(reporter).send("patch", address(report), {**FIGURES, "version": 0})
    assert response.status_code == HTTPStatus.CONFLICT
    assert response.json()["code"] == "closed"


def test_the_steps_of_the_system_and_of_no_table_are_not_taken(report, admin):
    for action in ("open", "save", "judge", "nothing"):
        response = program(admin).send("post", address(report, action), {"version": 0})
        assert response.status_code == HTTPStatus.NOT_FOUND


WRITES = {
    "save": Scope.REPORT,
    "submit": Scope.REPORT,
    "approve": Scope.REVIEW,
    "return": Scope.REVIEW,
    "reopen": Scope.REVIEW,
}
OPEN_DOOR = Door(True, Reason.OPEN, None)


def tried(client: Program, report, action):
    body = {"version": report.version}
    if action == "save":
        return client.send("patch", address(report), body | FIGURES).status_code
    return client.send("post", address(report, action), body | {"note": "说明"}).status_code


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("persona", ["reporter", "outsider", "manager", "admin", "leader"])
def test_a_token_does_what_its_owner_may_and_its_scope_allows(request, report, persona, action):
    user = request.getfixturevalue(persona)
    if action not in ("save", "submit"):
        submit(report, make_user(department=make_department()))
    elif action == "submit":
        save(report, make_user(department=make_department()))
    report = report_of(report.entry, 2)
    makers = workflow.makers_of([report.pk])[report.pk]
    allowed = workflow.available(report, user=user, entrance=OPEN_DOOR, makers=makers)

    _token, secret = make_token(user, Scope.READ)
    sees = Program(secret).get(ROOT + address(report)).status_code == HTTPStatus.OK
    assert tried(Program(secret), report, action) == HTTPStatus.FORBIDDEN  # whatever the role
    assert report_of(report.entry, 2).version == report.version

    _token.scopes = list(Scope)  # more than could be asked for: the role decides alone
    _token.save()
    status = tried(Program(secret), report, action)
    if not sees:
        assert status == HTTPStatus.NOT_FOUND
    elif ReportAction(action) in allowed:
        assert status == HTTPStatus.OK
    else:
        assert status in (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)
    moved = report_of(report.entry, 2).version > report.version
    assert moved is (sees and ReportAction(action) in allowed)


def test_the_offers_are_those_of_the_page(report, reporter):
    offers = program(reporter).read(f"reports/{report.pk}/steps/")
    assert [(offer["action"], offer["allowed"]) for offer in offers] == [("save", True)]
    submit(report, reporter)
    offers = program(reporter).read(f"reports/{report.pk}/steps/")
    assert {offer["refusal"] for offer in offers} == {"not_yours"}
    assert all(offer["why"] for offer in offers)
