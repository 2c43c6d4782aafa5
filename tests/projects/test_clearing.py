"""Clearing an obstacle, step by step: raised, replied to, escalated, moved, cleared, opened again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from projects import audit, chains, clearing, obstacle_clock, outbox
from projects.clearing import (
    ClearingError,
    InvalidStepError,
    Refusal,
    StaleObstacleError,
    act,
    escalate_due,
    raise_obstacle,
)
from projects.models import (
    Message,
    Obstacle,
    ObstacleAction,
    ObstacleEvent,
    ObstacleKind,
    ObstacleLevel,
    ObstacleState,
)
from projects.obstacle_clock import DEPARTMENT_DAYS, DISTRICT_DAYS
from tests.factories import make_department, make_project, make_user
from tests.rounds import make_plan, moment, open_rounds, report_of

A, S, L = ObstacleAction, ObstacleState, ObstacleLevel
DAY = date(2024, 3, 1)


def raised(project: Any, by: User, **fields: Any) -> Obstacle:
    """An obstacle that the water department has to clear."""
    given = {
        "kind": ObstacleKind.LAND,
        "text": "红线内两户未签约",
        "responsible": make_department("500101-SLJ"),
        "due_on": DAY + timedelta(days=20),
        "on": DAY,
        "at": moment(DAY),
        **fields,
    }
    return raise_obstacle(project, by=by, **given)


def take(obstacle: Obstacle, action: ObstacleAction, by: User, day: date = DAY, **more: Any) -> Any:
    """One step as somebody takes it who sees the obstacle as it is now."""
    obstacle.refresh_from_db()
    given = {"note": "已核实", **more}
    event = act(
        obstacle.pk, action, version=obstacle.version, by=by, on=day, at=moment(day), **given
    )
    obstacle.refresh_from_db()
    return event


@pytest.fixture
def project(reporter):
    return make_project("成达万高铁", department=reporter.department)


@pytest.fixture
def obstacle(project, reporter):
    return raised(project, reporter)


def told(kind: str) -> set[str]:
    return set(
        Message.objects.filter(kind=kind, channel="inbox").values_list(
            "recipient__username", flat=True
        )
    )


def test_an_obstacle_is_raised_replied_to_and_cleared(obstacle, reporter, outsider):
    assert (obstacle.state, obstacle.level, obstacle.raised_by) == (S.OPEN, L.DEPARTMENT, reporter)
    take(obstacle, A.REPLY, outsider, note="本周签约")
    assert obstacle.state == S.REPLIED
    take(obstacle, A.CLEAR, reporter, day=date(2024, 3, 9))
    assert (obstacle.state, obstacle.cleared_on) == (S.CLEARED, date(2024, 3, 9))
    assert [(e.action, e.by) for e in obstacle.events.all()] == [
        ("raise", reporter),
        ("reply", outsider),
        ("clear", reporter),
    ]


def test_every_step_tells_what_was_before_and_after(obstacle, outsider, reporter):
    take(obstacle, A.REPLY, outsider)
    take(obstacle, A.CLEAR, reporter)
    first, second, third = obstacle.events.all()
    assert first.after["responsible"] == "500101-SLJ"
    assert first.before == dict.fromkeys(first.after)
    assert (second.before, second.after) == ({"state": "open"}, {"state": "replied"})
    assert third.after == {"state": "cleared", "cleared_on": "2024-03-01"}


def test_the_steps_are_a_chain(obstacle, outsider, manager):
    take(obstacle, A.REPLY, outsider)
    take(obstacle, A.ESCALATE, manager)
    steps = list(obstacle.events.all())
    links = [audit.Link(e.number, e.previous, chains.payload(e), e.digest) for e in steps]
    assert audit.breaks(links, version=obstacle.version, head=obstacle.head) == []
    assert (obstacle.version, obstacle.head) == (3, steps[-1].digest)


def test_an_obstacle_of_a_report_leads_back_to_it(reporter):
    entry = make_plan(reporter.department)
    open_rounds(2)
    report = report_of(entry, 2)
    assert raised(entry.project, reporter, report=report).report == report
    other = make_project(department=reporter.department)
    with pytest.raises(ValueError, match="another project"):
        raised(other, reporter, report=report)
    assert Obstacle.objects.count() == 1


def test_a_stranger_raises_nothing(project, outsider, leader):
    for person in (outsider, leader):
        with pytest.raises(ClearingError) as refused:
            raised(project, person)
        assert refused.value.refusal is Refusal.NOT_YOURS
    assert not Obstacle.objects.exists()


def test_what_cannot_be_raised_is_refused_by_its_field(project, reporter):
    with pytest.raises(InvalidStepError) as refused:
        raised(project, reporter, due_on=DAY - timedelta(days=1), text="  ")
    assert set(refused.value.errors) == {"due_on", "text"}
    gone = make_department("500101-OLD", dissolved_into=make_department("500101-SLJ"))
    with pytest.raises(InvalidStepError) as refused:
        raised(project, reporter, responsible=gone)
    assert set(refused.value.errors) == {"responsible"}


def test_a_form_that_is_sent_twice_raises_one_obstacle(project, reporter):
    raised(project, reporter)
    with pytest.raises(InvalidStepError) as refused:
        raised(project, reporter)
    assert set(refused.value.errors) == {"text"}
    take(Obstacle.objects.get(), A.CLEAR, reporter)
    assert raised(project, reporter).version == 1


@pytest.mark.parametrize("action", [A.REPLY, A.CLEAR, A.ESCALATE, A.MOVE])
def test_a_step_of_a_person_says_why(obstacle, admin, action):
    more = {"responsible": make_department("500101-FGW")} if action == A.MOVE else {}
    with pytest.raises(InvalidStepError) as refused:
        take(obstacle, action, admin, note="   ", **more)
    assert list(refused.value.errors) == ["note"]


def test_opening_again_says_why_and_starts_the_clock_anew(obstacle, reporter):
    take(obstacle, A.CLEAR, reporter, day=date(2024, 3, 10))
    with pytest.raises(InvalidStepError):
        take(obstacle, A.REOPEN, reporter, day=date(2024, 4, 1), note="")
    take(obstacle, A.REOPEN, reporter, day=date(2024, 4, 1), due_on=date(2024, 4, 20))
    assert (obstacle.state, obstacle.cleared_on, obstacle.due_on) == (
        S.OPEN,
        None,
        date(2024, 4, 20),
    )
    assert obstacle.level_due_on == date(2024, 4, 1) + timedelta(days=DEPARTMENT_DAYS)


def test_a_new_day_is_not_a_past_one(obstacle, reporter):
    take(obstacle, A.CLEAR, reporter)
    with pytest.raises(InvalidStepError) as refused:
        take(obstacle, A.REOPEN, reporter, due_on=DAY - timedelta(days=1))
    assert list(refused.value.errors) == ["due_on"]


def test_the_office_moves_an_obstacle_and_the_new_department_has_all_its_days(
    obstacle, manager, outsider
):
    take(obstacle, A.REPLY, outsider)
    forestry = make_department("500101-LYJ")
    day = date(2024, 3, 12)
    take(obstacle, A.MOVE, manager, day=day, responsible=forestry)
    assert (obstacle.responsible, obstacle.state) == (forestry, S.OPEN)
    assert obstacle.level_due_on == day + timedelta(days=DEPARTMENT_DAYS)
    event = obstacle.events.last()
    assert (event.before["responsible"], event.after["responsible"]) == ("500101-SLJ", "500101-LYJ")
    with pytest.raises(ClearingError):
        take(obstacle, A.REPLY, outsider)


def test_a_move_goes_to_another_department_that_still_exists(obstacle, manager):
    gone = make_department("500101-OLD", dissolved_into=make_department("500101-SLJ"))
    for responsible in (None, obstacle.responsible, gone):
        with pytest.raises(InvalidStepError) as refused:
            take(obstacle, A.MOVE, manager, responsible=responsible)
        assert list(refused.value.errors) == ["responsible"]


def test_the_refusal_says_whose_the_step_is(obstacle, reporter, outsider):
    with translation.override("en"):
        with pytest.raises(ClearingError, match="单位500101-SLJ"):
            take(obstacle, A.REPLY, reporter)
        with pytest.raises(ClearingError, match="project's own department"):
            take(obstacle, A.CLEAR, outsider)
        with pytest.raises(ClearingError, match="scheduling office"):
            take(obstacle, A.MOVE, outsider)
        with pytest.raises(ClearingError, match="Open"):
            take(obstacle, A.REOPEN, reporter)


def test_there_is_no_level_above_the_city(obstacle, manager):
    take(obstacle, A.ESCALATE, manager)
    take(obstacle, A.ESCALATE, manager)
    assert obstacle.level == L.CITY
    with pytest.raises(ClearingError) as refused:
        take(obstacle, A.ESCALATE, manager)
    assert refused.value.refusal is Refusal.TOP_LEVEL


# The clock


def climb(day: date) -> list[Obstacle]:
    return escalate_due(on=day, at=moment(day))


def test_an_obstacle_climbs_on_the_day_after_its_level_s_last(obstacle):
    last = DAY + timedelta(days=DEPARTMENT_DAYS)
    assert obstacle.level_due_on == last
    assert obstacle_clock.climbs_on(obstacle) == last + timedelta(days=1)
    assert climb(last) == []
    assert climb(last + timedelta(days=1)) == [obstacle]
    obstacle.refresh_from_db()
    assert obstacle.level == L.DISTRICT
    assert obstacle.level_due_on == last + timedelta(days=1 + DISTRICT_DAYS)
    event = obstacle.events.last()
    assert (event.action, event.by, event.before["level"], event.after["level"]) == (
        "escalate",
        None,
        1,
        2,
    )


def test_the_job_may_run_twice_and_skips_no_level_however_late(obstacle):
    late = date(2024, 9, 1)
    assert len(climb(late)) == 1
    assert climb(late) == []
    obstacle.refresh_from_db()
    assert (obstacle.level, obstacle.version) == (L.DISTRICT, 2)
    assert climb(late + timedelta(days=DISTRICT_DAYS)) == []
    assert len(climb(late + timedelta(days=DISTRICT_DAYS + 1))) == 1
    obstacle.refresh_from_db()
    assert obstacle.level == L.CITY
    assert climb(date(2030, 1, 1)) == []
    assert obstacle_clock.climbs_on(obstacle) is None


def test_a_reply_does_not_stop_the_clock(obstacle, outsider):
    take(obstacle, A.REPLY, outsider)
    assert len(climb(date(2024, 4, 1))) == 1
    obstacle.refresh_from_db()
    assert (obstacle.level, obstacle.state) == (L.DISTRICT, S.OPEN)


def test_clearing_stops_the_clock(obstacle, reporter):
    take(obstacle, A.CLEAR, reporter)
    assert climb(date(2024, 4, 1)) == []
    assert obstacle_clock.climbs_on(obstacle) is None


def test_overdue_is_counted_in_days_until_it_is_cleared(obstacle, reporter):
    due = obstacle.due_on
    assert obstacle_clock.days_overdue(obstacle, on=due) == 0
    assert obstacle_clock.days_overdue(obstacle, on=due + timedelta(days=3)) == 3
    found = Obstacle.objects.filter(obstacle_clock.overdue(due))
    assert not found.exists()
    assert Obstacle.objects.filter(obstacle_clock.overdue(due + timedelta(days=1))).exists()
    take(obstacle, A.CLEAR, reporter)
    assert obstacle_clock.days_overdue(obstacle, on=due + timedelta(days=3)) == 0
    assert not Obstacle.objects.filter(obstacle_clock.overdue(due + timedelta(days=3))).exists()


# Who is told


def test_both_departments_are_told_but_not_the_one_who_acts(reporter, outsider, leader, project):
    colleague = make_user("colleague", department=reporter.department)
    make_user("gone", department=outsider.department, is_active=False)
    obstacle = raised(project, reporter)
    assert told("obstacle_raise") == {"outsider", "colleague"}
    take(obstacle, A.REPLY, outsider, note="本周签约")
    assert told("obstacle_reply") == {"reporter", "colleague"}
    message = Message.objects.get(recipient=colleague, kind="obstacle_reply")
    assert message.url == obstacle.get_absolute_url()
    with translation.override("en"):
        assert "本周签约" in outbox.text(message)
        assert "成达万高铁" in outbox.subject(message)


def test_of_a_climb_leaders_and_the_office_are_told_too(obstacle, leader, manager):
    climb(date(2024, 4, 1))
    assert told("obstacle_to_district") == {"reporter", "leader", "manager"}
    climb(date(2024, 6, 1))
    assert "leader" in told("obstacle_to_city")


def test_of_a_move_the_old_department_is_told_as_well(obstacle, outsider, manager):
    forester = make_user("forester", department=make_department("500101-LYJ"))
    take(obstacle, A.MOVE, manager, responsible=forester.department)
    assert told("obstacle_move") == {"reporter", "outsider", "forester"}


def test_every_step_has_its_words(project, reporter):
    obstacle = raised(project, reporter)
    for kind in [*(f"obstacle_{action}" for action in A), *clearing.CLIMBS.values()]:
        message = Message(
            kind=kind,
            params={"project": "a", "text": "b", "department": "c", "who": "d", "note": "e"},
        )
        assert outbox.subject(message)
        assert outbox.text(message)
    assert obstacle.version == 1


# Two people


def test_a_stale_page_is_told_who_did_what(obstacle, reporter, outsider):
    version = obstacle.version
    take(obstacle, A.REPLY, outsider)
    with translation.override("en"), pytest.raises(StaleObstacleError) as stale:
        act(obstacle.pk, A.CLEAR, version=version, by=reporter, on=DAY, at=moment(DAY), note="好")
    assert [event.by for event in stale.value.events] == [outsider]
    assert "Reply" in str(stale.value)
    assert outsider.name in str(stale.value)
    assert Obstacle.objects.get().state == S.REPLIED


def test_a_page_that_the_clock_was_faster_than_is_told_of_the_clock(obstacle, reporter):
    climb(date(2024, 4, 1))
    with translation.override("en"), pytest.raises(StaleObstacleError, match="The clock"):
        act(obstacle.pk, A.CLEAR, version=1, by=reporter, on=DAY, at=moment(DAY), note="好")


@pytest.mark.usefixtures("transactional_db")
def test_of_two_who_act_at_the_same_moment_one_wins_and_the_other_is_told():
    project = make_project(department=make_department("500101-JTW"))
    people = [make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)]
    obstacle = raised(project, people[0])
    start = Barrier(2)

    def clear(person: User) -> str:
        start.wait()
        try:
            act(obstacle.pk, A.CLEAR, version=1, by=person, on=DAY, at=timezone.now(), note="已清")
        except StaleObstacleError as stale:
            return f"told of {stale.events[-1].by.username}"
        finally:
            connection.close()
        return person.username

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(clear, people))

    winner = ObstacleEvent.objects.get(action=A.CLEAR).by.username
    assert sorted(outcomes) == sorted([winner, f"told of {winner}"])
    assert Obstacle.objects.get().version == 2


@pytest.mark.usefixtures("transactional_db")
def test_two_jobs_at_the_same_moment_let_an_obstacle_climb_once():
    project = make_project(department=make_department("500101-JTW"))
    obstacle = raised(project, make_user(role=Role.MANAGER))
    start = Barrier(2)

    def job(_: int) -> int:
        start.wait()
        try:
            return len(climb(date(2024, 4, 1)))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(job, range(2))) == 1
    obstacle.refresh_from_db()
    assert (obstacle.level, obstacle.version) == (L.DISTRICT, 2)
