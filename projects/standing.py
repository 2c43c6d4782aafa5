"""Where a project stands, as plain values for the rules that know no database."""

from enum import StrEnum


class Status(StrEnum):
    """The values of the models' Status, and of Stage as far as it goes; "" is "not stated"."""

    PREPARATION = "preparation"
    STARTED = "started"
    ACCELERATED = "accelerated"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({Status.STARTED, Status.ACCELERATED, Status.COMPLETED})
"""Who stands here has started, whether or not the day of the start is known."""

AT_REST = frozenset({Status.COMPLETED, Status.SUSPENDED, Status.WITHDRAWN})
"""From who stands here no new figure is expected every month."""
