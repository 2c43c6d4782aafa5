"""The pages of the rounds: what was reported, who has not, and why a round is open or locked."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import round_keeping, round_status, schedule
from projects.models import ReportingPeriod
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

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
MARCH = "/rounds/2024/3/"
OPEN, OVERDUE, LOCKED = date(2024, 4, 3), date(2024, 4, 7), date(2024, 4, 12)


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
