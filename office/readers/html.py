"""Reads an .html file: its text in order, its tables as rows, nothing fetched."""

import re
import sys
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from office.readers.program import NO_TEXT, Refused, run
from office.readers.rows import SPACES, table_text


def read(data: bytes, _pages: int) -> str:
    """The text of the page in its order; nothing is fetched, scripts and navigation are left out."""
    parser = html.HTMLParser(
        encoding=_html_encoding(data), no_network=True, remove_comments=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise Refused(NO_TEXT) from error
    for element in list(
        root.iter(
            "script",
            "style",
            "noscript",
            "template",
            "head",
            "nav",
            "header",
            "footer",
            "aside",
            "form",
            "button",
            "select",
            "svg",
            "iframe",
        )
    ):
        if element.getparent() is not None:
            element.drop_tree()
    return "".join(_html_pieces(root))


def _html_encoding(data: bytes) -> str:
    match = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", data[:4096])
    named = match[1].decode("ascii").lower() if match else ""
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    if named in {"big5", "utf-16"}:
        return named
    raise Refused(NO_TEXT)


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "tr",
        "caption",
        "figcaption",
        "figure",
        "body",
        "html",
        "center",
        "address",
        "hr",
    ]
)


def _html_pieces(root: Any) -> Iterator[str]:
    """The text of the elements in their order; walks without recursion, for depth is the file's choice."""
    stack = [("open", root)]
    while stack:
        step, element = stack.pop()
        if step == "text":
            yield element
            continue
        if step == "close":
            if element.tag in _BLOCKS:
                yield "\n"
            continue
        if not isinstance(element.tag, str):
            continue
        if element.tag == "table" and not _is_layout(element):
            caption = element.find("caption")
            if caption is not None:
                yield "\n" + SPACES.sub(" ", "".join(caption.itertext())).strip() + "\n"
            yield table_text(_html_rows(element))
            continue
        if element.tag in _BLOCKS:
            yield "\n"
        if element.tag == "br":
            yield "\n"
        stack.append(("close", element))
        steps = []
        if element.text:
            steps.append(("text", _flowing(element.text, element.tag == "pre")))
        for child in element:
            steps.append(("open", child))
            if child.tail:
                steps.append(("text", _flowing(child.tail, False)))
        stack.extend(reversed(steps))


def _flowing(text: str, is_kept: bool) -> str:
    return (
        text
        if is_kept
        else re.sub(r"\s+", " ", text.replace("\t", " "))
        if text.strip()
        else (" " if text else "")
    )


def _is_layout(table: Any) -> bool:
    """Whether a table only places things on the page: it holds tables, or it is one cell with paragraphs."""
    if table.find(".//table") is not None:
        return True
    cells = table.findall(".//td") + table.findall(".//th")
    return len(cells) <= 1


def _html_rows(table: Any) -> list[list[str]]:
    """The rows with merged cells spread: words go on downwards, and stand once across."""
    rows: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}
    for line in table.iter("tr"):
        row: list[str] = []
        cells = [cell for cell in line if cell.tag in {"td", "th"}]
        place = 0
        while cells or place in held:
            if place in held:
                left, text = held.pop(place)
                row.append(text)
                if left > 1:
                    held[place] = (left - 1, text)
                place += 1
                continue
            cell = cells.pop(0)
            text = _cell_text(cell)
            across = _span(cell.get("colspan"))
            down = _span(cell.get("rowspan"))
            for number in range(across):
                row.append(text if number == 0 else "")
                if down > 1:
                    held[place] = (down - 1, text if number == 0 else "")
                place += 1
        rows.append(row)
    return rows


def _cell_text(cell: Any) -> str:
    parts = []
    for node in cell.iter():
        if node.tag in {"br", "p", "div", "li"}:
            parts.append("\n")
        if node.text and isinstance(node.tag, str):
            parts.append(re.sub(r"\s+", " ", node.text))
        if node is not cell and node.tail:
            parts.append(re.sub(r"\s+", " ", node.tail))
    lead = re.match(r"[\u3000\xa0 ]+", "".join(parts).lstrip("\n"))
    text = "\n".join(part.strip() for part in "".join(parts).split("\n") if part.strip())
    return ("\u3000" if lead and "\u3000" in lead[0] and text else "") + text


def _span(given: str | None) -> int:
    try:
        return min(max(int(given or 1), 1), 100)
    except ValueError:
        return 1


if __name__ == "__main__":
    sys.exit(run(read, broken=(etree.LxmlError,)))
