"""Statements that are written once: each key gives its own rows, and the cache its own client."""

import pytest
from django.core.cache import cache

from office.kept_statements import KeptStatement
from projects.models import Project
from tests.factories import make_project

pytestmark = pytest.mark.django_db


def test_a_kept_statement_gives_the_rows_of_the_key_it_is_asked_for():
    one, other = make_project("新田港"), make_project("龙驹镇水厂")
    kept = KeptStatement(lambda key: Project.objects.filter(pk=key).values_list("pk", "name"))
    assert kept.rows(one.pk) == [(one.pk, "新田港")]
    assert kept.rows(other.pk) == [(other.pk, "龙驹镇水厂")]
    Project.objects.filter(pk=one.pk).update(name="新田港二期")
    assert kept.rows(one.pk) == [(one.pk, "新田港二期")]
    assert kept.rows(0) == []


@pytest.mark.any_database
def test_the_cache_asks_by_a_client_that_it_keeps():
    cache.set("harbour", "新田港")
    assert cache.get("harbour") == "新田港"
    assert cache._cache.get_client() is cache._cache.get_client(write=True)
