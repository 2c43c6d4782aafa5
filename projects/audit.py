"""Chains events by their digests and seals the chains, so that no row changes behind our back.

Each event carries the digest of the one before it in its chain. A daily seal digests the heads of
all chains and the seal before it: writers of different chains never wait for one another, and yet
neither the end of a chain nor a whole chain can go missing unseen.

The digests are without a key. They show what was changed in the database by somebody who cannot
recompute every seal since; keep a copy of the latest seal outside of it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

GENESIS = ""
"""What stands before the first event of a chain, and before the first seal."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_DIGEST = re.compile(r"[0-9a-f]{64}")
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


class Fault(StrEnum):
    """What is wrong with a step of a chain, with the row that owns the chain, or with a seal."""

    CHANGED = "changed"
    """It says something else than when it was written."""
    REMOVED = "removed"
    """It is gone."""
    INSERTED = "inserted"
    """Nobody who keeps the chain knows of it."""
    OUT_OF_LINE = "out_of_line"
    """It does not follow the one before it."""
    COUNT = "count"
    """The owner counts other steps than there are."""
    HEAD = "head"
    """The owner names another last step than the one there is."""


@dataclass(frozen=True)
class Link:
    """One event of a chain as it is stored: its place, the digest before it, what it says, its own."""

    number: int
    previous: str
    payload: Mapping[str, object]
    digest: str

    @cached_property
    def is_whole(self) -> bool:
        """Whether it says what it said when it was written, as far as it can tell by itself."""
        return _is_digest_of(self.digest, self.previous, self.payload)


@dataclass(frozen=True, slots=True)
class Broken:
    """Something wrong with a chain: with the events from `number` to `last`, or with its owner."""

    fault: Fault
    number: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """A day's seal as it is stored: how many chains and events there were, and the chains' heads."""

    on: date
    previous: str
    heads: int
    events: int
    heads_digest: str
    digest: str


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def plain(payload: Mapping[str, Any]) -> dict[str, Json]:
    """Write a payload in what JSON knows, so that it reads back as the same payload.

    Decimals become text without trailing zeros (so that it does not matter whether the database
    pads them), days ISO text, times ISO text in UTC. Raises TypeError for a float and for
    whatever else has no single way to be written, ValueError for a time without a zone and for a
    Decimal that is no number.
    """
    # A year's import writes hundreds of thousands of values: what is plain already costs no call.
    return {
        key if type(key) is str else _key(key): (
            value if type(value) in _AS_THEY_ARE else _plain(value)
        )
        for key, value in payload.items()
    }


def digest(previous: str, payload: Mapping[str, object]) -> str:
    """Give the SHA-256 of an event and of the digest before it, as 64 hexadecimal digits.

    The payload names its chain and everything that must not change: the report, the action, who,
    when, the note, the values before and after. It counts in its plain form, so that the digest is
    the same before it is stored and after it is read.

    Raises ValueError where `previous` is neither a digest nor GENESIS, and what plain() raises.
    """
    if previous != GENESIS and not _DIGEST.fullmatch(previous):
        raise ValueError(f"neither a digest nor the genesis: {previous!r}")
    text = _WRITER.encode([previous, plain(payload)])
    return sha256(text.encode("ascii")).hexdigest()


def breaks(chain: Sequence[Link], *, version: int, head: str) -> list[Broken]:
    """What was done to a chain behind our back, named as exactly as it can be; nothing where whole.

    The links come in the order of their numbers; `version` and `head` are what their owner says:
    how many there are, and the digest of the last. What only follows from something that is named
    is not named besides. Who cuts off an end and sets the owner back leaves a chain that is whole
    in itself: the seals show that.
    """
    anchored = _anchored(chain, head)
    inserted = _inserted(chain, anchored, version=version, head=head)
    line = [link for link in chain if link.number not in inserted]
    found = [Broken(Fault.INSERTED, number) for number in sorted(inserted)]
    found += _breaks_of_line(line, anchored, inserted, version)
    last = line[-1] if line else None
    is_last_faulty = last is not None and last.number in {broken.number for broken in found}
    if last is not None and last.digest == head:
        if last.number != version and not is_last_faulty:
            found.append(Broken(Fault.COUNT))
    elif (reached := last.number if last else 0) < version:
        found.append(Broken(Fault.REMOVED, reached + 1, version))
    elif not is_last_faulty and head != (last.digest if last else GENESIS):
        found.append(Broken(Fault.HEAD))
    return found


def _anchored(chain: Sequence[Link], head: str) -> set[int]:
    """The numbers of the links that the owner still knows: reached from its head, backwards."""
    # Of two that bear one digest the true one is whole.
    by_digest = {link.digest: link for link in sorted(chain, key=lambda link: link.is_whole)}
    reached: set[int] = set()
    link = by_digest.get(head)
    while link is not None and link.number not in reached:
        reached.add(link.number)
        link = by_digest.get(link.previous)
    return reached


def _inserted(chain: Sequence[Link], anchored: set[int], *, version: int, head: str) -> set[int]:
    """The numbers of the links that the owner does not know: past its last, or one too many."""
    followed = {link.previous for link in chain} | {head}
    is_one_too_many = bool(anchored) and len(chain) > version
    return {
        link.number
        for link in chain
        if link.number not in anchored
        and (link.number > version or (is_one_too_many and link.digest not in followed))
    }


def _breaks_of_line(
    line: Sequence[Link], anchored: set[int], inserted: set[int], version: int
) -> Iterator[Broken]:
    """The links that are changed, that are missing between two, or that do not follow one another."""
    before: Link | None = None
    for link in line:
        number = before.number if before else 0
        if link.is_whole or link.number <= version:  # else the number itself was changed
            missing = [n for n in range(number + 1, link.number) if n not in inserted]
            if missing:
                yield Broken(Fault.REMOVED, missing[0], missing[-1])
            elif link.is_whole and link.previous != (before.digest if before else GENESIS):
                if before is None:
                    yield Broken(Fault.OUT_OF_LINE, link.number)
                elif before.is_whole:  # whichever of the two the owner knows is the true one
                    is_other_true = link.number in anchored and before.number not in anchored
                    if is_other_true:
                        yield Broken(Fault.CHANGED, before.number)
                    else:
                        yield Broken(Fault.OUT_OF_LINE, link.number)
        if not link.is_whole:
            yield Broken(Fault.CHANGED, link.number)
        before = link


def digest_heads(heads: Mapping[str, str]) -> str:
    """Digest the heads of all chains: `heads` maps a chain's name to its latest event's digest.

    Their order is of no account. Held against the heads_digest of a seal, with the heads as they
    stood then, it shows whether a chain has lost its end, or has come or gone as a whole.
    """
    return digest(GENESIS, heads)


def seal(previous: str, *, on: date, heads: int, events: int, heads_digest: str) -> str:
    """Seal a day: digest what there is at its end, and the seal before."""
    return digest(previous, _sealed(on, heads, events, heads_digest))


def breaks_of_seals(seals: Iterable[Seal]) -> Iterator[tuple[Seal, Fault]]:
    """The seals that are not what they were, oldest first; REMOVED: one before it is gone.

    Whether the chains still are what a seal covered is digest_heads' to say.
    """
    before: Seal | None = None
    is_before_whole = True
    for day in seals:
        payload = _sealed(day.on, day.heads, day.events, day.heads_digest)
        is_whole = _is_digest_of(day.digest, day.previous, payload)
        follows = day.previous == (before.digest if before else GENESIS)
        is_later = before is None or day.on > before.on
        if not is_whole:
            yield day, Fault.CHANGED
        elif not is_later:
            yield day, Fault.INSERTED
        elif not follows and is_before_whole:
            yield day, Fault.REMOVED
        before, is_before_whole = day, is_whole


def in_order(places: Sequence[tuple[int, date]]) -> set[int]:
    """The places whose days follow one another: as many of them as possible, the later of a choice."""
    days = [day for _place, day in places]
    if days == sorted(days):
        return {place for place, _day in places}
    runs: list[tuple[date, list[int]]] = []  # the longest from each place on, the last place first
    for place, day in reversed(places):
        after = [run for first, run in runs if day <= first]
        runs.append((day, [place, *_longest(after)]))
    return set(_longest([run for _first, run in runs]))


def _longest(runs: Sequence[list[int]]) -> list[int]:
    """The first of the longest."""
    return max(runs, key=lambda run: len(run), default=[])


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


def _plain(value: Any) -> Json:
    if type(value) in _AS_THEY_ARE:  # nearly all are
        found: Json = value
        return found
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
