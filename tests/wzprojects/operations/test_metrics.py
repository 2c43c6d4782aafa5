"""Metrics are told to who has the token: requests, queries, and what waits in the office."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as site
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from office import runs
from projects.models import EntryMark, Message
from scripts.servers import free_port
from summaries.models import DocumentRun
from wzprojects.operations import metrics

pytestmark = pytest.mark.django_db

TOKEN = "only-prometheus-knows"


@pytest.fixture
def scrape(client, settings):
    """Asks for the metrics as Prometheus does; gives them by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def asked() -> dict[str, float]:
        response = client.get("/metrics/", headers={"authorization": f"Bearer {TOKEN}"})
        assert response.status_code == HTTPStatus.OK
        assert response["Content-Type"].startswith("text/plain")
        lines = re.findall(r"(?m)^(\w+(?:\{.*\})?) (\S+)$", response.content.decode())
        return {name: float(value) for name, value in lines}

    return asked


@pytest.mark.any_database
def test_without_a_token_set_there_is_no_such_address(client):
    response = client.get("/metrics/", headers={"authorization": "Bearer "})
    assert response.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.any_database
@pytest.mark.parametrize("given", ["", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_a_wrong_token_is_refused(client, settings, given):
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics/", headers={"authorization": given})
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.content == b""


def test_requests_are_counted_by_view_and_queries_by_database(client, scrape):
    view = 'django_http_responses_total_by_status_view_method_total{method="GET",status="200",view="accounts:login"}'
    queries = (
        f'django_db_query_duration_seconds_count{{alias="default",vendor="{connection.vendor}"}}'
    )
    before = scrape()
    client.get("/accounts/login/")
    DocumentRun.objects.exists()
    after = scrape()
    assert after[view] == before.get(view, 0) + 1
    assert after[queries] > before[queries]


def test_a_query_that_fails_is_counted(scrape):
    name = "django_db_errors_total"
    before = sum(value for key, value in scrape().items() if key.startswith(name))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    after = sum(value for key, value in scrape().items() if key.startswith(name))
    assert after == before + 1


def test_what_waits_is_told(scrape, broker, manager):
    quiet = scrape()
    assert quiet["wz_jobs_waiting"] == quiet["wz_cell_marks_waiting"] == 0
    assert quiet["wz_cell_mark_oldest_seconds"] == 0

    prefix = site.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    broker.rpush(f"{prefix}celery", "a job", "another")
    EntryMark.objects.create(year=2024)
    written = timezone.now() - timedelta(hours=2)
    for number, attempts in enumerate((0, 3, 99)):
        Message.objects.create(
            recipient=manager,
            channel=Message.Channel.EMAIL,
            kind="report_approve",
            key=str(number),
            created_at=written,
            attempts=attempts,
        )
    told = scrape()
    assert told["wz_jobs_waiting"] == 2
    assert told["wz_cell_marks_waiting"] == 1
    assert told['wz_outbox_waiting{channel="email"}'] == 2
    assert told['wz_outbox_given_up{channel="email"}'] == 1
    assert told['wz_outbox_oldest_seconds{channel="email"}'] == pytest.approx(7200, abs=60)


def test_a_mark_ages_from_when_it_was_first_seen(scrape, monkeypatch):
    EntryMark.objects.create(year=2024)
    assert scrape()["wz_cell_mark_oldest_seconds"] < 5
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(metrics.timezone, "now", lambda: later)
    assert scrape()["wz_cell_mark_oldest_seconds"] == pytest.approx(600, abs=5)


def test_failed_runs_are_told_for_a_day(scrape, manager):
    now = timezone.now()
    for finished in (now, now - timedelta(hours=23), now - timedelta(hours=25)):
        DocumentRun.objects.create(
            kind=DocumentRun.Kind.PROGRESS_SUMMARY,
            asked_by=manager,
            state=runs.FAILED,
            finished_at=finished,
        )
    told = scrape()
    assert told['wz_runs_failed_day{kind="document"}'] == 2
    assert told['wz_runs_waiting{kind="document"}'] == 0


def test_a_scrape_costs_the_same_whatever_waits(scrape, django_assert_num_queries):
    with django_assert_num_queries(9):
        scrape()
    EntryMark.objects.bulk_create(EntryMark(year=2024) for _ in range(30))
    with django_assert_num_queries(9):
        scrape()


def test_a_broker_that_is_down_leaves_the_rest_to_be_told(scrape, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    told = scrape()
    assert told['wz_source_up{source="broker"}'] == 0
    assert told['wz_source_up{source="outbox"}'] == 1
    assert "wz_jobs_waiting" not in told
