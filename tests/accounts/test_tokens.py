"""API tokens: made, used, revoked, and what lets nobody in."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from accounts.roles import ABILITIES, Role
from accounts.scopes import NEEDS, Scope, offered
from tests.programs import Program, make_token, program

pytestmark = pytest.mark.django_db


def refusal(secret):
    with pytest.raises(tokens.UnusableTokenError) as refused:
        tokens.find(secret, at=timezone.now())
    return refused.value.reason


def test_only_the_digest_of_a_token_is_kept(reporter):
    token, secret = make_token(reporter)

    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.startswith(token.token_key)
    assert len(secret) - len(token.token_key) > 40
    assert not any(secret in str(value) for value in stored.values())
    assert tokens.find(secret, at=timezone.now()) == token


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_offered_the_scopes_that_it_can_use(role):
    for scope in Scope:
        useful = not NEEDS[scope] or bool(NEEDS[scope] & ABILITIES[role])
        assert (scope in offered(role)) is useful
    assert Scope.READ in offered(role)


def test_nobody_makes_a_token_with_a_scope_beyond_the_role(reporter):
    for scopes in (["review"], ["read", "keep"], ["everything"], []):
        with pytest.raises(tokens.TokenError):
            tokens.issue(name="x", scopes=scopes, days=1, by=reporter, at=timezone.now())
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 366, 10**6])
def test_a_token_lives_a_year_at_most(reporter, days):
    with pytest.raises(tokens.TokenError, match="365"):
        tokens.issue(name="x", scopes=["read"], days=days, by=reporter, at=timezone.now())


def test_a_person_has_so_many_usable_tokens_at_most(reporter):
    made = [make_token(reporter)[0] for _ in range(tokens.MOST_TOKENS)]
    with pytest.raises(tokens.TokenError, match=str(tokens.MOST_TOKENS)):
        make_token(reporter)

    tokens.revoke(made[0], by=reporter, at=timezone.now())

    assert make_token(reporter)


def test_a_revoked_token_lets_nobody_in_and_stays_to_be_read(reporter, admin):
    token, secret = make_token(reporter)
    first, later = timezone.now(), timezone.now() + timedelta(days=1)

    assert tokens.revoke(token, by=admin, at=first)
    assert not tokens.revoke(token, by=reporter, at=later)

    assert refusal(secret) is tokens.Unusable.REVOKED
    token.refresh_from_db()
    assert (token.revoked_by, token.revoked_at) == (admin, first)


def test_an_expired_token_lets_nobody_in_from_its_moment_on(reporter):
    token, secret = make_token(reporter, days=1)

    assert tokens.find(secret, at=token.expiry - timedelta(seconds=1))
    with pytest.raises(tokens.UnusableTokenError):
        tokens.find(secret, at=token.expiry)


def test_a_token_falls_with_the_account_it_acts_for(reporter):
    _token, secret = make_token(reporter)
    reporter.must_change_password = True
    reporter.save()
    assert refusal(secret) is tokens.Unusable.PASSWORD

    reporter.must_change_password, reporter.is_active = False, False
    reporter.save()
    assert refusal(secret) is tokens.Unusable.INACTIVE


def test_a_token_of_an_account_that_is_locked_waits(reporter):
    _token, secret = make_token(reporter)
    AccessAttempt.objects.create(
        username=reporter.username,
        failures_since_start=settings.AXES_FAILURE_LIMIT,
        attempt_time=timezone.now(),
    )

    assert refusal(secret) is tokens.Unusable.LOCKED


def test_a_token_that_differs_in_its_last_letter_is_none(reporter):
    _token, secret = make_token(reporter)

    other = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    assert refusal(other) is tokens.Unusable.UNKNOWN
    assert refusal("") is tokens.Unusable.UNKNOWN


def test_a_revoked_token_says_who_and_when(reporter):
    token, _secret = make_token(reporter)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())


def test_the_day_of_the_last_use_is_written_once_a_day(reporter, django_assert_num_queries):
    token, secret = make_token(reporter)

    Program(secret).read("me/")
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()
    with django_assert_num_queries(2):  # the token with its person, the lock
        Program(secret).read("me/")


def test_a_program_is_told_who_it_is(reporter):
    me = program(reporter, Scope.READ).read("me/")

    assert me["username"] == "reporter"
    assert me["department"] == "500101-JTW"
    assert me["scopes"] == ["read"]
