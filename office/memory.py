"""What a process remembers for a minute, so that a page does not ask for it each time."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import caches

SECONDS = 60
"""For so long a process may say what is no longer so: only for what changes rarely and misleads nobody."""

Found = TypeVar("Found")


def remembered(name: str, find: Callable[[], Found]) -> Found:
    """What `find` finds, asked anew once a minute in each process; None is not remembered."""
    return cast(Found, caches["process"].get_or_set(name, find, SECONDS))
