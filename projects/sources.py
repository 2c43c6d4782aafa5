"""A report's text as sentences: the outline says which lines are prose and which a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from projects.models import SourceDocument, SourceSentence

_SENTENCE_END = re.compile(r"(?<=[。！？])(?![”’」』）)])|(?<=[。！？][”’」』）)])")


class OutlineError(ValueError):
    """The outline of a document does not fit its text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose or a row of a table, with the line of the file it begins on."""

    section: str
    line: int
    text: str


def split(text: str, sections: Sequence[Mapping[str, object]]) -> list[Sentence]:
    """Split a report by its outline.

    A section of kind "prose" is split after 。！？, one paragraph a line; a section of kind
    "grid" has `columns` cells a row, a line that begins with a tab opening a cell and any other
    line continuing the one before. Raises OutlineError where a line is left out or claimed twice.
    """
    lines = text.split("\n")
    claimed = 0
    sentences: list[Sentence] = []
    for section in sections:
        label, first, last = (
            str(section["label"]),
            int(str(section["first_line"])),
            int(str(section["last_line"])),
        )
        skipped = [n for n in range(claimed + 1, first) if lines[n - 1].strip()]
        if first <= claimed or last > len(lines) or last < first or skipped:
            raise OutlineError(f"{label}: lines {first}-{last} (after line {claimed})")
        claimed = last
        numbered = [(n, lines[n - 1]) for n in range(first, last + 1)]
        if section.get("kind") == "grid":
            sentences += _rows(label, numbered, int(str(section["columns"])))
        else:
            sentences += _prose(label, numbered)
    if any(line.strip() for line in lines[claimed:]):
        raise OutlineError(f"nothing is said of the lines after {claimed}")
    return sentences


def _prose(label: str, numbered: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    for number, line in numbered:
        for part in _SENTENCE_END.split(line.strip()):
            if part.strip():
                yield Sentence(label, number, part.strip())


def _rows(label: str, numbered: Sequence[tuple[int, str]], columns: int) -> Iterator[Sentence]:
    cells: list[tuple[int, str]] = []
    for number, line in numbered:
        if line.startswith("\t"):
            cells.append((number, line.strip()))
        elif line.strip():
            if not cells:
                # a caption above the first cell
                yield Sentence(label, number, line.strip())
                continue
            start, before = cells[-1]
            cells[-1] = (start, before + line.strip())
    if len(cells) % columns:
        raise OutlineError(f"{label}: {len(cells)} cells do not fill rows of {columns}")
    for start in range(0, len(cells), columns):
        row = cells[start : start + columns]
        yield Sentence(label, row[0][0], "\t".join(text for _, text in row))


def store(document: SourceDocument, text: str) -> int:
    """Keep the document's sentences in step with its text; returns how many changed.

    Raises OutlineError, and ProtectedError where a sentence that facts cite would vanish.
    """
    wanted = split(text, document.sections)
    found = {sentence.number: sentence for sentence in document.sentences.all()}
    added: list[SourceSentence] = []
    changed = 0
    for number, item in enumerate(wanted, start=1):
        old = found.pop(number, None)
        if old is None:
            added.append(
                SourceSentence(
                    document=document,
                    number=number,
                    section=item.section,
                    line=item.line,
                    text=item.text,
                )
            )
        elif (old.section, old.line, old.text) != (item.section, item.line, item.text):
            old.section, old.line, old.text = item.section, item.line, item.text
            old.save()
            changed += 1
    SourceSentence.objects.bulk_create(added)
    for stale in found.values():
        stale.delete()
    return len(added) + changed + len(found)
