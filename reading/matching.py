"""Which known record a proposal is of: the very one, one that may have been renamed, or none.

What is not certain is only proposed. Two names that a phase, a part or a number keeps apart are
never taken for one (projects.questions.names.distinctions).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from indicators.targets import tidy
from projects.models import Stage, Status
from reading.choices import Kind, Match
from reading.differences import is_growth, same_result
from reading.known import (
    Known,
    KnownAmount,
    KnownCommitment,
    KnownCount,
    KnownIndicator,
    KnownProject,
)
from reading.likeness import CLOSE, LIKE, MOST, Likely, Names, likeness, plain, skeleton
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    IndicatorFound,
    ProjectFound,
    Proposal,
    Reading,
)

_CERTAIN = Decimal(1)
_EQUAL = Decimal("0.2")
"""What the same number speaks for."""
S = TypeVar("S", bound=Proposal)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Matched:
    """A proposal with the known records that it may be of, the likeliest first."""

    kind: Kind
    proposal: Proposal
    match: Match
    candidates: tuple[Likely, ...] = ()

    @property
    def candidate(self) -> int | None:
        """The record that it is taken for until an officer says otherwise."""
        return self.candidates[0].key if self.match not in (Match.NEW, Match.AMBIGUOUS) else None


@dataclass(frozen=True, slots=True)
class Disappeared:
    """A known record that the report should name and does not."""

    kind: Kind
    key: int
    name: str
    url: str
    year: int
    stage: str = ""
    """Where the year before left it: a value of projects.models.Stage, or "" where that is not known."""

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""


def match(reading: Reading, known: Known) -> list[Matched]:
    """Every proposal of a reading with what it is to the records known, in the reading's order."""
    return [
        *_projects(reading.projects, known),
        *_indicators(reading.indicators, known),
        *_statements(Kind.COUNT, reading.counts, known.counts, _count_likeness),
        *_statements(Kind.AMOUNT, reading.amounts, known.amounts, _amount_likeness),
        *(_commitment(each, known) for each in reading.commitments),
    ]


def subject_of(proposal: Proposal) -> str:
    """What a proposal is called in a list."""
    match proposal:
        case IndicatorFound() | ProjectFound():
            return proposal.name
        case CommitmentFound():
            return proposal.title
        case CountFound() | AmountFound():
            return proposal.subject
    return proposal.evidence.quote


def disappeared(
    matched: Iterable[tuple[Kind, int | None]], known: Known, year: int
) -> list[Disappeared]:
    """What the year before left open and the report that plans `year` does not name at all.

    Projects of the list of the year before that were neither completed nor withdrawn, and
    indicators that had a target in it. `matched` are the records that rows are taken for.
    """
    named: dict[Kind, set[int]] = defaultdict(set)
    for kind, key in matched:
        if key is not None:
            named[kind].add(key)
    return [
        *_absent_projects(known.projects.values(), named[Kind.PROJECT], year - 1),
        *_absent_indicators(known.indicators.values(), named[Kind.INDICATOR], year - 1),
    ]


def _absent_projects(
    projects: Iterable[KnownProject], named: set[int], before: int
) -> Iterator[Disappeared]:
    for project in projects:
        entry = project.entries.get(before)
        if entry is None or project.pk in named:
            continue
        stage = entry.result or entry.goal
        is_over = entry.result == Stage.COMPLETED or project.status in (
            Status.COMPLETED,
            Status.WITHDRAWN,
        )
        if not is_over:
            yield Disappeared(
                Kind.PROJECT, project.pk, project.name, project.url, before, stage=stage
            )


def _absent_indicators(
    indicators: Iterable[KnownIndicator], named: set[int], before: int
) -> Iterator[Disappeared]:
    for each in indicators:
        if before in each.targets and each.pk not in named:
            yield Disappeared(Kind.INDICATOR, each.pk, each.name, each.url(before), before)


def _projects(found: Sequence[ProjectFound], known: Known) -> Iterator[Matched]:
    names = Names(
        (project.pk, name)
        for project in known.projects.values()
        for name in dict.fromkeys(
            [project.name, *(entry.cited_name for entry in project.entries.values())]
        )
    )
    exact = [names.same(each.name) for each in found]
    # What bears its own name in the report is not proposed as the old name of something else.
    taken = frozenset(key for keys in exact for key in keys)
    for proposal, keys in zip(found, exact, strict=True):
        if keys:
            likely = tuple(Likely(key, _CERTAIN) for key in keys)
            years = [known.projects[key].years for key in keys]
            yield Matched(Kind.PROJECT, proposal, _of_years(proposal.year, years), likely)
        else:
            yield _renamed(Kind.PROJECT, proposal, names.like(proposal.name, without=taken))


def _indicators(found: Sequence[IndicatorFound], known: Known) -> Iterator[Matched]:
    names = Names((each.pk, each.name) for each in known.indicators.values())
    exact = [_same_indicators(each, names, known) for each in found]
    taken = frozenset(key for keys in exact for key in keys)
    for proposal, keys in zip(found, exact, strict=True):
        if keys:
            likely = tuple(Likely(key, _CERTAIN) for key in keys)
            years = [known.indicators[key].years for key in keys]
            yield Matched(Kind.INDICATOR, proposal, _of_years(proposal.year, years), likely)
        else:
            like = [
                each
                for each in names.like(proposal.name, without=taken)
                if _may_be(proposal, known.indicators[each.key])
            ]
            yield _renamed(Kind.INDICATOR, proposal, like)


def _same_indicators(proposal: IndicatorFound, names: Names, known: Known) -> list[int]:
    """Those of one name whose unit agrees; else the rate, or the level, of which it is the growth."""
    same = names.same(proposal.name)
    of_unit = [key for key in same if _one_unit(proposal.unit, known.indicators[key].unit)]
    if of_unit or proposal.unit not in ("", "%"):
        return of_unit
    rates = names.same(f"{proposal.name}增速")
    if rates or not is_growth(proposal):
        return rates
    return [key for key in same if _has_growth(known.indicators[key], proposal.year)]


def _has_growth(indicator: KnownIndicator, year: int) -> bool:
    result = indicator.results.get(year)
    return result is not None and result.growth is not None


def _may_be(proposal: IndicatorFound, indicator: KnownIndicator) -> bool:
    """One unit; and what running text says is of an indicator of another name only if the figure agrees."""
    if not _one_unit(proposal.unit, indicator.unit):
        return False
    result = indicator.results.get(proposal.year)
    if proposal.evidence.table or result is None or not proposal.actual:
        return True
    return same_result(proposal.actual, result.text, result.value)


def _one_unit(one: str, other: str) -> bool:
    return not one or not other or tidy(one) == tidy(other)


def _of_years(year: int, years: Sequence[frozenset[int]]) -> Match:
    if len(years) > 1:
        return Match.AMBIGUOUS
    if year in years[0]:
        return Match.KNOWN
    return Match.CARRY_OVER


def _renamed(kind: Kind, proposal: Proposal, like: Sequence[Likely]) -> Matched:
    if not like:
        return Matched(kind, proposal, Match.NEW)
    if len(like) > 1 and like[0].likeness - like[1].likeness < CLOSE:
        return Matched(kind, proposal, Match.AMBIGUOUS, tuple(like))
    return Matched(kind, proposal, Match.RENAMED, tuple(like))


def _count_likeness(proposal: CountFound, known: KnownCount) -> Decimal:
    if proposal.year != known.year:
        return Decimal(0)
    if proposal.stage and known.goal and proposal.stage != known.goal:
        return Decimal(0)
    if proposal.category and known.category and proposal.category != known.category:
        return Decimal(0)
    return _stated_likeness(
        proposal,
        known.words,
        _subject(proposal.subject, known.subject),
        is_equal=proposal.count == known.count,
    )


def _amount_likeness(proposal: AmountFound, known: KnownAmount) -> Decimal:
    if proposal.year != known.year or proposal.kind != known.kind:
        return Decimal(0)
    return _stated_likeness(
        proposal,
        known.words,
        _subject(proposal.subject, known.subject),
        is_equal=(proposal.value, tidy(proposal.unit)) == (known.value, tidy(known.unit)),
    )


def _stated_likeness(
    proposal: Proposal, words: Sequence[str], subject: Decimal, *, is_equal: bool
) -> Decimal:
    """How surely two statements are one: by their words in their sentence, their subject, their number."""
    evidence = proposal.evidence
    sentence, quote = skeleton(evidence.sentence), skeleton(evidence.quote)
    stands = any(each and skeleton(each) in sentence for each in words)
    is_in_it = any(quote and quote in skeleton(each) for each in words)
    alike = max(subject, _words_in(evidence.quote, words))
    if stands and is_in_it:
        alike = max(alike, Decimal("0.9"))
    if not alike:
        return alike
    return min(alike + (_EQUAL if is_equal else 0), _CERTAIN)


def _statements(
    kind: Kind,
    proposals: Sequence[S],
    known: Mapping[int, K],
    likeness_of: Callable[[S, K], Decimal],
) -> Iterator[Matched]:
    """Each statement with the known ones it may be; a known one is the best match of one alone."""
    scores = [
        {key: score for key, each in known.items() if (score := likeness_of(proposal, each))}
        for proposal in proposals
    ]
    ranked = sorted(
        ((score, place, key) for place, each in enumerate(scores) for key, score in each.items()),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    given: dict[int, int] = {}
    taken: set[int] = set()
    for _score, place, key in ranked:
        if place not in given and key not in taken:
            given[place] = key
            taken.add(key)
    for place, proposal in enumerate(proposals):
        first = given.get(place)
        likely = [
            Likely(key, score)
            for key, score in scores[place].items()
            if key == first or key not in taken or score == _CERTAIN
        ]
        # A statement that the report repeats is the known one both times.
        likely.sort(key=lambda each: (each.key != first, -each.likeness, each.key))
        yield Matched(kind, proposal, _certainty(likely), tuple(likely[:MOST]))


def _certainty(likely: Sequence[Likely]) -> Match:
    if not likely or likely[0].likeness < LIKE:
        return Match.NEW
    if len(likely) > 1 and likely[0].likeness == likely[1].likeness < _CERTAIN:
        return Match.AMBIGUOUS
    return Match.KNOWN


def _commitment(proposal: CommitmentFound, known: Known) -> Matched:
    same_kind = [each for each in known.commitments.values() if each.kind == proposal.kind]
    same = [each for each in same_kind if plain(each.title) == plain(proposal.title)]
    of_year = [each for each in same if each.year == proposal.year]
    if of_year:
        return Matched(
            Kind.COMMITMENT,
            proposal,
            Match.KNOWN if len(of_year) == 1 else Match.AMBIGUOUS,
            tuple(Likely(each.pk, _CERTAIN) for each in of_year),
        )
    like = [
        Likely(each.pk, found)
        for each in same_kind
        if each.year == proposal.year and (found := _text_likeness(proposal, each))
    ]
    like.sort(key=lambda each: (-each.likeness, each.key))
    return Matched(Kind.COMMITMENT, proposal, _certainty(like), tuple(like[:MOST]))


def _text_likeness(proposal: CommitmentFound, known: KnownCommitment) -> Decimal:
    return max(_words_in(proposal.text, (known.text,)), likeness(proposal.title, known.title))


def _words_in(quote: str, words: Sequence[str]) -> Decimal:
    """How alike a wording is to known ones, their numbers left open."""
    given = skeleton(quote)
    best = Decimal(0)
    for known in filter(None, map(skeleton, words)):
        if known == given:
            return _CERTAIN
        if known in given or given in known:
            shorter, longer = sorted((len(known), len(given)))
            best = max(best, Decimal("0.6") + Decimal("0.35") * shorter / longer)
    return best.quantize(Decimal("0.001"))


def _subject(one: str, other: str) -> Decimal:
    if not one or not other:
        return Decimal(0)
    if plain(one) == plain(other):
        return Decimal("0.95")
    return likeness(one, other) * Decimal("0.9")
