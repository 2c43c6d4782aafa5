"""The list of a month: its entries, lights and reports are those that the month's cells count."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Role
from projects.list_month import Reporting
from projects.models import Light
from summaries import keeping
from summaries.cells import total
from summaries.models import ProgressCell
from tests.factories import make_department, make_entry, make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, submit


@pytest.fixture
def client(manager):
    return signed_in(manager)


@pytest.fixture
def august(settings, db):
    """A round on the day after it fell due, with entries in every state that a cell counts."""
    settings.WZ_TODAY = "2024-09-06"
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    home = make_department()
    full, behind, skipped, draft, late, waiting = (make_plan(home, planned=1200) for _n in range(6))
    make_plan(None, planned=600)
    make_plan(home, planned=900, enters_in=10)
    make_entry(planned_investment=50)
    open_rounds(8)
    for month in (6, 7, 8):
        approve(report_of(full, month), maker, checker, invested=100 * month)
    approve(report_of(behind, 8), maker, checker, invested=10)
    approve(report_of(skipped, 7), maker, checker, invested=700)
    save(report_of(draft, 8), maker)
    submit(report_of(late, 8), maker, on=date(2024, 9, 6))
    submit(report_of(waiting, 8), maker)
    keeping.rebuild(2024, at=timezone.now())
    return total(ProgressCell.objects.all(), 2024, 8).now


def totals(client, query):
    answer = client.get(f"/plans/?year=2024&month=8&{query}")
    assert answer.status_code == 200
    return answer.context["totals"]


@pytest.mark.parametrize(
    "reporting", ["", "due", "reported", "late", "unreported", "approved", "figures", "known"]
)
def test_a_report_of_the_month_is_listed_where_a_cell_counts_it(client, august, reporting):
    counted = getattr(august, reporting or "entries")
    assert totals(client, f"reporting={reporting}")["count"] == counted > 0


def test_every_condition_has_its_words_and_finds_something(client, august):
    found = {each.value: totals(client, f"reporting={each}")["count"] for each in Reporting}
    assert all(found.values())
    assert found["missing"] == august.missing
    assert found["overdue"] == august.overdue(due_on=date(2024, 9, 5), on=date(2024, 9, 6))


@pytest.mark.parametrize("light", [*Light.values, "none"])
def test_lights_are_those_of_the_month(client, august, light):
    counted = august.lights["" if light == "none" else light]
    assert totals(client, f"light={light}")["count"] == counted


def test_money_is_that_of_the_month(client, august):
    assert totals(client, "")["planned"] == august.planned == 6 * 1200 + 600 + 50
    assert totals(client, "reporting=figures")["invested"] == august.invested_ytd == 810
    assert totals(client, "reporting=known")["invested"] == august.known_ytd == 1510


def test_rows_show_the_month_and_not_what_came_after(client, august):
    page = client.get("/plans/?year=2024&month=6&reporting=figures").content.decode()
    assert ">600<" in page
    assert ">800<" not in page


def test_a_rate_keeps_its_decimals_where_the_figures_are_whole(client, manager):
    entry = make_plan(planned=1200)
    open_rounds(8)
    approve(report_of(entry, 8), make_user(role=Role.MANAGER), manager, invested=90)
    page = client.get("/plans/?year=2024&month=8&columns=name&columns=completion_rate")
    assert ">7.5<" in page.content.decode()


def test_entries_of_no_department_can_be_asked_for(client, august):
    assert totals(client, "department=none")["count"] == 2


def test_a_month_that_nobody_was_asked_for_has_its_entries_and_nothing_else(client, august):
    found = client.get("/plans/?year=2024&month=12").context["totals"]
    assert (found["count"], found["invested"]) == (august.entries + 1, None)
    found = client.get("/plans/?year=2024&month=12&reporting=known").context["totals"]
    assert found["count"] == 0


@pytest.mark.parametrize(
    "query", ["month=8", "year=2024&reporting=due", "light=none&year=2024", "year=2024&month=13"]
)
def test_what_cannot_be_answered_is_refused(client, august, query):
    answer = client.get(f"/plans/?{query}")
    assert answer.status_code == 400
    assert answer.context["totals"]["count"] == 0


@pytest.mark.usefixtures("august")
def test_a_month_s_list_sorts_by_every_offered_column(client):
    columns = client.get("/plans/?year=2024&month=8").context["columns"]
    for column in columns:
        for sign in ("", "-"):
            address = f"/plans/?year=2024&month=8&columns={column.name}&sort={sign}{column.name}"
            assert client.get(address).status_code == 200


def test_a_month_s_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    make_plan(planned=1200)
    client.get("/plans/?year=2024&month=8")
    with django_assert_max_num_queries(12) as first:
        client.get("/plans/?year=2024&month=8")
    for _n in range(29):
        make_plan(planned=1200)
    with django_assert_num_queries(len(first)):
        client.get("/plans/?year=2024&month=8")
