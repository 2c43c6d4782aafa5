"""Signing in and out, the lock after repeated failures, the session and its cookies."""

import runpy
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import settings as installed
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.workflow import is_locked, unlock
from tests.factories import PASSWORD, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LOGIN = "/accounts/login/"


def sign_in(client, username, password=PASSWORD, **data):
    return client.post(LOGIN, {"username": username, "password": password, **data})


def fail(times, username="reporter", **headers):
    for _ in range(times):
        response = Client(**headers).post(LOGIN, {"username": username, "password": "guess"})
    return response


def test_the_right_password_opens_the_home_page(client, reporter):
    response = sign_in(client, "reporter")
    assert (response.status_code, response.url) == (HTTPStatus.FOUND, reverse("summaries:home"))


def test_a_wrong_password_says_so_and_names_no_account(client, reporter):
    known, unknown = (
        list(sign_in(client, name, "guess").context["form"].non_field_errors())
        for name in ("reporter", "nobody")
    )
    assert known == unknown != []


def test_an_inactive_account_is_refused(client):
    make_user("former", is_active=False)
    assert sign_in(client, "former").status_code == HTTPStatus.OK
    assert "_auth_user_id" not in client.session


def test_the_fifth_failure_locks_the_account_and_says_so(reporter):
    assert fail(4).status_code == HTTPStatus.OK
    response = fail(1)
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "accounts/locked_out.html" in [template.name for template in response.templates]


def test_a_locked_account_refuses_even_the_right_password(client, reporter):
    fail(5)
    assert sign_in(client, "reporter").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "_auth_user_id" not in client.session


def test_guesses_from_different_machines_count_together(reporter):
    for number in range(5):
        response = fail(1, REMOTE_ADDR=f"10.0.0.{number}", HTTP_USER_AGENT=f"robot {number}")
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_the_lock_of_one_account_leaves_others_alone(client, reporter, outsider):
    fail(5)
    assert sign_in(client, "outsider").status_code == HTTPStatus.FOUND


def test_failures_before_a_success_are_forgotten(reporter):
    fail(4)
    sign_in(Client(), "reporter")
    assert fail(4).status_code == HTTPStatus.OK


def test_the_lock_ends_by_itself_after_the_cool_off(client, reporter):
    fail(5)
    assert is_locked(reporter)
    past = timezone.now() - installed.AXES_COOLOFF_TIME - timedelta(seconds=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert not is_locked(reporter)
    assert sign_in(client, "reporter").status_code == HTTPStatus.FOUND


def test_an_unlocked_account_opens_again(client, reporter):
    fail(5)
    assert unlock(reporter)
    assert not unlock(reporter)
    assert sign_in(client, "reporter").status_code == HTTPStatus.FOUND


def test_the_record_of_a_failure_holds_no_password(reporter):
    Client().post(LOGIN, {"username": "reporter", "password": "nearly-right"})
    assert "nearly-right" not in AccessAttempt.objects.get().post_data


def test_signing_in_gives_the_session_a_new_key(client, reporter):
    client.get(LOGIN)
    client.cookies[installed.SESSION_COOKIE_NAME] = "planted"
    sign_in(client, "reporter")
    assert client.session.session_key != "planted"
    before = client.session.session_key
    client.post(reverse("accounts:logout"))
    sign_in(client, "reporter")
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", r"/\evil"]
)
def test_an_address_elsewhere_is_not_followed_after_signing_in(client, reporter, address):
    assert sign_in(client, "reporter", next=address).url == reverse("summaries:home")


def test_the_page_that_was_asked_for_opens_after_signing_in(client, reporter):
    assert sign_in(client, "reporter", next="/plans/?year=2024").url == "/plans/?year=2024"


def test_who_is_signed_in_is_sent_on_from_the_sign_in_page(reporter):
    assert signed_in(reporter).get(LOGIN).url == reverse("summaries:home")


def test_signing_out_ends_the_session(reporter):
    client = signed_in(reporter)
    response = client.post(reverse("accounts:logout"))
    assert response.url == LOGIN
    assert "_auth_user_id" not in client.session


def test_signing_out_is_refused_by_link(reporter):
    client = signed_in(reporter)
    assert client.get(reverse("accounts:logout")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert "_auth_user_id" in client.session


def test_signing_in_without_the_forms_token_is_refused(reporter):
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, "reporter")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "403_csrf.html" in [template.name for template in response.templates]


def test_a_stranger_chooses_the_language_of_the_sign_in_page(client):
    response = client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert response.url == LOGIN
    assert 'lang="en"' in client.get(LOGIN).content.decode()


def settings_of(monkeypatch, **environment):
    """The settings file as an installation with this environment reads it."""
    for name in ("DEBUG", "DEMO", "HTTPS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(str(Path(installed.BASE_DIR, "wzprojects", "settings.py")))
    return {name: value for name, value in read.items() if name.isupper()}


SECURED = (
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
)


@pytest.mark.parametrize(
    ("environment", "https"),
    [({"SECRET_KEY": "x"}, True), ({"DEMO": "true"}, False), ({"DEBUG": "true"}, False)],
)
def test_cookies_are_for_the_browser_alone_and_for_https_where_there_is_https(
    monkeypatch, settings, reporter, environment, https
):
    read = settings_of(monkeypatch, **environment)
    for name in SECURED:
        setattr(settings, name, read[name])
    client = Client()
    client.get(LOGIN, secure=https)
    client.post(LOGIN, {"username": "reporter", "password": PASSWORD}, secure=https)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert bool(cookie["secure"]) is https
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_production_sends_everybody_to_https(monkeypatch, settings, client):
    read = settings_of(monkeypatch, SECRET_KEY="x")
    for name in SECURED:
        setattr(settings, name, read[name])
    assert client.get(LOGIN).url == f"https://testserver{LOGIN}"
    answer = client.get(LOGIN, secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    proxied = client.get(LOGIN, headers={"X-Forwarded-Proto": "https"})
    assert proxied.status_code == HTTPStatus.OK
