"""Persona × state → steps: what each may do with a report, written down as a table."""

from datetime import date

import pytest

from projects import workflow
from projects.models import ProgressReport, ReportAction, ReportState
from projects.schedule import Door, Reason
from tests.factories import signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, step, submit

A, S = ReportAction, ReportState
OPEN = Door(True, Reason.OPEN, date(2024, 4, 9))
LOCKED = Door(False, Reason.LOCKED, date(2024, 4, 10))

REPORTING, ENTERED = {"save"}, {"save", "submit"}

# state → who → what
MATRIX = {
    S.NOT_DUE: {},
    S.DUE: {"own": REPORTING, "manager": REPORTING, "admin": REPORTING, "maker": REPORTING},
    S.DRAFT: {"own": ENTERED, "manager": ENTERED, "admin": ENTERED, "maker": ENTERED},
    S.SUBMITTED: {
        "manager": {"approve", "return"},
        "admin": {"approve", "return"},
        "maker": {"return"},
    },
    S.RETURNED: {"own": ENTERED, "manager": ENTERED, "admin": ENTERED, "maker": ENTERED},
    S.APPROVED: {"manager": {"reopen"}, "admin": {"reopen"}, "maker": {"reopen"}},
    S.REOPENED: {"own": ENTERED, "manager": ENTERED, "admin": ENTERED, "maker": ENTERED},
}
PERSONAS = ("own", "stranger", "leader", "manager", "admin", "maker")
STEPS = {"save", "submit", "approve", "return", "reopen"}


@pytest.fixture
def people(reporter, outsider, leader, manager, admin):
    """`maker` is a manager who has entered and submitted the figures, `manager` another one."""
    maker = type(manager).objects.create_user("maker", name="经办", role="manager")
    return {
        "own": reporter,
        "stranger": outsider,
        "leader": leader,
        "manager": manager,
        "admin": admin,
        "maker": maker,
    }


@pytest.fixture
def in_state(people):
    """A function that brings a report of the reporter's department into a state."""

    def bring(state) -> ProgressReport:
        entry = make_plan(people["own"].department)
        open_rounds(3)
        maker, checker = people["maker"], people["admin"]
        if state == S.NOT_DUE:
            return report_of(entry, 4)
        report = report_of(entry, 3)
        if state == S.DRAFT:
            save(report, maker)
        elif state in (S.SUBMITTED, S.RETURNED):
            submit(report, maker)
        elif state in (S.APPROVED, S.REOPENED):
            approve(report, maker, checker)
        if state == S.RETURNED:
            step(report, A.RETURN, checker, note="请核对")
        if state == S.REOPENED:
            step(report, A.REOPEN, checker, note="更正")
        report = report_of(entry, 3)
        assert report.state == state
        return report

    return bring


def test_every_state_and_every_step_for_people_stands_in_the_table():
    assert set(MATRIX) == set(ReportState)
    for_people = {
        action.value
        for (_state, action), transition in workflow.TRANSITIONS.items()
        if transition.actor is not workflow.Actor.SYSTEM
    }
    assert for_people == STEPS
    assert {action.value for action in ReportAction} == STEPS | {"open", "judge"}


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", list(ReportState))
def test_each_may_do_what_the_table_says_and_nothing_else(state, persona, in_state, people):
    report = in_state(state)
    makers = workflow.makers_of([report.pk])[report.pk]
    user = people[persona]
    expected = MATRIX[state].get(persona, set())
    assert workflow.available(report, user=user, entrance=OPEN, makers=makers) == expected
    assert workflow.available(report, user=user, entrance=LOCKED, makers=makers) == set()


@pytest.mark.parametrize("state", list(ReportState))
def test_the_addresses_obey_the_table(state, in_state, people, settings):
    settings.WZ_TODAY = "2024-04-05"
    report = in_state(state)
    for persona in PERSONAS:
        client = signed_in(people[persona])
        for action in sorted(STEPS - {"save"}):
            typed = {"version": report.version, "note": "说明"}
            status = client.post(f"/reports/{report.pk}/{action}/", typed).status_code
            after = ProgressReport.objects.get(pk=report.pk)
            if action in MATRIX[state].get(persona, set()):
                assert status == 302, (state, persona, action)
                assert after.version == report.version + 1
                report = in_state(state)
            else:
                refused = (404,) if persona == "stranger" else (403, 409)
                assert status in refused, (state, persona, action)
                assert after.version == report.version


def test_a_step_that_does_not_exist_has_no_address(in_state, people):
    report = in_state(S.DRAFT)
    client = signed_in(people["admin"])
    for action in ("save", "open", "judge-all", "delete"):
        assert client.post(f"/reports/{report.pk}/{action}/").status_code == 404
    assert client.get(f"/reports/{report.pk}/submit/").status_code == 405
