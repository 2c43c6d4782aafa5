"""From plain text to paragraphs and tables: soft wraps joined, running heads dropped.

What is given back numbers its lines anew: a paragraph is a line, and so is a table's row.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reading.marks import END, LABEL, MARK, columns, tidied
from reading.table_layouts import PIPES, RULE, table_at
from reading.widths import canonical, squeezed

LONGEST_WRAP = 130
"""Columns (a Chinese sign takes two): lines that are all longer than this are paragraphs."""
HEAD_REPEATS = 3
_PAGE = re.compile(
    r"\s*(?:[-—－–·•]+\s*[0-9]{1,3}\s*[-—－–·•]+|第\s*[0-9]{1,3}\s*页(?:[，,\s/]*共\s*[0-9]{1,3}\s*页)?"
    r"|[0-9]{1,3}\s*/\s*[0-9]{1,3})\s*"
)
_BARE = re.compile(r"\s*([0-9]{1,3})\s*")
_ALIGNED = re.compile(r"\S(?:[ \u00a0]{2,}|\u3000+)\S")
"""Columns: how wide a table is tells nothing of where the text was wrapped."""
_RULED = re.compile(r"[|│┃║┌└├╔╚╠]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the line that it is."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row and the line that it is; empty cells are ""."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table, without its title."""

    rows: tuple[Row, ...]


Block = Paragraph | Grid


def laid_out(text: str) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """The text's lines as they are cited, and what stands in them."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u200b", "")
    lines: list[str] = []
    blocks: list[Block] = []
    for found in _parts(_without_furniture(raw)):
        if isinstance(found, str):
            lines.append(found)
            blocks.append(Paragraph(len(lines), found))
        else:
            rows = []
            for cells in found:
                lines.append("\t".join(cells))
                rows.append(Row(len(lines), cells))
            blocks.append(Grid(tuple(rows)))
    return tuple(lines), tuple(blocks)


def _without_furniture(raw: str) -> list[str]:
    """The lines without page numbers and without the heads that stand on every page."""
    pages = raw.count("\f")
    lines = re.split(r"[\n\f]", raw)
    bare = [
        int(match[1]) for line in lines if (match := _BARE.fullmatch(line)) and "\t" not in line
    ]
    counted = len(bare) >= HEAD_REPEATS and all(b - a == 1 for a, b in itertools.pairwise(bare))
    seen = Counter(
        squeezed(line)
        for line in lines
        if "\t" not in line and 4 <= len(line.strip()) <= 45 and not END.search(line)
    )
    heads = {
        line
        for line, times in seen.items()
        if times >= max(HEAD_REPEATS, pages // 2)
        and not MARK.match(canonical(line))
        and not PIPES.search(line)
        and not RULE.fullmatch(line)
    }
    kept: list[str] = []
    shown: set[str] = set()
    for line in lines:
        if _PAGE.fullmatch(line) or (
            (counted or pages) and "\t" not in line and _BARE.fullmatch(line)
        ):
            continue
        plain = squeezed(line)
        if plain in heads and "\t" not in line:
            if plain in shown:
                continue
            shown.add(plain)
        kept.append(line)
    return kept


def _parts(lines: Sequence[str]) -> Iterator[str | list[tuple[str, ...]]]:
    """Paragraphs as text, tables as rows of cells."""
    wrap = _wrap_width(lines)
    at = 0
    prose: list[str] = []
    while at < len(lines):
        end, rows = table_at(lines, at)
        if rows:
            yield from _paragraphs(prose, wrap)
            prose = []
            yield rows
            at = end
            continue
        prose.append(lines[at])
        at += 1
    yield from _paragraphs(prose, wrap)


def _wrap_width(lines: Sequence[str]) -> int:
    """The width at which the text was wrapped; 0 where each paragraph is one line."""
    widths = sorted(
        columns(line.rstrip())
        for line in lines
        if "\t" not in line
        and len(line.strip()) > 10
        and not _RULED.search(line)
        and not _ALIGNED.search(line.strip())
    )
    if not widths:
        return 0
    widest = widths[int(len(widths) * 0.95)] if len(widths) > 20 else widths[-1]
    near = sum(width >= widest * 0.85 for width in widths)
    return widest if widest <= LONGEST_WRAP and near >= max(2, len(widths) * 0.12) else 0


def _paragraphs(lines: Sequence[str], wrap: int) -> Iterator[str]:
    held = held_last = ""
    broken = True
    for line in lines:
        if not line.strip():
            broken = True
            continue
        text = line.strip()
        plain = canonical(text)
        indented = re.match(r"(?:\u3000|  )", line) is not None
        joins = bool(
            held
            and not broken
            and wrap
            and columns(held_last) >= wrap * 0.8
            and not indented
            and not MARK.match(plain)
            and not (LABEL.match(plain) and len(plain) < 40)
            and not re.search(r"[。！？]\s*$", held)
        )
        if joins:
            space = " " if held[-1].isascii() and text[0].isascii() and held[-1].isalpha() else ""
            held += space + text
        else:
            if held:
                yield tidied(held)
            held = text
        held_last = line.rstrip()
        broken = False
    if held:
        yield tidied(held)
