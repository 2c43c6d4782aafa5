"""Who is let into the API, what for, how often; and what refusals look like."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.scopes import Scope
from tests.factories import make_entry, make_project, signed_in
from tests.programs import ROOT, Program, make_token, program

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PROBLEM = "application/problem+json"


def test_a_stranger_is_refused_in_json_and_sent_nowhere(client):
    for address in ("projects/", "projects/x/", "reports/1/", "nowhere/"):
        response = client.get(ROOT + address)
        assert response.status_code == HTTPStatus.UNAUTHORIZED, address
        assert response["WWW-Authenticate"] == "Bearer"
        assert response["Content-Type"] == PROBLEM
        assert response.json()["status"] == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer a b", "Bearer é", "Bearer \x7f", "Token x", "x" * 9000]
)
def test_what_is_no_token_lets_nobody_in(reporter, header):
    response = Client(headers={"authorization": header}).get(ROOT + "me/")
    assert response.status_code == HTTPStatus.UNAUTHORIZED


def test_a_revoked_token_is_refused_with_the_reason(reporter):
    token, secret = make_token(reporter)
    tokens.revoke(token, by=reporter, at=timezone.now())

    response = Program(secret).get(ROOT + "me/")

    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.json()["code"] == "revoked"


def test_a_browser_reads_with_its_session_and_writes_with_its_csrf_token(reporter):
    assert signed_in(reporter).get(ROOT + "me/").json()["scopes"] is None

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    response = strict.post(ROOT + "reports/1/submit/", {}, "application/json")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "CSRF" in response.json()["detail"]


def test_who_has_to_change_the_password_is_told_so_in_json(reporter):
    client = signed_in(reporter)
    reporter.must_change_password = True
    reporter.save()

    response = client.get(ROOT + "me/")

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.json()["code"] == "password"


def test_reading_takes_the_scope_of_reading(reporter):
    response = program(reporter, Scope.REPORT).get(ROOT + "projects/")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "read" in response.json()["detail"]


def test_a_program_that_asks_too_often_is_told_when_to_come_again(reporter, settings):
    settings.API_RATES = {"read": "3/hour", "write": "1/hour"}
    one, two = program(reporter), program(reporter)
    answers = [each.get(ROOT + "me/").status_code for each in (one, two, one)]
    assert answers == [HTTPStatus.OK] * 3

    refused = two.get(ROOT + "me/")

    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 1 <= int(refused["Retry-After"]) <= 3600
    assert one.send("post", "reports/1/submit/").status_code != HTTPStatus.TOO_MANY_REQUESTS


def test_another_person_is_not_held_up(reporter, outsider, settings):
    settings.API_RATES = {"read": "1/hour", "write": "1/hour"}
    mine, theirs = program(reporter), program(outsider)
    assert mine.get(ROOT + "me/").status_code == HTTPStatus.OK
    assert mine.get(ROOT + "me/").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert theirs.get(ROOT + "me/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_what_is_not_done_at_an_address_is_refused(admin, method):
    response = program(admin).generic(method.upper(), ROOT + "projects/")
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert response["Content-Type"] == PROBLEM


def test_refusals_speak_the_readers_language(reporter):
    client = program(reporter)
    words = {
        language: client.get(ROOT + "projects/?sort=x", headers={"accept-language": language})
        for language in ("en", "zh-hans")
    }
    assert words["en"].json()["errors"]["sort"][0].startswith("There is no such parameter")
    assert words["en"]["Content-Language"] == "en"
    assert words["zh-hans"]["Content-Language"] == "zh-hans"
    assert "Accept-Language" in words["en"]["Vary"]


def test_a_parameter_that_makes_no_sense_is_named(admin):
    make_entry(make_project())
    client = program(admin)
    for query, field in (
        ("category=x", "category"),
        ("investment_min=NaN", "investment_min"),
        ("investment_min=1e400", "investment_min"),
        ("q=%00", "q"),
        ("page_size=0", "page_size"),
        ("page_size=501", "page_size"),
        ("page_size=١٢", "page_size"),
        ("ordering=head", "ordering"),
        ("cursor=x", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("nonsense=1", "nonsense"),
    ):
        response = client.get(f"{ROOT}projects/?{query}")
        assert response.status_code == HTTPStatus.BAD_REQUEST, query
        assert field in response.json()["errors"], query
