"""A year's targets beside what was achieved, a year's commitments beside what came of them.

Everything is judged by evaluation from the words themselves; a reading takes a fixed number of
queries, whatever the year holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from indicators.evaluation import JudgedRow, Tally, Verdict, tally
from indicators.models import (
    Area,
    Commitment,
    Indicator,
    Measure,
    Observation,
    ObservationChange,
    Target,
    TargetRevision,
)
from indicators.rows import (
    Citation,
    CommitmentRow,
    Row,
    citation_of,
    commitment_of,
    row_of,
)
from projects.models import Cited

Fact = TypeVar("Fact", bound=Cited)


@dataclass(frozen=True, slots=True)
class MeasureTally:
    """Measures by verdict; `unstated` were not promised: the report only says what was reached."""

    total: int
    met: int
    below: int
    pending: int
    unjudged: int
    unstated: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured that no target of the table belongs to."""

    observation: Observation
    source: Citation | None


@dataclass(frozen=True, slots=True)
class YearEntry:
    """A year of an indicator: its row where it had a target, else what was measured."""

    year: int
    indicator: Indicator
    row: Row | None
    observation: Observation | None
    source: Citation | None


def years() -> list[int]:
    """The years that have targets, the latest first."""
    found = Target.objects.order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def latest_reported_year() -> int | None:
    """The latest year with targets of which at least one result is known."""
    measured = _annual().filter(year=OuterRef("year"), indicator=OuterRef("indicator"))
    found = Target.objects.filter(Exists(measured)).order_by("-year")
    return found.values_list("year", flat=True).first()


def rows(year: int) -> list[Row]:
    """The year's table in printed order, each sub-indicator under its parent; four queries."""
    listed = _in_order(_with_words(Target.objects.filter(year=year)).order_by("position", "pk"))
    found = _annual().filter(year=year, indicator__targets__year=year)
    measured = {each.indicator_id: each for each in _with_sentences(found)}
    entered = _entered(found)
    numbers = {target.indicator_id: target.seq for target in listed}
    table = []
    for target in listed:
        observation = measured.get(target.indicator_id)
        parent_seq = numbers.get(target.indicator.parent_id or 0)
        corrected = observation is not None and observation.pk in entered
        table.append(row_of(target, observation, parent_seq=parent_seq, corrected=corrected))
    return table


def tally_of(table: Iterable[Row]) -> Tally:
    """The counted rows by verdict: what the report's count sentence says."""
    return tally(
        JudgedRow(row.code, row.judgement, row.counts_in_total, row.binding) for row in table
    )


def other_figures(year: int) -> list[Figure]:
    """What was measured of indicators that are not in the year's table; one query."""
    targeted = Target.objects.filter(year=year, indicator=OuterRef("indicator"))
    found = _with_sentences(_annual().filter(~Exists(targeted), year=year))
    listed = found.select_related("indicator").order_by("pk")
    return [Figure(each, citation_of(each)) for each in listed]


def part_figures(indicator: Indicator) -> list[Figure]:
    """What was measured in single months, and of the whole city; one query."""
    found = indicator.observations.exclude(month__isnull=True, area=Area.DISTRICT)
    listed = _with_sentences(found).order_by("year", F("month").asc(nulls_first=True), "area")
    return [Figure(each, citation_of(each)) for each in listed]


def history(indicator: Indicator) -> list[YearEntry]:
    """The indicator's years side by side, those before and after a renaming with them."""
    related = [indicator, *indicator.renamed_to.all()]
    if indicator.renamed_from is not None:
        related.append(indicator.renamed_from)
    named = {each.pk: each for each in related}
    planned = {
        (target.year, target.indicator_id): target
        for target in _with_words(Target.objects.filter(indicator__in=related))
    }
    numbers = {
        (target.year, target.indicator_id): target.seq
        for target in Target.objects.filter(
            indicator__in=[each.parent_id for each in related if each.parent_id]
        )
    }
    found = _annual().filter(indicator__in=related)
    measured = {(each.year, each.indicator_id): each for each in _with_sentences(found)}
    entered = _entered(found)
    entries = []
    for year, pk in sorted(planned.keys() | measured.keys()):
        target, observation = planned.get((year, pk)), measured.get((year, pk))
        parent_seq = numbers.get((year, named[pk].parent_id or 0))
        corrected = observation is not None and observation.pk in entered
        row = None
        if target is not None:
            row = row_of(target, observation, parent_seq=parent_seq, corrected=corrected)
        source = citation_of(observation) if observation else None
        entries.append(YearEntry(year, named[pk], row, observation, source))
    return entries


def commitment_years() -> list[int]:
    """The years that have commitments, the latest first."""
    found = Commitment.objects.order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def commitments(year: int) -> list[CommitmentRow]:
    """The year's commitments by kind, in printed order; two queries."""
    found = _with_sentences(Commitment.objects.filter(year=year))
    measures = _with_sentences(Measure.objects.order_by("position"))
    listed = found.prefetch_related(Prefetch("measures", queryset=measures))
    kinds = Commitment.Kind.values
    in_order = sorted(listed, key=lambda each: (kinds.index(each.kind), each.position, each.pk))
    return [commitment_of(each) for each in in_order]


def measure_tally(listed: Iterable[CommitmentRow]) -> MeasureTally:
    """Count the measures of these commitments by verdict."""
    measures = [measure for row in listed for measure in row.measures]
    verdicts = [measure.judgement.verdict for measure in measures if measure.judgement]
    return MeasureTally(
        total=len(measures),
        met=verdicts.count(Verdict.MET),
        below=verdicts.count(Verdict.BELOW),
        pending=verdicts.count(Verdict.PENDING),
        unjudged=verdicts.count(Verdict.UNJUDGED),
        unstated=len(measures) - len(verdicts),
    )


def _annual() -> QuerySet[Observation]:
    """The district's figures of whole years."""
    return Observation.objects.filter(month__isnull=True, area=Area.DISTRICT)


def _entered(found: QuerySet[Observation]) -> set[int]:
    """Those that people entered or corrected after the report."""
    changes = ObservationChange.objects.filter(observation__in=found)
    return set(changes.values_list("observation", flat=True))


def _with_sentences(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    # The outline of the document is long and not needed here.
    return facts.select_related("sentence__document").defer("sentence__document__sections")


def _with_words(found: QuerySet[Target]) -> QuerySet[Target]:
    revisions = _with_sentences(TargetRevision.objects.order_by("approved_on", "pk"))
    return (
        _with_sentences(found)
        .select_related("indicator")
        .prefetch_related(Prefetch("revisions", queryset=revisions))
    )


def _in_order(found: Iterable[Target]) -> list[Target]:
    """Each sub-indicator right under its parent, otherwise as printed."""
    listed = list(found)
    present = {target.indicator_id for target in listed}
    parts: dict[int, list[Target]] = defaultdict(list)
    heads = []
    for target in listed:
        parent = target.indicator.parent_id
        if parent is not None and parent in present:
            parts[parent].append(target)
        else:
            heads.append(target)
    return [each for head in heads for each in (head, *parts[head.indicator_id])]
