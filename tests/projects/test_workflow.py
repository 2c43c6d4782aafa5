"""The life of a monthly report, step by step."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from projects.models import Message, ProgressReport, ReportAction, ReportEvent, ReportState, Status
from projects.workflow import InvalidFigures, Refusal, StaleReportError, WorkflowError, perform
from tests.factories import make_user
from tests.rounds import (
    approve,
    make_plan,
    moment,
    open_rounds,
    report_of,
    save,
    step,
    submit,
    values,
)

A, S = ReportAction, ReportState


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


@pytest.fixture
def report(entry):
    return report_of(entry, 3)


def test_a_report_goes_from_due_to_approved(report, reporter, manager):
    assert report.state == S.DUE
    save(report, reporter, invested=None)
    report.refresh_from_db()
    assert (report.state, report.invested_ytd) == (S.DRAFT, None)
    approved = approve(report, reporter, manager, invested=300)
    assert (approved.state, approved.approved_invested_ytd) == (S.APPROVED, Decimal(300))
    assert (approved.submitted_by, approved.reviewed_by) == (reporter, manager)
    assert [event.action for event in approved.events.all()] == [
        "save",
        "save",
        "submit",
        "approve",
    ]


def test_approval_applies_status_dates_and_light(report, reporter, manager):
    approve(
        report,
        reporter,
        manager,
        invested=300,
        status=Status.COMPLETED,
        physical_progress=Decimal(100),
        completed_on=date(2024, 3, 28),
    )
    project = report.entry.project
    project.refresh_from_db()
    assert (project.status, project.completed_on) == ("completed", date(2024, 3, 28))
    assert project.changes.get().by == manager
    assert report.light.computed == "green"
    assert report.entry.latest.invested_ytd == Decimal(300)


def test_what_was_saved_as_it_stood_leaves_no_event(report, reporter):
    save(report, reporter)
    before = ReportEvent.objects.count()
    save(report, reporter)
    assert ReportEvent.objects.count() == before


def test_a_stale_page_is_told_who_wrote_what_and_changes_nothing(report, reporter):
    colleague = make_user(department=reporter.department)
    save(report, colleague, invested=250)
    with pytest.raises(StaleReportError) as stale:
        perform(
            report.pk,
            A.SAVE,
            version=0,
            by=reporter,
            on=report.period.due_on,
            at=moment(report.period.due_on),
            values=values(260),
        )
    assert [event.by for event in stale.value.events] == [colleague]
    assert stale.value.events[0].after["invested_ytd"] == "250"
    assert ProgressReport.objects.get(pk=report.pk).invested_ytd == Decimal(250)


@pytest.mark.parametrize("action", [A.RETURN, A.REOPEN])
def test_going_back_says_why(report, reporter, manager, action):
    if action == A.RETURN:
        submit(report, reporter)
    else:
        approve(report, reporter, manager)
    with pytest.raises(InvalidFigures) as refused:
        step(report, action, manager, note="  ")
    assert list(refused.value.errors) == ["note"]
    assert step(report, action, manager, note="数据有误").note == "数据有误"


def test_the_reporter_is_told_what_became_of_the_report(report, reporter, manager):
    submit(report, reporter)
    step(report, A.RETURN, manager, note="请核对")
    message = Message.objects.get(recipient=reporter, channel="inbox")
    assert message.kind == "report_return"
    assert message.params["note"] == "请核对"


def test_who_wrote_the_figures_does_not_approve_them(report, manager, admin):
    submit(report, manager)
    with translation.override("en"), pytest.raises(WorkflowError) as refused:
        step(report, A.APPROVE, manager)
    assert refused.value.refusal is Refusal.OWN_WORK
    assert "somebody else" in str(refused.value)
    step(report, A.APPROVE, admin)


def test_who_only_saved_them_does_not_approve_them_either(report, reporter, manager, admin):
    save(report, manager, invested=200)
    step(report, A.SUBMIT, reporter)
    with pytest.raises(WorkflowError) as refused:
        step(report, A.APPROVE, manager)
    assert refused.value.refusal is Refusal.OWN_WORK
    step(report, A.APPROVE, admin)


def test_a_step_that_the_state_does_not_know_is_refused(report, reporter, manager):
    save(report, reporter)
    with pytest.raises(WorkflowError) as refused:
        step(report, A.APPROVE, manager)
    assert refused.value.refusal is Refusal.NO_SUCH_STEP


def test_a_stranger_takes_no_step(report, outsider, leader):
    for person in (outsider, leader):
        with pytest.raises(WorkflowError) as refused:
            save(report, person)
        assert refused.value.refusal is Refusal.NOT_YOURS


def test_a_locked_round_takes_no_step_of_anybody(report, reporter, manager):
    submit(report, reporter)
    for action, person in ((A.APPROVE, manager), (A.RETURN, manager)):
        with pytest.raises(WorkflowError) as refused:
            step(report, action, person, on=report.period.locks_on, note="x")
        assert refused.value.refusal is Refusal.CLOSED


def test_the_last_day_before_the_lock_is_still_open(report, reporter):
    save(report, reporter, on=report.period.locks_on - timedelta(days=1))


def test_figures_stay_in_force_while_a_reopened_report_is_corrected(report, reporter, manager):
    approve(report, reporter, manager, invested=300)
    step(report, A.REOPEN, manager, note="核减")
    save(report, reporter, invested=280)
    report.refresh_from_db()
    assert (report.state, report.approved_invested_ytd) == (S.REOPENED, Decimal(300))
    assert report.entry.latest.invested_ytd == Decimal(300)


def test_an_earlier_month_corrected_late_does_not_undo_the_present_status(entry, reporter, manager):
    february, march = report_of(entry, 2), report_of(entry, 3)
    approve(february, reporter, manager, invested=200)
    approve(march, reporter, manager, invested=300, status=Status.ACCELERATED)
    step(february, A.REOPEN, manager, note="更正", on=february.period.due_on)
    approve(february, reporter, manager, invested=210)
    entry.project.refresh_from_db()
    assert entry.project.status == "accelerated"


def test_a_status_that_the_lifecycle_refuses_names_its_field(entry, reporter):
    report = report_of(entry, 3)
    save(report, reporter, status=Status.COMPLETED, completed_on=date(2030, 1, 1))
    with pytest.raises(InvalidFigures) as refused:
        step(report, A.SUBMIT, reporter)
    assert "completed_on" in refused.value.errors


def test_a_blank_is_saved_but_not_submitted(report, reporter):
    save(report, reporter, invested=None)
    with pytest.raises(InvalidFigures) as refused:
        step(report, A.SUBMIT, reporter)
    assert "invested_ytd" in refused.value.errors
    report.refresh_from_db()
    assert report.state == S.DRAFT
