"""The pages of the rounds: who has not reported, and what the scheduling office does about it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import round_keeping, round_status, schedule
from projects.models import Message, ReopenGrant, ReportingPeriod, ReportState
from projects.permissions import visible_grants, visible_reports
from tests.factories import make_department, make_project, make_user, signed_in
from tests.rounds import (
    approve,
    make_plan,
    moment,
    open_rounds,
    period_of,
    report_of,
    save,
    step,
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


class TestTheList:
    """The rounds of a year."""

    def rounds(self, user, query=""):
        answer = signed_in(user).get(f"/rounds/{query}")
        assert answer.status_code == 200
        return {each.period.month: each for each in answer.context["rounds"]}

    def test_shows_days_state_and_counts_of_every_month(self, entry, reporter, manager, today):
        make_plan(reporter.department)
        approve(report_of(entry, 1), reporter, manager)
        submit(report_of(entry, 3), reporter, on=date(2024, 4, 6))
        today(OVERDUE)
        rounds = self.rounds(manager)
        assert list(rounds) == list(range(1, 13))
        assert [rounds[month].state.value for month in (1, 2, 3, 4)] == [
            "locked",
            "locked",
            "overdue",
            "upcoming",
        ]
        names = ("asked", "reported", "approved", "late")
        counts = {month: [rounds[month].counts[name] for name in names] for month in rounds}
        assert counts[1] == [2, 1, 1, 1]
        assert counts[2] == [2, 0, 0, 2]
        assert counts[3] == [2, 1, 0, 2]
        assert counts[4] == [0, 0, 0, 0]

    def test_counts_for_staff_only_what_they_see(self, entry, reporter, outsider):
        make_plan(outsider.department)
        assert self.rounds(reporter)[3].counts["asked"] == 1
        assert self.rounds(make_user(department=make_department("500101-XYZ")))[3].counts == (
            dict.fromkeys([*round_status.COUNTS, "late"], 0)
        )

    def test_of_another_year_is_chosen_and_nonsense_shows_the_present_one(self, entry, manager):
        schedule.ensure_periods(2023)
        assert self.rounds(manager, "?year=2023")[1].period.year == 2023
        for query in ("?year=abc", "?year=1999", "?year=99999999999999999999", ""):
            assert self.rounds(manager, query)[1].period.year == 2024

    def test_without_rounds_says_so(self, manager):
        with translation.override("en"):
            client = signed_in(manager)
            assert "No rounds yet" in text_of(
                client.get("/rounds/", headers={"Accept-Language": "en"})
            )

    def test_takes_as_many_queries_for_one_report_as_for_thirty(self, entry, reporter, manager):
        client = signed_in(manager)
        client.get("/rounds/")

        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get("/rounds/")
            return len(found)

        one = queries()
        for number in range(30):
            make_plan(make_department(f"500101-D{number:02}"))
        assert queries() == one


class TestWhoHasNotReported:
    """The page of a round."""

    def standings(self, user, address=MARCH):
        return signed_in(user).get(address).context["standings"]

    def test_counts_each_department_by_state_those_that_owe_most_first(
        self, entry, reporter, outsider, manager, today
    ):
        others = [make_plan(outsider.department) for _ in range(4)]
        approve(report_of(others[0], 3), outsider, manager)
        submit(report_of(others[1], 3), outsider)
        step(report_of(others[1], 3), "return", manager, note="改")
        save(report_of(others[2], 3), outsider)
        today(OVERDUE)
        first, second = self.standings(manager)
        assert first.department == outsider.department
        counts = {name: count for name, count in first.counts.items() if count}
        assert counts == {
            "asked": 4,
            "reported": 1,
            "outstanding": 3,
            "due": 1,
            "draft": 1,
            "returned": 1,
            "approved": 1,
            "late": 2,
        }
        assert (second.department, second.counts["due"]) == (reporter.department, 1)

    def test_names_the_projects_and_who_answers_for_them(self, entry, reporter, manager):
        gone = make_user("gone", department=reporter.department, is_active=False)
        (line,) = self.standings(manager)
        assert [report.entry for report in line.outstanding] == [entry]
        assert line.people == [reporter]
        page = text_of(signed_in(manager).get(MARCH))
        assert "跨江大桥" in page
        assert reporter.name in page
        assert gone.name not in page

    def test_a_submitted_report_is_not_outstanding(self, entry, reporter, manager):
        submit(report_of(entry, 3), reporter)
        assert self.standings(manager)[0].outstanding == []

    def test_a_unit_without_people_is_reported_for_by_the_one_above(self, entry, reporter, manager):
        unit = make_department("500101-JTW-GL", parent=reporter.department)
        make_plan(unit)
        lines = {line.department: line.people for line in self.standings(manager)}
        assert lines[unit] == [reporter]
        officer = make_user(department=unit)
        lines = {line.department: line.people for line in self.standings(manager)}
        assert (lines[unit], lines[reporter.department]) == ([officer], [reporter])

    def test_a_project_without_a_department_is_listed_and_nobody_can_be_reminded(
        self, entry, manager
    ):
        make_plan(None)
        line = self.standings(manager)[-1]
        assert (line.department, line.people, line.may_be_reminded) == (None, [], False)

    def test_staff_see_their_own_departments_only(self, entry, reporter, outsider):
        make_plan(outsider.department, name="引水工程")
        page = text_of(signed_in(reporter).get(MARCH))
        assert "跨江大桥" in page
        assert "引水工程" not in page
        assert outsider.name not in page

    def test_months_before_a_project_entered_are_not_asked_for(self, reporter, manager, today):
        make_plan(reporter.department, enters_in=7)
        open_rounds(3)
        assert self.standings(manager) == []

    def test_takes_as_many_queries_for_one_department_as_for_thirty(self, entry, manager):
        client = signed_in(manager)
        client.get(MARCH)

        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get(MARCH)
            return len(found)

        one = queries()
        assert one <= 16
        for number in range(30):
            make_plan(make_department(f"500101-D{number:02}"))
        assert queries() == one

    def test_of_many_departments_shows_fifty_a_page(self, entry, manager):
        for number in range(55):
            make_plan(make_department(f"500101-D{number:02}"))
        assert len(self.standings(manager)) == 50
        assert len(self.standings(manager, f"{MARCH}?page=2")) == 6


class TestWhyItIsOpenOrLocked:
    """What the page tells each reader."""

    def why(self, user):
        client = signed_in(user)
        return client.get(MARCH, headers={"Accept-Language": "en"}).context["why"]

    def grant(self, department, until=date(2024, 4, 20), reason="数据更正"):
        return round_keeping.reopen_for(
            period_of(3).pk,
            department,
            reason=reason,
            until=until,
            by=make_user(role="manager"),
            on=LOCKED,
            at=moment(LOCKED),
        )

    def test_an_open_round_says_until_when(self, entry, reporter):
        with translation.override("en"):
            assert "until 2024-04-09" in self.why(reporter)

    def test_a_locked_one_speaks_of_the_readers_department(
        self, entry, reporter, outsider, manager, today
    ):
        make_plan(outsider.department)
        self.grant(reporter.department)
        today(LOCKED)
        assert f"open again for {reporter.department}" in self.why(reporter)
        assert "reopening for your department" in self.why(outsider)
        assert "Only departments with a reopening" in self.why(manager)

    def test_an_ended_reopening_is_told(self, entry, reporter, today):
        self.grant(reporter.department, until=LOCKED)
        today(LOCKED + timedelta(days=1))
        assert "ended on 2024-04-12" in self.why(reporter)

    def test_reopenings_stand_on_the_page_with_who_when_and_why(
        self, entry, reporter, outsider, leader, today
    ):
        grant = self.grant(reporter.department)
        self.grant(outsider.department, until=LOCKED, reason="台风")
        today(LOCKED + timedelta(days=1))
        answer = signed_in(leader).get(MARCH)
        in_force = {each.department: ok for each, ok in answer.context["grants"]}
        assert in_force == {reporter.department: True, outsider.department: False}
        page = text_of(answer)
        for words in ("数据更正", "台风", str(grant.by), "2024-04-20", "2024-04-12 10:00"):
            assert words in page

    def test_staff_see_the_reopenings_of_their_own_line_only(self, entry, reporter, outsider):
        unit = make_department("500101-JTW-GL", parent=reporter.department)
        mine, below, other = map(self.grant, (reporter.department, unit, outsider.department))
        assert set(visible_grants(reporter)) == {mine, below}
        assert set(visible_grants(make_user(department=unit))) == {mine, below}
        assert set(visible_grants(outsider)) == {other}
        assert not visible_grants(make_user(department=unit, is_active=False)).exists()


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


def test_counts_add_up(entry, reporter, manager, today):
    for month in (1, 2, 3):
        make_plan(reporter.department, enters_in=month)
    today(OVERDUE)
    for period in ReportingPeriod.objects.filter(month__lte=3):
        counts = round_status.totals(period, visible_reports(manager), on=OVERDUE).counts
        states = ("due", "draft", "submitted", "returned", "reopened", "approved")
        assert counts["asked"] == sum(counts[state] for state in states)
        assert counts["asked"] == counts["reported"] + counts["outstanding"]


def test_people_of_a_project_are_those_of_its_department(db):
    assert round_status.responsible_people([]) == {}
    lonely = make_department("500101-LONELY")
    make_project(department=lonely)
    assert round_status.responsible_people([lonely]) == {lonely.pk: []}
