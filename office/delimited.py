"""Comma-separated files that Excel and WPS open as they are: UTF-8 with its mark, no live formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

MARK = "\ufeff".encode()
"""What tells Excel that a file is UTF-8."""
BATCH = 500
FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula."""


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before the sign that makes one."""
    return f"'{text}" if text[:1] in FORMULA_SIGNS else text


def lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The file piece by piece, some hundred rows each; None is an empty cell, texts are made safe."""
    yield from head(heads)
    batch = []
    for row in rows:
        batch.append([safe(cell) if isinstance(cell, str) else cell for cell in row])
        if len(batch) == BATCH:
            yield written(batch)
            batch = []
    if batch:
        yield written(batch)


def head(heads: Sequence[str]) -> Iterator[bytes]:
    """The beginning of a file: its mark and the headings."""
    yield MARK + written([heads])


def written(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows whose texts are safe already, as a piece of a file."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
