"""Sends the e-mails that wait in the outbox, each once."""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from projects import outbox
from projects.models import Message

logger = logging.getLogger(__name__)

DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long an e-mail that failed waits: after the first attempt, the second, …"""
MOST_ATTEMPTS = len(DELAYS) + 1
BATCH = 300


def waiting(at: datetime) -> QuerySet[Message]:
    """The e-mails that may be tried now."""
    return Message.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at),
        channel=Message.Channel.EMAIL,
        sent_at__isnull=True,
        attempts__lt=MOST_ATTEMPTS,
        recipient__is_active=True,
    )


def deliver_waiting(*, at: datetime) -> int:
    """Send what waits, the oldest first; returns how many e-mails went out.

    Each row is held locked while it is sent and marked in the same transaction, so that two runs
    never send the same one, and one that dies marks nothing that it has not sent. One that fails
    is tried again later and keeps none of the others waiting; where the mail server does not
    answer at all, the run ends and nothing counts as tried.
    """
    pks = list(waiting(at).order_by("pk").values_list("pk", flat=True)[:BATCH])
    sent = 0
    connection = get_connection()
    try:
        for pk in pks:
            connection.open()
            sent += _deliver(pk, connection, at=at)
    except OSError as error:  # what SMTP and files raise; all their errors are OSErrors
        logger.warning("Mail waits: the mail server cannot be reached (%s).", error)
    finally:
        connection.close()
    return sent


def mail(message: Message) -> EmailMessage:
    """A message as an e-mail, in the site's language; a repeat has the same Message-ID."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = " ".join(outbox.subject(message).split())
        body = outbox.text(message)
    if message.url:
        body = f"{body}\n\n{settings.SITE_URL.rstrip('/')}{message.url}"
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject,
        f"{body}\n",
        to=[message.recipient.email] if message.recipient else [],
        headers={"Message-ID": f"<message-{message.pk}@{host}>"},
    )


@transaction.atomic
def _deliver(pk: int, connection: BaseEmailBackend, *, at: datetime) -> bool:
    locked = waiting(at).select_for_update(skip_locked=True, of=("self",))
    message = locked.select_related("recipient").filter(pk=pk).first()
    if message is None:  # another run has it, or had it
        return False
    message.attempts += 1
    message.save(update_fields=["attempts"])
    try:
        _send(message, connection)
    except Exception as error:  # whatever is wrong with one must not keep the others waiting
        logger.warning("E-mail %s failed: %s", message.pk, error)
        connection.close()  # it may be in the middle of a conversation
        message.error = (str(error) or type(error).__name__)[:200]
        if message.attempts < MOST_ATTEMPTS:
            message.retry_at = at + DELAYS[message.attempts - 1]
        message.save(update_fields=["error", "retry_at"])
        return False
    message.sent_at, message.error, message.retry_at = at, "", None
    message.save(update_fields=["sent_at", "error", "retry_at"])
    return True


def _send(message: Message, connection: BaseEmailBackend) -> None:
    if message.recipient is None or not message.recipient.email:
        raise ValueError("the account has no address any more")
    if not connection.send_messages([mail(message)]):
        raise ValueError("the mail server took nothing")
