"""Webhooks: who is told of what, how what is sent is signed, and what administrators do with them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from office import outbound, plain
from office.outbound import Refusal, RefusedError
from projects.models import DeliveryAttempt, Message, Webhook, WebhookEvent, WebhookStep

TEST = "test"
"""The kind of a message that only shows that a webhook can be reached."""
OVERLAP = timedelta(hours=24)
"""How long the secret before is good beside a new one."""
PREFIX = "whsec_"

DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long what failed waits: after the first attempt, the second, …"""
MOST_ATTEMPTS = len(DELAYS) + 1

STATES = {
    "done": pgettext_lazy("of a message", "Arrived"),
    "queued": gettext_lazy("Waiting"),
    "failed": gettext_lazy("Given up"),
}

WORDS = {
    Refusal.MALFORMED: gettext_lazy("This is no address that can be written to."),
    Refusal.SCHEME: gettext_lazy("Only https addresses are written to."),
    Refusal.CREDENTIALS: gettext_lazy("An address has no name and password in it."),
    Refusal.PORT: gettext_lazy("This port is not written to."),
    Refusal.PRIVATE: gettext_lazy("The address lies in a network of our own, or in none."),
    Refusal.UNKNOWN: gettext_lazy("Nobody knows this name."),
}


def rules() -> outbound.Rules:
    """What this installation lets webhooks reach."""
    return outbound.Rules(
        allow_http=settings.WEBHOOK_ALLOW_HTTP, own_hosts=frozenset(settings.WEBHOOK_OWN_HOSTS)
    )


def refusal_of(url: str) -> str:
    """Why an address is none for a webhook, in the reader's language; "" where it may be one."""
    try:
        outbound.target_of(url, rules())
    except RefusedError as error:
        return str(WORDS[error.refusal])
    return ""


def error_words(error: str) -> str:
    """An attempt's error in the reader's language, where it is one of ours."""
    return str(WORDS[Refusal(error)]) if error in set(Refusal) else error


def secrets_of(webhook: Webhook, *, at: datetime) -> list[str]:
    """The secrets that are good at a moment, the present one first."""
    salts = [webhook.salt]
    if webhook.previous_salt and webhook.rotated_at and at < webhook.rotated_at + OVERLAP:
        salts.append(webhook.previous_salt)
    return [_secret(salt) for salt in salts]


def signature(secret: str, *, identity: str, timestamp: int, body: bytes) -> str:
    """What a receiver computes too: HMAC-SHA256 over identity, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def identity_of(message: Message) -> str:
    """What an occasion is called: the same for every attempt, so that doubles are known."""
    return f"{message.kind}:{message.key}"


def body_of(message: Message) -> bytes:
    """What is sent; the same for every attempt."""
    said = {
        "id": identity_of(message),
        "event": message.kind,
        "at": timezone.localtime(message.created_at).isoformat(),
        "url": f"{settings.SITE_URL.rstrip('/')}{message.url}",
        "data": message.params,
    }
    return plain.as_json(said, indent=None).encode()


def headers_of(message: Message, webhook: Webhook, body: bytes, *, at: datetime) -> dict[str, str]:
    """The headers of one attempt at a moment of the real clock, the signatures among them."""
    timestamp, identity = int(at.timestamp()), identity_of(message)
    signatures = [
        signature(secret, identity=identity, timestamp=timestamp, body=body)
        for secret in secrets_of(webhook, at=at)
    ]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "key-project-office-webhooks/1",
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def is_given_up(message: Message) -> bool:
    """Whether nobody tries any more by themselves."""
    return message.sent_at is None and message.attempts >= MOST_ATTEMPTS


def given_up() -> Q:
    """The same as a condition."""
    return Q(sent_at__isnull=True, attempts__gte=MOST_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as the log shows it."""

    at: datetime
    status: int | None
    words: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a webhook as the log shows it; `state` is one of STATES."""

    message: Message
    event: str
    state: str
    attempts: list[Attempt]

    @property
    def label(self) -> str:
        """The state in words."""
        return str(STATES[self.state])


def delivery(message: Message) -> Delivery:
    """A message and its attempts, which come with it (see sent_to)."""
    state = "failed" if is_given_up(message) else "queued" if message.sent_at is None else "done"
    attempts = [
        Attempt(each.at, each.status, error_words(each.error) or each.excerpt, each.milliseconds)
        for each in message.deliveries.all()
    ]
    return Delivery(message, event_label(message.kind), state, attempts)


def is_new(delivery: Delivery) -> bool:
    """Whether nobody has tried to send it yet, so that the outcome comes in a moment."""
    return delivery.state == "queued" and not delivery.attempts


def sent_to(webhook: Webhook) -> QuerySet[Message]:
    """What was announced to a webhook, the latest first, with the attempts."""
    return webhook.messages.prefetch_related("deliveries")


@dataclass(frozen=True, slots=True)
class Added:
    """A webhook with its secret, which is shown this once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def add(name: str, url: str, events: Iterable[str], *, by: User, at: datetime) -> Added:
    """Enter a webhook; the caller has checked the address (see refusal_of)."""
    made = Webhook.objects.create(name=name, url=url, events=list(events), salt=_salt())
    _step(made, WebhookStep.Action.ADD, by=by, at=at, note=url)
    return Added(made, _secret(made.salt))


@transaction.atomic
def change(
    webhook: Webhook, *, name: str, url: str, events: Iterable[str], by: User, at: datetime
) -> None:
    """Set name, address and events anew; what waits goes to the new address."""
    before = f"{webhook.name} {webhook.url} {', '.join(webhook.events)}"
    webhook.name, webhook.url, webhook.events = name, url, list(events)
    webhook.save(update_fields=["name", "url", "events"])
    _step(webhook, WebhookStep.Action.CHANGE, by=by, at=at, note=before)


@transaction.atomic
def rotate(webhook: Webhook, *, by: User, at: datetime, real: datetime) -> str:
    """Renew the secret and return it; `real` is the real clock's moment, from which OVERLAP counts."""
    webhook.previous_salt, webhook.salt, webhook.rotated_at = webhook.salt, _salt(), real
    webhook.save(update_fields=["previous_salt", "salt", "rotated_at"])
    _step(webhook, WebhookStep.Action.ROTATE, by=by, at=at)
    return _secret(webhook.salt)


@transaction.atomic
def switch(webhook: Webhook, *, on: bool, by: User, at: datetime) -> None:
    """Switch a webhook on or off; what it was to be told while off is never announced to it."""
    webhook.is_active = on
    webhook.save(update_fields=["is_active"])
    action = WebhookStep.Action.SWITCH_ON if on else WebhookStep.Action.SWITCH_OFF
    _step(webhook, action, by=by, at=at)


@transaction.atomic
def send_test(webhook: Webhook, *, by: User, at: datetime) -> Message:
    """Have something sent that only shows that it arrives."""
    step = _step(webhook, WebhookStep.Action.TEST, by=by, at=at)
    return Message.objects.create(
        channel=Message.Channel.WEBHOOK,
        webhook=webhook,
        kind=TEST,
        key=str(step.pk),
        params={},
        url="/",
        created_at=at,
    )


@transaction.atomic
def send_again(message: Message, *, by: User, at: datetime) -> None:
    """Let what was given up, or has arrived, be tried from the beginning."""
    if message.webhook is None:
        raise ValueError("not a webhook's message")
    message.attempts, message.sent_at, message.retry_at = 0, None, None
    message.save(update_fields=["attempts", "sent_at", "retry_at"])
    _step(message.webhook, WebhookStep.Action.SEND_AGAIN, by=by, at=at, note=identity_of(message))


def announce(
    event: WebhookEvent,
    occasions: Iterable[tuple[str, Mapping[str, object], str]],
    *,
    at: datetime,
) -> None:
    """Write what each webhook that asked for an event is to be told, in the caller's transaction.

    An occasion is its key within the event, what is told of it (see plain.as_json) and the page.
    """
    listening = [
        webhook for webhook in Webhook.objects.filter(is_active=True) if event in webhook.events
    ]
    messages = [
        Message(
            channel=Message.Channel.WEBHOOK,
            webhook=webhook,
            kind=event.value,
            key=key,
            params=dict(told),
            url=url,
            created_at=at,
        )
        for key, told, url in (occasions if listening else ())
        for webhook in listening
    ]
    Message.objects.bulk_create(messages, batch_size=500, ignore_conflicts=True)


def event_label(kind: str) -> str:
    """What an event is called in the reader's language."""
    return _("Test") if kind == TEST else str(WebhookEvent(kind).label)


def record(
    message: Message, answer: outbound.Answer | None, error: str, *, milliseconds: int, at: datetime
) -> bool:
    """Keep how an attempt ended and when the next one is; returns whether the message has arrived."""
    arrived = answer is not None and 200 <= answer.status < 300
    DeliveryAttempt.objects.create(
        message=message,
        at=at,
        status=answer.status if answer else None,
        excerpt=answer.excerpt[:400] if answer else "",
        error=error[:200],
        milliseconds=milliseconds,
    )
    message.error = "" if arrived else (error or f"HTTP {answer.status if answer else ''}")[:200]
    message.sent_at, message.retry_at = (at, None) if arrived else (None, None)
    if not arrived and message.attempts < MOST_ATTEMPTS:
        message.retry_at = at + DELAYS[message.attempts - 1]
    message.save(update_fields=["error", "sent_at", "retry_at"])
    return arrived


def _salt() -> str:
    return secrets.token_hex(24)


def _secret(salt: str) -> str:
    """What signs; whoever reads the database alone does not know it."""
    key = salted_hmac("projects.webhooks", salt, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(key).decode()


def _step(
    webhook: Webhook, action: WebhookStep.Action, *, by: User, at: datetime, note: str = ""
) -> WebhookStep:
    return WebhookStep.objects.create(webhook=webhook, action=action, note=note[:600], by=by, at=at)
