"""Jobs of the monthly round: each calls one function; all are safe to run twice.

They read the business date when they run, not when they were asked for.
"""

from datetime import timedelta

from celery import current_app, shared_task
from django.db import transaction

from office.clock import now, today
from projects import (
    chains,
    clearing,
    deliveries,
    notifications,
    open_data,
    partitions,
    reminding,
    round_keeping,
)


@shared_task
def open_and_lock_periods() -> None:
    """Make, open and lock the rounds whose day has come."""
    round_keeping.open_and_lock(on=today(), at=now())
    partitions.renew_statistics()


@shared_task
def send_reminders() -> None:
    """Write today's reminders; deliver_mail sends them."""
    reminding.remind_due(on=today(), at=now())


@shared_task
def deliver_mail() -> None:
    """Send the e-mails that wait in the outbox."""
    notifications.deliver_waiting(at=now())


@shared_task
def deliver_webhooks() -> None:
    """Send what waits for webhooks."""
    deliveries.deliver_waiting(at=now())


@shared_task
def seal_histories() -> None:
    """Seal the histories of the day that has ended."""
    chains.seal(today() - timedelta(days=1), at=now())


@shared_task
def escalate_obstacles() -> None:
    """Let the obstacles climb whose level has had its days."""
    clearing.escalate_due(on=today(), at=now())


@shared_task
def build_open_data() -> None:
    """Make the open-data files anew."""
    open_data.build(on=today(), at=now())


REFRESH_CELLS = "summaries.tasks.refresh_cells"
"""The job that takes up the marks of cell_marks.py; it stands a floor above and goes by its name."""


def ask_for_refresh() -> None:
    """Have the cells refreshed as soon as the change that was made is committed.

    A broker that does not answer is no failure of the change: its marks wait for the next refresh,
    which comes every few seconds by itself.
    """
    transaction.on_commit(_send_refresh, robust=True)


def _send_refresh() -> None:
    current_app.send_task(REFRESH_CELLS, expires=60, retry=False)
