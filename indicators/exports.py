"""A year's tables as plain data, for people who script, and as files that are taken away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from indicators.evaluation import Verdict
from indicators.models import Commitment
from indicators.rows import Citation, CommitmentRow, MeasureRow, Row
from indicators.scoreboard import measure_tally, tally_of
from indicators.wording import VERDICTS
from office.table_files import FileColumn, Kind, not_read


def columns_in_file() -> list[FileColumn]:
    """The columns of a year's table as a file, in the order of the page.

    The targets can be brought in again; what is marked is not read.
    """
    return [
        FileColumn(_("Indicator code"), "code", width=20),
        FileColumn(_("Year"), "year", Kind.NUMBER, width=8),
        FileColumn(not_read(_("No.")), "seq", Kind.NUMBER, width=6),
        FileColumn(_("Indicator"), "name", width=36),
        FileColumn(_("Unit"), "unit"),
        FileColumn(_("Target"), "target_text", width=20),
        FileColumn(not_read(_("Result")), "actual_text", width=20),
        FileColumn(not_read(_("Attribute")), "binding", labels=_attributes()),
        FileColumn(not_read(_("Verdict")), "verdict", labels=_verdicts()),
        FileColumn(not_read(_("Gap")), "gap", Kind.NUMBER, 2),
        FileColumn(not_read(_("Unit of the gap")), "gap_unit"),
        FileColumn(not_read(_("Reason given")), "note", width=36),
    ]


def rows_in_file(year: int, table: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """The rows of a year, their values in the order of columns_in_file."""
    names = [column.path for column in columns_in_file()]
    return (
        tuple(year if name == "year" else getattr(row, name) for name in names) for row in table
    )


def commitment_columns_in_file() -> list[FileColumn]:
    """The columns of a year's commitments as a file, in the order of the page."""
    return [
        FileColumn(_("Kind"), "kind", labels=_kinds(), width=16),
        FileColumn(_("Heading"), "heading", width=20),
        FileColumn(_("Commitment"), "title", width=28),
        FileColumn(_("The report's words"), "text", width=60),
        FileColumn(_("Measure"), "subject", width=24),
        FileColumn(_("Target"), "target", width=16),
        FileColumn(_("Result"), "result", width=16),
        FileColumn(_("Verdict"), "verdict", labels=_verdicts()),
        FileColumn(_("Gap"), "gap", Kind.NUMBER, 2),
        FileColumn(_("Unit of the gap"), "gap_unit"),
        FileColumn(_("Note"), "note", width=36),
    ]


def commitment_rows_in_file(listed: Iterable[CommitmentRow]) -> Iterator[tuple[object, ...]]:
    """One row for each measure; a commitment without any has one of its own."""
    for row in listed:
        said = (row.kind, row.heading, row.title, row.text)
        for each in row.measures:
            judged = each.judgement
            verdict = (judged.verdict, judged.gap, judged.gap_unit) if judged else (None, None, "")
            yield (*said, each.subject, each.text, each.actual_text, *verdict, each.note)
        if not row.measures:
            yield (*said, "", "", row.result, None, None, "", "")


def _kinds() -> dict[str, str]:
    return {value: str(label) for value, label in Commitment.Kind.choices}


def _attributes() -> dict[bool, str]:
    return {True: _("Binding"), False: _("Expected")}


def _verdicts() -> dict[Verdict, str]:
    return {verdict: str(words) for verdict, words in VERDICTS.items()}


def indicators_of(year: int, table: Sequence[Row]) -> dict[str, Any]:
    """The year's rows in printed order and the counts, which leave sub-indicators out."""
    counted = tally_of(table)
    binding = sum(row.binding for row in table if row.counts_in_total)
    return {
        "year": year,
        "counts": {
            "total": counted.total,
            "met": counted.met,
            "below": counted.below,
            "pending": counted.pending,
            "unjudged": counted.unjudged,
            "binding": binding,
            "expected": counted.total - binding,
            "binding_missed": len(counted.missed_binding_rows),
        },
        "rows": [_row(row) for row in table],
    }


def commitments_of(year: int, listed: Iterable[CommitmentRow]) -> dict[str, Any]:
    """The year's commitments and their measures, with the measures counted by verdict.

    A measure of which only the result is stated has no comparator and is "unjudged".
    """
    rows = list(listed)
    return {
        "year": year,
        "counts": {"commitments": len(rows), "measures": asdict(measure_tally(rows))},
        "rows": [
            {
                "code": row.code,
                "kind": row.kind,
                "heading": row.heading,
                "title": row.title,
                "text": row.text,
                "source_sentence": row.source.sentence if row.source else None,
                "source": _source(row.source),
                "measures": [_measure(measure) for measure in row.measures],
            }
            for row in rows
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "seq": row.seq,
        "parent_seq": row.parent_seq,
        "name": row.name,
        "unit": row.unit,
        "binding": row.binding,
        "counted": row.counts_in_total,
        "target_text": row.target_text,
        "actual_text": row.actual_text,
        "comparator": row.comparator or None,
        "value": row.value,
        "base_year": row.base_year,
        "verdict": row.verdict,
        "reason": row.judgement.reason,
        "gap": row.gap,
        "gap_unit": row.gap_unit,
        "note": row.note,
        "source": _source(row.actual_source or row.target_source),
    }


def _measure(measure: MeasureRow) -> dict[str, Any]:
    judgement = measure.judgement
    return {
        "subject": measure.subject,
        "text": measure.text,
        "comparator": measure.comparator or None,
        "value": measure.value,
        "unit": measure.unit,
        "actual": measure.actual,
        "actual_text": measure.actual_text,
        "verdict": judgement.verdict if judgement else Verdict.UNJUDGED,
        "reason": judgement.reason if judgement else "not_promised",
        "gap": judgement.gap if judgement else None,
        "gap_unit": judgement.gap_unit if judgement else "",
        "note": measure.note,
        "quote": measure.source.quote if measure.source else None,
    }


def _source(citation: Citation | None) -> dict[str, Any] | None:
    if citation is None:
        return None
    return {
        "document": citation.document,
        "section": citation.section,
        "sentence": citation.number,
        "quote": citation.quote,
    }
