"""What a report states besides: counts, amounts, commitments with their quantities."""

from dataclasses import dataclass, field
from typing import Any

from indicators.models import Commitment, Measure
from projects.models import PlanStatement, StatedAmount
from reading.differences import pairs
from reading.known import known_measure
from reading.proposals import AmountFound, CommitmentFound, CountFound, MeasureFound, Part
from reading.writing.codes import Numbers
from reading.writing.outcome import Outcome
from reading.writing.sources import Source


@dataclass(slots=True)
class StatementWriter:
    """Writes the counts, amounts and commitments of one report."""

    source: Source
    _counts: Numbers = field(default_factory=lambda: Numbers(PlanStatement, "count"))
    _amounts: Numbers = field(default_factory=lambda: Numbers(StatedAmount, "amount"))
    _commitments: Numbers = field(default_factory=lambda: Numbers(Commitment, "task"))

    def write_count(self, proposal: CountFound, candidate: int | None, outcome: Outcome) -> None:
        """A number of projects; raises ValidationError or RefusedError."""
        said: dict[str, Any] = {"count": proposal.count, "comparator": proposal.comparator}
        if candidate is not None:
            known = PlanStatement.objects.get(pk=candidate)
            self._change(known, said, proposal, outcome)
            return
        words = proposal.evidence.table.split()
        statement = PlanStatement(
            code=self._counts.next(proposal.year),
            year=proposal.year,
            level=proposal.level,
            category=proposal.category,
            table=words[0][:20] if words else "",
            subject=proposal.subject[:100],
            goal=proposal.stage,
            text=proposal.evidence.quote[:400],
            **said,
            **self.source.cite(proposal.evidence),
        )
        outcome.add(statement)

    def write_amount(self, proposal: AmountFound, candidate: int | None, outcome: Outcome) -> None:
        """An amount of money; raises ValidationError or RefusedError."""
        said: dict[str, Any] = {
            "comparator": proposal.comparator,
            "value": proposal.value,
            "unit": proposal.unit,
        }
        if proposal.growth is not None:
            said |= {"growth": proposal.growth, "growth_unit": proposal.growth_unit}
        if candidate is not None:
            self._change(StatedAmount.objects.get(pk=candidate), said, proposal, outcome)
            return
        amount = StatedAmount(
            code=self._amounts.next(proposal.year),
            year=proposal.year,
            kind=proposal.kind,
            subject=proposal.subject[:100],
            text=proposal.evidence.quote[:400],
            **said,
            **self.source.cite(proposal.evidence),
        )
        outcome.add(amount)

    def write_commitment(
        self, proposal: CommitmentFound, candidate: int | None, outcome: Outcome
    ) -> None:
        """A commitment; one that is known gains what is new and changes what differs."""
        known = Commitment.objects.get(pk=candidate) if candidate is not None else None
        if known is None or known.year != proposal.year:
            known = Commitment(
                code=self._commitments.next(proposal.year, proposal.kind),
                year=proposal.year,
                kind=proposal.kind,
                position=proposal.position,
                heading=proposal.heading[:80],
                title=proposal.title,
                text=proposal.text,
                result=proposal.text if proposal.part is Part.RESULT else "",
                **self.source.cite(proposal.evidence),
            )
            outcome.add(known)
        elif proposal.part is Part.RESULT and not known.result:
            outcome.change(known, {"result": proposal.text})
        self._measures(known, proposal, outcome)

    def _measures(
        self, commitment: Commitment, proposal: CommitmentFound, outcome: Outcome
    ) -> None:
        rows = {row.pk: row for row in commitment.measures.all()}
        known = [known_measure(row) for row in rows.values()]
        last = max((row.position for row in rows.values()), default=0)
        for each, found in pairs(proposal.measures, known, proposal.part):
            said = _said(each, proposal.part)
            if found is not None:
                row = rows[found.pk]
                changes = {
                    name: value for name, value in said.items() if getattr(row, name) != value
                }
                if changes.keys() & {"value", "actual", "unit"}:
                    outcome.change(row, {**changes, **self._cited(each, proposal)})
                continue
            last += 1
            outcome.add(
                Measure(
                    commitment=commitment,
                    position=last,
                    subject=each.subject[:120],
                    **said,
                    **self._cited(each, proposal),
                )
            )

    def _cited(self, measure: MeasureFound, proposal: CommitmentFound) -> dict[str, Any]:
        """The quantity's own words where they stand in the sentence, else the commitment's."""
        cited = self.source.cite(proposal.evidence)
        if measure.quote and measure.quote in cited["sentence"].text:
            cited["quote"] = measure.quote[:400]
        return cited

    def _change(
        self,
        known: PlanStatement | StatedAmount,
        said: dict[str, Any],
        proposal: CountFound | AmountFound,
        outcome: Outcome,
    ) -> None:
        changes = {name: value for name, value in said.items() if getattr(known, name) != value}
        if changes:
            cited = self.source.cite(proposal.evidence)
            outcome.change(known, {**changes, "text": proposal.evidence.quote[:400], **cited})


def _said(measure: MeasureFound, part: Part) -> dict[str, Any]:
    """A quantity of a plan is a target, one of a result what was reached."""
    if part is Part.RESULT:
        return {
            "actual": measure.value,
            "actual_text": measure.quote[:120],
            "unit": measure.unit,
        }
    return {
        "text": measure.quote[:120],
        "comparator": measure.comparator,
        "value": measure.value,
        "unit": measure.unit,
    }
