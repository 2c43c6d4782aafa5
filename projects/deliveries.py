"""Sends what waits for webhooks: each message at least once, known by its identity where it is twice."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from office import outbound
from office.outbound import Answer, NoAnswerError, RefusedError
from projects import webhooks
from projects.models import Message, Webhook

LEASE = timedelta(minutes=2)
"""How long a message that somebody is sending is left alone; longer than any attempt takes."""
BATCH = 50
"""Messages for one webhook in one run."""
RUN_SECONDS = 45
"""A run begins nothing new after this: what is left waits for the next."""


def waiting(at: datetime) -> QuerySet[Message]:
    """The messages that may be tried now."""
    return Message.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at),
        channel=Message.Channel.WEBHOOK,
        sent_at__isnull=True,
        attempts__lt=webhooks.MOST_ATTEMPTS,
        webhook__is_active=True,
    )


def deliver_waiting(*, at: datetime, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what waits, each webhook's oldest first; returns how many messages have arrived.

    A message is claimed and committed before it is sent, and no row is locked while somebody
    answers: a run that dies leaves its message to be tried again when LEASE is over. A webhook that
    fails is not tried again in the same run, so none keeps the others waiting for long. `clock` is
    the real one, whatever the business date: receivers compare the timestamp with theirs.
    """
    ends = time.monotonic() + RUN_SECONDS
    arrived = 0
    for webhook in Webhook.objects.filter(is_active=True, pk__in=waiting(at).values("webhook")):
        pks = waiting(at).filter(webhook=webhook).order_by("pk").values_list("pk", flat=True)
        for pk in list(pks[:BATCH]):
            if time.monotonic() > ends:
                return arrived
            message = _claim(pk, at=at)
            if message is None:  # another run has it
                continue
            if not _deliver(message, webhook, at=at, real=clock()):
                break
            arrived += 1
    return arrived


@transaction.atomic
def _claim(pk: int, *, at: datetime) -> Message | None:
    locked = waiting(at).select_for_update(skip_locked=True, of=("self",))
    message = locked.filter(pk=pk).first()
    if message is not None:
        message.attempts += 1
        message.retry_at = at + LEASE
        message.save(update_fields=["attempts", "retry_at"])
    return message


def _deliver(message: Message, webhook: Webhook, *, at: datetime, real: datetime) -> bool:
    body = webhooks.body_of(message)
    answer: Answer | None = None
    error = ""
    begun = time.monotonic()
    try:
        headers = webhooks.headers_of(message, webhook, body, at=real)
        answer = outbound.post(webhook.url, body, headers, webhooks.rules())
    except RefusedError as refused:
        error = refused.refusal.value
    except NoAnswerError as silent:
        error = str(silent)
    milliseconds = int((time.monotonic() - begun) * 1000)
    with transaction.atomic():
        return webhooks.record(message, answer, error, milliseconds=milliseconds, at=at)
