"""Holds a draft report against the data: every number, unit, count and name that differs, and the draft against itself.

Two nets. The proposals of the reader are matched with the records of their year and compared field
by field; then the very words of every known fact of those years are looked for in the draft, so
that a number is caught too where the reader did not take the sentence for a record.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from indicators.targets import tidy
from projects.models import Comparator
from reading.choices import Kind, Match
from reading.differences import Difference, against, is_growth, is_listed, result_number
from reading.known import Known
from reading.likeness import core, numbers, plain, plain_numbers, skeleton
from reading.matching import Matched, match, subject_of
from reading.proposals import Evidence, ProjectFound, Proposal, Reading

_SHORTEST = 6
"""Words shorter than this stand in a report by chance."""
_NOWHERE = Evidence(line=0, sentence="", quote="")


class Fault(StrEnum):
    """What sort of difference a finding is."""

    TARGET = "target"
    RESULT = "result"
    BINDING = "binding"
    COUNT = "count"
    AMOUNT = "amount"
    GROWTH = "growth"
    QUANTITY = "quantity"
    UNIT = "unit"
    BOUND = "bound"
    STAGE = "stage"
    SORTING = "sorting"
    NAME = "name"
    WORDS = "words"
    NOT_IN_DATA = "not_in_data"
    NOT_IN_DRAFT = "not_in_draft"
    NAMED_MORE = "named_more"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: where in the draft, about what, what the draft says and what the data say."""

    fault: Fault
    subject: str
    year: int
    evidence: Evidence
    """Where the draft says it; line 0 where the draft says nothing."""
    draft: str
    data: str
    field: str = ""
    url: str = ""
    """The page of the record that says otherwise."""

    @property
    def line(self) -> int:
        return self.evidence.line


_OF_FIELD = {
    "target": Fault.TARGET,
    "actual": Fault.RESULT,
    "binding": Fault.BINDING,
    "count": Fault.COUNT,
    "value": Fault.AMOUNT,
    "growth": Fault.GROWTH,
    "unit": Fault.UNIT,
    "comparator": Fault.BOUND,
    "goal": Fault.STAGE,
    "result": Fault.STAGE,
    "category": Fault.SORTING,
    "sector": Fault.SORTING,
    "level": Fault.SORTING,
    "name": Fault.NAME,
    "total_investment": Fault.AMOUNT,
    "planned_investment": Fault.AMOUNT,
}


def check(draft: Reading, known: Known) -> list[Finding]:
    """Everything that differs, in the order of the draft; what it does not say at all comes last."""
    matched = match(draft, known)
    found = [
        *_of_matches(matched, known),
        *_not_in_draft(draft, matched, known),
        *_named_more(draft),
        *_contradictions(draft),
    ]
    found += _of_words(draft, known, found)
    unique: dict[tuple[object, ...], Finding] = {}
    for each in found:
        unique.setdefault(_point(each), each)
    return sorted(unique.values(), key=lambda each: (each.line == 0, each.line, each.fault))


def _point(finding: Finding) -> tuple[object, ...]:
    """What a finding is about: the same numbers of the same thing in one line are one finding."""
    given, stated = tuple(numbers(finding.draft)), tuple(numbers(finding.data))
    if given and stated and finding.fault is not Fault.CONTRADICTION:
        return (finding.line, core(finding.subject), finding.year, given, stated)
    return (finding.fault, finding.line, finding.subject, finding.draft, finding.data)


def by_kind(findings: Iterable[Finding]) -> list[tuple[Fault, list[Finding]]]:
    """The findings of each sort, the sorts in their order."""
    order = list(Fault)
    ranked = sorted(findings, key=lambda each: order.index(each.fault))
    return [(fault, list(group)) for fault, group in groupby(ranked, key=lambda each: each.fault)]


def checked(draft: Reading) -> int:
    """How many statements of the draft were held against the data."""
    kinds = (draft.indicators, draft.projects, draft.counts, draft.amounts, draft.commitments)
    return sum(map(len, kinds))


def _of_matches(matched: Iterable[Matched], known: Known) -> Iterator[Finding]:
    for each in matched:
        proposal = each.proposal
        if each.match in (Match.NEW, Match.CARRY_OVER):
            if isinstance(proposal, ProjectFound) and _stands_in_a_table(proposal):
                yield _unknown(proposal)
            continue
        if each.match is Match.RENAMED and not proposal.evidence.table:
            continue
        key = each.candidates[0].key if each.candidates else None
        for difference in against(proposal, key, known):
            if difference.old and not _is_beside_the_point(proposal, difference):
                yield _finding(proposal, each.kind, key, difference, known)


def _stands_in_a_table(proposal: ProjectFound) -> bool:
    return is_listed(proposal) and bool(proposal.evidence.table)


def _unknown(proposal: ProjectFound) -> Finding:
    return Finding(
        Fault.NOT_IN_DATA,
        proposal.name,
        proposal.year,
        proposal.evidence,
        draft=proposal.name,
        data="",
        field="name",
    )


def _is_beside_the_point(proposal: Proposal, difference: Difference) -> bool:
    """Running text words names as the sentence needs them; only tables are held to the letter."""
    return difference.field in ("name", "sector") and not proposal.evidence.table


def _finding(
    proposal: Proposal, kind: Kind, key: int | None, difference: Difference, known: Known
) -> Finding:
    fault = _OF_FIELD.get(difference.field, Fault.WORDS)
    if kind is Kind.COMMITMENT and fault is Fault.AMOUNT:
        fault = Fault.QUANTITY
    return Finding(
        fault,
        difference.subject or subject_of(proposal),
        proposal.year,
        proposal.evidence,
        draft=difference.new,
        data=difference.old,
        field=difference.field,
        url=_url(kind, key, proposal.year, known),
    )


def _url(kind: Kind, key: int | None, year: int, known: Known) -> str:
    if key is None:
        return ""
    match kind:
        case Kind.PROJECT:
            return known.projects[key].url
        case Kind.INDICATOR:
            return known.indicators[key].url(year)
        case Kind.COUNT:
            return known.counts[key].url
        case Kind.AMOUNT:
            return known.amounts[key].url
        case Kind.COMMITMENT:
            return known.commitments[key].url


def _not_in_draft(draft: Reading, matched: Iterable[Matched], known: Known) -> Iterator[Finding]:
    """Projects of a list, and indicators with a target, that the draft's tables leave out."""
    named: dict[Kind, set[tuple[int, int]]] = defaultdict(set)
    for each in matched:
        for candidate in each.candidates:
            named[each.kind].add((candidate.key, each.proposal.year))
    listed = {each.year for each in draft.projects if _stands_in_a_table(each)}
    for project in known.projects.values():
        for year, entry in project.entries.items():
            is_due = year in listed and (entry.table or year == draft.year)
            if is_due and (project.pk, year) not in named[Kind.PROJECT]:
                yield _left_out(entry.cited_name or project.name, year, project.url)
    tabled = {each.year for each in draft.indicators if each.target and each.evidence.table}
    for indicator in known.indicators.values():
        for year in indicator.targets:
            if year in tabled and (indicator.pk, year) not in named[Kind.INDICATOR]:
                yield _left_out(indicator.name, year, indicator.url(year))


def _left_out(name: str, year: int, url: str) -> Finding:
    return Finding(Fault.NOT_IN_DRAFT, name, year, _NOWHERE, draft="", data=name, url=url)


def _named_more(draft: Reading) -> Iterator[Finding]:
    """A row that names more projects than it says there are; 以上 leaves the number open upwards."""
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    for project in draft.projects:
        named[project.evidence.line, project.stage].append(project.name)
    for count in draft.counts:
        names = named.get((count.evidence.line, count.stage), [])
        if not count.evidence.table or count.comparator == Comparator.AT_LEAST:
            continue
        if len(names) > count.count:
            yield Finding(
                Fault.NAMED_MORE,
                count.subject,
                count.year,
                count.evidence,
                draft=str(count.count),
                data=str(len(names)),
                field="count",
            )


def _contradictions(draft: Reading) -> Iterator[Finding]:
    """The same thing said with two values in two places of the draft."""
    said: dict[tuple[object, ...], list[tuple[Decimal, str, Proposal]]] = defaultdict(list)
    for indicator in draft.indicators:
        grew = is_growth(indicator)
        head = (core(indicator.name), tidy(indicator.unit), indicator.year, grew)
        for name, words in (("target", indicator.target), ("actual", indicator.actual)):
            number = result_number(words) if words else None
            if number is not None:
                said[(*head, name)].append((number, words, indicator))
    for amount in draft.amounts:
        if amount.value is not None and amount.subject:
            money = (plain(amount.subject), tidy(amount.unit), amount.year, amount.part)
            words = f"{amount.value.normalize() + 0:f}{amount.unit}"
            said[money].append((amount.value, words, amount))
    for places in said.values():
        first = places[0]
        for number, words, proposal in places[1:]:
            if number != first[0]:
                yield Finding(
                    Fault.CONTRADICTION,
                    subject_of(proposal),
                    proposal.year,
                    proposal.evidence,
                    draft=words,
                    data=f"{first[1]} ({first[2].evidence.line})",
                )


@dataclass(frozen=True, slots=True)
class _Fact:
    """The words in which a report stated a known fact."""

    words: str
    subject: str
    year: int
    url: str


def _of_words(draft: Reading, known: Known, found: Iterable[Finding]) -> list[Finding]:
    """Known facts whose words stand in the draft with other numbers, where nothing else says so."""
    lines = _Lines(draft.lines)
    told = defaultdict(set)
    for each in found:
        told[each.line].update(numbers(each.draft))
    findings = []
    for fact in _facts(known, {draft.year, draft.year - 1}):
        place = lines.otherwise(fact.words)
        if place is None:
            continue
        line, given = place
        stated = numbers(fact.words)
        differing = [(new, old) for new, old in zip(given, stated, strict=True) if new != old]
        if all(new in told[line] for new, _old in differing):
            continue
        told[line].update(new for new, _old in differing)
        sentence = draft.lines[line - 1]
        findings.append(
            Finding(
                Fault.WORDS,
                fact.subject,
                fact.year,
                Evidence(line, sentence, _first_of(sentence, differing[0][0])),
                draft="、".join(new for new, _old in differing),
                data="、".join(old for _new, old in differing),
                url=fact.url,
            )
        )
    return findings


def _facts(known: Known, years: set[int]) -> Iterator[_Fact]:
    for indicator in known.indicators.values():
        for year in years & indicator.years:
            target, result = indicator.targets.get(year), indicator.results.get(year)
            for quote in {each.quote for each in (target, result) if each is not None}:
                yield _Fact(quote, indicator.name, year, indicator.url(year))
    for count in known.counts.values():
        if count.year in years:
            yield _Fact(count.words[0], count.subject, count.year, count.url)
    for amount in known.amounts.values():
        if amount.year in years:
            yield _Fact(amount.words[0], amount.subject, amount.year, amount.url)
    for commitment in known.commitments.values():
        if commitment.year in years:
            for measure in commitment.measures:
                words = measure.words[0]
                yield _Fact(words, measure.subject, commitment.year, commitment.url)


class _Lines:
    """A draft's lines with their numbers left open."""

    def __init__(self, lines: Iterable[str]) -> None:
        plain_lines = [plain_numbers(line) for line in lines]
        self._numbers = [numbers(line) for line in plain_lines]
        self._skeletons = [skeleton(line) for line in plain_lines]
        self._whole = "\n".join(self._skeletons)

    def otherwise(self, words: str) -> tuple[int, list[str]] | None:
        """Where these words stand with other numbers, and those; None where they stand as they are, or nowhere."""
        open_words, stated = skeleton(words), numbers(words)
        if not stated or len(open_words) < _SHORTEST or open_words not in self._whole:
            return None
        first = None
        for line, text in enumerate(self._skeletons, start=1):
            start = text.find(open_words)
            while start >= 0:
                before = text.count("□", 0, start)
                given = self._numbers[line - 1][before : before + len(stated)]
                if given == stated:
                    return None
                first = first or (line, given)
                start = text.find(open_words, start + 1)
        return first


def _first_of(sentence: str, number: str) -> str:
    return number if number in sentence else ""
