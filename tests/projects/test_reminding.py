"""Which reminders are due on a day, to whom, and about what."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from projects import outbox, reminding, schedule
from projects.models import Message, ReportingPeriod
from projects.reminding import Occasion, occasion, remind_due
from tests.factories import make_department, make_user
from tests.rounds import make_plan, moment, open_rounds, period_of, report_of, save, step, submit

OPENS, DUE, LOCKS = date(2024, 3, 27), date(2024, 4, 5), date(2024, 4, 10)


def march(**more):
    opened = {"opened_at": moment(OPENS), **more}
    return ReportingPeriod(year=2024, month=3, opens_on=OPENS, due_on=DUE, locks_on=LOCKS, **opened)


def test_people_are_reminded_7_3_and_1_days_before_and_daily_until_the_lock():
    found = {
        day: occasion(march(), on=day)
        for day in (OPENS + timedelta(days=count) for count in range(20))
    }
    assert {day: kind for day, kind in found.items() if kind} == {
        date(2024, 3, 29): Occasion.DUE_SOON,
        date(2024, 4, 2): Occasion.DUE_SOON,
        date(2024, 4, 4): Occasion.DUE_SOON,
        date(2024, 4, 6): Occasion.OVERDUE,
        date(2024, 4, 7): Occasion.OVERDUE,
        date(2024, 4, 8): Occasion.OVERDUE,
        date(2024, 4, 9): Occasion.OVERDUE,
    }


def test_a_round_that_is_not_open_or_was_locked_early_reminds_nobody():
    assert occasion(march(opened_at=None), on=date(2024, 4, 4)) is None
    assert occasion(march(locked_at=moment(DUE)), on=date(2024, 4, 7)) is None


@given(st.dates(), st.integers(0, 60), st.integers(1, 60), st.integers(-80, 130))
def test_whatever_the_days_nobody_is_reminded_of_a_locked_round(opens, until_due, until_lock, on):
    due = min(opens, date(9990, 1, 1)) + timedelta(days=until_due)
    period = march()
    period.due_on, period.locks_on = due, due + timedelta(days=until_lock)
    day = date.fromordinal(max(1, due.toordinal() + on))
    kind = occasion(period, on=day)
    if schedule.is_locked(period, on=day):
        assert kind is None
    elif day > due:
        assert kind is Occasion.OVERDUE
    else:
        assert (kind is Occasion.DUE_SOON) == ((due - day).days in (7, 3, 1))


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department, name="跨江大桥")
    open_rounds(3)
    ReportingPeriod.objects.filter(month__lt=3).update(locked_at=moment(OPENS))
    return made


def told(**of):
    return Message.objects.filter(kind__in=Occasion, channel="inbox", **of)


def run(day):
    return remind_due(on=day, at=moment(day, 8))


@pytest.mark.django_db
class TestTheRun:
    """The reminders of a day."""

    def test_one_message_a_person_lists_all_that_is_owed(self, entry, reporter):
        for name in ("乙工程", "甲工程"):
            make_plan(reporter.department, name=name)
        submit(report_of(make_plan(reporter.department, name="已报"), 3), reporter)
        assert run(date(2024, 4, 2)) == 1
        message = told().get()
        assert message.recipient == reporter
        assert message.params["count"] == 3
        assert set(message.params["projects"].split("、")) == {"跨江大桥", "乙工程", "甲工程"}
        assert message.url == "/month/2024/3/"

    def test_is_written_once_however_often_the_job_runs(self, entry, reporter):
        day = date(2024, 4, 2)
        assert [run(day), run(day), run(day)] == [1, 0, 0]
        assert told().count() == 1
        assert run(date(2024, 4, 4)) == 1
        assert [run(date(2024, 4, 6)), run(date(2024, 4, 7))] == [1, 1]
        assert told().count() == 4

    def test_on_a_day_that_asks_for_none_nobody_is_reminded(self, entry):
        for day in (date(2024, 4, 3), DUE, LOCKS, LOCKS + timedelta(days=1)):
            assert run(day) == 0

    def test_goes_to_every_active_officer_of_the_department_and_to_nobody_else(
        self, entry, reporter, outsider, manager, leader, admin
    ):
        colleague = make_user(department=reporter.department)
        make_user(department=reporter.department, is_active=False)
        make_user(role=Role.MANAGER, department=reporter.department)
        run(date(2024, 4, 2))
        assert {message.recipient for message in told()} == {reporter, colleague}

    def test_a_person_of_two_units_has_one_message(self, entry, reporter):
        make_plan(make_department("500101-JTW-GL", parent=reporter.department), name="农村公路")
        run(date(2024, 4, 2))
        assert told().get().params["count"] == 2

    def test_whoever_has_handed_in_everything_is_left_in_peace(self, entry, reporter, manager):
        submit(report_of(entry, 3), reporter)
        assert run(date(2024, 4, 2)) == 0
        step(report_of(entry, 3), "return", manager, note="改")
        assert run(date(2024, 4, 4)) == 1

    def test_a_draft_is_still_owed(self, entry, reporter):
        save(report_of(entry, 3), reporter)
        assert run(date(2024, 4, 6)) == 1

    def test_a_project_that_has_not_entered_yet_owes_nothing(self, reporter):
        make_plan(reporter.department, enters_in=7)
        open_rounds(3)
        assert run(date(2024, 4, 2)) == 0

    def test_two_open_rounds_are_two_messages(self, entry, reporter):
        ReportingPeriod.objects.filter(month=2).update(locked_at=None, due_on=DUE, locks_on=LOCKS)
        assert run(date(2024, 4, 2)) == 2
        assert {message.params["period"] for message in told()} == {"2024-02", "2024-03"}

    def test_an_e_mail_goes_with_it_where_there_is_an_address(self, entry, reporter):
        reporter.email = "reporter@example.cn"
        reporter.save()
        make_user(department=reporter.department)
        run(date(2024, 4, 2))
        assert Message.objects.get(channel="email").recipient == reporter

    def test_a_long_list_is_cut_and_its_number_told(self, entry, reporter):
        for number in range(reminding.LONGEST_LIST):
            make_plan(reporter.department, name=f"工程{number}")
        run(date(2024, 4, 2))
        params = told().get().params
        assert params["count"] == reminding.LONGEST_LIST + 1
        assert params["projects"].count("、") == reminding.LONGEST_LIST
        assert params["projects"].endswith("…")

    def test_the_words_say_what_until_when_and_how_many(self, entry):
        run(date(2024, 4, 2))
        run(date(2024, 4, 7))
        overdue, soon = told().order_by("-pk")
        with translation.override("en"):
            assert outbox.subject(soon) == "Monthly reports of 2024-03: due on 2024-04-05"
            assert "(1): 跨江大桥" in outbox.text(soon)
            assert "overdue since 2024-04-05" in outbox.subject(overdue)
            assert "locked from 2024-04-10" in outbox.text(overdue)


@pytest.mark.django_db
def test_a_run_that_died_half_way_is_made_whole_by_the_next(entry, reporter):
    colleague = make_user(department=reporter.department, name="一人")
    day = date(2024, 4, 2)
    run(day)
    told(recipient=colleague).delete()
    assert run(day) == 1
    assert {message.recipient for message in told()} == {reporter, colleague}


@pytest.mark.django_db
def test_decembers_reminders_come_in_the_new_year(reporter):
    make_plan(reporter.department)
    open_rounds(12)
    ReportingPeriod.objects.filter(month__lt=12).update(locked_at=moment(OPENS))
    days = (date(2024, 12, 29), date(2025, 1, 2), date(2025, 1, 4), date(2025, 1, 6))
    assert [run(day) for day in days] == [1, 1, 1, 1]
    assert period_of(12).due_on == date(2025, 1, 5)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_reports(
    entry, reporter, django_assert_num_queries
):
    for _ in range(20):
        make_plan(reporter.department)
    # the rounds; what is owed, by which departments, their officers, who was told; one insert
    with django_assert_num_queries(6):
        run(date(2024, 4, 2))
