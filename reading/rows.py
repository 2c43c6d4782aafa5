"""A row of a reading as the proposal that it stands for, with what an officer corrected of it."""

from dataclasses import replace
from decimal import Decimal

from reading.choices import PROPOSALS, Decision, Kind, Match
from reading.differences import Difference, against, is_listed
from reading.known import Known
from reading.matching import Matched, subject_of
from reading.models import ReadingRow, ReportReading
from reading.proposals import CommitmentFound, ProjectFound, Proposal
from reading.storing import as_json, from_json

SURE = Decimal("0.85")
"""What the reader is as sure of as this may be accepted unseen."""
WRITTEN = (Decision.ACCEPTED, Decision.CORRECTED)
_LONGEST = 200


def proposal_of(row: ReadingRow) -> Proposal:
    """What the row says now: what was found, with the corrected values in their places."""
    kind = PROPOSALS[Kind(row.kind)]
    proposal = from_json(kind, {**row.proposal, **_corrected(row)})
    dropped = row.values.get("dropped_measures", [])
    if dropped and isinstance(proposal, CommitmentFound):
        kept = [each for place, each in enumerate(proposal.measures) if place not in dropped]
        proposal = replace(proposal, measures=tuple(kept))
    return proposal


def row_of(reading: ReportReading, position: int, matched: Matched, known: Known) -> ReadingRow:
    """A new row for a proposal that was found and matched."""
    proposal = matched.proposal
    evidence = proposal.evidence
    differences = against(proposal, matched.candidate, known)
    return ReadingRow(
        reading=reading,
        position=position,
        kind=matched.kind,
        year=proposal.year,
        subject=subject_of(proposal)[:_LONGEST],
        proposal=as_json(proposal),
        line=evidence.line,
        section=evidence.section[:300],
        table=evidence.table[:_LONGEST],
        sentence=evidence.sentence,
        quote=evidence.quote,
        confidence=proposal.confidence,
        match=matched.match,
        candidates=[[each.key, f"{each.likeness:f}"] for each in matched.candidates],
        candidate=matched.candidate,
        is_sure=is_sure(matched, differences, known),
        is_settled=is_settled(matched, differences, known),
    )


def is_sure(matched: Matched, differences: list[Difference], known: Known) -> bool:
    """Whether the proposal may be accepted unseen: surely read, surely matched, overwriting nothing."""
    proposal = matched.proposal
    return is_settled(matched, differences, known) or (
        proposal.confidence >= SURE
        and not proposal.doubts
        and matched.match in (Match.NEW, Match.KNOWN, Match.CARRY_OVER)
        and not any(each.old for each in differences)
    )


def is_settled(matched: Matched, differences: list[Difference], known: Known) -> bool:
    """Whether the record it is taken for says all that already."""
    if matched.match is not Match.KNOWN or differences:
        return False
    proposal, key = matched.proposal, matched.candidate
    if isinstance(proposal, ProjectFound) and key is not None:
        project = known.projects[key]
        return proposal.year in (project.entries if is_listed(proposal) else project.mentioned)
    return True


def _corrected(row: ReadingRow) -> dict[str, object]:
    return {name: given for name, given in row.values.items() if name in row.proposal}
