"""What a person sees when something is refused, missing or broken."""

from http import HTTPStatus

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, include, path

from tests.factories import signed_in
from wzprojects import faults

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("suspicious on purpose")


urlpatterns = [
    path("broken/", broken),
    path("suspicious/", suspicious),
    path("api/broken/", broken),
    path("", include("wzprojects.urls")),
]
handler500 = "wzprojects.faults.fault"


@pytest.mark.parametrize(
    ("address", "status", "template"),
    [
        ("/nowhere/", HTTPStatus.NOT_FOUND, "404.html"),
        ("/admin/", HTTPStatus.FORBIDDEN, "403.html"),
        ("/suspicious/", HTTPStatus.BAD_REQUEST, "400.html"),
        ("/broken/", HTTPStatus.INTERNAL_SERVER_ERROR, "500.html"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_an_error_has_a_page_of_ours(leader, address, status, template, language):
    client = signed_in(leader)
    client.raise_request_exception = False
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == status
    assert template in [used.name for used in response.templates]
    body = response.content.decode()
    assert "on purpose" not in body
    assert "<h1" in body
    shows_the_id = response["X-Request-ID"] in body
    assert shows_the_id is (status == HTTPStatus.INTERNAL_SERVER_ERROR)


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_a_program_gets_a_problem_and_nothing_of_the_fault(leader):
    client = signed_in(leader)
    client.raise_request_exception = False
    response = client.get("/api/broken/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "fault"
    assert response.json()["request"] == response["X-Request-ID"]
    assert "on purpose" not in response.content.decode()


def test_the_site_answers_its_faults_so():
    assert get_resolver("wzprojects.urls").resolve_error_handler(500) is faults.fault


@override_settings(DEBUG=False)
def test_a_form_without_its_token_has_a_page_of_ours():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "403_csrf.html" in [used.name for used in response.templates]


@pytest.mark.parametrize("address", ["/accounts/logout/", "/language/setlang/"])
def test_a_wrong_method_is_refused_or_changes_nothing(leader, address):
    response = signed_in(leader).get(address)
    assert response.status_code in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.FOUND)


def test_every_page_forbids_inline_scripts_and_framing(client):
    answer = client.get("/accounts/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
