"""Funding by source: who may enter what, how it is read, confirmed, kept and remembered."""

from decimal import Decimal

import pytest

from projects.models import Funding, StatusChange
from tests.factories import make_department, make_project, signed_in

pytestmark = pytest.mark.any_database

FIELDS = ("amount", "arrived")


@pytest.fixture
def project(reporter):
    return make_project(
        "成达万高铁", department=reporter.department, total_investment=Decimal(1000)
    )


def page(project):
    return f"/projects/{project.code}/funding/"


def form(version=0, **sources):
    """What the page sends: central=("300", "100") and so on."""
    typed = {"version": str(version)}
    for source, values in sources.items():
        typed |= {f"{field}_{source}": value for field, value in zip(FIELDS, values, strict=True)}
    return typed


def stored(project):
    return {row.source: (row.amount, row.arrived) for row in project.funding.all()}


def test_who_may_open_and_send_the_form(project, reporter, outsider, manager, admin, leader):
    expected = {reporter: 200, manager: 200, admin: 200, leader: 403, outsider: 404}
    for person, status in expected.items():
        client = signed_in(person)
        assert client.get(page(project)).status_code == status, person
        if status != 200:
            assert client.post(page(project), form(central=("1", ""))).status_code == status
    assert not Funding.objects.exists()


def test_the_form_is_sent_and_nothing_else(project, manager):
    client = signed_in(manager)
    assert client.put(page(project)).status_code == 405
    assert client.delete(page(project)).status_code == 405


def test_money_is_read_as_people_type_it(project, manager):
    typed = form(central=("1.2亿元", "1,200"), private=("３００", ""))
    assert signed_in(manager).post(page(project), typed).status_code == 302
    assert stored(project) == {"central": (12000, 1200), "private": (300, None)}


def test_zero_is_kept_apart_from_nothing_stated(project, manager):
    signed_in(manager).post(page(project), form(central=("300", "0"), private=("300", "")))
    assert stored(project) == {"central": (300, 0), "private": (300, None)}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("三百", ""), "amount"),
        (("-5", ""), "amount"),
        (("1.234", ""), "amount"),
        (("123456789012345", ""), "amount"),
        (("300", "无"), "arrived"),
        (("", "5"), "amount"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(project, manager, values, field):
    answer = signed_in(manager).post(page(project), form(central=values))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {f"{field}_central"}
    assert values[0] in answer.content.decode()
    assert not Funding.objects.exists()
    assert not StatusChange.objects.exists()


def test_more_than_was_promised_has_to_be_confirmed_once(project, manager):
    client, typed = signed_in(manager), form(central=("300", "301"))
    answer = client.post(page(project), typed)
    assert answer.status_code == 422
    assert "confirm_central" in answer.content.decode()
    assert not Funding.objects.exists()

    confirmed = {**typed, "confirm_central": "on"}
    assert client.post(page(project), confirmed).status_code == 302
    assert stored(project) == {"central": (300, 301)}
    # Nobody is asked again for what stands already.
    later = form(1, central=("300", "301"), private=("5", ""))
    assert client.post(page(project), later).status_code == 302


def test_a_confirmation_is_for_its_own_source(project, manager):
    typed = form(central=("300", "301"), private=("10", "11")) | {"confirm_central": "on"}
    answer = signed_in(manager).post(page(project), typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"arrived_private"}


def test_every_change_is_a_step_of_the_project_with_before_and_after(project, manager):
    client = signed_in(manager)
    client.post(page(project), form(central=("300", ""), private=("10", "")))
    client.post(page(project), form(1, central=("300", "200"), private=("", "")))
    first, second = StatusChange.objects.order_by("number")
    assert first.before == {"funding:central": None, "funding:private": None}
    assert second.before == {
        "funding:central": {"amount": "300", "arrived": None},
        "funding:private": {"amount": "10", "arrived": None},
    }
    assert second.after == {
        "funding:central": {"amount": "300", "arrived": "200"},
        "funding:private": None,
    }
    project.refresh_from_db()
    assert (second.by, second.previous, project.version, project.head) == (
        manager,
        first.digest,
        2,
        second.digest,
    )
    assert stored(project) == {"central": (300, 200)}


def test_what_does_not_differ_leaves_no_step(project, manager):
    client = signed_in(manager)
    client.post(page(project), form(central=("300", "")))
    assert client.post(page(project), form(1, central=("300.00", ""))).status_code == 302
    assert StatusChange.objects.count() == 1


def test_a_reporting_officer_enters_what_arrived_and_no_amount(project, reporter):
    Funding.objects.create(project=project, source="central", amount=300)
    client = signed_in(reporter)
    typed = form(central=("900", "120"), private=("50", "50"))
    assert client.post(page(project), typed).status_code == 302
    assert stored(project) == {"central": (300, 120)}


def test_a_stale_form_is_told_who_was_faster_and_keeps_what_was_typed(project, reporter, manager):
    Funding.objects.create(project=project, source="central", amount=300)
    client = signed_in(reporter)
    client.cookies["django_language"] = "en"
    assert signed_in(manager).post(page(project), form(central=("400", ""))).status_code == 302
    typed = form(central=("300", "123.45"))
    answer = client.post(page(project), typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert manager.name in html
    assert "<del>300</del>" in html
    assert 'value="123.45"' in html
    assert stored(project) == {"central": (400, None)}
    assert client.post(page(project), typed | {"version": "1"}).status_code == 302
    assert stored(project) == {"central": (400, Decimal("123.45"))}


def test_the_project_page_shows_totals_and_the_rate_with_its_parts(project, manager, leader):
    Funding.objects.create(project=project, source="central", amount=600, arrived=150)
    Funding.objects.create(project=project, source="private", amount=600)
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    html = client.get(project.get_absolute_url()).content.decode()
    assert "25.0%" in html
    assert "150.00 ten thousand yuan arrived of 600.00 ten thousand yuan" in html
    assert "arrivals are stated for 1 of 2 sources" in html
    assert "the sources exceed it by 200.00 ten thousand yuan" in html
    assert page(project) in html
    assert page(project) not in signed_in(leader).get(project.get_absolute_url()).content.decode()


def test_the_history_tells_what_changed(project, manager):
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    client.post(page(project), form(central=("300", "")))
    client.post(page(project), form(1, central=("300", "250")))
    html = client.get(project.get_absolute_url()).content.decode()
    assert "Funding, Central budget: arrived" in html
    assert "<ins>250</ins>" in html


def test_the_page_of_an_unknown_project_is_not_there(manager):
    assert signed_in(manager).get("/projects/500101-9999/funding/").status_code == 404


def test_staff_of_a_unit_below_do_not_enter_for_the_unit_above(project, reporter):
    below = make_department("500101-JTW-01", parent=reporter.department)
    reporter.department = below
    reporter.save()
    assert signed_in(reporter).get(page(project)).status_code == 404
