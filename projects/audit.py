"""Chains events by their digests and seals the chains, so that no row changes behind our back.

Each event carries the digest of the one before it in its chain. A daily seal digests the heads of
all chains and the seal before it: writers of different chains never wait for one another, and yet
neither the end of a chain nor a whole chain can go missing unseen.

The digests are without a key. They show what was changed in the database by somebody who cannot
recompute every seal since; keep a copy of the latest seal outside of it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

GENESIS = ""
"""What stands before the first event of a chain, and before the first seal."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a chain as it is stored: the digest before it, what it says, its own digest."""

    previous: str
    payload: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Seal:
    """A day's seal as it is stored: how many chains and events there were, and the chains' heads."""

    on: date
    previous: str
    heads: int
    events: int
    heads_digest: str
    digest: str


def plain(payload: Mapping[str, object]) -> dict[str, Json]:
    """Write a payload in what JSON knows, so that it reads back as the same payload.

    Decimals become text without trailing zeros (so that it does not matter whether the database
    pads them), days ISO text, times ISO text in UTC. Raises TypeError for a float and for
    whatever else has no single way to be written, ValueError for a time without a zone and for a
    Decimal that is no number.
    """
    return {_key(key): _plain(value) for key, value in payload.items()}


def digest(previous: str, payload: Mapping[str, object]) -> str:
    """Give the SHA-256 of an event and of the digest before it, as 64 hexadecimal digits.

    The payload names its chain and everything that must not change: the report, the action, who,
    when, the note, the values before and after. It counts in its plain form, so that the digest is
    the same before it is stored and after it is read.

    Raises ValueError where `previous` is neither a digest nor GENESIS, and what plain() raises.
    """
    if previous != GENESIS and not _DIGEST.fullmatch(previous):
        raise ValueError(f"neither a digest nor the genesis: {previous!r}")
    text = json.dumps(
        [previous, plain(payload)], sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return sha256(text.encode("ascii")).hexdigest()


def verify(chain: Iterable[Link]) -> int | None:
    """Give the index of the first broken event of a chain, oldest first, or None.

    An event is broken where it does not follow the one before it (one was removed, inserted or
    moved) or says something else than when it was written. A chain that merely lost its end is
    whole in itself: the seals show that.
    """
    previous = GENESIS
    for index, link in enumerate(chain):
        if link.previous != previous or not _is_digest_of(link.digest, previous, link.payload):
            return index
        previous = link.digest
    return None


def digest_heads(heads: Mapping[str, str]) -> str:
    """Digest the heads of all chains: `heads` maps a chain's name to its latest event's digest.

    Their order is of no account. Held against the heads_digest of a seal, with the heads as they
    stood then, it shows whether a chain has lost its end, or has come or gone as a whole.
    """
    return digest(GENESIS, heads)


def seal(previous: str, *, on: date, heads: int, events: int, heads_digest: str) -> str:
    """Seal a day: digest what there is at its end, and the seal before."""
    return digest(previous, _sealed(on, heads, events, heads_digest))


def verify_seals(seals: Iterable[Seal]) -> int | None:
    """Give the index of the first broken seal, oldest first, or None.

    A seal is broken where it does not follow the one before it, is not of a later day, or says
    something else than when it was made. Whether the chains still are what it sealed is
    digest_heads' to say.
    """
    previous, last_on = GENESIS, date.min
    for index, day in enumerate(seals):
        payload = _sealed(day.on, day.heads, day.events, day.heads_digest)
        if day.previous != previous or (index and day.on <= last_on):
            return index
        if not _is_digest_of(day.digest, previous, payload):
            return index
        previous, last_on = day.digest, day.on
    return None


def lost_heads(sealed: Mapping[str, str], chains: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the chains that no longer hold the head they were sealed with, in order.

    `chains` maps a chain's name to the digests of its events. It says which chain lost its end, or
    is gone, where a copy of the sealed heads is at hand (a back-up of that day).
    """
    return sorted(name for name, head in sealed.items() if head not in chains.get(name, ()))


def _sealed(on: date, heads: int, events: int, heads_digest: str) -> dict[str, object]:
    return {"on": on, "heads": heads, "events": events, "heads_digest": heads_digest}


def _is_digest_of(stored: str, previous: str, payload: Mapping[str, object]) -> bool:
    """What cannot be digested at all was not written by us."""
    try:
        return stored == digest(previous, payload)
    except (TypeError, ValueError):
        return False


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"the key of a payload is text, not {key!r}")
    return str(key)


def _plain(value: object) -> Json:
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int():
            return int(value)
        case Decimal():
            return _decimal_text(value)
        case datetime():
            return _utc_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return plain(value)
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"no single way to write {type(value).__name__} {value!r}")


def _utc_text(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError(f"a time without its zone: {at.isoformat()}")
    try:
        return at.astimezone(UTC).isoformat(timespec="microseconds")
    except OverflowError as error:
        raise ValueError(f"no time of ours: {at.isoformat()}") from error


def _decimal_text(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError(f"no number: {number}")
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
