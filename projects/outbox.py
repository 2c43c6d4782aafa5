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
    "obstacle_raise": (
        gettext_noop("Obstacle: %(project)s"),
        gettext_noop(
            "%(who)s raised an obstacle of “%(project)s”, to be cleared by %(department)s: %(text)s"
        ),
    ),
    "obstacle_reply": (
        gettext_noop("Obstacle replied to: %(project)s"),
        gettext_noop("%(who)s replied to “%(text)s” (%(project)s): %(note)s"),
    ),
    "obstacle_escalate": (
        gettext_noop("Obstacle escalated: %(project)s"),
        gettext_noop("%(who)s took “%(text)s” (%(project)s) to the next level: %(note)s"),
    ),
    "obstacle_to_district": (
        gettext_noop("Obstacle with the district leader: %(project)s"),
        gettext_noop(
            "“%(text)s” (%(project)s) was not cleared in time by %(department)s and is now with"
            " the district leader."
        ),
    ),
    "obstacle_to_city": (
        gettext_noop("Obstacle with the city: %(project)s"),
        gettext_noop(
            "“%(text)s” (%(project)s) was not cleared in time at the district's level and is now"
            " with the city."
        ),
    ),
    "obstacle_clear": (
        gettext_noop("Obstacle cleared: %(project)s"),
        gettext_noop("%(who)s closed “%(text)s” (%(project)s) as cleared: %(note)s"),
    ),
    "obstacle_reopen": (
        gettext_noop("Obstacle open again: %(project)s"),
        gettext_noop("%(who)s opened “%(text)s” (%(project)s) again: %(note)s"),
    ),
    "obstacle_move": (
        gettext_noop("Obstacle moved: %(project)s"),
        gettext_noop(
            "%(who)s moved “%(text)s” (%(project)s); it is now to be cleared by %(department)s:"
            " %(note)s"
        ),
    ),
    "round_due_soon": (
        gettext_noop("Monthly reports of %(period)s: due on %(due)s"),
        gettext_noop(
            "The monthly reports of %(period)s are due on %(due)s. Still to be submitted"
            " (%(count)s): %(projects)s"
        ),
    ),
    "round_overdue": (
        gettext_noop("Monthly reports of %(period)s: overdue since %(due)s"),
        gettext_noop(
            "The monthly reports of %(period)s were due on %(due)s; the round is locked from"
            " %(locks)s on. Still to be submitted (%(count)s): %(projects)s"
        ),
    ),
    "round_reminder": (
        gettext_noop("Reminder: monthly reports of %(period)s"),
        gettext_noop(
            "%(who)s reminds you of the monthly reports of %(period)s, due on %(due)s. Still to be"
            " submitted (%(count)s): %(projects)s"
        ),
    ),
    "round_reopened": (
        gettext_noop("Round %(period)s: open again until %(until)s"),
        gettext_noop(
            "%(who)s opened the locked round %(period)s again for %(department)s until %(until)s:"
            " %(reason)s"
        ),
    ),
    "department_dissolved": (
        gettext_noop("%(department)s was dissolved into %(into)s"),
        gettext_noop(
            "%(who)s dissolved %(department)s into %(into)s, which takes over its projects"
            " (%(projects)s) and the obstacles that it had to clear (%(obstacles)s): %(reason)s"
        ),
    ),
    "round_dates": (
        gettext_noop("Round %(period)s: new dates"),
        gettext_noop(
            "%(who)s changed the dates of the round %(period)s: due on %(due)s, locked from"
            " %(locks)s on."
        ),
    ),
    "summary_issue": (
        gettext_noop("Issued: progress summary of %(period)s"),
        gettext_noop("%(who)s issued the progress summary of %(period)s."),
    ),
    "summary_reissue": (
        gettext_noop("Issued again: progress summary of %(period)s"),
        gettext_noop(
            "%(who)s issued the progress summary of %(period)s again (issue %(number)s) in the place"
            " of the one before: %(reason)s"
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
