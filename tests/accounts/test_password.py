"""Changing one's own password, and having to."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.workflow import new_temporary_password, set_temporary_password
from tests.factories import PASSWORD, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PAGE = "/accounts/password/"
NEW = "seven loud mountains"


def change(client, new=NEW, again=None, old=PASSWORD):
    return client.post(
        PAGE, {"old_password": old, "new_password1": new, "new_password2": again or new}
    )


def test_a_new_password_replaces_the_old_one(reporter):
    assert change(signed_in(reporter)).url == reverse("summaries:home")
    reporter.refresh_from_db()
    assert reporter.check_password(NEW)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"old": "guess"}, "old_password"),
        ({"again": "seven quiet mountains"}, "new_password2"),
        ({"new": "short"}, "new_password2"),
        ({"new": "1234567890123"}, "new_password2"),
        ({"new": "password1234"}, "new_password2"),
        ({"new": "reporter2024"}, "new_password2"),
        ({"new": PASSWORD}, "new_password1"),
    ],
)
def test_a_bad_password_is_refused_at_its_field(reporter, fields, wrong):
    response = change(signed_in(reporter), **fields)
    assert response.status_code == HTTPStatus.OK
    assert wrong in response.context["form"].errors
    reporter.refresh_from_db()
    assert reporter.check_password(PASSWORD)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(reporter):
    here, elsewhere = signed_in(reporter), signed_in(reporter)
    before = here.session.session_key
    change(here)
    assert here.get(PAGE).status_code == HTTPStatus.OK
    assert here.session.session_key != before
    assert elsewhere.get(PAGE).status_code == HTTPStatus.FOUND


def test_a_temporary_password_lets_a_person_do_one_thing_only(reporter):
    password = set_temporary_password(reporter)
    client = signed_in(reporter)
    for page in ("/", "/accounts/profile/", "/admin/", "/accounts/login/"):
        assert client.get(page).url == PAGE
    assert client.get(PAGE).status_code == HTTPStatus.OK
    change(client, old=password)
    assert client.get("/accounts/profile/").status_code == HTTPStatus.OK


def test_a_temporary_password_cannot_be_kept(reporter):
    password = set_temporary_password(reporter)
    client = signed_in(reporter)
    assert "new_password1" in change(client, new=password, old=password).context["form"].errors
    assert client.get("/").url == PAGE


def test_a_person_with_a_temporary_password_may_leave_and_choose_the_language():
    client = signed_in(make_user(must_change_password=True))
    language = {"language": "en", "next": PAGE}
    assert client.post(reverse("set_language"), language).url == PAGE
    assert client.post(reverse("accounts:logout")).url == reverse("accounts:login")


def test_temporary_passwords_are_long_and_never_the_same():
    made = {new_temporary_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {19}
