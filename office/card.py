"""Sets a short document as a card: a PDF of one A4 page in small type."""

import json
from pathlib import Path

import typst

from office import figures, typeset
from office.document import Colophon, Document
from office.page import PAGE

TEMPLATE = Path(__file__).with_name("card.typ")
MARGIN = 15.0
FIGURE_HEIGHT = 52.0


def write(document: Document, colophon: Colophon) -> bytes:
    """The document as a PDF of one page; figures.NoChineseFontError where no font can show it.

    What does not fit is set smaller, to a third at the least: the caller keeps lists short.
    """
    figures.chinese_font()
    content = {
        "title": document.title,
        "issuer": document.issuer,
        "under_title": document.under_title,
        "on": [colophon.on.year, colophon.on.month, colophon.on.day],
        "width": PAGE[0],
        "height": PAGE[1],
        "margin": MARGIN,
        "parts": typeset.parts(document, width=PAGE[0] - 2 * MARGIN, height=FIGURE_HEIGHT),
        "colophon": colophon.lines,
    }
    words = json.dumps(content, ensure_ascii=False)
    return typst.compile(TEMPLATE, format="pdf", sys_inputs={"document": words})
