"""What an office document consists of: plain values, rendered by word.py and typeset.py.

A document knows no file format and no database. Two documents say the same where their digests are
the same, whatever file they were written to.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    """Where the words of a cell stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 is 一、, 2 is （一）, 3 is 1. in the office's order."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `indent` is the usual two characters of the first line."""

    text: str
    indent: bool = True
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that spans columns and rows; a line break in `text` begins a paragraph."""

    text: str
    columns: int = 1
    rows: int = 1
    align: Align | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption above it and notes below it.

    `widths` are the columns' shares of the page. `header` rows are repeated on every page; a cell
    that spans rows or columns is written once, at its upper left. `align` is one a column. `breaks`
    lets a row run over to the next page: only for rows that may be longer than one. `dense` is the
    small type of long annexes.
    """

    caption: str
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    header: tuple[tuple[Cell | str, ...], ...] = ()
    align: tuple[Align, ...] = ()
    notes: tuple[str, ...] = ()
    breaks: bool = False
    dense: bool = False


class Mark(StrEnum):
    """How the points of a series are drawn."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart; a point is a number as text, so that nothing is rounded, or None."""

    label: str
    points: tuple[str | None, ...]
    mark: Mark = Mark.LINE
    # On a second axis, at the right: another unit than the first's.
    right: bool = False
    # "#rrggbb" where the colour means something; otherwise in the usual order.
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over one axis; a missing point is left out of the drawing and listed below it."""

    axis: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    right_unit: str = ""
    # Bars that lie, the first uppermost: for long names. Only for bars without a second axis.
    lying: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption below it; the notes say among others what is missing."""

    caption: str
    chart: Chart
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page, across it where `landscape` is set."""

    landscape: bool = False


Block = Heading | Paragraph | Table | Figure | NewPage


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its title, who issues it, and its blocks in their order."""

    title: str
    blocks: tuple[Block, ...]
    issuer: str = ""
    # Lines below the title: a number, a date.
    under_title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Colophon:
    """What the last page tells of the making: lines of name and value; `on` dates the file itself."""

    on: date
    lines: tuple[tuple[str, str], ...]


def digest_of(document: Document, **more: object) -> str:
    """SHA-256 over the canonical JSON of what a document says, and of what else it depends on."""
    content = {"document": _typed(document), **more}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def as_cell(given: Cell | str) -> Cell:
    """A cell; plain words are one that spans nothing."""
    return Cell(given) if isinstance(given, str) else given


def _typed(document: Document) -> dict[str, object]:
    blocks = [{"block": type(block).__name__, **asdict(block)} for block in document.blocks]
    return {**asdict(document), "blocks": blocks}
