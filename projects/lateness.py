"""How late a node of a project's schedule is."""

from datetime import date


def days_late(due_on: date | None, done_on: date | None, *, on: date) -> int | None:
    """By how many days a node was done after its day, or has been waiting since; 0 in time.

    A node that is done stays as late as it was, whatever the day `on`. None where no day is set:
    without one nothing is late.
    """
    if due_on is None:
        return None
    return max(((done_on or on) - due_on).days, 0)
