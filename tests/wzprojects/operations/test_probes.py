"""Probes are answered at the door: by any name, over http, without a session, whatever is down."""

from http import HTTPStatus

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.db import DatabaseError, connection
from django.test import Client, override_settings

from scripts.servers import free_port
from tests.factories import signed_in
from wzprojects.operations import readiness

AS_A_BALANCER = {"host": "10.1.2.3:8000"}


@pytest.mark.any_database
@pytest.mark.django_db(databases=[])
@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["example.org"])
def test_health_is_answered_by_any_name_over_http_and_without_the_database():
    response = Client().get("/health/", headers=AS_A_BALANCER)
    assert (response.status_code, response.content) == (HTTPStatus.OK, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["example.org"])
def test_readiness_names_each_check(django_assert_num_queries):
    client = Client()
    client.get("/ready/")
    with django_assert_num_queries(3):
        response = client.get("/ready/", headers=AS_A_BALANCER)
    assert response.status_code == HTTPStatus.OK
    names = ("database", "migrations", "broker", "static")
    assert response.json() == {"ready": True, "checks": dict.fromkeys(names, "ok")}


@pytest.mark.django_db
def test_a_probe_of_somebody_signed_in_touches_no_session(manager, django_assert_num_queries):
    client = signed_in(manager)
    with django_assert_num_queries(0):
        response = client.get("/health/")
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers


def failed(client) -> set[str]:
    response = client.get("/ready/")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    said = response.json()
    assert said["ready"] is False
    assert set(said["checks"].values()) <= {"ok", "failed"}
    return {name for name, state in said["checks"].items() if state == "failed"}


@pytest.mark.django_db
def test_a_broker_that_does_not_answer_is_named_without_its_password(client, settings, caplog):
    settings.REDIS_URL = f"redis://:secret-word@127.0.0.1:{free_port()}/0"
    assert failed(client) == {"broker"}
    assert "not_ready" in caplog.text
    assert "secret-word" not in caplog.text


@pytest.mark.django_db
def test_a_release_whose_migrations_are_missing_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'projects' AND name LIKE '0001%'")
    assert failed(client) == {"migrations"}


@pytest.mark.django_db
def test_the_release_before_stays_ready_when_the_next_has_migrated(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('projects', '9999_of_the_next_release', CURRENT_TIMESTAMP)"
        )
    assert client.get("/ready/").status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_a_site_whose_style_sheets_were_not_collected_is_not_ready(client, monkeypatch, tmp_path):
    storage = ManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(readiness, "staticfiles_storage", storage)
    assert failed(client) == {"static"}


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_named(client):
    def refuse(*arguments):
        raise DatabaseError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        assert failed(client) == {"database", "migrations"}


@pytest.mark.any_database
@pytest.mark.parametrize("address", ["/health/", "/ready/", "/metrics/"])
def test_nothing_is_written_to_them(client, address):
    assert client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
