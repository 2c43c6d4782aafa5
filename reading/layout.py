"""From plain text to paragraphs and tables: soft wraps joined, running heads dropped, table layouts known.

Tables come parted by tabs, by "|", aligned by blanks, or with each cell on an indented line of its
own. What is given back numbers its lines anew: a paragraph is a line, and so is a table's row.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reading.widths import canonical, squeezed

LONGEST_WRAP = 130
"""Columns (a Chinese sign takes two): lines that are all longer than this are paragraphs."""
SHORT = 20
SHORT_HEAD = 30
HEAD_REPEATS = 3
LEAST_ALIGNED = 3
MOST_WRAPPED = 5
"""Lines that a cell of a ruled table is broken into at most."""

_NUMBERED = (
    r"(?:第[一二三四五六七八九十]+[章节部编]|[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）"
    r"|[0-9]{1,2}[、.](?![0-9])|（[0-9]{1,2}）|[0-9]{1,2}）|[①-⑳])"
)
MARK = re.compile(
    rf"\s*(?:{_NUMBERED}|[一二三四五六七八九十]{{1,2}}是|——|[●■◆★▲•·]|各位代表|注[：:])"
)
LABEL = re.compile(
    r"\s*【?(?P<label>(?:附表|附件|附图|专栏|图表|表|图)\s*(?:[0-9]{1,2}(?:[-—.][0-9]{1,2})?|[一二三四五六七八九十]{1,3})?)】?"
    r"(?:[\s：:.、]+|(?=[^0-9]))(?P<title>.*)$"
)
_PAGE = re.compile(
    r"\s*(?:[-—－–·•]+\s*[0-9]{1,3}\s*[-—－–·•]+|第\s*[0-9]{1,3}\s*页(?:[，,\s/]*共\s*[0-9]{1,3}\s*页)?"
    r"|[0-9]{1,3}\s*/\s*[0-9]{1,3})\s*"
)
_BARE = re.compile(r"\s*([0-9]{1,3})\s*")
_RULE = re.compile(r"[\s|+:=\-─━│┃┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬═║]+")
_RULED = re.compile(r"[|│┃║┌└├╔╚╠]")
_PIPES = re.compile(r"[|│┃║]")
_GAP = re.compile(r"(?:[ \u3000\u00a0]{2,}|\u3000+)")
_END = re.compile(r"[。！？；：!?;:…]\s*$")
_DIGIT_GAP = re.compile(
    r"(?<=[\u4e00-\u9fff，。；：、“”（）]) +(?=[0-9A-Za-z])|(?<=[0-9%‰A-Za-z]) +(?=[\u4e00-\u9fff，。；：、“”（）%])"
)
_CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。；：、“”]) +(?=[\u4e00-\u9fff，。；：、“”])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the line that it is."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row and the line that it is; empty cells are ""."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table, without its title."""

    rows: tuple[Row, ...]


Block = Paragraph | Grid


def laid_out(text: str) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """The text's lines as they are cited, and what stands in them."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u200b", "")
    lines: list[str] = []
    blocks: list[Block] = []
    for found in _parts(_without_furniture(raw)):
        if isinstance(found, str):
            lines.append(found)
            blocks.append(Paragraph(len(lines), found))
        else:
            rows = []
            for cells in found:
                lines.append("\t".join(cells))
                rows.append(Row(len(lines), cells))
            blocks.append(Grid(tuple(rows)))
    return tuple(lines), tuple(blocks)


def columns(text: str) -> int:
    """How wide the text is on a screen."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _without_furniture(raw: str) -> list[str]:
    """The lines without page numbers and without the heads that stand on every page."""
    pages = raw.count("\f")
    lines = re.split(r"[\n\f]", raw)
    bare = [
        int(match[1]) for line in lines if (match := _BARE.fullmatch(line)) and "\t" not in line
    ]
    counted = len(bare) >= HEAD_REPEATS and all(b - a == 1 for a, b in itertools.pairwise(bare))
    seen = Counter(
        squeezed(line)
        for line in lines
        if "\t" not in line and 4 <= len(line.strip()) <= 45 and not _END.search(line)
    )
    heads = {
        line
        for line, times in seen.items()
        if times >= max(HEAD_REPEATS, pages // 2)
        and not MARK.match(canonical(line))
        and not _PIPES.search(line)
        and not _RULE.fullmatch(line)
    }
    kept: list[str] = []
    shown: set[str] = set()
    for line in lines:
        if _PAGE.fullmatch(line) or (
            (counted or pages) and "\t" not in line and _BARE.fullmatch(line)
        ):
            continue
        plain = squeezed(line)
        if plain in heads and "\t" not in line:
            if plain in shown:
                continue
            shown.add(plain)
        kept.append(line)
    return kept


def _parts(lines: Sequence[str]) -> Iterator[str | list[tuple[str, ...]]]:
    """Paragraphs as text, tables as rows of cells."""
    wrap = _wrap_width(lines)
    at = 0
    prose: list[str] = []
    while at < len(lines):
        end, rows = _table(lines, at)
        if rows:
            yield from _paragraphs(prose, wrap)
            prose = []
            yield rows
            at = end
            continue
        prose.append(lines[at])
        at += 1
    yield from _paragraphs(prose, wrap)


def _table(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Where a table that begins in this line ends, and its rows; none where none begins."""
    for layout in (_cell_a_line, _tabbed, _piped, _aligned):
        end, rows = layout(lines, at)
        if rows:
            return end, rows
    return at, []


# Each cell on a line of its own, led by a tab; a blank line ends the row.


def _is_cell(line: str) -> bool:
    return line.startswith("\t") and line.count("\t") == 1


def _cell_a_line(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
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
        return [tuple("".join(_tidied(part) for part in cell) for cell in row) for row in rows]
    # one column: the paragraphs of its cells are what it says
    return [(_tidied(part),) for row in rows for cell in row for part in cell if part.strip()]


# Rows whose cells are parted by tabs.


def _tabbed(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    if "\t" not in lines[at] or not lines[at].strip():
        return at, []
    rows: list[tuple[str, ...]] = []
    while at < len(lines):
        line = lines[at]
        if "\t" in line and line.strip():
            rows.append(tuple(_tidied(cell.strip()) for cell in line.rstrip("\n").split("\t")))
        elif not (at + 1 < len(lines) and "\t" in lines[at + 1] and lines[at + 1].strip()):
            break
        elif line.strip():
            # a line without cells between two rows heads those below, where it is short enough
            if len(line.strip()) > SHORT_HEAD or _END.search(line) or LABEL.match(canonical(line)):
                break
            rows.append((_tidied(line.strip()),))
        at += 1
    return at, _evened(rows)


# Markdown and drawn frames.


def _piped(lines: Sequence[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    start = at
    groups: list[list[list[str]]] = [[]]
    """The lines between two rules; in a table that is ruled throughout, each group is one row."""
    while at < len(lines):
        line = lines[at].strip()
        is_rule = bool(line) and _RULE.fullmatch(line) is not None
        if not is_rule and len(_PIPES.findall(line)) < 2:
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
    cells = _PIPES.split(line)
    if not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return [_tidied(re.sub(r"<br\s*/?>", "", cell.strip())) for cell in cells]


def _stacked(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The lines of one row as one: what was broken for want of room is joined."""
    width = max(map(len, lines))
    return tuple(
        "".join(line[place] for line in lines if place < len(line)) for place in range(width)
    )


# Columns aligned by blanks.


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
    if usual == 2 and not _LIKE_TABLE.search("".join(text for _, text in run[0])):
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
    return end, [tuple(_tidied(cell) for cell in row) for row in rows]


_LIKE_TABLE = re.compile(r"序号|指标|项目|名称|单位|目标|完成|计划|内容")


def _inside(lines: Sequence[str], at: int, pieces: Sequence[tuple[int, str]]) -> bool:
    """Whether a lone piece stands between rows of an aligned table: a heading or a wrapped cell."""
    following = _pieces(lines[at + 1]) if at + 1 < len(lines) else []
    return len(following) >= 2 and len(pieces[0][1]) <= 30 and not _END.search(pieces[0][1])


def _evened(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows with as many cells as the widest, and without columns that are empty throughout."""
    width = max(map(len, rows), default=0)
    padded = [row + ("",) * (width - len(row)) for row in rows]
    used = [each for each in range(width) if any(row[each].strip() for row in padded)]
    return [tuple(row[each] for each in used) for row in padded]


# Running text.


def _wrap_width(lines: Sequence[str]) -> int:
    """The width at which the text was wrapped; 0 where each paragraph is one line."""
    widths = sorted(
        columns(line.strip())
        for line in lines
        if "\t" not in line and len(line.strip()) > 10 and not _RULED.search(line)
    )
    if not widths:
        return 0
    widest = widths[int(len(widths) * 0.95)] if len(widths) > 20 else widths[-1]
    near = sum(width >= widest * 0.85 for width in widths)
    return widest if widest <= LONGEST_WRAP and near >= max(2, len(widths) * 0.12) else 0


def _paragraphs(lines: Sequence[str], wrap: int) -> Iterator[str]:
    held = held_last = ""
    broken = True
    for line in lines:
        if not line.strip():
            broken = True
            continue
        text = line.strip()
        plain = canonical(text)
        indented = re.match(r"(?:\u3000|  )", line) is not None
        joins = bool(
            held
            and not broken
            and wrap
            and columns(held_last) >= wrap * 0.8
            and not indented
            and not MARK.match(plain)
            and not (LABEL.match(plain) and len(plain) < 40)
            and not re.search(r"[。！？]\s*$", held)
        )
        if joins:
            space = " " if held[-1].isascii() and text[0].isascii() and held[-1].isalpha() else ""
            held += space + text
        else:
            if held:
                yield _tidied(held)
            held = text
        held_last = text
        broken = False
    if held:
        yield _tidied(held)


def _tidied(text: str) -> str:
    """The text without the blanks that a page's justification or a typist put between signs."""
    text = _DIGIT_GAP.sub("", text.strip())
    gaps = len(_CHINESE_GAP.findall(text))
    if gaps > 3 and gaps * 12 > len(text):
        text = _CHINESE_GAP.sub("", text)
    return text
