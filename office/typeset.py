"""Sets an office document as PDF, with the page and the type of word.py."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from office import figures
from office.document import Align, Block, Cell, Colophon, Document, Figure, NewPage, Table
from office.page import FIGURE_HEIGHT, LINE_PITCH, MARGINS, PAGE, TEXT_WIDTH
from office.word import place

TEMPLATE = Path(__file__).with_name("typeset.typ")


def write(document: Document, colophon: Colophon) -> bytes:
    """The document as a PDF; figures.NoChineseFontError where no font can show it."""
    figures.chinese_font()
    content = {
        "title": document.title,
        "issuer": document.issuer,
        "under_title": document.under_title,
        "on": [colophon.on.year, colophon.on.month, colophon.on.day],
        "page": {"width": PAGE[0], "height": PAGE[1], "margins": MARGINS, "pitch": LINE_PITCH},
        "parts": parts(document, width=TEXT_WIDTH, height=FIGURE_HEIGHT),
        "colophon": colophon.lines,
    }
    words = json.dumps(content, ensure_ascii=False)
    return typst.compile(TEMPLATE, format="pdf", sys_inputs={"document": words})


def parts(document: Document, *, width: float, height: float) -> list[dict[str, Any]]:
    """The blocks by the sheets that they stand on: each NewPage begins another part.

    Width and height are those of figures, in millimetres.
    """
    made: list[dict[str, Any]] = [{"landscape": False, "blocks": []}]
    for block in document.blocks:
        if isinstance(block, NewPage):
            made.append({"landscape": block.landscape, "blocks": []})
        else:
            made[-1]["blocks"].append(_block(block, width, height))
    return made


def _block(block: Block, width: float, height: float) -> dict[str, Any]:
    kind = {"block": type(block).__name__}
    if isinstance(block, Figure):
        picture = figures.draw(block.chart, width=width, height=height, as_format="svg").decode()
        return {**kind, "picture": picture, "caption": block.caption, "notes": block.notes}
    if isinstance(block, Table):
        return {**kind, **_table(block)}
    return {**kind, **asdict(block)}


def _table(table: Table) -> dict[str, Any]:
    placed = [
        _cell(cell, row, column, table)
        for (row, column), cell in place([*table.header, *table.rows], len(table.widths))
    ]
    head = len(table.header)
    return {
        "caption": table.caption,
        "widths": table.widths,
        "header": [cell for cell in placed if cell["y"] < head],
        "rows": [cell for cell in placed if cell["y"] >= head],
        "notes": table.notes,
        "breaks": table.breaks,
        "dense": table.dense,
    }


def _cell(cell: Cell, row: int, column: int, table: Table) -> dict[str, Any]:
    align = cell.align or (table.align[column] if table.align else Align.LEFT)
    return {**asdict(cell), "x": column, "y": row, "align": align}
