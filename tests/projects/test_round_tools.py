"""What the scheduling office does with a round: dates, lock, reminders, reopenings."""

from datetime import date, timedelta

import pytest

from projects import round_keeping, round_status, schedule
from projects.models import Message, ReopenGrant, ReportState
from tests.factories import make_department, make_user, signed_in
from tests.rounds import (
    make_plan,
    moment,
    open_rounds,
    period_of,
    report_of,
    save,
    submit,
)

pytestmark = pytest.mark.django_db
MARCH = "/rounds/2024/3/"
OPEN, OVERDUE, LOCKED = date(2024, 4, 3), date(2024, 4, 7), date(2024, 4, 12)
TOOLS = ("dates", "lock", "remind", "reopen")


@pytest.fixture
def today(settings):
    """A function that sets the business date."""

    def set_today(day):
        settings.WZ_TODAY = day.isoformat()

    set_today(OPEN)
    return set_today


@pytest.fixture
def entry(reporter, today):
    made = make_plan(reporter.department, name="跨江大桥")
    open_rounds(3)
    return made


def text_of(response):
    return response.content.decode()


def days(opens="2024-03-27", due="2024-04-05", locks="2024-04-10", seen=None):
    seen = seen or str(round_keeping.Days.of(period_of(3)))
    return {"opens_on": opens, "due_on": due, "locks_on": locks, "seen": seen}


def kept_days():
    return str(round_keeping.Days.of(period_of(3)))


class TestWhoMayDoWhat:
    """Everybody sees the rounds; only those who run them act."""

    def test_a_stranger_signs_in_first(self, entry, client):
        assert client.get(MARCH).status_code == 302
        assert client.get("/rounds/").status_code == 302

    def test_a_round_that_does_not_exist_is_not_found(self, entry, manager):
        client = signed_in(manager)
        for address in ("/rounds/2024/13/", "/rounds/1999/1/", "/rounds/2024/0/"):
            assert client.get(address).status_code == 404
            assert client.post(f"{address}lock/").status_code == 404

    @pytest.mark.parametrize("persona", ["reporter", "leader"])
    @pytest.mark.parametrize("tool", TOOLS)
    def test_readers_are_refused(self, entry, request, persona, tool, today):
        today(LOCKED)
        client = signed_in(request.getfixturevalue(persona))
        assert client.post(f"{MARCH}{tool}/", days()).status_code == 403
        page = text_of(client.get(MARCH))
        assert f"{MARCH}{tool}/" not in page
        assert not ReopenGrant.objects.exists()
        assert period_of(3).locked_at is None

    @pytest.mark.parametrize("tool", TOOLS)
    def test_reading_an_action_is_the_wrong_method(self, entry, manager, tool):
        assert signed_in(manager).get(f"{MARCH}{tool}/").status_code == 405

    def test_writing_to_a_page_is_the_wrong_method(self, entry, manager):
        for address in ("/rounds/", MARCH):
            assert signed_in(manager).post(address).status_code == 405

    @pytest.mark.parametrize("persona", ["manager", "admin"])
    def test_those_who_run_the_rounds_are_offered_what_is_possible(
        self, entry, request, persona, today
    ):
        client = signed_in(request.getfixturevalue(persona))
        offered = {}
        for day in (OPEN, OVERDUE, LOCKED):
            today(day)
            page = text_of(client.get(MARCH))
            offered[day] = [tool for tool in TOOLS if f'action="{MARCH}{tool}/"' in page]
        assert offered == {
            OPEN: ["dates", "remind"],
            OVERDUE: ["dates", "lock", "remind"],
            LOCKED: ["dates", "lock", "reopen"],
        }


class TestMovingTheDays:
    """Opening, due and locking day."""

    @pytest.fixture
    def client(self, entry, manager):
        return signed_in(manager)

    def test_moves_them_and_tells_those_who_still_owe(self, client, reporter, manager, outsider):
        done = make_plan(outsider.department)
        submit(report_of(done, 3), outsider)
        answer = client.post(f"{MARCH}dates/", days(due="2024-04-08", locks="2024-04-15"))
        assert answer.status_code == 302
        assert kept_days() == "2024-03-27 2024-04-08 2024-04-15"
        told = Message.objects.get(kind="round_dates")
        assert told.recipient == reporter
        assert told.params["due"] == "2024-04-08"
        assert told.params["who"] == str(manager)

    def test_saving_them_unchanged_tells_nobody(self, client):
        assert client.post(f"{MARCH}dates/", days()).status_code == 302
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"due": "2024-03-26"}, "due_on"),
            ({"due": "2024-04-02"}, "due_on"),
            ({"due": "2024-04-10"}, "locks_on"),
            ({"locks": "2024-04-05"}, "locks_on"),
            ({"due": ""}, "due_on"),
            ({"locks": "2024-02-30"}, "locks_on"),
        ],
        ids=[
            "due before it opens",
            "due yesterday",
            "due as it locks",
            "locked when due",
            "blank",
            "no such day",
        ],
    )
    def test_impossible_days_come_back_with_the_error_at_their_field(self, client, typed, field):
        answer = client.post(f"{MARCH}dates/", days(**typed))
        assert answer.status_code == 200
        form = answer.context["days_form"]
        assert list(form.errors) == [field]
        ((name, value),) = typed.items()
        assert form[f"{name}_on"].value() == value
        assert kept_days() == "2024-03-27 2024-04-05 2024-04-10"

    def test_a_day_that_locks_at_once_is_refused(self, client, today):
        today(OVERDUE)
        answer = client.post(f"{MARCH}dates/", days(locks=OVERDUE.isoformat()))
        assert list(answer.context["days_form"].errors) == ["locks_on"]

    def test_the_opening_day_of_an_open_round_stays(self, client):
        client.post(f"{MARCH}dates/", days(opens="2024-03-01"))
        assert kept_days().startswith("2024-03-27")
        with pytest.raises(round_keeping.RoundError) as refused:
            round_keeping.change_days(
                period_of(3).pk,
                round_keeping.Days(date(2024, 3, 1), date(2024, 4, 5), date(2024, 4, 10)),
                seen=kept_days(),
                by=make_user(role="manager"),
                on=OPEN,
                at=moment(OPEN),
            )
        assert refused.value.field == "opens_on"

    def test_a_round_whose_opening_day_is_moved_to_today_opens_at_once(self, client, entry):
        april = period_of(4)
        typed = {
            "opens_on": OPEN.isoformat(),
            "due_on": april.due_on.isoformat(),
            "locks_on": april.locks_on.isoformat(),
            "seen": str(round_keeping.Days.of(april)),
        }
        assert client.post("/rounds/2024/4/dates/", typed).status_code == 302
        assert period_of(4).opened_at is not None
        assert report_of(entry, 4).state == ReportState.DUE

    def test_before_the_job_has_locked_it_the_locking_day_may_still_be_moved(self, client, today):
        today(LOCKED)
        client.post(f"{MARCH}dates/", days(locks="2024-04-20"))
        assert not schedule.is_locked(period_of(3), on=LOCKED)

    def test_a_locked_round_is_not_opened_by_its_days(self, client, today):
        today(LOCKED)
        schedule.lock_due(on=LOCKED, at=moment(LOCKED))
        answer = client.post(f"{MARCH}dates/", days(locks="2024-04-20"))
        assert answer.status_code == 409
        assert "2024-04-20" in text_of(answer)
        assert kept_days() == "2024-03-27 2024-04-05 2024-04-10"
        assert f'action="{MARCH}dates/"' not in text_of(client.get(MARCH))

    def test_of_two_writers_the_second_is_told_and_keeps_what_was_typed(self, client):
        seen = kept_days()
        client.post(f"{MARCH}dates/", days(due="2024-04-08", locks="2024-04-12"))
        answer = client.post(f"{MARCH}dates/", days(locks="2024-04-20", seen=seen))
        assert answer.status_code == 409
        assert "2024-04-08" in answer.context["stale"]
        form = answer.context["days_form"]
        assert form["locks_on"].value() == "2024-04-20"
        assert kept_days() == "2024-03-27 2024-04-08 2024-04-12"
        again = {name: form[name].value() for name in form.fields}
        again["opens_on"] = "2024-03-27"
        assert client.post(f"{MARCH}dates/", again).status_code == 302
        assert kept_days() == "2024-03-27 2024-04-05 2024-04-20"


class TestLocking:
    """Locking now."""

    def test_locks_judges_and_says_since_when(self, entry, manager, today):
        today(OVERDUE)
        assert signed_in(manager).post(f"{MARCH}lock/").status_code == 302
        period = period_of(3)
        assert (period.locked_at is not None, period.locks_on) == (True, OVERDUE)
        assert report_of(entry, 3).light.computed
        assert not schedule.door(period, None, on=OVERDUE, grants=[]).is_open

    def test_before_its_due_day_has_passed_a_round_is_not_locked(self, entry, manager, today):
        client = signed_in(manager)
        client.post(f"{MARCH}lock/")
        today(date(2024, 4, 5))
        client.post(f"{MARCH}lock/")
        assert period_of(3).locked_at is None

    def test_a_round_that_is_not_open_is_not_locked(self, entry, manager, today):
        today(date(2024, 6, 7))
        answer = signed_in(manager).post("/rounds/2024/5/lock/", follow=True)
        assert answer.status_code == 200
        assert period_of(5).locked_at is None

    def test_twice_keeps_the_first_moment(self, entry, manager, today):
        today(OVERDUE)
        client = signed_in(manager)
        client.post(f"{MARCH}lock/")
        first = period_of(3)
        today(LOCKED)
        client.post(f"{MARCH}lock/")
        assert (period_of(3).locked_at, period_of(3).locks_on) == (first.locked_at, OVERDUE)


class TestReminding:
    """Remind now."""

    def told(self):
        found = Message.objects.filter(kind="round_reminder", channel="inbox")
        return sorted(found.values_list("recipient__username", flat=True))

    @pytest.fixture
    def both(self, entry, reporter, outsider):
        make_plan(outsider.department)
        return reporter.department, outsider.department

    def test_those_of_the_marked_departments_once_a_day(self, both, manager, today):
        client = signed_in(manager)
        for _ in range(2):
            assert client.post(f"{MARCH}remind/", {"department": both[0].pk}).status_code == 302
        assert self.told() == ["reporter"]
        client.post(f"{MARCH}remind/", {"department": [each.pk for each in both]})
        assert self.told() == ["outsider", "reporter"]
        today(OPEN + timedelta(days=1))
        client.post(f"{MARCH}remind/", {"department": both[0].pk})
        assert self.told() == ["outsider", "reporter", "reporter"]

    def test_all_that_owe(self, both, manager, reporter, outsider):
        submit(report_of(make_plan(make_department("500101-SWJ")), 3), make_user(role="manager"))
        signed_in(manager).post(f"{MARCH}remind/", {"all": "1"})
        assert self.told() == ["outsider", "reporter"]

    def test_the_words_name_who_asks_and_what_is_owed(self, both, manager, reporter):
        signed_in(manager).post(f"{MARCH}remind/", {"department": both[0].pk})
        params = Message.objects.get(recipient=reporter, channel="inbox").params
        assert (params["who"], params["count"], params["projects"]) == (str(manager), 1, "跨江大桥")

    @pytest.mark.parametrize("typed", [{}, {"department": "abc"}, {"department": "999999"}])
    def test_nobody_is_reminded_when_nothing_is_marked(self, both, manager, typed):
        answer = signed_in(manager).post(f"{MARCH}remind/", typed, follow=True)
        assert answer.status_code == 200
        assert self.told() == []

    def test_of_a_locked_round_only_those_whom_it_is_open_for(self, both, manager, today):
        today(LOCKED)
        client = signed_in(manager)
        client.post(f"{MARCH}remind/", {"all": "1"})
        assert self.told() == []
        schedule.reopen(
            period_of(3), both[1], reason="更正", until=LOCKED, by=manager, at=moment(LOCKED)
        )
        lines = client.get(MARCH).context["standings"]
        assert [line.department for line in lines if line.may_be_reminded] == [both[1]]
        client.post(f"{MARCH}remind/", {"all": "1"})
        assert self.told() == ["outsider"]


class TestReopening:
    """A locked round opened again for one department."""

    def typed(self, department, /, **more):
        return {
            "department": department.pk,
            "until": "2024-04-20",
            "reason": "数据更正",
        } | more

    def test_lets_the_department_write_and_tells_its_people(
        self, entry, reporter, outsider, manager, today
    ):
        today(LOCKED)
        unit = make_user(
            "unit", department=make_department("500101-JTW-GL", parent=reporter.department)
        )
        make_user("left", department=reporter.department, is_active=False)
        answer = signed_in(manager).post(f"{MARCH}reopen/", self.typed(reporter.department))
        assert answer.status_code == 302
        grant = ReopenGrant.objects.get()
        assert (grant.by, grant.reason, grant.until) == (manager, "数据更正", date(2024, 4, 20))
        told = Message.objects.filter(kind="round_reopened")
        assert {message.recipient for message in told} == {reporter, unit}
        assert told[0].params["reason"] == "数据更正"
        save(report_of(entry, 3), reporter, on=LOCKED)
        assert report_of(entry, 3).state == ReportState.DRAFT

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"reason": "   "}, "reason"),
            ({"reason": "长" * 401}, "reason"),
            ({"until": "2024-04-11"}, "until"),
            ({"until": ""}, "until"),
            ({"department": ""}, "department"),
            ({"department": "999999"}, "department"),
        ],
    )
    def test_what_is_missing_or_past_comes_back_at_its_field(
        self, entry, reporter, manager, today, wrong, field
    ):
        today(LOCKED)
        typed = self.typed(reporter.department, **wrong)
        answer = signed_in(manager).post(f"{MARCH}reopen/", typed)
        assert answer.status_code == 200
        form = answer.context["reopen_form"]
        assert list(form.errors) == [field]
        assert form["reason"].value() == typed["reason"]
        assert not ReopenGrant.objects.exists()

    def test_may_end_today(self, entry, reporter, manager, today):
        today(LOCKED)
        typed = self.typed(reporter.department, until=LOCKED.isoformat())
        assert signed_in(manager).post(f"{MARCH}reopen/", typed).status_code == 302

    def test_is_refused_while_the_round_is_open(self, entry, reporter, manager):
        answer = signed_in(manager).post(f"{MARCH}reopen/", self.typed(reporter.department))
        assert answer.context["reopen_form"].non_field_errors()
        assert not ReopenGrant.objects.exists()

    def test_is_offered_to_departments_of_the_round_and_those_above(
        self, reporter, outsider, manager, today
    ):
        bureau = reporter.department
        make_plan(make_department("500101-JTW-GL", parent=bureau))
        dissolved = make_department("500101-OLD", dissolved_into=bureau)
        make_plan(dissolved)
        open_rounds(3)
        offered = set(round_status.departments_asked(period_of(3)).values_list("code", flat=True))
        assert offered == {"500101-JTW", "500101-JTW-GL"}
        with pytest.raises(round_keeping.RoundError):
            round_keeping.reopen_for(
                period_of(3).pk,
                dissolved,
                reason="更正",
                until=LOCKED,
                by=manager,
                on=LOCKED,
                at=moment(LOCKED),
            )

    def test_a_department_without_people_has_those_above_told(
        self, entry, reporter, manager, today
    ):
        today(LOCKED)
        unit = make_department("500101-JTW-GL", parent=reporter.department)
        make_plan(unit)
        signed_in(manager).post(f"{MARCH}reopen/", self.typed(unit))
        assert Message.objects.get(kind="round_reopened").recipient == reporter
