"""A row of an indicator table: the indicator, the year's target, the year's result."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from indicators.models import Area, Indicator, Observation, Target
from indicators.recording import FIELDS, record
from indicators.targets import ActualKind, UnparseableActual, parse_actual
from office.pinyin import initials
from reading.differences import (
    is_growth_of_level,
    names_growth,
    result_number,
    same_result,
    same_target,
)
from reading.likeness import is_same, plain
from reading.proposals import IndicatorFound
from reading.writing.outcome import Outcome, RefusedError, stored
from reading.writing.sources import Source


@dataclass(slots=True)
class IndicatorWriter:
    """Writes the indicators of one report; an indicator that stands in two of its tables is one."""

    source: Source
    by: User
    _made: dict[tuple[str, str], Indicator] = field(default_factory=dict)
    _positions: dict[int, int] = field(default_factory=dict)

    def write(self, proposal: IndicatorFound, candidate: int | None, outcome: Outcome) -> None:
        """One row; raises ValidationError or RefusedError."""
        if candidate is None:
            indicator = self._new(proposal, outcome)
        else:
            indicator = Indicator.objects.get(pk=candidate)
            is_named_so = is_same(proposal.name, indicator.name)
            if not is_named_so and not names_growth(proposal, indicator.name):
                outcome.change(indicator, {"name": proposal.name})
        if proposal.target:
            self._target(indicator, proposal, outcome)
        if proposal.actual:
            self._result(indicator, proposal, outcome)

    def _new(self, proposal: IndicatorFound, outcome: Outcome) -> Indicator:
        key = (plain(proposal.name), plain(proposal.unit))
        if made := self._made.get(key):
            return made
        indicator = Indicator(
            code=_code(proposal.name),
            name=proposal.name,
            unit=proposal.unit,
            precision=_precision(proposal.actual or proposal.target),
            parent=self._parent(proposal.parent),
            counts_in_total=not proposal.parent and bool(proposal.target),
        )
        outcome.add(indicator)
        self._made[key] = indicator
        return indicator

    def _parent(self, name: str) -> Indicator | None:
        if not name:
            return None
        made = [each for each in self._made.values() if is_same(each.name, name)]
        known = made or [
            each for each in Indicator.objects.filter(parent=None) if is_same(each.name, name)
        ]
        if len(known) != 1:
            message = _("“%(name)s”, of which it is a part, is not known.") % {"name": name}
            raise RefusedError("parent", message)
        return known[0]

    def _target(self, indicator: Indicator, proposal: IndicatorFound, outcome: Outcome) -> None:
        known = indicator.targets.filter(year=proposal.year).first()
        if known is not None:
            if not same_target(proposal.target, known.text):
                raise RefusedError(
                    "target",
                    _(
                        "The year's target is recorded as “%(text)s”. What a report set is kept for "
                        "ever; a change is a revision with its approving body. Leave it out here."
                    )
                    % {"text": known.text},
                )
            return
        target = Target(
            indicator=indicator,
            year=proposal.year,
            seq=int(proposal.seq) if proposal.seq.isdecimal() else None,
            position=self._position(proposal.year),
            binding=bool(proposal.binding),
            text=proposal.target,
            **self.source.cite(proposal.evidence),
        )
        outcome.add(target)

    def _position(self, year: int) -> int:
        if year not in self._positions:
            positions = Target.objects.filter(year=year).values_list("position", flat=True)
            self._positions[year] = max(positions, default=0)
        self._positions[year] += 1
        return self._positions[year]

    def _result(self, indicator: Indicator, proposal: IndicatorFound, outcome: Outcome) -> None:
        figures = _figures(proposal.actual)
        if is_growth_of_level(proposal, indicator.unit):
            figures = {"growth": result_number(proposal.actual), "growth_unit": "%"}
        known = indicator.observations.filter(
            year=proposal.year, month=None, area=Area.DISTRICT
        ).first()
        if known is None:
            observation = Observation(
                indicator=indicator,
                year=proposal.year,
                **figures,
                **self.source.cite(proposal.evidence),
            )
            outcome.add(observation)
        elif _says_otherwise(proposal, known, figures):
            before = {name: stored(known, name) for name in FIELDS}
            record(indicator, proposal.year, {**_all(known), **figures}, by=self.by)
            known.refresh_from_db()
            after = {name: stored(known, name) for name in FIELDS}
            changes = [(name, before[name], after[name]) for name in FIELDS]
            outcome.note(known, [each for each in changes if each[1] != each[2]])


def _figures(actual: str) -> dict[str, object]:
    """The columns of an observation that a result's words fill."""
    status = Observation.Status.FINAL
    try:
        if parse_actual(actual).kind == ActualKind.NOT_RELEASED:
            status = Observation.Status.NOT_RELEASED
    except UnparseableActual:
        pass  # the words stand as they are; the verdict says that they cannot be judged
    return {"status": status, "value": result_number(actual), "text": actual}


def _says_otherwise(
    proposal: IndicatorFound, known: Observation, figures: dict[str, object]
) -> bool:
    if "growth" in figures:
        return known.growth != figures["growth"]
    return not same_result(proposal.actual, known.text, known.value)


def _all(known: Observation) -> dict[str, object]:
    return {name: getattr(known, name) for name in FIELDS}


def _precision(words: str) -> int:
    number = result_number(words)
    if number is None:
        return 0
    exponent = Decimal(number).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _code(name: str) -> str:
    """The name's initials; a number is added where they are taken."""
    head = slugify(initials(name))[:50] or "indicator"
    taken = set(Indicator.objects.filter(code__startswith=head).values_list("code", flat=True))
    number, code = 1, head
    while code in taken:
        number += 1
        code = f"{head}-{number}"
    return code
