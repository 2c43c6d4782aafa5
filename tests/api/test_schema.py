"""The description of the API: complete, without a warning, and the one that is published."""

import io
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from tests.programs import ROOT, program

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def described():
    """The description as `make openapi` writes it."""
    written = io.StringIO()
    with translation.override("en"):
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=written, stderr=written)
    return written.getvalue()


@pytest.mark.django_db
def test_the_published_description_is_the_present_one(described):
    assert PUBLISHED.read_text(encoding="utf-8").rstrip() == described.rstrip(), (
        "run `make openapi`"
    )


@pytest.mark.django_db
def test_every_address_is_described(described):
    hidden = {"schema", "nothing"}
    [api] = [p for p in get_resolver().url_patterns if getattr(p, "namespace", None) == "api"]
    for pattern in _leaves(api):
        if pattern.name not in hidden:
            route = str(pattern.pattern)
            for kind in ("int", "str", "slug"):
                route = route.replace(f"<{kind}:", "{")
            route = route.replace(">", "}").replace("{pk}", "{id}")
            assert f"\n  /api/v1/{route}:\n" in described, route


def _leaves(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _leaves(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern


@pytest.mark.django_db
def test_the_description_is_for_who_is_signed_in(reporter, client):
    assert client.get(f"{ROOT}schema/").status_code == HTTPStatus.UNAUTHORIZED
    assert program(reporter).get(f"{ROOT}schema/").status_code == HTTPStatus.OK
