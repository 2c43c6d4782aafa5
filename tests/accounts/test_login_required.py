"""No page of the site is open to a stranger, whatever anybody adds to it."""

import re
from http import HTTPStatus

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from wzprojects.operations.door import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OPEN = {
    "accounts:login",
    "admin:login",
    "set_language",
    "projects:open-data",
    "projects:open-data-dictionary",
    "projects:open-data-file",
}
SAMPLES = {"int": "1", "slug": "x", "string": "x", "path": "x", "uuid": "0" * 32}
SAMPLES |= {"decision": "accepted"}


def addresses(resolver, before="", namespace=""):
    """Name and address of every route, its arguments filled in with something."""
    for pattern in resolver.url_patterns:
        route = before + sample(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", "/" + route


def sample(pattern):
    """A route with an example in the place of each argument."""
    route = str(pattern)
    if isinstance(pattern, RegexPattern):
        # The admin's own: the index of an application, and whatever else is asked for.
        return "accounts/" if "app_label" in route else "nowhere"
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        route = re.sub(rf"<(\w+:)?{name}>", SAMPLES[kind], route)
    return route


ALL = sorted(set(addresses(get_resolver())))


def test_nothing_but_probes_and_metrics_is_answered_before_sign_in():
    assert set(ADDRESSES) == {"/health/", "/ready/", "/metrics/"}


def test_the_walk_finds_the_pages_of_every_part():
    names = {name for name, _ in ALL}
    expected = {"accounts:profile", "admin:index", "admin:fixtures", "projects:plan-list"}
    assert expected | {"summaries:home", "admin:accounts_user_change"} <= names


PAGES = [page for page in ALL if page[0] not in OPEN and not page[0].startswith("api:")]


@pytest.mark.parametrize(("name", "address"), [page for page in ALL if page[0].startswith("api:")])
def test_a_strange_program_is_refused(client, name, address):
    for method in (client.get, client.post):
        response = method(address)
        assert response.status_code == HTTPStatus.UNAUTHORIZED
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("name", "address"), PAGES)
def test_a_stranger_is_sent_to_sign_in(client, name, address):
    assert "<" not in address
    for method in (client.get, client.post):
        response = method(address)
        assert response.status_code == HTTPStatus.FOUND
        login, _, wanted = response.url.partition("?next=")
        assert login in (reverse("accounts:login"), reverse("admin:login"))
        assert wanted.startswith("/")


def test_the_admin_sends_a_stranger_to_the_one_sign_in_page(client):
    response = client.get("/admin/accounts/user/", follow=True)
    address = f"{reverse('accounts:login')}?next=/admin/accounts/user/"
    assert response.redirect_chain[-1][0] == address
    assert response.status_code == HTTPStatus.OK
