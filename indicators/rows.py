"""The rows of a year's tables: targets and measures as the report prints them, each judged."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators import targets
from indicators.evaluation import DEFAULT_TOLERANCE, Judgement, Reason, Verdict, judge
from indicators.models import Commitment, Measure, Observation, Target, TargetRevision
from indicators.targets import ActualKind, Comparator, ParsedActual, ParsedTarget
from projects.models import Cited
from projects.models.source import source_address


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact stands: the document, the section (表1), the sentence and the quoted words."""

    document: str
    section: str
    number: int
    sentence: str
    quote: str

    @property
    def url(self) -> str:
        """The address of the sentence with the words marked."""
        return source_address(self.document, self.number, self.quote)


@dataclass(frozen=True, slots=True)
class Revision:
    """A target that a body changed; `old` is empty where the report does not say it."""

    approved_by: str
    approved_on: date | None
    old: str
    new: str
    reason: str
    quote: str
    source: Citation | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a year's table: a target in the report's words, its result, the judgement.

    `is_part` marks a # row, which has no number; `parent_seq` is then the number of its parent in
    the same table. `starred` says that the report prints * after the name. `actual` is the result
    as a number, where it is one. `corrected` tells that people entered the result after the
    report; `actual_source` then still leads to what the report said.
    """

    code: str
    seq: int | None
    parent_seq: int | None
    is_part: bool
    counts_in_total: bool
    name: str
    unit: str
    binding: bool
    starred: bool
    target_text: str
    target_in_force: str
    comparator: str
    value: Decimal | None
    base_year: int | None
    actual_text: str
    actual: Decimal | None
    status: str
    growth: Decimal | None
    growth_unit: str
    note: str
    corrected: bool
    judgement: Judgement
    target_source: Citation | None
    actual_source: Citation | None
    revisions: tuple[Revision, ...]

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict

    @property
    def gap(self) -> Decimal | None:
        """Actual minus target, in `gap_unit`."""
        return self.judgement.gap

    @property
    def gap_unit(self) -> str:
        return self.judgement.gap_unit

    @property
    def printed_name(self) -> str:
        """The name cell as the report prints it: # before a sub-indicator, * after a binding one."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{'#' if self.is_part else ''}{self.name}{unit}{'*' if self.starred else ''}"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One number of a commitment; `judgement` is None where no number was promised."""

    position: int
    subject: str
    text: str
    comparator: str
    value: Decimal | None
    unit: str
    actual: Decimal | None
    actual_text: str
    note: str
    judgement: Judgement | None
    source: Citation | None


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment in the report's words with its measures."""

    code: str
    year: int
    kind: str
    position: int
    heading: str
    title: str
    text: str
    result: str
    source: Citation | None
    measures: tuple[MeasureRow, ...]

    def has(self, verdict: str) -> bool:
        """Whether one of the measures has this verdict."""
        return any(row.judgement and row.judgement.verdict == verdict for row in self.measures)


def reading(text: str, value: Decimal | None) -> ParsedActual | None:
    """A result: what its words say, else the number beside them; None where there is neither.

    Raises UnparseableActual where there are only words and they cannot be read.
    """
    if text.strip():
        try:
            return targets.parse_actual(text)
        except targets.UnparseableActual:
            if value is None:
                raise
    return None if value is None else ParsedActual(ActualKind.LEVEL, number=value)


def promised(measure: Measure) -> ParsedTarget | None:
    """What a measure promises; None where its words cannot be read.

    The comparator and value that stand beside the words are a person's reading and go before the
    words ("150万亩" of "150万亩、50万吨左右" is about); a change or a grade is in the words alone.
    """
    in_words = (Comparator.CHANGE, Comparator.GRADE, Comparator.ASSIGNED)
    if measure.comparator and measure.comparator not in in_words and measure.value is not None:
        return ParsedTarget(Comparator(measure.comparator), value=measure.value)
    try:
        return targets.parse(measure.text, direction=targets.Direction(measure.direction))
    except targets.UnparseableTarget:
        return None


def row_of(
    target: Target,
    observation: Observation | None,
    *,
    parent_seq: int | None,
    corrected: bool = False,
) -> Row:
    """The row of a target and, where there is one, of its result."""
    indicator = target.indicator
    revisions = tuple(_revision(each) for each in target.revisions.all())
    in_force = revisions[-1].new if revisions else target.text
    parsed = target.parsed(in_force)
    judgement = _judged(
        parsed,
        observation.text if observation else "",
        observation.value if observation else None,
        released=observation is None or observation.status != Observation.Status.NOT_RELEASED,
        unit=indicator.unit,
        direction=indicator.direction,
        tolerance=target.tolerance,
    )
    return Row(
        code=indicator.code,
        seq=target.seq,
        parent_seq=parent_seq,
        is_part=indicator.parent_id is not None,
        counts_in_total=indicator.counts_in_total,
        name=indicator.name,
        unit=indicator.unit,
        binding=target.binding,
        starred=target.binding and any(c.endswith("*") for c in target.quote.split("\t")),
        target_text=target.text,
        target_in_force=in_force,
        comparator=parsed.comparator.value if parsed else "",
        value=_number(parsed),
        base_year=parsed.base_year if parsed else None,
        actual_text=observation.text if observation else "",
        actual=_actual_number(observation),
        status=observation.status if observation else "",
        growth=observation.growth if observation else None,
        growth_unit=observation.growth_unit if observation else "",
        note=observation.note if observation else "",
        corrected=corrected,
        judgement=judgement,
        target_source=citation_of(target),
        actual_source=citation_of(observation) if observation else None,
        revisions=revisions,
    )


def commitment_of(commitment: Commitment) -> CommitmentRow:
    """The row of a commitment with its measures."""
    return CommitmentRow(
        code=commitment.code,
        year=commitment.year,
        kind=commitment.kind,
        position=commitment.position,
        heading=commitment.heading,
        title=commitment.title,
        text=commitment.text,
        result=commitment.result,
        source=citation_of(commitment),
        measures=tuple(_measure_of(measure) for measure in commitment.measures.all()),
    )


def citation_of(fact: Cited) -> Citation | None:
    """Where the fact stands; None where no source is named."""
    if fact.sentence is None:
        return None
    return Citation(
        document=fact.sentence.document.code,
        section=fact.sentence.section,
        number=fact.sentence.number,
        sentence=fact.sentence.text,
        quote=fact.quote,
    )


def _revision(revision: TargetRevision) -> Revision:
    return Revision(
        approved_by=revision.approved_by,
        approved_on=revision.approved_on,
        old=revision.old_text,
        new=revision.new_text,
        reason=revision.reason,
        quote=revision.quote,
        source=citation_of(revision),
    )


def _measure_of(measure: Measure) -> MeasureRow:
    parsed = promised(measure) if measure.text or measure.comparator else None
    judgement = None
    if measure.text or measure.comparator:
        judgement = _judged(
            parsed,
            measure.actual_text,
            measure.actual,
            released=True,
            unit=measure.unit,
            direction=measure.direction,
            tolerance=None,
        )
    return MeasureRow(
        position=measure.position,
        subject=measure.subject,
        text=measure.text,
        comparator=parsed.comparator.value if parsed else "",
        value=_number(parsed),
        unit=measure.unit,
        actual=measure.actual,
        actual_text=measure.actual_text,
        note=measure.note,
        judgement=judgement,
        source=citation_of(measure),
    )


def _judged(
    parsed: ParsedTarget | None,
    text: str,
    value: Decimal | None,
    *,
    released: bool,
    unit: str,
    direction: str,
    tolerance: Decimal | None,
) -> Judgement:
    try:
        actual = reading(text, value) if released else ParsedActual(ActualKind.NOT_RELEASED)
    except targets.UnparseableActual:
        unread = Reason.ACTUAL_UNREADABLE if parsed else Reason.TARGET_UNREADABLE
        return Judgement(Verdict.UNJUDGED, unread)
    return judge(
        parsed,
        actual,
        unit=unit,
        direction=targets.Direction(direction),
        tolerance=DEFAULT_TOLERANCE if tolerance is None else tolerance,
    )


def _number(parsed: ParsedTarget | None) -> Decimal | None:
    """The target's number; of a grade its class."""
    if parsed is None:
        return None
    return parsed.value if parsed.grade is None else Decimal(parsed.grade)


def _actual_number(observation: Observation | None) -> Decimal | None:
    """The result as a number, where it is one."""
    if observation is None:
        return None
    try:
        read = reading(observation.text, observation.value)
    except targets.UnparseableActual:
        return None
    return read.number if read and read.kind == ActualKind.LEVEL else None
