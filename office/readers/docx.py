"""Reads a .docx file: paragraphs and tables in the document's order."""

import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from office.readers.program import BROKEN, PROTECTED, Refused, run
from office.readers.rows import SPACES, table_text


def read(data: bytes, _pages: int) -> str:
    """Paragraphs and tables in the document's order, with the numbers that Word draws itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.flag_bits & 1:
                raise Refused(PROTECTED)
            if part.filename.endswith((".xml", ".rels")) and _declares(archive, part):
                raise Refused(BROKEN)
    document = docx.Document(io.BytesIO(data))
    numbers = _Numbering(document)
    pieces = []
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            text = numbers.of(item) + item.text
            pieces.append(
                "\n".join(
                    SPACES.sub(" ", part).rstrip() for part in text.replace("\t", " ").split("\n")
                )
            )
        elif isinstance(item, Table):
            pieces.append(table_text(_docx_rows(item)))
    return "\n".join(pieces)


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type, with which entities come: no office program writes one."""
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4096)


def _docx_rows(table: Any) -> list[list[str]]:
    """The rows with merged cells spread: words go on downwards, and stand once across."""
    rows = []
    for row in table.rows:
        cells = []
        last = None
        for cell in row.cells:
            if last is not None and cell._tc is last:
                cells.append("")
                continue
            last = cell._tc
            cells.append("\n".join(paragraph.text for paragraph in cell.paragraphs))
        rows.append([""] * row.grid_cols_before + cells + [""] * row.grid_cols_after)
    return rows


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographTraditional": _chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
}


class _Numbering:
    """The numbers that Word draws before paragraphs and that stand in no text."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        abstract = {}
        for each in root.iter(f"{name}abstractNum"):
            found = {}
            for level in each.iter(f"{name}lvl"):
                form, text = level.find(f"{name}numFmt"), level.find(f"{name}lvlText")
                if form is not None and text is not None:
                    found[int(level.get(f"{name}ilvl", "0"))] = (
                        form.get(f"{name}val", ""),
                        text.get(f"{name}val", ""),
                    )
            abstract[each.get(f"{name}abstractNumId")] = found
        for each in root.iter(f"{name}num"):
            held = each.find(f"{name}abstractNumId")
            if held is not None:
                for level, shape in abstract.get(held.get(f"{name}val"), {}).items():
                    self.levels[each.get(f"{name}numId", ""), level] = shape

    def of(self, paragraph: Any) -> str:
        """The number before a paragraph; "" where it has none."""
        properties = paragraph._p.pPr
        numbered = properties.numPr if properties is not None else None
        if (
            numbered is None
            and paragraph.style is not None
            and paragraph.style.element.pPr is not None
        ):
            numbered = paragraph.style.element.pPr.numPr
        if numbered is None or numbered.numId is None:
            return ""
        key = (str(numbered.numId.val), numbered.ilvl.val if numbered.ilvl is not None else 0)
        shape = self.levels.get(key)
        if shape is None or shape[0] not in _FORMATS:
            return ""
        self.counts[key] = self.counts.get(key, 0) + 1
        for other in list(self.counts):
            if other[0] == key[0] and other[1] > key[1]:
                del self.counts[other]
        text = shape[1]
        for level in range(key[1] + 1):
            form = self.levels.get((key[0], level), ("decimal", ""))[0]
            number = self.counts.get((key[0], level), 1)
            text = text.replace(f"%{level + 1}", str(_FORMATS.get(form, str)(number)))
        return text


if __name__ == "__main__":
    sys.exit(run(read, broken=(etree.LxmlError, PackageNotFoundError)))
