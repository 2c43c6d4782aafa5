"""The pages on which tokens are made, listed and revoked."""

import re
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from tests.factories import signed_in
from tests.programs import Program, make_token

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NEW, PROFILE = reverse("accounts:token-new"), reverse("accounts:profile")


def shown(response):
    return re.search(r'id="token">(wz_[0-9a-f]+)<', response.content.decode()).group(1)


def test_a_token_is_made_and_shown_once(reporter):
    client = signed_in(reporter)

    made = client.post(NEW, {"name": "数据交换", "scopes": ["read", "report"], "days": 30})

    secret = shown(made)
    assert "no-store" in made["Cache-Control"]
    assert Program(secret).read("me/")["scopes"] == ["read", "report"]
    page = client.get(PROFILE).content.decode()
    assert "数据交换" in page
    assert ApiToken.objects.get().token_key in page
    assert secret not in page


def test_the_page_offers_the_scopes_of_the_role_and_takes_no_other(reporter, leader):
    page = signed_in(leader).get(NEW).content.decode()
    assert 'value="read"' in page
    assert 'value="report"' not in page

    client = signed_in(reporter)
    for wrong in (
        {"name": "x", "scopes": ["review"], "days": 30},
        {"name": "x", "scopes": [], "days": 30},
        {"name": "", "scopes": ["read"], "days": 30},
        {"name": "x", "scopes": ["read"], "days": 366},
    ):
        response = client.post(NEW, wrong)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not ApiToken.objects.exists()


def test_one_revokes_ones_own_tokens_and_nobody_elses(reporter, outsider):
    token, secret = make_token(reporter)
    address = reverse("accounts:token-revoke", args=[token.pk])

    assert signed_in(outsider).post(address).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(reporter).get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert tokens.find(secret, at=timezone.now())

    assert signed_in(reporter).post(address).url == PROFILE
    assert Program(secret).get("/api/v1/me/").status_code == HTTPStatus.UNAUTHORIZED


def test_the_profile_costs_the_same_with_one_token_and_with_twenty(
    reporter, django_assert_num_queries
):
    client = signed_in(reporter)
    make_token(reporter)
    client.get(PROFILE)
    with django_assert_num_queries(4) as first:
        client.get(PROFILE)
    for _ in range(15):
        make_token(reporter)
    with django_assert_num_queries(len(first)):
        client.get(PROFILE)


def test_an_administrator_revokes_anybodys_tokens_and_makes_none(admin, reporter, manager):
    token, secret = make_token(reporter)
    page = reverse("admin:accounts_apitoken_changelist")
    client = signed_in(admin)

    listed = client.get(page).content.decode()
    assert token.token_key in listed
    assert token.digest not in listed
    client.post(page, {"action": "revoke_selected", "_selected_action": [token.pk]})

    token.refresh_from_db()
    assert token.revoked_by == admin
    assert Program(secret).get("/api/v1/me/").status_code == HTTPStatus.UNAUTHORIZED
    add = reverse("admin:accounts_apitoken_add")
    assert client.get(add).status_code == HTTPStatus.FORBIDDEN
    assert signed_in(manager).get(page).status_code == HTTPStatus.FORBIDDEN
