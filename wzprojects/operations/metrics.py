"""What Prometheus is told: django-prometheus' counters, the queries, and what waits in the office.

Requests are counted by django-prometheus' middleware. The counters of all web processes of a machine
are added up where PROMETHEUS_MULTIPROC_DIR names a folder that they share.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import prometheus_client
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Count, Min, Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_prometheus.db.metrics import errors_total, query_duration_seconds
from prometheus_client import multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from exchange.models import ImportRun
from office import clock, runs
from projects import notifications, webhooks
from projects.models import CellMark, EntryMark, Message
from reading.models import ReportReading
from summaries.models import DocumentRun

RUNS: dict[str, type[runs.Run]] = {
    "document": DocumentRun,
    "import": ImportRun,
    "reading": ReportReading,
}
MOST_ATTEMPTS = {
    Message.Channel.EMAIL: notifications.MOST_ATTEMPTS,
    Message.Channel.WEBHOOK: webhooks.MOST_ATTEMPTS,
}
MARK_SECONDS = 7 * 24 * 3600
"""How long it is remembered when a mark was first seen."""

Gauges = Iterator[GaugeMetricFamily]


def exposed(request: HttpRequest) -> HttpResponse:
    """Everything, for whoever brings METRICS_TOKEN; where none is set there is no such address."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers=headers)
    office = prometheus_client.CollectorRegistry()
    office.register(OfficeCollector())
    pages = [prometheus_client.generate_latest(registry) for registry in (_processes(), office)]
    return HttpResponse(b"".join(pages), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _processes() -> prometheus_client.CollectorRegistry:
    """The counters of this process, or of all that share a folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return prometheus_client.REGISTRY
    registry = prometheus_client.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


@receiver(connection_created)
def count_queries(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Time every query of a connection that was opened, under the names of django-prometheus."""
    if all(not isinstance(each, _Timed) for each in connection.execute_wrappers):
        connection.execute_wrappers.append(_Timed(connection))


class _Timed:
    """Times the queries of one connection, and counts those that fail by the kind of failure."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.labels = (connection.alias, connection.vendor)
        self.duration = query_duration_seconds.labels(*self.labels)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        with self.duration.time():
            try:
                return execute(sql, params, many, context)
            except Exception as error:
                errors_total.labels(*self.labels, type(error).__name__).inc()
                raise


class OfficeCollector(Collector):
    """What waits, is late or has failed, read when it is asked for."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges; those of a source that does not answer are left out, and it is told as down."""
        up = GaugeMetricFamily("wz_source_up", "Whether it answered.", labels=["source"])
        for source, (read, failures) in SOURCES.items():
            try:
                found = list(read())
            except failures:
                found = []
                up.add_metric([source], 0)
            else:
                up.add_metric([source], 1)
            yield from found
        yield up


def _jobs() -> Gauges:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as broker:
        waiting, taken_up = broker.llen(f"{prefix}celery"), broker.hlen(f"{prefix}unacked")
    yield GaugeMetricFamily("wz_jobs_waiting", "Jobs that no worker has taken up.", value=waiting)
    yield GaugeMetricFamily("wz_jobs_taken_up", "Jobs that workers are at.", value=taken_up)


def _outbox() -> Gauges:
    labels = ["channel"]
    waiting = GaugeMetricFamily("wz_outbox_waiting", "Messages still to be sent.", labels=labels)
    oldest = GaugeMetricFamily("wz_outbox_oldest_seconds", "Age of the oldest.", labels=labels)
    given_up = GaugeMetricFamily("wz_outbox_given_up", "Messages given up.", labels=labels)
    for channel, most in MOST_ATTEMPTS.items():
        tried_often = Q(attempts__gte=most)
        found = Message.objects.filter(sent_at__isnull=True, channel=channel).aggregate(
            waiting=Count("pk", filter=~tried_often),
            oldest=Min("created_at", filter=~tried_often),
            given_up=Count("pk", filter=tried_often),
        )
        waiting.add_metric([channel], found["waiting"])
        oldest.add_metric([channel], _age(found["oldest"] or clock.now(), clock.now()))
        given_up.add_metric([channel], found["given_up"])
    yield from (waiting, oldest, given_up)


def _runs() -> Gauges:
    labels = ["kind"]
    waiting = GaugeMetricFamily("wz_runs_waiting", "Runs not taken up.", labels=labels)
    running = GaugeMetricFamily("wz_runs_running", "Runs under way.", labels=labels)
    failed = GaugeMetricFamily("wz_runs_failed_day", "Failed within a day.", labels=labels)
    since = timezone.now() - timedelta(days=1)
    for kind, model in RUNS.items():
        found = model._default_manager.aggregate(
            waiting=Count("pk", filter=Q(state=runs.QUEUED)),
            running=Count("pk", filter=Q(state=runs.RUNNING)),
            failed=Count("pk", filter=Q(state=runs.FAILED, finished_at__gte=since)),
        )
        waiting.add_metric([kind], found["waiting"])
        running.add_metric([kind], found["running"])
        failed.add_metric([kind], found["failed"])
    yield from (waiting, running, failed)


def _marks() -> Gauges:
    count = EntryMark.objects.count() + CellMark.objects.count()
    yield GaugeMetricFamily("wz_cell_marks_waiting", "Marks of changed cells.", value=count)
    oldest = max(_seconds_waited(EntryMark), _seconds_waited(CellMark))
    yield GaugeMetricFamily("wz_cell_mark_oldest_seconds", "Age of the oldest.", value=oldest)


def _seconds_waited(model: type[EntryMark] | type[CellMark]) -> float:
    """How long the oldest mark waits, since it was first seen here: a mark carries no time of its own."""
    pk = model._default_manager.aggregate(oldest=Min("pk"))["oldest"]
    if pk is None:
        return 0
    now = timezone.now()
    seen = cache.get_or_set(f"mark-seen-{model._meta.model_name}-{pk}", now, MARK_SECONDS)
    return _age(seen or now, now)


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())


Source = tuple[Callable[[], Gauges], tuple[type[Exception], ...]]
SOURCES: dict[str, Source] = {
    "broker": (_jobs, (redis.RedisError,)),
    "outbox": (_outbox, (DatabaseError,)),
    "runs": (_runs, (DatabaseError,)),
    "marks": (_marks, (DatabaseError, redis.RedisError)),
}
