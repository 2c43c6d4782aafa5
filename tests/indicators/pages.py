"""Reads the tables of a page: the words of each cell, without links to sources and hidden words."""

from html.parser import HTMLParser

VOID = {"br", "img", "input", "meta", "link", "hr", "use", "source"}
ASIDE = {"cite", "tag", "visually-hidden", "muted"}


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.aside = 0
        self.in_cell = False

    def handle_starttag(self, tag, attributes):
        classes = set((dict(attributes).get("class") or "").split())
        if tag not in VOID and (self.aside or classes & ASIDE):
            self.aside += 1
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag):
        if self.aside and tag not in VOID:
            self.aside -= 1
        elif tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data):
        if self.in_cell and not self.aside:
            self.tables[-1][-1][-1] += data


def tables(html: str) -> list[list[list[str]]]:
    """Every table of the page as rows of cells."""
    reader = _Tables()
    reader.feed(html)
    return [[[cell.strip() for cell in row] for row in table] for table in reader.tables]


def body(table: list[list[str]]) -> list[list[str]]:
    """The rows below the head."""
    return table[1:]
