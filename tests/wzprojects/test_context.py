"""What every page knows."""

import pytest
from django.urls import reverse

from office import memory
from tests.factories import make_department, make_user, signed_in

pytestmark = pytest.mark.django_db


def context_of(user, address="/accounts/profile/"):
    return signed_in(user).get(address).context


@pytest.mark.parametrize("persona", ["reporter", "manager", "leader", "admin"])
def test_administration_is_offered_to_administrators_only(persona, request):
    frame = context_of(request.getfixturevalue(persona))["frame"]
    urls = [item.url for group in frame.nav for item in group.items]
    assert (reverse("admin:index") in urls) is (persona == "admin")
    assert reverse("summaries:home") in urls


def test_the_present_page_is_marked_and_no_other(manager):
    nav = context_of(manager, reverse("projects:project-list"))["frame"].nav
    marked = [item.url for group in nav for item in group.items if item.active]
    assert marked == [reverse("projects:project-list")]


def test_nobody_is_offered_pages_that_a_temporary_password_does_not_open():
    user = make_user(must_change_password=True)
    assert context_of(user, reverse("accounts:password-change"))["frame"].nav == []


def test_every_page_says_that_data_are_invented(manager):
    assert not context_of(manager)["sample_data"]
    make_department(is_sample=True)
    memory.forget()
    assert context_of(manager)["sample_data"]


def test_the_business_date_is_told_only_where_it_is_set(manager, settings):
    assert context_of(manager)["business_date"] is None
    settings.WZ_TODAY = "2024-07-05"
    assert context_of(manager)["business_date"].isoformat() == "2024-07-05"


def test_a_stranger_learns_nothing(client):
    assert client.get("/accounts/login/").context["frame"].nav == []


def test_the_navigation_names_no_heading_without_a_page(reporter, admin):
    for person in (reporter, admin):
        nav = context_of(person)["frame"].nav
        headings = [group.heading for group in nav]
        assert len(set(headings)) == len(headings)
        assert all(group.items for group in nav)
