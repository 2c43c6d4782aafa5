"""Persona × state → steps: what each may do with a report, written down a second time."""

from datetime import date

import pytest

from accounts.roles import Role
from projects import workflow
from projects.models import ProgressReport, ReportAction, ReportState
from projects.schedule import Door, Reason
from projects.workflow import OWNERS, TRANSITIONS, Actor
from tests.factories import make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, step, submit

pytestmark = pytest.mark.any_database

A, S = ReportAction, ReportState
OPEN = Door(True, Reason.OPEN, date(2024, 4, 9))
LOCKED = Door(False, Reason.LOCKED, date(2024, 4, 10))

# The report is of the transport department (JTW); its figures are those of `maker`, a manager.
MATRIX = {
    "not_due": {
        "reporter": "",
        "outsider": "-",
        "leader": "",
        "manager": "",
        "admin": "",
        "maker": "",
    },
    "due": {
        "reporter": "save",
        "outsider": "-",
        "leader": "",
        "manager": "save",
        "admin": "save",
        "maker": "save",
    },
    "draft": {
        "reporter": "save submit",
        "outsider": "-",
        "leader": "",
        "manager": "save submit",
        "admin": "save submit",
        "maker": "save submit",
    },
    "submitted": {
        "reporter": "",
        "outsider": "-",
        "leader": "",
        "manager": "approve return",
        "admin": "approve return",
        "maker": "return",
    },
    "returned": {
        "reporter": "save submit",
        "outsider": "-",
        "leader": "",
        "manager": "save submit",
        "admin": "save submit",
        "maker": "save submit",
    },
    "approved": {
        "reporter": "",
        "outsider": "-",
        "leader": "",
        "manager": "reopen",
        "admin": "reopen",
        "maker": "reopen",
    },
    "reopened": {
        "reporter": "save submit",
        "outsider": "-",
        "leader": "",
        "manager": "save submit",
        "admin": "save submit",
        "maker": "save submit",
    },
}
"""`-`: does not even see it."""

STEPS = ("save", "submit", "approve", "return", "reopen")
NOT_PEOPLE_S = {"open"}
"""What the clock does."""
ELSEWHERE = {"judge"}
"""No step from state to state: see the tests of the lights."""

PERSONAS = list(MATRIX["due"])
ROWS = [(state, persona) for state, row in MATRIX.items() for persona in row]


@pytest.fixture(autouse=True)
def _on_the_due_day(settings):
    settings.WZ_TODAY = "2024-04-05"


@pytest.fixture
def people(reporter, outsider, leader, manager, admin):
    return {
        "reporter": reporter,
        "outsider": outsider,
        "leader": leader,
        "manager": manager,
        "admin": admin,
        "maker": make_user("maker", Role.MANAGER),
    }


@pytest.fixture
def in_state(people):
    """A function that brings a report of the reporter's department into a state."""

    def bring(state: str) -> ProgressReport:
        entry = make_plan(people["reporter"].department)
        open_rounds(3)
        report = report_of(entry, 4 if state == S.NOT_DUE else 3)
        maker, checker = people["maker"], people["admin"]
        if state == S.DRAFT:
            save(report, maker)
        elif state in (S.SUBMITTED, S.RETURNED):
            submit(report, maker)
        elif state in (S.APPROVED, S.REOPENED):
            approve(report, maker, checker)
        if state == S.RETURNED:
            step(report, A.RETURN, checker, note="请核对")
        elif state == S.REOPENED:
            step(report, A.REOPEN, checker, note="更正")
            save(report, maker, invested=90, correction="更正")
        report = report_of(entry, report.period.month)
        assert report.state == state
        return report

    return bring


def test_every_state_has_a_row_for_every_persona():
    assert set(MATRIX) == set(S.values)
    for row in MATRIX.values():
        assert list(row) == PERSONAS


def test_every_step_stands_in_the_matrix_or_is_said_to_be_elsewhere():
    taken = {each for row in MATRIX.values() for steps in row.values() for each in steps.split()}
    assert taken - {"-"} == set(STEPS)
    assert set(STEPS) | NOT_PEOPLE_S | ELSEWHERE == set(A.values)


def test_every_row_of_the_table_of_steps_is_somebody_s_in_the_matrix():
    for (state, action), transition in TRANSITIONS.items():
        somebody = {name for name, steps in MATRIX[state].items() if action in steps.split()}
        assert bool(somebody) == (transition.actor is not Actor.SYSTEM), (state, action)
    assert {action for _state, action in TRANSITIONS} == set(A) - ELSEWHERE
    assert set(OWNERS) == set(S)


@pytest.mark.parametrize(("state", "persona"), ROWS)
def test_the_steps_that_are_offered_are_those_of_the_matrix(state, persona, in_state, people):
    report, user = in_state(state), people[persona]
    makers = workflow.makers_of([report.pk])[report.pk]
    expected = set(MATRIX[state][persona].split()) - {"-"}
    assert workflow.available(report, user=user, entrance=OPEN, makers=makers) == expected
    assert workflow.available(report, user=user, entrance=LOCKED, makers=makers) == set()
    for offer in workflow.offers(report, user=user, entrance=OPEN, makers=makers):
        assert bool(offer.why) != offer.is_allowed


def take(client, report: ProgressReport, action: str) -> int:
    """Take a step through its page; saving has one of its own."""
    sent = {"version": report.version, "note": "说明"}
    if action != "save":
        return client.post(f"/reports/{report.pk}/{action}/", sent).status_code
    figures = {"invested_ytd": "77", "status": "started", "correction": "更正"}
    return client.post(f"/reports/{report.pk}/row/", sent | figures).status_code


def refusal(state: str, persona: str, action: str) -> int:
    """How a page refuses a step that is not in the matrix."""
    if MATRIX[state][persona] == "-":
        return 404
    if action == "save":
        # What is not due is in no grid; who never reports has none.
        return 404 if state == "not_due" else 403 if persona == "leader" else 409
    return 403 if (state, action) in TRANSITIONS else 409


@pytest.mark.parametrize(("state", "persona"), ROWS)
def test_the_pages_take_these_steps_and_no_others(state, persona, in_state, people):
    client, report = signed_in(people[persona]), in_state(state)
    for action in STEPS:
        status = take(client, report, action)
        after = ProgressReport.objects.get(pk=report.pk)
        if action in MATRIX[state][persona].split():
            assert (status, after.version) == (302, report.version + 1)
            assert after.state == TRANSITIONS[S(state), A(action)].to
            report = in_state(state)
        else:
            assert status == refusal(state, persona, action), action
            assert (after.version, after.state) == (report.version, state)


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_takes_a_step_once_the_round_is_locked(persona, in_state, people, settings):
    for state, row in MATRIX.items():
        report = in_state(state)
        settings.WZ_TODAY = report.period.locks_on.isoformat()
        for action in set(row[persona].split()) - {"-"}:
            assert take(signed_in(people[persona]), report, action) == 409
        assert ProgressReport.objects.get(pk=report.pk).version == report.version


def test_a_step_that_does_not_exist_has_no_address(in_state, people):
    report = in_state("draft")
    client = signed_in(people["admin"])
    for action in ("save", "open", "judge-all", "delete"):
        assert client.post(f"/reports/{report.pk}/{action}/").status_code == 404
    assert client.get(f"/reports/{report.pk}/submit/").status_code == 405
