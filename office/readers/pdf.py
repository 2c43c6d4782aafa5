"""Reads a .pdf file: its lines of text and its tables, page by page."""

import io
import logging
import sys
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from office.readers.program import (
    NO_TEXT_LAYER,
    PROTECTED,
    TOO_MANY_PAGES,
    Refused,
    run,
)
from office.readers.rows import table_text


def read(data: bytes, pages: int) -> str:
    """The pages' text, parted by form feeds; refused where there are more pages than so many."""
    logging.disable(logging.CRITICAL)
    pieces = []
    try:
        opened = pdfplumber.open(io.BytesIO(data))
    except PdfminerException as error:
        if any(isinstance(each, PDFPasswordIncorrect) for each in error.args):
            raise Refused(PROTECTED) from error
        raise
    with opened as document:
        if len(document.pages) > pages:
            raise Refused(TOO_MANY_PAGES)
        for page in document.pages:
            pieces.append(_pdf_page(page))
            page.close()
    return "\f".join(pieces)


def _pdf_page(page: Any) -> str:
    """The page's lines and tables from its top; what stands in a table stands in no line."""
    tables = [
        table for table in page.find_tables() if len(table.rows) > 1 or len(table.rows[0].cells) > 1
    ]

    def is_outside(thing: dict[str, Any]) -> bool:
        middle = (thing["top"] + thing["bottom"]) / 2
        centre = (thing["x0"] + thing["x1"]) / 2
        return not any(
            box[1] <= middle <= box[3] and box[0] <= centre <= box[2]
            for box in (table.bbox for table in tables)
        )

    found: list[tuple[float, str]] = []
    outside = page.filter(lambda thing: thing["object_type"] != "char" or is_outside(thing))
    left = min((line["x0"] for line in outside.extract_text_lines(return_chars=False)), default=0.0)
    for line in outside.extract_text_lines(x_tolerance=4, return_chars=True):
        size = line["chars"][0]["size"] if line["chars"] else 12
        indent = "\u3000\u3000" if line["x0"] - left > size * 1.5 else ""
        found.append((line["top"], indent + line["text"]))
    for table in tables:
        found.append((table.bbox[1], table_text(_rows(table))))
    return "\n".join(text for _, text in sorted(found, key=lambda each: each[0]))


def _rows(table: Any) -> list[list[str]]:
    """The rows with merged cells spread: words go on downwards, and stand once across."""
    rows = [list(row) for row in table.extract(x_tolerance=4)]
    boxes = [row.cells for row in table.rows]
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text is not None:
                continue
            row[place] = ""
            above = next((up for up in range(number - 1, -1, -1) if boxes[up][place]), None)
            if above is not None and boxes[above][place][3] >= table.rows[number].bbox[3] - 1:
                row[place] = rows[above][place]
    return [[cell or "" for cell in row] for row in rows]


if __name__ == "__main__":
    sys.exit(run(read, broken=(PDFException, PdfminerException), without_text=NO_TEXT_LAYER))
