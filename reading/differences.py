"""Where a proposal says something else, or more, than the record it is taken for; what it leaves unsaid differs not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators import targets
from reading.known import (
    Known,
    KnownAmount,
    KnownCommitment,
    KnownCount,
    KnownIndicator,
    KnownMeasure,
    KnownProject,
)
from reading.likeness import is_same, plain, skeleton
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    IndicatorFound,
    MeasureFound,
    Part,
    ProjectFound,
    Proposal,
)

_SHORTEST = 4
"""Words shorter than this stand anywhere."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with what is known and what the report says, as the words that are stored.

    `old` is empty where nothing is known yet: that is filled, not changed.
    """

    field: str
    old: str
    new: str
    subject: str = ""
    """The quantity that it is about, where the record has several."""


def against(proposal: Proposal, key: int | None, known: Known) -> list[Difference]:
    """Everything that differs, in the order of the fields; nothing where no record is meant."""
    if key is None:
        return []
    match proposal:
        case ProjectFound() if key in known.projects:
            return list(_of_project(proposal, known.projects[key]))
        case IndicatorFound() if key in known.indicators:
            return list(_of_indicator(proposal, known.indicators[key]))
        case CountFound() if key in known.counts:
            return list(_of_count(proposal, known.counts[key]))
        case AmountFound() if key in known.amounts:
            return list(_of_amount(proposal, known.amounts[key]))
        case CommitmentFound() if key in known.commitments:
            return list(_of_commitment(proposal, known.commitments[key]))
    return []


def is_listed(proposal: ProjectFound) -> bool:
    """Whether the report enters the project in a list, and does not only speak of it."""
    return proposal.position > 0


def is_growth(proposal: IndicatorFound) -> bool:
    """Whether a row gives no figure of its own but by how much it grew."""
    try:
        return targets.parse_actual(proposal.actual).kind is targets.ActualKind.GROWTH
    except targets.UnparseableActual:
        return False


def is_growth_of_level(proposal: IndicatorFound, unit: str) -> bool:
    """Whether a row gives the growth of an indicator that is not itself one."""
    return is_growth(proposal) and unit not in ("", "%")


def names_growth(proposal: IndicatorFound, name: str) -> bool:
    """Whether 社会消费品零售总额…增长7.4% is said of 社会消费品零售总额增速."""
    return proposal.unit in ("", "%") and is_same(f"{proposal.name}增速", name)


def result_number(text: str) -> Decimal | None:
    """The number that a result's words give; None where they give none."""
    try:
        return targets.parse_actual(text).number
    except targets.UnparseableActual:
        return None


def _of_project(proposal: ProjectFound, project: KnownProject) -> Iterator[Difference]:
    entry = project.entries.get(proposal.year)
    names = [project.name, *(each.cited_name for each in project.entries.values())]
    if not any(is_same(proposal.name, name) for name in names if name):
        yield Difference("name", project.name, proposal.name)
    if _differ(project.total_investment, proposal.total_investment):
        yield _decimals("total_investment", project.total_investment, proposal.total_investment)
    if entry is None or not is_listed(proposal):
        return
    stage = "goal" if proposal.part is Part.PLAN else "result"
    for name, old, new in (
        (stage, entry.goal if stage == "goal" else entry.result, proposal.stage),
        ("category", entry.category, proposal.category),
        ("sector", entry.sector, proposal.sector),
        ("level", entry.level, proposal.level),
    ):
        if new and old != new and not (name == "sector" and is_same(old, new)):
            yield Difference(name, old, new)
    if _differ(entry.planned_investment, proposal.planned_investment):
        yield _decimals("planned_investment", entry.planned_investment, proposal.planned_investment)


def _of_indicator(proposal: IndicatorFound, indicator: KnownIndicator) -> Iterator[Difference]:
    grew = is_growth_of_level(proposal, indicator.unit)
    if not is_same(proposal.name, indicator.name) and not names_growth(proposal, indicator.name):
        yield Difference("name", indicator.name, proposal.name)
    if not grew and not _one_unit(proposal.unit, indicator.unit):
        yield Difference("unit", indicator.unit, proposal.unit)
    target = indicator.targets.get(proposal.year)
    if proposal.target and (target is None or not same_target(proposal.target, target.text)):
        yield Difference("target", target.text if target else "", proposal.target)
    if proposal.binding is not None and target and target.binding != proposal.binding:
        yield Difference("binding", _flag(target.binding), _flag(proposal.binding))
    result = indicator.results.get(proposal.year)
    if not proposal.actual:
        return
    if grew:
        growth = result_number(proposal.actual)
        known = result.growth if result else None
        if _differ(known, growth):
            yield _decimals("growth", known, growth)
    elif result is None:
        yield Difference("actual", "", proposal.actual)
    elif not same_result(proposal.actual, result.text, result.value):
        yield Difference("actual", result.text or _decimal(result.value), proposal.actual)


def _of_count(proposal: CountFound, known: KnownCount) -> Iterator[Difference]:
    if proposal.count != known.count:
        yield Difference("count", str(known.count), str(proposal.count))
    if proposal.comparator and proposal.comparator != known.comparator:
        yield Difference("comparator", known.comparator, proposal.comparator)
    if proposal.stage and known.goal and proposal.stage != known.goal:
        yield Difference("goal", known.goal, proposal.stage)


def _of_amount(proposal: AmountFound, known: KnownAmount) -> Iterator[Difference]:
    if _differ(known.value, proposal.value):
        yield _decimals("value", known.value, proposal.value)
    if proposal.unit and known.unit and targets.tidy(proposal.unit) != targets.tidy(known.unit):
        yield Difference("unit", known.unit, proposal.unit)
    if proposal.comparator and proposal.comparator != known.comparator:
        yield Difference("comparator", known.comparator, proposal.comparator)
    if _differ(known.growth, proposal.growth):
        yield _decimals("growth", known.growth, proposal.growth)


def _of_commitment(proposal: CommitmentFound, known: KnownCommitment) -> Iterator[Difference]:
    if proposal.part is Part.RESULT and not known.result:
        yield Difference("result", "", proposal.text)
    for measure, found in pairs(proposal.measures, known.measures, proposal.part):
        if found is None:
            yield Difference("value", "", _stated(measure), subject=measure.subject)
        else:
            yield from _of_measure(measure, found, proposal.part)


def pairs(
    measures: Sequence[MeasureFound], known: Sequence[KnownMeasure], part: Part
) -> list[tuple[MeasureFound, KnownMeasure | None]]:
    """Each quantity with the known one that it is, each known one at most once.

    Those that say the same come first, then those of the same subject, then those of the same words
    with another number.
    """
    left = list(known)
    found: dict[int, KnownMeasure] = {}
    for alike in (_says_the_same, _has_the_subject, _has_the_words):
        for place, measure in enumerate(measures):
            if place in found:
                continue
            same = [each for each in left if alike(measure, each, part)]
            if same:
                found[place] = same[0]
                left.remove(same[0])
    return [(measure, found.get(place)) for place, measure in enumerate(measures)]


def _says_the_same(measure: MeasureFound, known: KnownMeasure, part: Part) -> bool:
    is_one = measure.value is not None and measure.value in (known.target, known.actual)
    is_about_it = _has_the_subject(measure, known, part) or any(
        plain(measure.quote) in plain(words) or plain(words) in plain(measure.quote)
        for words in known.words
        if words and measure.quote
    )
    return is_one and is_about_it and _one_unit(measure.unit, known.unit)


def _has_the_subject(measure: MeasureFound, known: KnownMeasure, _part: Part) -> bool:
    return plain(measure.subject) == plain(known.subject)


def _has_the_words(measure: MeasureFound, known: KnownMeasure, _part: Part) -> bool:
    words = skeleton(measure.quote)
    return len(words) > _SHORTEST and words in map(skeleton, known.words)


def _stated(measure: MeasureFound) -> str:
    return f"{_decimal(measure.value)} {measure.unit}".strip()


def _of_measure(measure: MeasureFound, known: KnownMeasure, part: Part) -> Iterator[Difference]:
    value = known.value(part)
    if _differ(value, measure.value):
        yield Difference("value", _decimal(value), _decimal(measure.value), subject=known.subject)
    if not _one_unit(measure.unit, known.unit):
        yield Difference("unit", known.unit, measure.unit, subject=known.subject)


def _one_unit(one: str, other: str) -> bool:
    return not one or not other or targets.tidy(one) == targets.tidy(other)


def same_target(one: str, other: str) -> bool:
    """Whether two wordings set the same target: the bound, the number, the year it starts from."""
    if targets.tidy(one) == targets.tidy(other):
        return True
    try:
        first, second = targets.parse(one), targets.parse(other)
    except targets.UnparseableTarget:
        return False
    is_one_unit = first.unit == second.unit or not first.unit or not second.unit
    return (
        is_one_unit
        and (first.comparator, first.value, first.grade)
        == (second.comparator, second.value, second.grade)
        and first.base_year in (second.base_year, None)
    )


def same_result(text: str, known: str, value: Decimal | None) -> bool:
    """Whether a result's words say what is recorded, be it in other words."""
    if known and targets.tidy(text) == targets.tidy(known):
        return True
    number = result_number(text)
    return number is not None and value is not None and number == value


def _differ(old: Decimal | None, new: Decimal | None) -> bool:
    """Whether the report gives a number and the record another, or none."""
    return new is not None and old != new


def _decimals(name: str, old: Decimal | None, new: Decimal | None) -> Difference:
    return Difference(name, _decimal(old), _decimal(new))


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize() + 0:f}"


def _flag(value: bool) -> str:
    return "true" if value else "false"
