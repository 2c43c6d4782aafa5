"""What people are told: each occasion once, in the words of the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from projects.models import Message

# kind → (subject, text)
WORDS: dict[str, tuple[str, str]] = {
    "report_approve": (
        gettext_noop("Approved: %(project)s, %(period)s"),
        gettext_noop("%(who)s approved the monthly report of “%(project)s” for %(period)s."),
    ),
    "report_return": (
        gettext_noop("Returned: %(project)s, %(period)s"),
        gettext_noop(
            "%(who)s returned the monthly report of “%(project)s” for %(period)s: %(note)s"
        ),
    ),
    "report_reopen": (
        gettext_noop("Reopened: %(project)s, %(period)s"),
        gettext_noop(
            "%(who)s reopened the monthly report of “%(project)s” for %(period)s: %(note)s"
        ),
    ),
}


def post(
    recipients: Iterable[User],
    kind: str,
    *,
    key: str,
    params: Mapping[str, object],
    url: str,
    at: datetime,
) -> int:
    """Write a message to each person's inbox, and an e-mail to those who have an address.

    `key` names the occasion within the kind: whoever has been told of it is not told again. The
    rows are part of the caller's transaction; deliver_mail sends the e-mails. Returns how many
    people it was written for.
    """
    messages = []
    people = 0
    for person in recipients:
        people += 1
        common = {"recipient": person, "kind": kind, "key": key, "params": dict(params)}
        inbox = Message(channel=Message.Channel.INBOX, url=url, created_at=at, sent_at=at, **common)
        messages.append(inbox)
        if person.email:
            messages.append(
                Message(channel=Message.Channel.EMAIL, url=url, created_at=at, **common)
            )
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return people


def subject(message: Message) -> str:
    """The message in a line, in the reader's language."""
    return str(_(WORDS[message.kind][0]) % message.params)


def text(message: Message) -> str:
    """The message in full, in the reader's language."""
    return str(_(WORDS[message.kind][1]) % message.params)
