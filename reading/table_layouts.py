"""Tables in plain text: parted by tabs, ruled, aligned by blanks, or each cell on a line of its own."""

import re
from collections import Counter
from collections.abc import Sequence

from reading.marks import END, LABEL, MARK, columns, tidied
from reading.widths import canonical

SHORT = 20
SHORT_HEAD = 30
LEAST_ALIGNED = 3
MOST_WRAPPED = 5
"""Lines that a cell of a ruled table is broken into at most."""
RULE = re.compile(r"[\s|+:=\-─━│┃┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬═║]+")
PIPES = re.compile(r"[|│┃║]")
_GAP = re.compile(r"(?:[ \u3000\u00a0]{2,}|\u3000+)")


def table_at(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Where a table that begins in this line ends, and its rows; none where none begins."""
    for layout in (_cell_a_line, _tabbed, _piped, _aligned, _spaced):
        end, rows = layout(lines, at)
        if rows:
            return end, rows
    return at, []


def _is_cell(line: str) -> bool:
    return line.startswith("\t") and line.count("\t") == 1


def _cell_a_line(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Each cell on a line of its own, led by a tab; a blank line ends the row."""
    if not _is_cell(lines[at]):
        return at, []
    width = _usual_group(lines, at)
    rows: list[list[list[str]]] = []
    blanks = 1
    while at < len(lines):
        line = lines[at]
        if not line.strip() and not _is_cell(line):
            blanks += 1
        elif _is_cell(line):
            if blanks > 2 and rows and _begins_anew(lines, at):
                break
            if blanks or not rows:
                rows.append([])
            rows[-1].append([line.strip()] if line.strip() else [])
            blanks = 0
        elif "\t" in line or not rows:
            break
        elif blanks == 0 or (blanks == 1 and _continues(lines, at, rows[-1], width)):
            rows[-1][-1].append(line.strip())
            blanks = 0
        else:
            break
        at += 1
    return at, _joined(rows, width)


def _begins_anew(lines: Sequence[str], at: int) -> bool:
    """Whether a cell after several blank lines is a table's title and not its next row."""
    return LABEL.match(canonical(lines[at].strip())) is not None


def _usual_group(lines: Sequence[str], at: int) -> int:
    sizes: Counter[int] = Counter()
    size = blanks = 0
    for line in lines[at:]:
        if _is_cell(line):
            size, blanks = size + 1, 0
        elif not line.strip():
            sizes[size] += 1
            size, blanks = 0, blanks + 1
        elif blanks > 1 or "\t" in line:
            break
    sizes[size] += 1
    del sizes[0]
    return max(sizes, key=lambda each: (sizes[each], each)) if sizes else 1


def _continues(lines: Sequence[str], at: int, row: Sequence[object], width: int) -> bool:
    """Whether a line after a blank one still belongs to the cell before the blank."""
    line = lines[at].strip()
    if width == 1:
        return LABEL.match(canonical(line)) is None
    if len(row) < width:
        return True
    if at + 1 < len(lines) and _is_cell(lines[at + 1]):
        return True
    return (
        len(line) <= SHORT
        and not MARK.match(canonical(line))
        and not LABEL.match(canonical(line))
        and at + 2 < len(lines)
        and not lines[at + 1].strip()
        and _is_cell(lines[at + 2])
    )


def _joined(rows: Sequence[Sequence[Sequence[str]]], width: int) -> list[tuple[str, ...]]:
    if width > 1:
        return [tuple("".join(tidied(part) for part in cell) for cell in row) for row in rows]
    # one column: the paragraphs of its cells are what it says
    return [(tidied(part),) for row in rows for cell in row for part in cell if part.strip()]


def _tabbed(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Rows whose cells are parted by tabs."""
    if "\t" not in lines[at] or not lines[at].strip():
        return at, []
    rows: list[tuple[str, ...]] = []
    while at < len(lines):
        line = lines[at]
        if "\t" in line and line.strip():
            rows.append(tuple(_indented(cell) for cell in line.rstrip("\n").split("\t")))
        elif not (at + 1 < len(lines) and "\t" in lines[at + 1] and lines[at + 1].strip()):
            break
        elif line.strip():
            # a line without cells between two rows heads those below, where it is short enough
            if len(line.strip()) > SHORT_HEAD or END.search(line) or LABEL.match(canonical(line)):
                break
            rows.append((tidied(line.strip()),))
        at += 1
    return at, _evened(rows)


def _piped(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Markdown, and frames that were drawn."""
    start = at
    groups: list[list[list[str]]] = [[]]
    """The lines between two rules; in a table that is ruled throughout, each group is one row."""
    while at < len(lines):
        line = lines[at].strip()
        is_rule = bool(line) and RULE.fullmatch(line) is not None
        if not is_rule and len(PIPES.findall(line)) < 2:
            break
        if is_rule:
            groups.append([])
        else:
            groups[-1].append(_piped_cells(line))
        at += 1
    groups = [group for group in groups if group]
    is_ruled = len(groups) > 2 and max(map(len, groups)) <= MOST_WRAPPED
    rows = [
        row
        for group in groups
        for row in ([_stacked(group)] if is_ruled else [tuple(cells) for cells in group])
    ]
    return (at, _evened(rows)) if rows else (start, [])


def _piped_cells(line: str) -> list[str]:
    cells = PIPES.split(line)
    if not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return [tidied(re.sub(r"<br\s*/?>", "", cell.strip())) for cell in cells]


def _stacked(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The lines of one row as one: what was broken for want of room is joined."""
    width = max(map(len, lines))
    return tuple(
        "".join(line[place] for line in lines if place < len(line)) for place in range(width)
    )


def _pieces(line: str) -> list[tuple[int, str]]:
    """The cells of an aligned line with the column of the screen where each begins."""
    found = []
    place = 0
    for piece in re.split(rf"({_GAP.pattern})", line.rstrip()):
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            found.append((place + lead, piece.strip()))
        place += columns(piece)
    return found


def _aligned(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Columns that blanks align."""
    run: list[list[tuple[int, str]]] = []
    end = at
    while end < len(lines):
        pieces = _pieces(lines[end])
        if not pieces and run and end + 1 < len(lines) and len(_pieces(lines[end + 1])) >= 2:
            end += 1
            continue
        if LABEL.match(canonical(lines[end])) and not (run and pieces):
            break
        if len(pieces) < 2 and not (run and len(pieces) == 1 and _inside(lines, end, pieces)):
            break
        if any(len(text) > 60 for _, text in pieces):
            break
        run.append(pieces)
        end += 1
    if sum(len(pieces) >= 2 for pieces in run) < LEAST_ALIGNED or max(map(len, run)) < 2:
        return at, []
    usual = Counter(map(len, run)).most_common(1)[0][0]
    first = [text for _, text in run[0]]
    if any("关于" in text for text in first) or (
        usual == 2 and not all(len(text) <= 12 and _LIKE_TABLE.search(text) for text in first)
    ):
        return at, []
    head = next(pieces for pieces in run if len(pieces) == max(map(len, run)))
    starts = [place for place, _ in head]
    rows: list[list[str]] = []
    for pieces in run:
        cells = [""] * len(starts)
        if len(pieces) == len(starts):
            cells = [text for _, text in pieces]
        else:
            for place, text in pieces:
                nearest = min(range(len(starts)), key=lambda each: abs(starts[each] - place))
                cells[nearest] += text
        if len(pieces) == 1 and rows and cells[0] == "" and not cells[0].isdigit():
            column = next(each for each, text in enumerate(cells) if text)
            rows[-1][column] += cells[column]
            continue
        rows.append(cells)
    return end, [tuple(tidied(cell) for cell in row) for row in rows]


_HEAD_WORD = re.compile(
    r"序号|指标|项目|名称|单位|目标|完成|计划|预期|实际|内容|投资|责任|性质|类型|年限|属性|增速|增长|备注|部门|20[0-9]{2}年"
)
_NAMES_ROWS = re.compile(r"名称|指标|项目|事项|内容")


def _spaced(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Columns that single blanks part, as a scan's text has them, below a row that names them.

    A row with more pieces than columns has the blanks in its name; one that cannot be told apart
    stays whole.
    """
    head = lines[at].split()
    if (
        len(head) < 3
        or any(len(piece) > 14 or END.search(piece) for piece in head)
        or LABEL.match(canonical(lines[at]))
        or sum(_HEAD_WORD.search(canonical(piece)) is not None for piece in head) < len(head) - 1
    ):
        return at, []
    naming = next((i for i, piece in enumerate(head) if _NAMES_ROWS.search(piece)), 0)
    rows = [tuple(head)]
    whole = 0
    end = at + 1
    while end < len(lines):
        pieces = lines[end].split()
        if not pieces or END.search(lines[end]) or LABEL.match(canonical(lines[end])):
            break
        more = len(pieces) - len(head)
        if more > 0 and not any(
            re.search(r"[0-9]", piece) for piece in pieces[naming : naming + more + 1]
        ):
            name = "".join(pieces[naming : naming + more + 1])
            pieces = [*pieces[:naming], name, *pieces[naming + more + 1 :]]
        if len(pieces) != len(head):
            if len(pieces) == 1 and len(pieces[0]) > SHORT_HEAD:
                break
            pieces = [" ".join(pieces), *[""] * (len(head) - 1)]
        else:
            whole += 1
        rows.append(tuple(pieces))
        end += 1
    return (end, rows) if whole >= 2 and whole * 2 >= len(rows) - 1 else (at, [])


_LIKE_TABLE = re.compile(r"序号|指标|项目|名称|单位|目标|完成|计划|内容")


def _inside(lines: Sequence[str], at: int, pieces: Sequence[tuple[int, str]]) -> bool:
    """Whether a lone piece stands between rows of an aligned table: a heading or a wrapped cell."""
    following = _pieces(lines[at + 1]) if at + 1 < len(lines) else []
    return len(following) >= 2 and len(pieces[0][1]) <= 30 and not END.search(pieces[0][1])


def _indented(cell: str) -> str:
    """The cell tidied; that it was indented is kept, for so sub-rows are told."""
    lead = "\u3000" if cell[:1] == "\u3000" or cell.startswith("  ") else ""
    text = tidied(cell.strip())
    return lead + text if text else ""


def _evened(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows with as many cells as the widest, and without columns that are empty throughout."""
    width = max(map(len, rows), default=0)
    padded = [row + ("",) * (width - len(row)) for row in rows]
    used = [each for each in range(width) if any(row[each].strip() for row in padded)]
    return [tuple(row[each] for each in used) for row in padded]
