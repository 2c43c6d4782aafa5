"""Changing a project's status: who may, what may follow what, and what stays behind."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects import lifecycle
from projects.lifecycle import StatusUpdate, TransitionError
from projects.models import Project, Status, StatusChange
from tests.factories import make_department, make_project, make_user, signed_in

STATUSES = [value for value in Status.values if value]
# What may follow what, written down a second time.
FOLLOWERS = {
    "": "preparation started accelerated completed suspended withdrawn",
    "preparation": "started accelerated suspended withdrawn",
    "started": "accelerated completed preparation suspended withdrawn",
    "accelerated": "completed started preparation suspended withdrawn",
    "completed": "accelerated started withdrawn",
    "suspended": "preparation started accelerated withdrawn",
    "withdrawn": "preparation started accelerated",
}
TODAY = date(2024, 10, 28)


@pytest.mark.parametrize("old", ["", *STATUSES])
@pytest.mark.parametrize("new", STATUSES)
def test_only_the_statuses_of_the_table_follow(old, new):
    assert (Status(new) in lifecycle.allowed(old)) == (new in FOLLOWERS[old].split())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("completed", "accelerated"),
        ("accelerated", "started"),
        ("started", "preparation"),
        ("withdrawn", "started"),
        ("started", "suspended"),
        ("preparation", "withdrawn"),
    ],
)
def test_going_back_suspending_and_withdrawing_need_a_reason(old, new):
    project = Project(status=old)
    with pytest.raises(TransitionError) as refused:
        lifecycle.check(project, StatusUpdate(Status(new), reason="  "), on=TODAY)
    assert refused.value.field == "reason"
    lifecycle.check(project, StatusUpdate(Status(new), reason="改线"), on=TODAY)


@pytest.mark.parametrize(
    ("update", "field"),
    [
        (StatusUpdate(Status.COMPLETED), "completed_on"),
        (StatusUpdate(Status.COMPLETED, completed_on=date(2024, 10, 29)), "completed_on"),
        (StatusUpdate(Status.ACCELERATED, started_on=date(2024, 10, 29)), "started_on"),
        (StatusUpdate(Status.ACCELERATED, completed_on=date(2024, 1, 1)), "completed_on"),
        (
            StatusUpdate(
                Status.COMPLETED, started_on=date(2024, 5, 1), completed_on=date(2024, 4, 30)
            ),
            "completed_on",
        ),
        (StatusUpdate(Status.STARTED), "status"),
    ],
)
def test_a_wrong_date_or_status_is_refused_by_its_field(update, field):
    with pytest.raises(TransitionError) as refused:
        lifecycle.check(Project(status=Status.STARTED), update, on=TODAY)
    assert refused.value.field == field


def test_a_change_leaves_who_when_before_and_after(reporter):
    project = make_project(status=Status.STARTED, department=reporter.department)
    change = lifecycle.change_status(
        project,
        StatusUpdate(Status.COMPLETED, completed_on=date(2024, 9, 30)),
        version=0,
        by=reporter,
        on=TODAY,
        at=timezone.now(),
    )
    project.refresh_from_db()
    assert (project.status, project.completed_on, project.version) == (
        "completed",
        date(2024, 9, 30),
        1,
    )
    assert (change.by, change.before["status"], change.after["completed_on"]) == (
        reporter,
        "started",
        "2024-09-30",
    )


class HistoryIsAChain(TestCase):
    """However a project is changed, each change begins where the one before ended."""

    @given(st.lists(st.sampled_from(STATUSES), max_size=8))
    def test_each_change_begins_where_the_last_one_ended(self, wanted):
        user = make_user()
        project = make_project()
        for status in wanted:
            project.refresh_from_db()
            update = StatusUpdate(
                Status(status), "原因", completed_on=TODAY if status == "completed" else None
            )
            if Status(status) in lifecycle.allowed(project.status):
                lifecycle.change_status(
                    project,
                    update,
                    version=project.version,
                    by=user,
                    on=TODAY,
                    at=timezone.now(),
                )
        project.refresh_from_db()
        changes = list(StatusChange.objects.filter(project=project).order_by("id"))
        blank = {"status": "", "started_on": "", "completed_on": "", "department": ""}
        ends = [blank, *(c.after for c in changes)]
        assert [c.before for c in changes] == ends[:-1]
        assert project.status == ends[-1]["status"]
        assert project.version == len(changes)


@pytest.fixture
def project(reporter):
    return make_project("成达万高铁", status=Status.ACCELERATED, department=reporter.department)


def page(project):
    return f"/projects/{project.code}/status/"


def form(**fields):
    return {"version": "0", "status": "suspended", "reason": "资金未到位", **fields}


def test_who_may_open_and_send_the_form(project, reporter, outsider, manager, admin, leader):
    expected = {reporter: 200, manager: 200, admin: 200, leader: 403, outsider: 404}
    for person, status in expected.items():
        assert signed_in(person).get(page(project)).status_code == status, person
    for person in (leader, outsider):
        assert signed_in(person).post(page(project), form()).status_code == expected[person]
    assert not StatusChange.objects.exists()


def test_a_unit_above_keeps_the_projects_of_the_unit_below(reporter, project):
    project.department = make_department("500101-JTW-01", parent=reporter.department)
    project.save()
    assert signed_in(reporter).post(page(project), form()).status_code == 302
    below = make_user(department=project.department)
    project.department = reporter.department
    project.save()
    assert signed_in(below).get(page(project)).status_code == 404


def test_a_stale_form_is_told_who_was_faster_and_keeps_what_was_typed(project, reporter, manager):
    assert signed_in(manager).post(page(project), form()).status_code == 302
    client = signed_in(reporter)
    typed = form(status="withdrawn", reason="写了很久")
    answer = client.post(page(project), typed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert manager.name in text
    assert "写了很久" in text
    assert StatusChange.objects.count() == 1
    assert client.post(page(project), {**typed, "version": "1"}).status_code == 302


def test_a_missing_reason_is_shown_by_its_field(project, reporter):
    answer = signed_in(reporter).post(page(project), form(reason=""))
    assert answer.status_code == 200
    assert "reason" in answer.context["form"].errors


def test_the_form_is_sent_and_nothing_else(project, reporter):
    client = signed_in(reporter)
    assert client.put(page(project)).status_code == 405
    assert client.delete(page(project)).status_code == 405


def test_a_date_is_corrected_while_the_status_stays():
    project = Project(status=Status.SUSPENDED)
    update = StatusUpdate(Status.SUSPENDED, started_on=date(2023, 3, 1))
    lifecycle.check(project, update, on=TODAY)
