"""Projects that a paragraph of running text names, or a numbered line of a list."""

from collections.abc import Iterator
from decimal import Decimal

from reading.categories import category_by_name, level_of, nearest_category
from reading.places import PARTED
from reading.project_lists import Named, listed
from reading.proposals import Evidence, Part, ProjectFound, Unread
from reading.sentences import sentence_at
from reading.widths import canonical


def in_text(
    text: str,
    line: int,
    section: tuple[str, ...],
    part: Part,
    year: int,
    *,
    verb: str = "",
    is_list: bool = False,
    start: int = 0,
) -> Iterator[ProjectFound | Unread]:
    """The projects that a paragraph names; `start` numbers them on."""
    plain = canonical(text)
    told = listed(plain, (), is_list=is_list, verb=verb)
    joined = PARTED.join(section)
    for number, named in enumerate(told.named, start=start + 1):
        doubts = named.doubts
        base = Decimal("0.9") if is_list else Decimal("0.8")
        name = text[named.start : named.end]
        sentence = sentence_at(text, named.start)
        yield ProjectFound(
            Evidence(line, sentence, _quote(text, named, sentence), joined),
            max(Decimal("0.3"), base - Decimal("0.15") * len(doubts)),
            doubts,
            year,
            name,
            part,
            named.verb.word,
            named.verb.stage,
            category=nearest_category(tuple(canonical(each) for each in named.headings))
            or category_by_name(canonical(name))
            or nearest_category(tuple(canonical(each) for each in section)),
            heading=PARTED.join(named.headings),
            level=level_of(named.quote.text),
            position=number if is_list else 0,
        )
    for span, why in told.unread:
        yield Unread(
            Evidence(line, sentence_at(text, span.start), text[span.start : span.end], joined), why
        )


def _quote(text: str, named: Named, sentence: str) -> str:
    quote = text[named.quote.start : named.quote.end].strip()
    return quote if quote in sentence else text[named.start : named.end]
