"""Who may take which step with an obstacle in which state; a state or step without a row fails."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.roles import Role
from office.clock import today
from projects import clearing
from projects.clearing import TRANSITIONS, Actor
from projects.models import Obstacle, ObstacleAction, ObstacleState
from tests.factories import make_department, make_project, make_user, signed_in
from tests.rounds import moment

pytestmark = pytest.mark.any_database

A, S = ObstacleAction, ObstacleState

# State → persona → steps, written down a second time. The obstacle is of a project of the transport
# department (JTW), the water department (SLJ) has to clear it.
MATRIX = {
    "open": {
        "reporter": "clear",
        "responsible": "reply",
        "unit_below_responsible": "-",
        "stranger": "-",
        "leader": "",
        "manager": "reply clear escalate move",
        "admin": "reply clear escalate move",
    },
    "replied": {
        "reporter": "clear",
        "responsible": "reply",
        "unit_below_responsible": "-",
        "stranger": "-",
        "leader": "",
        "manager": "reply clear escalate move",
        "admin": "reply clear escalate move",
    },
    "cleared": {
        "reporter": "reopen",
        "responsible": "",
        "unit_below_responsible": "-",
        "stranger": "-",
        "leader": "",
        "manager": "reopen",
        "admin": "reopen",
    },
}
"""`-`: does not even see it."""

RAISERS = {"reporter", "manager", "admin"}
PEOPLE_S_STEPS = [action for action in A if action != A.RAISE]
PERSONAS = list(MATRIX["open"])
ROWS = [(state, persona) for state, row in MATRIX.items() for persona in row]


@pytest.fixture
def obstacle(db):
    raiser = make_user(department=make_department("500101-JTW"))
    return clearing.raise_obstacle(
        make_project(department=raiser.department),
        kind="land",
        text="红线内两户未签约",
        responsible=make_department("500101-SLJ"),
        due_on=date(2099, 1, 1),
        by=raiser,
        on=today(),
        at=moment(today()),
    )


@pytest.fixture
def person(persona):
    if persona in ("manager", "admin", "leader"):
        return make_user(persona, Role(persona))
    water = make_department("500101-SLJ")
    departments = {
        "reporter": make_department("500101-JTW"),
        "responsible": water,
        "unit_below_responsible": make_department("500101-SLJ-01", parent=water),
        "stranger": make_department("500101-LYJ"),
    }
    return make_user(persona, department=departments[persona])


def put_in(obstacle: Obstacle, state: str) -> None:
    """Bring an obstacle to a state by the steps that lead there."""
    steps = {"open": [], "replied": [A.REPLY], "cleared": [A.CLEAR]}[state]
    office = make_user(role=Role.MANAGER)
    for step in steps:
        day = today()
        clearing.act(
            obstacle.pk,
            step,
            version=obstacle.version,
            by=office,
            on=day,
            at=moment(day),
            note="办",
        )
        obstacle.refresh_from_db()
    assert obstacle.state == state


def test_every_state_has_a_row_for_every_persona():
    assert set(MATRIX) == set(S.values)
    for row in MATRIX.values():
        assert list(row) == PERSONAS


def test_every_step_of_the_table_is_somebody_s():
    taken = {
        step for row in MATRIX.values() for steps in row.values() for step in steps.split()
    } - {"-"}
    assert taken | {A.RAISE.value} == set(A.values)
    assert {action for _state, action in TRANSITIONS} == set(A)
    assert {state for state, _action in TRANSITIONS} == {None, *S}


def test_every_row_of_the_table_says_whose_the_step_is():
    for transition in TRANSITIONS.values():
        assert transition.actors in clearing.WHOSE
    actors = {actor for transition in TRANSITIONS.values() for actor in transition.actors}
    assert actors == set(Actor)


@pytest.mark.parametrize(("state", "persona"), ROWS)
def test_the_steps_that_are_offered_are_those_of_the_matrix(obstacle, person, state, persona):
    put_in(obstacle, state)
    expected = set(MATRIX[state][persona].split()) - {"-"}
    assert clearing.available(obstacle, user=person) == expected
    for offer in clearing.offers(obstacle, user=person):
        assert bool(offer.why) != offer.is_allowed


@pytest.mark.parametrize(("state", "persona"), ROWS)
def test_the_page_takes_these_steps_and_no_others(obstacle, person, state, persona):
    put_in(obstacle, state)
    client = signed_in(person)
    forest = make_department("500101-LYJ")
    for action in PEOPLE_S_STEPS:
        obstacle.refresh_from_db()
        version = obstacle.version
        sent = {"version": version, "note": "办理", "responsible": forest.code}
        status = client.post(f"/obstacles/{obstacle.pk}/{action}/", sent).status_code
        obstacle.refresh_from_db()
        if MATRIX[state][persona] == "-":
            assert status == 404
        elif action in MATRIX[state][persona].split():
            assert (status, obstacle.version) == (302, version + 1)
            break  # the state is another one now; the rest is for the other rows
        else:
            assert status == (403 if (state, action) in TRANSITIONS else 409)
            assert obstacle.version == version


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_raises(obstacle, person, persona):
    address = f"/projects/{obstacle.project.code}/obstacles/new/"
    sees_project = persona in (*RAISERS, "leader")
    expected = 200 if persona in RAISERS else 403 if sees_project else 404
    assert signed_in(person).get(address).status_code == expected


def test_the_page_of_the_docs_is_what_the_table_prints():
    printed = StringIO()
    call_command("show_obstacle_states", stdout=printed)
    page = Path(settings.BASE_DIR) / "docs" / "obstacle-states.md"
    assert page.read_text(encoding="utf-8") == printed.getvalue()
