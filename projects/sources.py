"""A report's text as sentences: the outline says which lines are prose and which a table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import F
from django.utils.translation import gettext as _

from projects.models import SourceDocument, SourceSentence

_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’」』）)]*|[^。！？]+")
_SECTION_KEYS = {"label", "title", "kind", "first_line", "last_line", "columns"}
_KINDS = ("prose", "grid", "rows")
# Sentences that move are numbered past every real number while their places are exchanged.
_ASIDE = 1_000_000


class OutlineError(ValueError):
    """The outline of a document does not fit its text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose or a row of a table, with the line of the file it begins on."""

    section: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    label: str
    first: int
    last: int
    columns: int  # 0 is prose, or rows of any number of cells
    in_rows: bool


def split(text: str, sections: object) -> list[Sentence]:
    """Split a report by its outline.

    A section of kind "prose" is split after 。！？, one paragraph a line; a section of kind
    "grid" has `columns` cells a row, a line that begins with a tab opening a cell and any other
    line continuing the one before; a section of kind "rows" has a table's row on each line, its
    cells parted by tabs. Raises OutlineError where the outline cannot be read or a
    line is left out or claimed twice.
    """
    lines = text.split("\n")
    claimed = 0
    sentences: list[Sentence] = []
    for section in _outline(sections):
        if section.first <= claimed or section.last < section.first or section.last > len(lines):
            raise OutlineError(
                _("%(label)s: lines %(first)d to %(last)d cannot follow line %(claimed)d")
                % {
                    "label": section.label,
                    "first": section.first,
                    "last": section.last,
                    "claimed": claimed,
                }
            )
        _refuse_text(lines, claimed + 1, section.first - 1)
        claimed = section.last
        numbered = [(n, lines[n - 1]) for n in range(section.first, section.last + 1)]
        if section.in_rows:
            sentences += _lines(section, numbered)
        else:
            sentences += _rows(section, numbered) if section.columns else _prose(section, numbered)
    _refuse_text(lines, claimed + 1, len(lines))
    return sentences


def store(document: SourceDocument, text: str) -> int:
    """Keep the document's sentences in step with its text; returns how many changed.

    A sentence that only moved stays the same row, so that facts go on pointing to it. Raises
    OutlineError, and ProtectedError where a sentence that facts cite would vanish.
    """
    wanted = split(text, document.sections)
    stored = list(document.sentences.order_by("number"))
    kept, stale = _kept(stored, wanted)
    added: list[SourceSentence] = []
    changed: list[SourceSentence] = []
    moved: list[int] = []
    for number, item in enumerate(wanted, start=1):
        row = kept.get(number)
        if row is None:
            row = SourceSentence(document=document)
            added.append(row)
        elif (row.number, row.section, row.line, row.text) != (
            number,
            item.section,
            item.line,
            item.text,
        ):
            changed.append(row)
            if row.number != number:
                moved.append(row.pk)
        row.number, row.section, row.line, row.text = number, item.section, item.line, item.text
    for row in stale:
        row.delete()
    document.sentences.filter(pk__in=moved).update(number=F("number") + _ASIDE)
    SourceSentence.objects.bulk_update(changed, ["number", "section", "line", "text"])
    SourceSentence.objects.bulk_create(added)
    return len(added) + len(changed) + len(stale)


def _kept(
    stored: Sequence[SourceSentence], wanted: Sequence[Sentence]
) -> tuple[dict[int, SourceSentence], list[SourceSentence]]:
    """Which stored sentence becomes which number, and which become none."""
    before = [(row.section, row.text) for row in stored]
    after = [(item.section, item.text) for item in wanted]
    kept: dict[int, SourceSentence] = {}
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
        # a sentence reworded in its place stays the same row
        for i, j in zip(range(i1, i2), range(j1, j2), strict=False):
            kept[j + 1] = stored[i]
    taken = {row.pk for row in kept.values()}
    return kept, [row for row in stored if row.pk not in taken]


def _outline(sections: object) -> Iterator[_Section]:
    if not isinstance(sections, list):
        raise OutlineError(_("the outline must be a list of sections"))
    for number, given in enumerate(sections, start=1):
        if not isinstance(given, dict):
            raise OutlineError(_("section %(number)d must be an object") % {"number": number})
        for key in given.keys() - _SECTION_KEYS:
            raise OutlineError(
                _("section %(number)d: unknown key %(key)s") % {"number": number, "key": key}
            )
        label, kind = given.get("label"), given.get("kind", "prose")
        first, last = given.get("first_line"), given.get("last_line")
        columns = given.get("columns") if kind == "grid" else 0
        if not (isinstance(label, str) and label and label.isprintable()):
            raise _wrong(number, "label")
        if kind not in _KINDS:
            raise _wrong(number, "kind")
        if not _is_count(first):
            raise _wrong(number, "first_line")
        if not _is_count(last):
            raise _wrong(number, "last_line")
        if kind == "grid" and not _is_count(columns):
            raise _wrong(number, "columns")
        yield _Section(label, int(str(first)), int(str(last)), int(str(columns)), kind == "rows")


def _is_count(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 < given < _ASIDE


def _wrong(number: int, key: str) -> OutlineError:
    return OutlineError(
        _("section %(number)d: %(key)s is missing or wrong") % {"number": number, "key": key}
    )


def _refuse_text(lines: Sequence[str], first: int, last: int) -> None:
    """Every line with words on it belongs to a section."""
    for number in range(first, last + 1):
        if lines[number - 1].strip():
            raise OutlineError(_("line %(line)d belongs to no section") % {"line": number})


def _prose(section: _Section, numbered: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    for number, line in numbered:
        for part in _SENTENCE.findall(line):
            if part.strip():
                yield Sentence(section.label, number, part.strip())


def _lines(section: _Section, numbered: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    for number, line in numbered:
        if line.strip():
            yield Sentence(section.label, number, line.strip())


def _rows(section: _Section, numbered: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    cells: list[tuple[int, str]] = []
    for number, line in numbered:
        if line.startswith("\t"):
            cells.append((number, line.strip()))
        elif line.strip():
            if not cells:
                # a caption above the first cell
                yield Sentence(section.label, number, line.strip())
                continue
            start, before = cells[-1]
            cells[-1] = (start, before + line.strip())
    if len(cells) % section.columns:
        raise OutlineError(
            _("%(label)s: %(cells)d cells do not fill rows of %(columns)d")
            % {"label": section.label, "cells": len(cells), "columns": section.columns}
        )
    for start in range(0, len(cells), section.columns):
        row = cells[start : start + section.columns]
        yield Sentence(section.label, row[0][0], "\t".join(text for _line, text in row))
