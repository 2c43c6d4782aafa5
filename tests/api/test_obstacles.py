"""Obstacles through the API: the table of steps that the pages have."""

from datetime import date
from http import HTTPStatus

import pytest

from accounts.scopes import Scope
from office.clock import today
from projects import clearing
from projects.models import Obstacle, ObstacleAction
from tests.factories import make_department, make_project, make_user
from tests.programs import ROOT, Program, make_token, program
from tests.rounds import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def obstacle(reporter, outsider):
    """An obstacle of the reporter's project that the outsider's department has to clear."""
    return clearing.raise_obstacle(
        make_project(department=reporter.department),
        kind="land",
        text="红线内两户未签约",
        responsible=outsider.department,
        due_on=date(2099, 1, 1),
        by=reporter,
        on=today(),
        at=moment(today()),
    )


NEW = {"kind": "land", "text": "管线未迁", "responsible": "500101-SLJ", "due_on": "2099-01-01"}


def test_an_obstacle_is_raised_answered_and_cleared(reporter, outsider):
    project = make_project(department=reporter.department)
    raiser, clearer = program(reporter), program(outsider)

    raised = raiser.send("post", f"projects/{project.code}/obstacles/", NEW)
    assert raised.status_code == HTTPStatus.CREATED, raised.content.decode()
    pk, version = raised.json()["id"], raised.json()["version"]
    replied = clearer.send(
        "post", f"obstacles/{pk}/reply/", {"note": "下周迁改", "version": version}
    )
    assert replied.json()["state"] == "replied"
    tag = raiser.get(f"{ROOT}obstacles/{pk}/")["ETag"]
    cleared = raiser.send("post", f"obstacles/{pk}/clear/", {"note": "已迁改"}, **{"if-match": tag})
    assert cleared.json()["state"] == "cleared"
    assert [event["action"] for event in cleared.json()["events"]] == ["raise", "reply", "clear"]


def test_obstacles_are_narrowed_as_on_the_page(obstacle, reporter):
    client = program(reporter)
    assert [row["id"] for row in client.read("obstacles/", kind="land")["results"]] == [obstacle.pk]
    assert client.read("obstacles/", overdue="yes")["results"] == []
    assert client.get(f"{ROOT}obstacles/?kind=weather").status_code == HTTPStatus.BAD_REQUEST


def test_who_is_slower_is_told_what_was_done(obstacle, outsider, manager):
    program(outsider).send(
        "post", f"obstacles/{obstacle.pk}/reply/", {"note": "在办", "version": obstacle.version}
    )
    response = program(manager).send(
        "post", f"obstacles/{obstacle.pk}/escalate/", {"note": "升级", "version": obstacle.version}
    )
    assert response.status_code == HTTPStatus.CONFLICT
    assert [event["note"] for event in response.json()["newer"]] == ["在办"]


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({"responsible": "500101-NONE"}, "responsible", 400),
        ({"responsible": "\x00"}, "responsible", 400),
        ({"responsible": ["500101-SLJ"]}, "responsible", 400),
        ({"kind": "weather"}, "kind", 400),
        ({"text": " "}, "text", 400),
        ({"text": "字" * 401}, "text", 400),
        ({"level": 4}, "level", 400),
        ({"level": {}}, "level", 400),
        ({"due_on": "2001-01-01"}, "due_on", 422),
        ({"report": 2**70}, "report", 400),
        ({"report": 1}, "report", 400),
        ({"state": "cleared"}, "state", 400),
    ],
)
def test_what_is_no_obstacle_is_refused_by_the_name_of_the_field(reporter, body, field, status):
    make_department("500101-SLJ")
    project = make_project(department=reporter.department)
    response = program(reporter).send("post", f"projects/{project.code}/obstacles/", NEW | body)
    assert response.status_code == status, response.content.decode()
    assert field in response.json()["errors"]
    assert not Obstacle.objects.exists()


@pytest.mark.parametrize("persona", ["reporter", "outsider", "manager", "admin", "leader"])
def test_a_token_takes_the_steps_that_the_page_would_take(request, obstacle, persona):
    user = request.getfixturevalue(persona)
    offered = clearing.available(obstacle, user=user)
    reader = Program(make_token(user, Scope.READ)[1])
    token, secret = make_token(user, Scope.READ)
    token.scopes = list(Scope)
    token.save()
    steps = {
        row["action"]: row["allowed"] for row in reader.read(f"obstacles/{obstacle.pk}/steps/")
    }
    assert {action for action, allowed in steps.items() if allowed} == offered

    for action in ObstacleAction:
        if action == ObstacleAction.RAISE:
            continue
        present = Obstacle.objects.get(pk=obstacle.pk)
        body = {"note": "说明", "version": present.version}
        if action == ObstacleAction.MOVE:
            body["responsible"] = make_department("500101-ZJW").code
        address = f"obstacles/{obstacle.pk}/{action}/"
        assert reader.send("post", address, body).status_code == HTTPStatus.FORBIDDEN
        allowed = clearing.offer_of(present, action, user=user).is_allowed
        status = Program(secret).send("post", address, body).status_code
        assert (status == HTTPStatus.OK) is allowed, (action, status)


def test_strangers_find_no_obstacle_and_raise_none(obstacle, reporter):
    other = program(make_user("stranger", department=make_department("500101-ZJW")))
    assert other.read("obstacles/")["results"] == []
    assert other.get(f"{ROOT}obstacles/{obstacle.pk}/").status_code == HTTPStatus.NOT_FOUND
    for address in (
        f"obstacles/{obstacle.pk}/reply/",
        f"projects/{obstacle.project.code}/obstacles/",
    ):
        assert other.send("post", address, NEW).status_code == HTTPStatus.NOT_FOUND
