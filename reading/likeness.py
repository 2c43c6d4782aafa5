"""How alike two names or two wordings are; pure, and never a merger of phases."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache

from projects.questions.names import distinctions, in_figures, without_phase

LIKE = Decimal("0.60")
"""From here on two names are proposed to be one where one only adds words to the other."""
ALIKE = Decimal("0.85")
"""From here on where words are exchanged too: 江南水厂 and 杨柳水厂 are two."""
CLOSE = Decimal("0.05")
"""Two candidates nearer to each other than this are both proposed."""
MOST = 5
"""So many candidates are shown at most."""
_LOOKED_AT = 12
_MARKS = re.compile(r"[\s、，,。.·“”\"'‘’《》〈〉()（）\[\]【】—–\-_/]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@cache
def plain(name: str) -> str:
    """The name without marks, in one width and case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


@cache
def core(name: str) -> str:
    """What is left of a name without marks, phase, and the words that names carry or drop at will."""
    return plain(without_phase(in_figures(name))) or plain(name)


def is_same(one: str, other: str) -> bool:
    """Whether two names are one but for width, marks and words such as 项目 and 工程."""
    return core(one) == core(other) and _marks(one) == _marks(other)


def likeness(one: str, other: str) -> Decimal:
    """How alike two names are, 0 to 1; 0 where phase, part or a number keeps them apart."""
    if _marks(one) != _marks(other):
        return Decimal(0)
    if is_same(one, other):
        return Decimal(1)
    matcher = SequenceMatcher(None, core(one), core(other), autojunk=False)
    ratio = Decimal(f"{matcher.ratio():.3f}")
    changes = {tag for tag, *_place in matcher.get_opcodes() if tag != "equal"}
    only_adds = changes in ({"insert"}, {"delete"})
    return ratio if ratio >= (LIKE if only_adds else ALIKE) else Decimal(0)


def skeleton(words: str) -> str:
    """A wording with every number left open: 完成工业投资□亿元."""
    return _NUMBER.sub("□", plain_numbers(words))


def plain_numbers(words: str) -> str:
    """A wording in one width, its points and the bounds of its cells kept, without blanks."""
    cells = unicodedata.normalize("NFKC", words).split("\t")
    return "|".join("".join(cell.split()) for cell in cells).casefold()


def numbers(words: str) -> list[str]:
    """The numbers of a wording, in their order."""
    return _NUMBER.findall(plain_numbers(words))


@cache
def _marks(name: str) -> tuple[str, ...]:
    return distinctions(name)


@dataclass(frozen=True, slots=True)
class Likely:
    """A known record that a name may be of, and how alike they are."""

    key: int
    likeness: Decimal


class Names:
    """Known names, to be asked which of them a name may be; a record may bear several."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._exact: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        self._pairs: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for key, name in names:
            if not name:
                continue
            if key not in self._exact[self._head(name)]:
                self._exact[self._head(name)].append(key)
            for pair in _pairs(core(name)):
                self._pairs[pair].add((key, name))

    def same(self, name: str) -> list[int]:
        """The records that bear this very name."""
        return list(self._exact.get(self._head(name), ()))

    def like(self, name: str, *, without: frozenset[int] = frozenset()) -> list[Likely]:
        """The records whose name is like this one, the likeliest first."""
        shared: Counter[tuple[int, str]] = Counter()
        for pair in _pairs(core(name)):
            shared.update(self._pairs.get(pair, ()))
        best: dict[int, Decimal] = {}
        for (key, known), _count in shared.most_common(_LOOKED_AT):
            found = likeness(name, known)
            if found and key not in without:
                best[key] = max(found, best.get(key, Decimal(0)))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return [Likely(key, found) for key, found in ranked[:MOST]]

    @staticmethod
    def _head(name: str) -> tuple[Hashable, ...]:
        return (core(name), _marks(name))


def _pairs(text: str) -> Iterator[str]:
    return (text[place : place + 2] for place in range(max(len(text) - 1, 1)))
