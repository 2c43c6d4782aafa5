"""What a process remembers for a minute, so that a page does not ask for it each time."""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar, cast

SECONDS = 60
"""For so long a process may say what is no longer so: only for what changes rarely and misleads nobody."""
MOST = 2_000
"""So many things are remembered; then all are forgotten."""

Found = TypeVar("Found")
_known: dict[str, tuple[float, Any]] = {}
"""Until when, and what: the things themselves, not copies of them as in Django's caches."""


def remembered(name: str, find: Callable[[], Found]) -> Found:
    """What `find` finds, asked anew once a minute in each process; nobody may change it."""
    until, found = _known.get(name, (0.0, None))
    if until < monotonic():
        found = find()
        remember(name, found)
    return cast(Found, found)


def recalled(name: str) -> Any:
    """What is remembered under a name; None where nothing is, or no longer."""
    until, found = _known.get(name, (0.0, None))
    return found if until >= monotonic() else None


def remember(name: str, found: Any) -> None:
    """Know this for a minute."""
    if len(_known) >= MOST:
        forget()
    _known[name] = (monotonic() + SECONDS, found)


def forget() -> None:
    """Ask for everything anew."""
    _known.clear()
