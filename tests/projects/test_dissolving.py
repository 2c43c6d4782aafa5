"""A department that is dissolved into another: what goes on goes over, what is past keeps its name."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import translation

from accounts.models import Department
from office import memory
from projects import clearing, outbox, round_keeping
from projects.dissolving import Belongings, DissolvingError, belongings, dissolve
from projects.models import (
    Message,
    Obstacle,
    ObstacleAction,
    ObstacleKind,
    ReopenGrant,
    ReportAction,
    StatusChange,
)
from projects.permissions import visible_reports
from projects.verification import verify
from projects.workflow import Refusal, WorkflowError
from tests.factories import make_department, make_user, signed_in
from tests.rounds import make_plan, moment, open_rounds, report_of, save, step, submit

A = ReportAction
DAY = date(2024, 4, 3)
OFFERED = "500101-JTW"


@pytest.fixture
def old(reporter) -> Department:
    """The transport department, which is to be dissolved; the reporter is its only officer."""
    return reporter.department


@pytest.fixture
def new(outsider) -> Department:
    """The department that takes over; the outsider is its only officer."""
    return outsider.department


@pytest.fixture
def entry(old):
    made = make_plan(old)
    open_rounds(3)
    return made


def dissolved(old, new, by, *, reason="机构改革方案", on=DAY) -> Belongings:
    return dissolve(old, new, reason=reason, by=by, on=on, at=moment(on))


def raised(project, responsible, by) -> Obstacle:
    return clearing.raise_obstacle(
        project,
        kind=ObstacleKind.LAND,
        text=f"未交地{Obstacle.objects.count()}",
        responsible=responsible,
        due_on=date(2024, 6, 1),
        by=by,
        on=DAY,
        at=moment(DAY),
    )


def act(obstacle, action, by, **more):
    obstacle.refresh_from_db()
    return clearing.act(
        obstacle.pk, action, version=obstacle.version, by=by, on=DAY, at=moment(DAY), **more
    )


def test_projects_go_over_and_their_histories_name_both_departments(entry, old, new, admin):
    dissolved(old, new, admin)
    entry.project.refresh_from_db()
    change = entry.project.changes.get()
    assert entry.project.department == new
    assert (change.before["department"], change.after["department"]) == (old.code, new.code)
    assert (change.by, change.old_status, change.new_status) == (admin, "started", "started")
    with translation.override("zh-hans"):
        assert old.name in change.reason
        assert "机构改革方案" in change.reason
    assert verify().findings == []


def test_the_department_keeps_its_name_and_says_where_it_went(entry, old, new, admin):
    dissolved(old, new, admin)
    old.refresh_from_db()
    assert (old.name, old.dissolved_into) == ("单位500101-JTW", new)


def test_who_worked_for_the_old_department_works_for_the_new_one(entry, old, new, reporter, admin):
    left = make_user("left", department=old, is_active=False)
    dissolved(old, new, admin)
    for person in (reporter, left):
        person.refresh_from_db()
        assert person.department == new


def test_a_draft_and_a_returned_report_are_worked_on_by_either_staff(
    entry, old, new, reporter, outsider, manager, admin
):
    other = make_plan(old)
    save(report_of(entry, 3), reporter, invested=250)
    submit(report_of(other, 3), reporter, invested=250)
    step(report_of(other, 3), A.RETURN, manager, note="请核对")
    with pytest.raises(WorkflowError) as refused:
        step(report_of(entry, 3), A.SUBMIT, outsider)
    assert refused.value.refusal is Refusal.NOT_YOURS

    dissolved(old, new, admin)

    assert report_of(entry, 3).invested_ytd == 250
    step(report_of(entry, 3), A.SUBMIT, outsider)
    reporter.refresh_from_db()
    submit(report_of(other, 3), reporter, invested=260)
    assert all(step(report_of(each, 3), A.APPROVE, manager) for each in (entry, other))
    assert visible_reports(outsider).filter(entry__in=[entry, other]).count() == 24


def test_obstacles_to_be_cleared_start_anew_with_the_successor_and_cleared_ones_stay(
    entry, old, new, reporter, outsider, admin
):
    theirs = make_plan(make_department("500101-NYJ")).project
    replied, cleared = (raised(theirs, old, admin) for _ in range(2))
    act(replied, ObstacleAction.REPLY, reporter, note="正在办理")
    act(cleared, ObstacleAction.CLEAR, admin, note="已交地")

    dissolved(old, new, admin)

    replied.refresh_from_db()
    cleared.refresh_from_db()
    assert (replied.responsible, replied.state) == (new, "open")
    assert (cleared.responsible, cleared.state) == (old, "cleared")
    moved = replied.events.latest("number")
    assert moved.before["responsible"] == old.code
    act(replied, ObstacleAction.REPLY, outsider, note="接手办理")
    assert verify().findings == []


def test_a_cleared_obstacle_that_is_opened_again_comes_to_the_successor(
    entry, old, new, outsider, admin
):
    obstacle = raised(entry.project, old, admin)
    act(obstacle, ObstacleAction.CLEAR, admin, note="已交地")
    dissolved(old, new, admin)
    act(obstacle, ObstacleAction.REOPEN, admin, note="又停了")
    obstacle.refresh_from_db()
    assert obstacle.responsible == new
    act(obstacle, ObstacleAction.REPLY, outsider, note="接手办理")


def test_units_below_it_come_below_the_successor_with_their_own_projects(old, new, admin, outsider):
    unit = make_department("500101-JTW-1", parent=old)
    office = make_department("500101-JTW-2", parent=unit)
    entry = make_plan(office)
    dissolved(old, new, admin)
    unit.refresh_from_db()
    office.refresh_from_db()
    assert (unit.parent, unit.path) == (new, f"{new.path}500101-JTW-1/")
    assert office.path == f"{unit.path}500101-JTW-2/"
    assert entry.project.department == office
    assert not StatusChange.objects.exists()
    assert visible_reports(outsider).count() == 12


def test_a_reopening_that_still_runs_serves_the_successor(
    entry, old, new, reporter, outsider, manager, admin
):
    march = report_of(entry, 3).period
    locked = march.locks_on
    round_keeping.open_and_lock(on=locked, at=moment(locked))
    until = locked + timedelta(days=3)
    for last, reason in ((until, "补报"), (locked, "先前")):
        round_keeping.reopen_for(
            march.pk,
            old,
            reason=reason,
            until=last,
            by=manager,
            on=locked,
            at=moment(locked),
        )
    day = locked + timedelta(days=1)
    dissolved(old, new, admin, on=day)

    taken_over = ReopenGrant.objects.get(department=new)
    assert (taken_over.period, taken_over.until, taken_over.by) == (march, until, admin)
    assert "补报" not in taken_over.reason
    assert ReopenGrant.objects.filter(department=old).count() == 2
    save(report_of(entry, 3), outsider, on=until, invested=250)
    with pytest.raises(WorkflowError):
        save(report_of(entry, 3), outsider, on=until + timedelta(days=1), invested=260)


def test_what_it_had_absorbed_before_now_leads_to_the_successor(old, new, admin):
    older = make_department("500101-OLD", dissolved_into=old)
    dissolved(old, new, admin)
    older.refresh_from_db()
    assert older.dissolved_into == new


def test_the_people_concerned_are_told_once_in_their_inbox(
    entry, old, new, reporter, outsider, manager, admin, leader
):
    dissolved(old, new, admin)
    told = Message.objects.filter(kind="department_dissolved", channel="inbox")
    assert {message.recipient for message in told} >= {reporter, outsider, manager}
    assert not told.filter(recipient__in=[leader, admin]).exists()
    assert told.count() == told.values("recipient").distinct().count()
    with translation.override("en"):
        said = outbox.text(told.get(recipient=outsider))
    assert said == (
        "admin先生 dissolved 单位500101-JTW into 单位500101-SLJ, which takes over its projects (1)"
        " and the obstacles that it had to clear (0): 机构改革方案"
    )


def refused(old, new, by, **more) -> str:
    with translation.override("en"), pytest.raises(DissolvingError) as caught:
        dissolved(old, new, by, **more)
    assert not StatusChange.objects.exists()
    return str(caught.value)


def test_what_cannot_be_is_refused_with_its_reason(entry, old, new, admin):
    below = make_department("500101-JTW-1", parent=old)
    gone = make_department("500101-OLD", name="撤并局", dissolved_into=new)
    assert refused(old, old, admin) == "A department cannot be dissolved into itself."
    assert "lies below the department" in refused(old, below, admin)
    assert refused(old, gone, admin) == "撤并局 has been dissolved itself."
    assert refused(gone, new, admin) == "撤并局 has been dissolved already."
    assert refused(old, new, admin, reason=" ") == "Say by what decision."


def test_it_may_be_dissolved_into_the_one_above_it(admin):
    above = make_department("500101-FGW")
    unit = make_department("500101-FGW-1", parent=above)
    entry = make_plan(unit)
    dissolved(unit, above, admin)
    entry.project.refresh_from_db()
    assert entry.project.department == above


def test_a_database_error_on_the_way_leaves_everything_as_it_was(entry, old, new, admin):
    make_plan(old)

    def failing(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "projects_message" in sql:
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(failing), pytest.raises(DatabaseError, match="disk is full"):
        dissolved(old, new, admin)
    old.refresh_from_db()
    assert (old.dissolved_into, old.projects.count(), old.users.count()) == (None, 2, 1)
    assert not StatusChange.objects.exists()


def test_a_deep_branch_that_does_not_fit_below_the_successor_is_refused(old, new, admin):
    below = new
    for level in range(8):
        below = make_department(f"{'Z' * 38}{level}", parent=below)
    unit = make_department(f"{'Y' * 38}1", parent=old)
    make_department(f"{'Y' * 38}2", parent=unit)
    assert "too deep" in refused(old, below, admin)


# What is offered


def test_a_dissolved_department_is_offered_nowhere_and_its_name_stays_in_the_history(
    entry, old, new, manager, admin
):
    client = signed_in(manager)
    pages = [reverse("projects:project-list"), reverse("projects:plan-list")]
    memory.forget()
    for page in pages:
        assert f'value="{OFFERED}"' in client.get(page).content.decode()
    dissolved(old, new, admin)
    memory.forget()
    for page in pages:
        assert f'value="{OFFERED}"' not in client.get(page).content.decode()
    detail = client.get(entry.project.get_absolute_url()).content.decode()
    assert old.name in detail
    forms = [
        reverse("admin:accounts_user_add"),
        reverse("admin:accounts_department_change", args=[new.pk]),
        reverse("admin:projects_project_change", args=[entry.project.pk]),
    ]
    for form in forms:
        assert f"({OFFERED})" not in signed_in(admin).get(form).content.decode()


# The administrators' page


@pytest.fixture
def address(old) -> str:
    return reverse("admin:dissolve", args=[old.pk])


def test_the_page_says_what_goes_over(entry, old, address, admin, new):
    make_department("500101-JTW-1", parent=old)
    raised(entry.project, old, admin)
    found = belongings(old, on=DAY)
    assert found == Belongings(projects=1, obstacles=1, people=1, units=1, reopenings=0)
    page = signed_in(admin).get(address)
    assert page.context["belongings"] == found
    assert list(page.context["form"].fields["into"].queryset) == [new]


def test_an_administrator_dissolves_it_after_saying_so(entry, old, new, address, admin):
    client = signed_in(admin)
    sent = {"into": new.code, "reason": "机构改革方案"}
    page = client.post(address, sent)
    assert page.status_code == HTTPStatus.OK
    assert "is_sure" in page.context["form"].errors
    old.refresh_from_db()
    assert old.dissolved_into is None

    response = client.post(address, {**sent, "is_sure": "on"}, follow=True)
    assert new.name in str(next(iter(response.context["messages"])))
    old.refresh_from_db()
    assert old.dissolved_into == new
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    page = client.get(reverse("admin:accounts_department_change", args=[old.pk]))
    assert address not in page.content.decode()


def test_the_departments_form_leads_to_the_page(old, address, admin):
    page = signed_in(admin).get(reverse("admin:accounts_department_change", args=[old.pk]))
    assert address in page.content.decode()


def test_others_find_no_such_page(address, manager, reporter, leader, client):
    for person in (manager, reporter, leader):
        assert signed_in(person).get(address).status_code == HTTPStatus.FORBIDDEN
        assert signed_in(person).post(address).status_code == HTTPStatus.FORBIDDEN
    assert client.get(address).status_code == HTTPStatus.FOUND


def test_wrong_methods_are_refused(address, admin):
    assert signed_in(admin).put(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
