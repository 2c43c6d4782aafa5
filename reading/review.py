"""The review page: each row beside its words and the record it is taken for, what is missing, what is left."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from accounts.models import Region
from reading import known, labels, matching, wording
from reading.choices import Decision, Kind
from reading.differences import against
from reading.known import (
    Known,
    KnownAmount,
    KnownCommitment,
    KnownCount,
    KnownIndicator,
    KnownProject,
)
from reading.models import ReadingRow, ReportReading
from reading.proposals import CommitmentFound, Proposal
from reading.rows import WRITTEN, proposal_of

Record = KnownProject | KnownIndicator | KnownCount | KnownAmount | KnownCommitment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known record that a row may be of."""

    key: int
    name: str
    code: str
    url: str
    percent: int
    """How alike the names are."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it."""

    row: ReadingRow
    subject: str
    facts: list[tuple[str, str]]
    quantities: list[str]
    cells: list[SafeString]
    """The sentence with the quoted words marked; a table's row has several cells."""
    doubts: list[str]
    candidate: Candidate | None
    others: list[Candidate]
    changes: list[tuple[str, str, str]]
    """Where the known record says otherwise: the field, what is known, what the report says."""
    problems: list[str]
    percent: int

    @property
    def is_open(self) -> bool:
        return self.row.decision == Decision.UNDECIDED


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many rows of a kind there are, and what became of them."""

    kind: str
    label: str
    total: int
    undecided: int
    written: int
    dropped: int


def shown(rows: Sequence[ReadingRow]) -> list[Shown]:
    """These rows with what they are taken for; as many queries for one as for all."""
    keys: dict[Kind, set[int]] = defaultdict(set)
    for row in rows:
        keys[Kind(row.kind)].update(key for key, _likeness in row.candidates)
        if row.candidate is not None:
            keys[Kind(row.kind)].add(row.candidate)
    everything = known.of_keys(keys)
    return [_shown(row, everything) for row in rows]


def counts(reading: ReportReading) -> list[KindCount]:
    """The kinds that were found, in their order."""
    found = {
        row["kind"]: row
        for row in reading.rows.order_by()
        .values("kind")
        .annotate(
            total=Count("pk"),
            undecided=Count("pk", filter=Q(decision=Decision.UNDECIDED)),
            written=Count("pk", filter=Q(decision__in=WRITTEN)),
            dropped=Count("pk", filter=Q(decision=Decision.DROPPED)),
        )
    }
    return [KindCount(label=str(kind.label), **found[kind]) for kind in Kind if kind in found]


def sure(reading: ReportReading) -> int:
    """How many open rows may be accepted unseen."""
    return reading.rows.filter(decision=Decision.UNDECIDED, is_sure=True).count()


def missing(reading: ReportReading) -> list[matching.Disappeared]:
    """What the year before left open and no row is taken for; dropped rows name it all the same."""
    if reading.year is None:
        return []
    named = reading.rows.exclude(candidate=None).values_list("kind", "candidate")
    return matching.disappeared(
        ((Kind(kind), key) for kind, key in named), known.of_list(reading.year - 1), reading.year
    )


def is_of_another_place(reading: ReportReading) -> bool:
    """Whether the report names a place that is none of the site's regions."""
    names = Region.objects.values_list("name", flat=True)
    place = reading.region
    return bool(place) and not any(name in place or place in name for name in names)


def candidate_names(row: ReadingRow) -> list[Candidate]:
    """The known records that a row may be of, the likeliest first."""
    keys = [key for key, _likeness in row.candidates]
    if row.candidate is not None and row.candidate not in keys:
        keys.append(row.candidate)
    records = _records(Kind(row.kind), known.of_keys({Kind(row.kind): keys}))
    likeness = dict(row.candidates)
    return [
        _candidate(records[key], row.year, likeness.get(key, "1")) for key in keys if key in records
    ]


def marked(sentence: str, quote: str) -> list[SafeString]:
    """The cells of a sentence, the quoted words marked wherever they first stand, in one cell or in several."""
    start = sentence.find(quote) if quote else -1
    end = start + len(quote)
    cells, place = [], 0
    for cell in sentence.split("\t"):
        first = min(max(start - place, 0), len(cell)) if start >= 0 else 0
        last = min(max(end - place, 0), len(cell)) if start >= 0 else 0
        cells.append(_mark(cell, first, last))
        place += len(cell) + 1
    return cells


def _shown(row: ReadingRow, everything: Known) -> Shown:
    proposal = proposal_of(row)
    records = _records(Kind(row.kind), everything)
    likeness = dict(row.candidates)
    chosen = records.get(row.candidate) if row.candidate is not None else None
    return Shown(
        row=row,
        subject=matching.subject_of(proposal),
        facts=labels.facts(proposal),
        quantities=quantities(proposal),
        cells=marked(row.sentence, row.quote),
        doubts=[wording.doubt(code) for code in proposal.doubts],
        candidate=_candidate(chosen, row.year, likeness.get(row.candidate, "1"))
        if chosen
        else None,
        others=[
            _candidate(records[key], row.year, found)
            for key, found in row.candidates
            if key != row.candidate and key in records
        ],
        changes=_changes(proposal, row.candidate, everything),
        problems=labels.problems(row.error),
        percent=int(row.confidence * 100),
    )


def quantities(proposal: Proposal) -> list[str]:
    """The quantities of a commitment, a line each; other proposals have none."""
    if isinstance(proposal, CommitmentFound):
        return [labels.measure(each) for each in proposal.measures]
    return []


def _changes(proposal: Proposal, key: int | None, everything: Known) -> list[tuple[str, str, str]]:
    return [
        (
            " · ".join(filter(None, [each.subject, labels.field_label(each.field)])),
            labels.value_label(each.field, each.old),
            labels.value_label(each.field, each.new),
        )
        for each in against(proposal, key, everything)
    ]


def _records(kind: Kind, everything: Known) -> Mapping[int, Record]:
    tables: dict[Kind, Mapping[int, Record]] = {
        Kind.PROJECT: everything.projects,
        Kind.INDICATOR: everything.indicators,
        Kind.COUNT: everything.counts,
        Kind.AMOUNT: everything.amounts,
        Kind.COMMITMENT: everything.commitments,
    }
    return tables[kind]


def _candidate(record: Record, year: int, likeness: str) -> Candidate:
    match record:
        case KnownProject():
            name, url = record.name, record.url
        case KnownIndicator():
            name = f"{record.name}（{record.unit}）" if record.unit else record.name
            url = record.url(year if year in record.years else max(record.years, default=year))
        case KnownCommitment():
            name, url = record.title, record.url
        case _:
            name, url = record.words[1] or record.subject, record.url
    return Candidate(record.pk, name, record.code, url, round(float(likeness) * 100))


def _mark(cell: str, first: int, last: int) -> SafeString:
    if last <= first:
        return conditional_escape(cell)
    before, quoted, after = cell[:first], cell[first:last], cell[last:]
    return SafeString(
        f"{conditional_escape(before)}<mark>{conditional_escape(quoted)}</mark>{conditional_escape(after)}"
    )
