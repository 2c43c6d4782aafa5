"""中期调整 on its page: from an open month on, old beside new, and nobody's decision lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import PlanRevision, ReportingPeriod
from projects.plan_rows import MONTH_FIELDS
from projects.planning import Decision, months_of, revise_plan
from tests.factories import make_department, make_entry, make_project, make_user, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.django_db
JULY = date(2024, 7, 15)


@pytest.fixture(autouse=True)
def _in_july(settings):
    settings.WZ_TODAY = JULY.isoformat()


@pytest.fixture
def entry(reporter, manager):
    """1200 万元, evenly; June's round was locked on the tenth of July."""
    made = make_plan(reporter.department, name="跨江大桥", entry={"goal": "started"})
    open_rounds(6)
    return made


def address(entry):
    return f"/plans/entries/{entry.pk}/revise/"


def fields(entry, **more):
    entry.refresh_from_db()
    return {
        "version": entry.version,
        "approved_by": "区人大常委会",
        "approved_on": "2024-07-12",
        "reason": "用地未落实",
        "from_month": "7",
        "planned_investment": "900",
        "goal": entry.goal,
        "spread": "proportion",
        **more,
    }


def save(client, entry, **more):
    """Look at old and new, then save."""
    posted = fields(entry, **more)
    shown = client.post(address(entry), posted).context["preview"]
    return client.post(address(entry), {**posted, "step": "save", "seal": shown["seal"]})


class TestWhoMay:
    def test_strangers_find_nothing_and_readers_may_not(self, entry, outsider, reporter, leader):
        assert signed_in(outsider).get(address(entry)).status_code == 404
        for reader in (reporter, leader):
            assert signed_in(reader).get(address(entry)).status_code == 403
            assert signed_in(reader).post(address(entry), fields(entry)).status_code == 403
        assert PlanRevision.objects.count() == 1

    def test_managers_and_administrators_may(self, entry, manager, admin):
        for keeper in (manager, admin):
            assert signed_in(keeper).get(address(entry)).status_code == 200
        assert signed_in(manager).delete(address(entry)).status_code == 405

    def test_before_it_is_adopted_there_is_nothing_to_revise(self, manager):
        assert signed_in(manager).get(address(make_entry())).status_code == 404

    def test_only_who_may_is_led_there(self, entry, manager, reporter):
        page = entry.project.get_absolute_url()
        assert address(entry) in signed_in(manager).get(page).content.decode()
        assert address(entry) not in signed_in(reporter).get(page).content.decode()


class TestTheMonths:
    def test_earlier_months_stay_and_what_remains_keeps_its_proportions(self, entry, manager):
        response = save(signed_in(manager), entry)
        assert response.status_code == 302
        entry.refresh_from_db()
        assert entry.planned_investment == 900
        assert list(months_of(entry)) == [
            100,
            200,
            300,
            400,
            500,
            600,
            650,
            700,
            750,
            800,
            850,
            900,
        ]
        assert [report_of(entry, m).planned_year for m in (6, 7)] == [1200, 900]

    def test_may_be_typed_and_earlier_ones_left_empty(self, entry, manager):
        later = ("600", "600", "700", "800", "800", "0.09亿元")
        typed = dict(zip(MONTH_FIELDS[6:], later, strict=True))
        save(signed_in(manager), entry, spread="typed", **typed)
        assert list(months_of(entry))[5:] == [600, 600, 600, 700, 800, 800, 900]

    def test_of_which_the_round_is_locked_are_refused_with_the_reason(self, entry, manager):
        client = signed_in(manager)
        html = client.get(address(entry)).content.decode()
        assert 'value="6" disabled' in html
        assert 'value="7" disabled' not in html
        response = client.post(address(entry), fields(entry, from_month="6"))
        (words,) = response.context["form"].errors["from_month"]
        assert str(ReportingPeriod.objects.get(year=2024, month=6)) in words
        assert response.context["form"]["reason"].value() == "用地未落实"

    def test_are_refused_by_the_day_even_before_the_job_has_locked_them(self, entry, manager):
        assert ReportingPeriod.objects.get(year=2024, month=6).locked_at is None
        response = signed_in(manager).post(address(entry), fields(entry, from_month="6"))
        assert response.status_code == 422

    def test_that_a_round_locks_under_the_form_is_told(self, entry, manager, settings):
        client = signed_in(manager)
        posted = fields(entry)
        seal = client.post(address(entry), posted).context["preview"]["seal"]
        settings.WZ_TODAY = "2024-08-20"
        response = client.post(address(entry), {**posted, "step": "save", "seal": seal})
        assert "from_month" in response.context["form"].errors
        assert PlanRevision.objects.count() == 1

    def test_of_a_project_that_enters_in_july_begin_there(self, manager):
        made = make_plan(planned=600, enters_in=7, name="七月入库")
        save(signed_in(manager), made, from_month="8", planned_investment="350", reason="压减")
        assert list(months_of(made)) == [0] * 6 + [100, 150, 200, 250, 300, 350]

    def test_figures_approved_already_stay(self, entry, reporter, manager, settings):
        settings.WZ_TODAY = "2024-07-05"
        approve(report_of(entry, 6), reporter, manager, invested=580)
        settings.WZ_TODAY = JULY.isoformat()
        save(signed_in(manager), entry)
        report = report_of(entry, 6)
        assert (report.planned_ytd, report.approved_invested_ytd) == (600, 580)


class TestFaults:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"reason": " "}, "reason"),
            ({"approved_by": ""}, "approved_by"),
            ({"approved_on": "2024-07-16"}, "approved_on"),
            ({"planned_investment": "9oo"}, "planned_investment"),
            ({"planned_investment": ""}, "planned_investment"),
            ({"from_month": "13"}, "from_month"),
            ({"goal": "x"}, "goal"),
            ({"version": ""}, "version"),
        ],
    )
    def test_of_the_decision_stand_at_their_field(self, entry, manager, values, field):
        response = signed_in(manager).post(address(entry), fields(entry, **values))
        assert response.status_code == 422
        assert field in response.context["form"].errors

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"planned_investment": "500"}, "planned_investment"),
            ({"spread": "typed", "month_7": "x"}, "month_7"),
            ({"spread": "typed", "month_7": "500"}, "month_7"),
            ({"spread": "typed", "month_6": "599"}, "month_6"),
        ],
    )
    def test_of_the_months_stand_at_their_month(self, entry, manager, values, field):
        response = signed_in(manager).post(address(entry), fields(entry, **values))
        assert response.status_code == 422
        assert field in {fault.field for fault in response.context["faults"]}
        assert PlanRevision.objects.count() == 1


class TestOldAndNew:
    def test_are_shown_before_anything_is_saved(self, entry, manager):
        response = signed_in(manager).post(address(entry), fields(entry, goal="accelerated"))
        shown = response.context["preview"]
        amount, goal = shown["changes"]
        assert (amount.old, amount.new) == (1200, 900)
        assert goal.old != goal.new
        assert [each.month for each in shown["months"] if each.is_changed] == [7, 8, 9, 10, 11, 12]
        assert PlanRevision.objects.count() == 1

    def test_are_shown_again_where_the_form_changed_since(self, entry, manager):
        client = signed_in(manager)
        seal = client.post(address(entry), fields(entry)).context["preview"]["seal"]
        changed = fields(entry, planned_investment="950", step="save", seal=seal)
        assert client.post(address(entry), changed).context["preview"]["seal"] != seal
        assert PlanRevision.objects.count() == 1

    def test_two_keepers_lose_nothing(self, entry, manager, admin):
        client = signed_in(manager)
        posted = fields(entry)
        seal = client.post(address(entry), posted).context["preview"]["seal"]
        revise_plan(
            entry.pk,
            Decision("区政府常务会议", date(2024, 7, 14), "资金到位"),
            from_month=8,
            version=entry.version,
            by=admin,
            at=moment(JULY),
            planned_investment=Decimal(1500),
        )
        response = client.post(address(entry), {**posted, "step": "save", "seal": seal})
        assert response.status_code == 409
        html = response.content.decode()
        for words in (admin.name, "区政府常务会议", "资金到位", "用地未落实"):
            assert words in html
        form = response.context["form"]
        assert form["planned_investment"].value() == "900"
        again = {**posted, "version": form["version"].value()}
        seal = client.post(address(entry), again).context["preview"]["seal"]
        assert (
            client.post(address(entry), {**again, "step": "save", "seal": seal}).status_code == 302
        )
        assert months_of(entry)[-1] == 900

    def test_the_goal_is_revised_with_the_plan(self, entry, manager):
        save(signed_in(manager), entry, goal="preparation")
        entry.refresh_from_db()
        assert entry.goal == "preparation"


class TestTheProjectsPage:
    def test_shows_the_plan_its_curve_and_every_decision_to_all_who_see_it(
        self, entry, manager, reporter
    ):
        save(signed_in(manager), entry)
        response = signed_in(reporter).get(entry.project.get_absolute_url())
        (plan,) = response.context["plans"]
        assert [each.new for each in plan.months][-2:] == [850, 900]
        adoption, revision = plan.decisions
        assert (adoption.is_adoption, revision.is_adoption) == (True, False)
        assert adoption.curve
        html = response.content.decode()
        for words in ("区人大常委会", "2024-07-12", "用地未落实", manager.name, "区人民政府"):
            assert words in html

    def test_takes_as_many_queries_for_one_decision_as_for_ten(self, entry, manager):
        client = signed_in(manager)
        client.get(entry.project.get_absolute_url())

        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get(entry.project.get_absolute_url())
            return len(found)

        one = queries()
        for number in range(9):
            save(client, entry, planned_investment=str(910 + number))
        client.get(entry.project.get_absolute_url())  # tells what was saved
        assert queries() == one

    def test_without_a_plan_has_no_months(self, reporter):
        project = make_project(department=make_department())
        make_entry(project)
        assert signed_in(make_user()).get(project.get_absolute_url()).context["plans"] == []
