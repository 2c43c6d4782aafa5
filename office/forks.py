"""A forked process has database connections of its own: what its parent holds it never uses or ends.

Two processes that talk over one connection get one another's answers, and a pool is not alive after
a fork: its threads are not copied.
"""

import os
from typing import Any

from django.db import connections

_INHERITED: list[Any] = []
"""Kept as they are: closing or collecting them would end the parent's sessions."""


def keep_connections_apart() -> None:
    """Have every process that is forked from now on begin without connections and pools."""
    os.register_at_fork(after_in_child=_forget)


def _forget() -> None:
    for connection in connections.all(initialized_only=True):
        pools = getattr(connection, "_connection_pools", {})
        _INHERITED.extend([connection, *pools.values()])
        pools.clear()
        del connections[connection.alias]
