"""The report's text as a source document of the site: its outline, its sentences, the one to cite."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import Any

from django.utils.translation import gettext as _

from projects.models import SourceDocument, SourceSentence
from projects.sources import OutlineError, store
from reading.models import ReportReading
from reading.proposals import Evidence, Reading
from reading.writing.outcome import RefusedError

_CHAPTER = re.compile(r"^([一二三四五六七八九十]+)、")
_PART = re.compile(r"^[（(]([一二三四五六七八九十]+)[)）]")
_TABLE = re.compile(r"^(表\s*[\d一二三四五六七八九十]+)")
_OPENING = "序"
_LONGEST_QUOTE = 400


@dataclass(slots=True)
class Source:
    """The stored document, and its sentences by line."""

    document: SourceDocument
    _lines: dict[int, list[SourceSentence]] = field(default_factory=dict)

    def cite(self, evidence: Evidence) -> dict[str, Any]:
        """The sentence and the quoted words of a fact; the words stand in the sentence."""
        for sentence in self._lines.get(evidence.line, ()):
            if evidence.quote and evidence.quote in sentence.text:
                return {"sentence": sentence, "quote": evidence.quote[:_LONGEST_QUOTE]}
        for sentence in self._lines.get(evidence.line, ()):
            if sentence.text in evidence.sentence or evidence.sentence in sentence.text:
                return {"sentence": sentence, "quote": sentence.text[:_LONGEST_QUOTE]}
        message = _("Line %(line)d of the report does not hold the quoted words.")
        raise RefusedError("quote", message % {"line": evidence.line})


def keep(reading: ReportReading, found: Reading) -> Source:
    """Store the report's text; it is a document of its own even where its title is known."""
    document = SourceDocument(
        code=_free_code(found.year),
        title=reading.title or reading.name,
        issuer=reading.issuer or "—",
        year=found.year,
        file=reading.name,
        sections=outline(found),
    )
    document.full_clean()
    document.save()
    try:
        store(document, "\n".join(found.lines))
    except OutlineError as error:
        raise RefusedError("", str(error)) from error
    lines: dict[int, list[SourceSentence]] = {}
    for sentence in document.sentences.order_by("number"):
        lines.setdefault(sentence.line, []).append(sentence)
    return Source(document, lines)


def outline(found: Reading) -> list[dict[str, Any]]:
    """The sections of a report's lines: each with its label, its title, and whether it is a table's rows."""
    tables = {each.evidence.line: each.evidence.table for each in _found(found)}
    places = list(_placed(found.lines, tables))
    sections = []
    for (label, kind), run in groupby(places, key=lambda place: (place[1], place[2])):
        numbers = [number for number, _label, _kind in run]
        title = _short(found.lines[numbers[0] - 1])
        sections.append(
            {
                "label": label,
                "title": title,
                "kind": kind,
                "first_line": numbers[0],
                "last_line": numbers[-1],
            }
        )
    return sections


def _placed(lines: Sequence[str], tables: dict[int, str]) -> Iterable[tuple[int, str, str]]:
    """Each line that has words, with its section's label and whether it is prose or a table's row."""
    chapter, part, table = _OPENING, "", ""
    for number, line in enumerate(lines, start=1):
        words = line.strip()
        if not words:
            continue
        is_row = "\t" in words
        if captioned := _TABLE.match(words):
            table = "".join(captioned[1].split())
        elif stated := tables.get(number, ""):
            table = _table_label(stated)
        elif not is_row:
            table = ""
            if opened := _CHAPTER.match(words):
                chapter, part = opened[1], ""
            elif opened := _PART.match(words):
                part = f"（{opened[1]}）"
        yield number, (table or f"{chapter}{part}")[:40], "rows" if is_row else "prose"


def _table_label(stated: str) -> str:
    found = _TABLE.match(stated.strip())
    return "".join(found[1].split()) if found else stated.split()[0][:40]


def _found(found: Reading) -> Iterable[Any]:
    yield from found.indicators
    yield from found.projects
    yield from found.counts
    yield from found.amounts
    yield from found.commitments


def _short(line: str) -> str:
    return " ".join(line.split())[:80]


def _free_code(year: int) -> str:
    taken = set(
        SourceDocument.objects.filter(code__startswith=f"report-{year}").values_list(
            "code", flat=True
        )
    )
    codes = (f"report-{year}" + (f"-{number}" if number > 1 else "") for number in count(1))
    return next(code for code in codes if code not in taken)
