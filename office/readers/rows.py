"""Tables as plain text: cells parted by tabs, or led by one where there is only one column."""

import re

_OFFICE = re.compile(r"..(?:局|委|办|政府|公司|集团)$")
SPACES = re.compile(r"[ \t\r\f\v\xa0\u3000]+")


def table_text(rows: list[list[str]]) -> str:
    """A table as text: cells parted by tabs, or led by one where there is only one column."""
    width = max((len(row) for row in rows), default=0)
    lines = []
    for row in rows:
        cells = [_one_line(cell) if width > 1 else cell for cell in row]
        if not any(cell.strip() for cell in cells):
            continue
        if width > 1:
            lines.append("\t".join(cells + [""] * (width - len(cells))))
        else:
            parts = [SPACES.sub(" ", part).strip() for part in cells[0].split("\n") if part.strip()]
            lines.append("\n".join(["\t" + parts[0], *parts[1:], ""]))
    return "\n\n" + "\n".join(lines) + "\n\n"


def _one_line(cell: str) -> str:
    """A cell's lines as one: what was broken for want of room is joined, what was listed is not."""
    parts = [SPACES.sub(" ", part).strip() for part in cell.split("\n") if part.strip()]
    if len(parts) > 1 and all(_OFFICE.search(part) for part in parts):
        # several offices, each on its own line
        parts = ["、".join(parts)]
    joined = ""
    lead = "\u3000" if parts and (cell[:1] == "\u3000" or cell.startswith("  ")) else ""
    for part in parts:
        ends = joined.endswith(("项目", "工程", "；", ";", "。"))
        space = (
            " "
            if joined
            and (ends or (joined[-1].isascii() and joined[-1].isalpha() and part[0].isascii()))
            else ""
        )
        joined += space + part
    return lead + joined
