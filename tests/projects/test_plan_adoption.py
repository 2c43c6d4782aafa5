"""Adopting a year's plan on its page: typed, spread, pasted; previewed; all of it or nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AnnualPlan, PlanRevision, ProgressReport
from projects.planning import Adoption, Decision, adopt, months_of
from tests.factories import make_department, make_entry, make_project, make_user, signed_in
from tests.plans import amount, typed
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.django_db
PAGE = "/plans/2024/adopt/"
TWELVE = "10 20 30 40 50 60 70 80 90 100 110 120"


@pytest.fixture(autouse=True)
def _in_january(settings):
    settings.WZ_TODAY = "2024-01-20"


@pytest.fixture
def entries(reporter, outsider):
    made = []
    for position, department in enumerate((reporter.department, outsider.department)):
        project = make_project(
            f"项目甲{position}", department=department, code=f"500101-A{position}"
        )
        made.append(make_entry(project, position=position, goal="started"))
    return made


@pytest.fixture
def client(manager, entries):
    return signed_in(manager)


def preview(client, posted, address=PAGE):
    return client.post(address, posted)


def adopted(client, posted, address=PAGE):
    """Preview and then adopt what the preview showed."""
    shown = preview(client, posted, address).context["sheet"].preview
    return client.post(address, {**posted, "step": "adopt", "seal": shown["seal"]})


def faults(response):
    return {
        (row.entry.project.code, fault.field)
        for row in response.context["sheet"].rows
        for fault in row.faults
    }


class TestWhoMay:
    def test_strangers_find_nothing_and_readers_may_not(self, entries, reporter, leader):
        stranger = make_user(department=make_department("500101-XYZ"))
        assert signed_in(stranger).get(PAGE).status_code == 404
        for reader in (reporter, leader):
            assert signed_in(reader).get(PAGE).status_code == 403
            posted = typed((entries[0], amount("1200")), step="adopt")
            assert signed_in(reader).post(PAGE, posted).status_code == 403
        assert ProgressReport.objects.count() == 0

    def test_managers_and_administrators_may(self, entries, manager, admin):
        for keeper in (manager, admin):
            assert signed_in(keeper).get(PAGE).status_code == 200

    def test_a_year_without_entries_is_not_found_and_other_methods_are_refused(self, client):
        assert client.get("/plans/1999/adopt/").status_code == 404
        assert client.put(PAGE).status_code == 405

    def test_only_who_may_is_led_there(self, entries, manager, leader):
        plans, project = "/plans/?year=2024", entries[0].project.get_absolute_url()
        for address in (plans, project):
            assert PAGE in signed_in(manager).get(address).content.decode()
            assert PAGE not in signed_in(leader).get(address).content.decode()


class TestTheTable:
    def codes(self, client, query=""):
        response = client.get(f"{PAGE}{query}")
        return [row.entry.project.code for row in response.context["sheet"].rows]

    def test_has_the_entries_that_wait_with_what_is_known_of_them(self, client, entries):
        AnnualPlan.objects.filter(pk=entries[0].pk).update(planned_investment=900, enters_in=7)
        adopted(client, typed((entries[1], amount("1200"))))
        response = client.get(PAGE)
        (row,) = response.context["sheet"].rows
        assert row.entry == entries[0]
        assert (row.typed["planned_investment"], row.typed["enters_in"]) == ("900", "7")
        html = response.content.decode()
        assert "项目甲0" in html
        assert entries[0].project.department.name in html

    def test_is_narrowed_by_department_category_name_and_choice(self, client, entries):
        one, other = (entry.project for entry in entries)
        AnnualPlan.objects.filter(pk=entries[1].pk).update(category="ecology")
        assert self.codes(client, f"?department={one.department.code}") == [one.code]
        assert self.codes(client, "?category=ecology") == [other.code]
        assert self.codes(client, "?q=项目甲1") == [other.code]
        assert self.codes(client, f"?entry={entries[1].pk}") == [other.code]
        assert self.codes(client, f"?entry={entries[0].pk},{entries[1].pk}") == [
            one.code,
            other.code,
        ]
        html = client.get(f"{PAGE}?entry={entries[1].pk}").content.decode()
        assert "Decimal" not in html
        for nonsense in ("?entry=x", "?category=x", "?entry=99999999999999999999"):
            assert self.codes(client, nonsense) == []

    def test_shows_fifty_rows_a_page(self, client):
        for number in range(55):
            make_entry(position=100 + number)
        assert len(self.codes(client)) == 50
        assert len(self.codes(client, "?page=2")) == 7

    def test_takes_as_many_queries_for_one_row_as_for_thirty(self, client, entries):
        make_plan(year=2023)
        client.get(PAGE)

        def queries(rows):
            posted = typed(*[(entry, amount("1200", curve="season")) for entry in rows])
            with CaptureQueriesContext(connection) as found:
                client.get(PAGE)
                client.post(PAGE, posted)
            return len(found)

        one = queries(entries[:1])
        more = [
            make_entry(make_project(department=make_department(f"500101-D{n}"))) for n in range(30)
        ]
        assert queries(more) == one

    def test_adoption_writes_in_batches_not_row_by_row(self, client, entries):
        def queries(rows):
            posted = typed(*[(entry, amount("1200")) for entry in rows])
            seal = client.post(PAGE, posted).context["sheet"].preview["seal"]
            with CaptureQueriesContext(connection) as found:
                client.post(PAGE, {**posted, "step": "adopt", "seal": seal})
            return len(found)

        queries(entries[:1])  # makes the year's rounds
        one = queries(entries[1:])
        assert queries([make_entry() for _ in range(30)]) < one + 15


class TestTyping:
    @pytest.mark.parametrize(
        ("text", "planned"),
        [
            ("1,200", 1200),
            ("0.12亿元", 1200),
            ("１２００", 1200),
            ("1200.5", "1200.5"),
            ("¥300万", 300),
        ],
    )
    def test_amounts_are_understood_as_people_write_them(self, client, entries, text, planned):
        adopted(client, typed((entries[0], amount(text))))
        entries[0].refresh_from_db()
        assert entries[0].planned_investment == Decimal(str(planned))
        assert months_of(entries[0])[-1] == Decimal(str(planned))

    def test_months_are_taken_as_typed(self, client, entries):
        adopted(client, typed((entries[0], amount("120")), months={entries[0]: TWELVE}))
        entries[0].refresh_from_db()
        assert entries[0].curve == "typed"
        assert list(months_of(entries[0])) == [Decimal(each) for each in TWELVE.split()]

    def test_an_entry_without_an_amount_is_not_adopted(self, client, entries):
        response = adopted(client, typed((entries[0], amount("120")), (entries[1], amount(" "))))
        assert response.status_code == 302
        assert [entry.adopted_on for entry in AnnualPlan.objects.order_by("position")] == [
            date(2024, 1, 15),
            None,
        ]
        assert ProgressReport.objects.count() == 12

    def test_no_amount_at_all_adopts_nothing_and_says_so(self, client, entries):
        response = preview(client, typed((entries[0], amount(""))))
        assert (response.status_code, response.context["sheet"].preview) == (422, None)

    def test_months_without_an_amount_are_a_fault_and_not_lost(self, client, entries):
        response = preview(client, typed((entries[0], {}), months={entries[0]: TWELVE}))
        assert ("500101-A0", "planned_investment") in faults(response)
        assert response.context["sheet"].rows[0].typed["month_12"] == "120"

    def test_a_project_that_enters_in_july_has_nothing_before(self, client, entries):
        adopted(client, typed((entries[0], amount("600", enters_in="7月"))))
        entries[0].refresh_from_db()
        assert entries[0].enters_in == 7
        assert months_of(entries[0]) == tuple(Decimal(max(0, 100 * (m - 6))) for m in range(1, 13))

    def test_blank_months_before_july_are_zero(self, client, entries):
        months = dict(zip(range(7, 13), ("100", "200", "300", "400", "500", "600"), strict=True))
        values = {f"month_{month}": text for month, text in months.items()}
        adopted(client, typed((entries[0], amount("600", enters_in="7", **values))))
        assert months_of(entries[0])[:7] == (0, 0, 0, 0, 0, 0, 100)

    def test_the_decision_is_kept(self, client, entries, manager):
        adopted(client, typed((entries[0], amount("120"))))
        revision = PlanRevision.objects.get()
        assert (revision.approved_by, revision.approved_on) == ("区人民政府", date(2024, 1, 15))
        assert revision.by == manager
        assert revision.after["curve"] == "even"


class TestFaults:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            (amount("12o0"), "planned_investment"),
            (amount("-5"), "planned_investment"),
            (amount("1.005"), "planned_investment"),
            (amount("9" * 20), "planned_investment"),
            (amount("85%"), "planned_investment"),
            (amount("100", enters_in="13"), "enters_in"),
            (amount("100", enters_in="七"), "enters_in"),
            (amount("100", curve="typed"), "month_1"),
            (amount("100", curve="bell"), "curve"),
            (amount("100", curve="season"), "curve"),
            (amount("100", curve="even", month_3="5"), "curve"),
            (amount("100", month_3="abc"), "month_3"),
        ],
    )
    def test_stand_at_their_row_and_field_with_what_was_typed(self, client, entries, values, field):
        response = preview(client, typed((entries[0], values), (entries[1], amount("50"))))
        assert response.status_code == 422
        assert ("500101-A0", field) in faults(response)
        assert not any(code == "500101-A1" for code, _field in faults(response))
        row = response.context["sheet"].rows[0]
        assert {name: row.typed[name] for name in values} == values
        assert 'aria-invalid="true"' in response.content.decode()
        assert ProgressReport.objects.count() == 0

    @pytest.mark.parametrize(
        ("months", "field"),
        [
            ("10 5 30 40 50 60 70 80 90 100 110 120", "month_2"),
            ("10 20 30 40 50 60 70 80 90 100 110 119", "month_12"),
            ("-1 20 30 40 50 60 70 80 90 100 110 120", "month_1"),
        ],
    )
    def test_of_a_curve_stand_at_their_month(self, client, entries, months, field):
        response = preview(client, typed((entries[0], amount("120")), months={entries[0]: months}))
        assert ("500101-A0", field) in faults(response)

    def test_one_row_at_fault_keeps_all_from_being_adopted(self, client, entries):
        posted = typed((entries[0], amount("120")), (entries[1], amount("x")), step="adopt")
        assert client.post(PAGE, posted).status_code == 422
        assert AnnualPlan.objects.filter(adopted_on__isnull=False).count() == 0

    @pytest.mark.parametrize(
        "decision",
        [{"approved_by": " "}, {"approved_on": ""}, {"approved_on": "2024-01-21"}, {"spread": "x"}],
    )
    def test_an_incomplete_decision_adopts_nothing(self, client, entries, decision):
        response = preview(client, typed((entries[0], amount("120")), **decision))
        assert response.status_code == 422
        assert set(response.context["sheet"].form.errors) == set(decision)
        assert response.context["sheet"].rows[0].typed["planned_investment"] == "120"

    def test_an_entry_that_somebody_adopted_meanwhile_is_told(self, client, entries, manager):
        posted = typed((entries[0], amount("120")), (entries[1], amount("60")))
        seal = preview(client, posted).context["sheet"].preview["seal"]
        curve = [Decimal(each) for each in TWELVE.split()]
        decision = Decision("区政府", date(2024, 1, 15))
        plan = Adoption(entries[0].pk, Decimal(120), curve)
        adopt([plan], decision, by=manager, at=moment(date(2024, 1, 15)))
        response = client.post(PAGE, {**posted, "step": "adopt", "seal": seal})
        assert response.status_code == 422
        assert faults(response) == {("500101-A0", "")}
        assert PlanRevision.objects.count() == 1

    def test_entries_of_another_year_are_passed_over(self, client):
        other = make_entry(year=2025)
        response = preview(client, typed((other, amount("120"))))
        assert response.context["sheet"].rows == []
        assert client.post(PAGE, typed(entry=["x", "9" * 30])).status_code == 422


class TestThePreview:
    def test_shows_entries_and_their_sum_and_changes_nothing(self, client, entries):
        response = preview(
            client, typed((entries[0], amount("12000")), (entries[1], amount("3000")))
        )
        shown = response.context["sheet"].preview
        assert (shown["count"], shown["total"]) == (2, 15000)
        assert "1.5" in response.content.decode()  # 亿元
        assert PlanRevision.objects.count() == 0

    def test_is_shown_again_where_something_changed_since(self, client, entries):
        posted = typed((entries[0], amount("120")))
        seal = preview(client, posted).context["sheet"].preview["seal"]
        changed = typed((entries[0], amount("130")), step="adopt", seal=seal)
        response = client.post(PAGE, changed)
        assert response.context["sheet"].preview["total"] == 130
        assert PlanRevision.objects.count() == 0


class TestTheSeason:
    """Last year's approved months, of the project, else of its department, else of its category."""

    @pytest.fixture(autouse=True)
    def _last_year(self, settings, entries, reporter, manager):
        """A year in which the reporter's department invested in the second half only."""
        settings.WZ_TODAY = "2024-01-20"
        made = make_plan(reporter.department, year=2023, total_investment=100_000)
        open_rounds(12, 2023)
        for month in range(1, 13):
            invested = max(0, month - 6) * 100
            approve(
                report_of(made, month),
                reporter,
                manager,
                invested=invested,
                started_on=date(2022, 3, 1),
            )
        self.last = made

    def spread(self, client, entry, **values):
        (row,) = (
            preview(client, typed((entry, amount("600", curve="season", **values))))
            .context["sheet"]
            .rows
        )
        return row

    def test_of_the_project_itself_comes_first(self, client):
        row = self.spread(client, make_entry(self.last.project))
        assert row.adoption.season_of == "project"
        assert row.adoption.months[5:8] == (0, 100, 200)

    def test_of_the_department_follows_and_is_said(self, client, entries):
        posted = typed((entries[0], amount("600", curve="season")))
        row = self.spread(client, entries[0])
        assert row.adoption.season_of == "department"
        adopted(client, posted)
        after = PlanRevision.objects.get(entry=entries[0]).after
        assert (after["curve"], after["season_of"]) == ("season", "department")

    def test_of_the_category_is_the_last(self, client, entries):
        assert self.spread(client, entries[1]).adoption.season_of == "category"

    def test_is_none_where_a_month_was_not_approved(self, client, entries):
        ProgressReport.objects.filter(entry=self.last, period__month=12).update(
            approved_invested_ytd=None
        )
        assert self.spread(client, entries[0]).wrong == {"curve"}

    def test_is_none_where_nothing_was_invested_after_the_month_of_entry(self, client, entries):
        ProgressReport.objects.filter(entry=self.last, period__month__gte=7).update(
            approved_invested_ytd=0, invested_ytd=0
        )
        assert self.spread(client, entries[0], enters_in="7").wrong == {"curve"}

    def test_spreads_all_rows_without_months_where_it_is_chosen_above(self, client, entries):
        response = preview(client, typed((entries[0], amount("600")), spread="season"))
        assert response.context["sheet"].rows[0].adoption.shape == "season"


class TestABlock:
    """Rows copied from a spreadsheet, laid into the table without a script."""

    def lay(self, client, block):
        return client.post(PAGE, {"block": block})

    def test_is_laid_into_the_rows_that_it_names(self, client, entries):
        months = TWELVE.replace(" ", "\t")
        block = f"项目\t计划\t1月\n项目甲1\t120\t{months}\n500101-A0\t0.06亿元\t7\n"
        response = self.lay(client, block)
        rows = {row.entry: row.typed for row in response.context["sheet"].rows}
        assert rows[entries[1]]["month_12"] == "120"
        assert rows[entries[1]]["enters_in"] == ""
        assert rows[entries[0]]["planned_investment"] == "0.06亿元"
        assert rows[entries[0]]["enters_in"] == "7"
        assert PlanRevision.objects.count() == 0

    @pytest.mark.parametrize(
        "block",
        ["没有的项目\t5\n", "500101-A0\t5\n项目甲0\t6\n", "500101-A0" + "\t1" * 15, "项目\t计划\n"],
    )
    def test_at_fault_is_told_and_stays(self, client, block):
        response = self.lay(client, block)
        assert len(response.context["sheet"].block_faults) == 1
        assert response.context["sheet"].block["block"].value() == block

    def test_of_more_rows_than_a_page_takes_is_sent_to_the_workbook(self, client):
        codes = [make_entry().project.code for _ in range(51)]
        response = self.lay(client, "\n".join(f"{code}\t5" for code in codes))
        assert len(response.context["sheet"].block_faults) == 1
