"""Compares two texts: which words stayed, which are new, which are gone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# A figure and a Latin word are read as a whole, Chinese sign by sign.
_WORD = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^，。；：、！？,;:!?\n]*[，。；：、！？,;:!?\n]?")

MOST_COMPARED = 40_000
"""Pairs of words that are compared at most; longer texts are compared by clauses."""

UNLIKE = 0.35
"""Below this share of common words one text is shown after the other: marks would only confuse."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: as it was (""), gone ("del") or new ("ins")."""

    text: str
    change: str = ""


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order; all of it unmarked where nothing was before.

    The pieces without the new ones are `before`, those without the gone ones `after`.
    """
    if not before or before == after:
        return [Piece(after)] if after else []
    if not after:
        return [Piece(before, "del")]
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    changed = (old[head : len(old) - tail], new[head : len(new) - tail])
    start, end = "".join(old[:head]), "".join(old[len(old) - tail :])
    pieces = [
        Piece(start),
        *_middle(*changed, kept=head + tail),
        Piece(end),
    ]
    return [piece for piece in pieces if piece.text]


def _middle(old: list[str], new: list[str], *, kept: int) -> list[Piece]:
    """What lies between the common start and end; `kept` is how many words these have."""
    whole = [Piece("".join(old), "del"), Piece("".join(new), "ins")]
    if not old or not new:
        return whole
    longest = kept + max(len(old), len(new))
    if len(old) * len(new) > MOST_COMPARED:
        old, new = (_CLAUSE.findall("".join(words)) for words in (old, new))
        if len(old) * len(new) > MOST_COMPARED:
            return whole
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    blocks = matcher.get_matching_blocks()
    common = kept + sum(len("".join(old[block.a : block.a + block.size])) for block in blocks)
    if common < UNLIKE * longest:
        return whole
    return list(_joined(_steps(matcher, old, new)))


def _steps(
    matcher: "SequenceMatcher[str]", old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, str, str]]:
    """What stays and what changes, in turn; a single sign that stays between changes goes along."""
    for operation, a, b, c, d in matcher.get_opcodes():
        was, becomes = "".join(old[a:b]), "".join(new[c:d])
        yield operation == "equal" and (len(was) > 1 or a == 0 or b == len(old)), was, becomes


def _joined(steps: Iterator[tuple[bool, str, str]]) -> Iterator[Piece]:
    for stays, run in groupby(steps, key=lambda step: step[0]):
        texts = list(run)
        was = "".join(old for _stays, old, _new in texts)
        becomes = "".join(new for _stays, _old, new in texts)
        if stays:
            yield Piece(was)
        else:
            yield Piece(was, "del")
            yield Piece(becomes, "ins")


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
