"""What a report is of, and under which headings, in which half, each paragraph and table stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reading.layout import Block, Grid, Paragraph, Row
from reading.marks import LABEL
from reading.places import Place, Prose, Table, years_of
from reading.proposals import Part
from reading.quantities import quantities
from reading.title_page import HALF_YEAR, IS_RESULT, LONGEST_HEADING, head_of
from reading.widths import canonical, squeezed

LONGEST_TITLE = 50

_HALF_AHEAD = re.compile(r"下半年|四季度|下一?阶段|下一?步|后三?季度")
_LEVELS = (
    re.compile(r"第[一二三四五六七八九十]{1,3}(?:部分|章|编)"),
    re.compile(r"[一二三四五六七八九十]{1,3}[、.]"),
    re.compile(r"（[一二三四五六七八九十]{1,3}）"),
    re.compile(
        r"[0-9]{1,2}[、.](?![0-9])|[0-9]{1,2}(?:\.[0-9]{1,2}){1,2}[、.]?\s*(?=[\u4e00-\u9fff“])"
    ),
    re.compile(r"（[0-9]{1,2}）|[0-9]{1,2}）|[①-⑳]"),
)
_IS_PLAN = re.compile(
    r"计划草案|计划安排|总体要求|总体考虑|总体思路|预期目标|发展目标|主要任务|重点任务|重点工作|工作安排|工作重点"
    r"|工作措施|主要措施|形势分析|面临的?形势|目标任务|发展计划$|工作打算|计划表$"
)
_GOES_WELL = re.compile(r"(?:推进|落实|见效|显现|提升|改善|增强|向好|回升|突破|完成)$")
"""How the headings of an account end: 重点任务有序推进."""
_UNIT_LINE = re.compile(r"(?:计量|金额)?单位[：:]\s*(?P<unit>[^，；。\s）)]{1,12})")
_SERIES_ENDS = "。；！？"


@dataclass(slots=True)
class Outline:
    """A report taken apart."""

    title: str
    issuer: str
    region: str
    year: int
    content: list[Prose | Table] = field(default_factory=list)


def outlined(blocks: Sequence[Block]) -> Outline:
    """The blocks under their headings, with what the report says of itself."""
    head, after = head_of(blocks)
    found = Outline(head.title, head.issuer, head.region, head.year)
    walk = _Walk(head.year, of_half_year=HALF_YEAR.search(head.title) is not None)
    blocks = list(blocks)
    at = after
    while at < len(blocks):
        block = blocks[at]
        if isinstance(block, Grid):
            at = _take_table(found, walk, blocks, at)
            continue
        walk.take(found, block)
        at += 1
    walk.release(found)
    found.content = [
        replace(each, spoken=_spoken(found.content, place)) if isinstance(each, Table) else each
        for place, each in enumerate(found.content)
    ]
    return found


def _spoken(content: Sequence[Prose | Table], place: int) -> str:
    """What the text says of a table: where it names its label, else right above it."""
    table = content[place]
    assert isinstance(table, Table)
    label = squeezed(table.label)
    if label:
        pattern = re.compile(rf"[^。]*{re.escape(label)}(?![0-9])[^。]*")
        for each in content:
            if isinstance(each, Prose) and not each.is_heading:
                match = pattern.search(squeezed(each.text))
                if match:
                    before = squeezed(each.text)[: match.end()].split("。")
                    return "。".join(before[-2:])
    above = content[place - 1] if place else None
    return above.text if isinstance(above, Prose) and len(above.text) < 400 else ""


class _Walk:
    """The headings that are open while the report is read from its top."""

    def __init__(self, year: int, *, of_half_year: bool = False) -> None:
        self.year = year
        self.account = year if of_half_year else year - 1
        """The year that is accounted for."""
        self.of_half_year = of_half_year
        self.open: list[tuple[int, str]] = []
        self.part = Part.RESULT
        self.said = self.account
        self.held: list[Paragraph] = []
        """Paragraphs that may turn out to be the title of a table."""

    @property
    def place(self) -> Place:
        return Place(tuple(text for _, text in self.open), self.part, self.said, self.of_half_year)

    def take(self, found: Outline, paragraph: Paragraph) -> None:
        """Enter a paragraph; a short one waits, for a table may follow."""
        plain = canonical(paragraph.text)
        if LABEL.match(plain) and len(plain) <= LONGEST_TITLE:
            self.release(found)
            self.held.append(paragraph)
            return
        if self.held and len(self.held) < 3 and _UNIT_LINE.search(plain) and len(plain) < 30:
            self.held.append(paragraph)
            return
        self.release(found)
        if len(plain) <= LONGEST_TITLE and plain[-1] not in _SERIES_ENDS and not _level(plain):
            self.held.append(paragraph)
            return
        self._enter(found, paragraph)

    def release(self, found: Outline) -> None:
        """What waited was no title."""
        for paragraph in self.held:
            self._enter(found, paragraph)
        self.held = []

    def _enter(self, found: Outline, paragraph: Paragraph) -> None:
        plain = canonical(paragraph.text)
        level = _level(plain)
        heading = ""
        if level:
            heading = re.split(r"[。；：]", plain, maxsplit=1)[0]
            if len(heading) > LONGEST_HEADING or _is_item(plain, heading, level):
                heading = ""
        if heading:
            self.open = [(each, text) for each, text in self.open if each < level]
            self.open.append((level, paragraph.text[: len(heading)].strip()))
            if level <= 2 or (
                level == 3
                and _IS_PLAN.search(heading)
                and self.part is Part.RESULT
                and self.year in years_of(heading)
            ):
                self._turn(heading)
        elif not level and len(plain) <= 30 and not re.search(r"[。；，：]$", plain):
            self._turn_unnumbered(plain)
        found.content.append(
            Prose(
                paragraph.line,
                paragraph.text,
                self.place,
                bool(heading) and len(heading) >= len(plain) - 1,
            )
        )

    def _turn_unnumbered(self, plain: str) -> None:
        named = self.year in years_of(plain) or self.of_half_year
        if (
            named
            and not _GOES_WELL.search(plain)
            and (_IS_PLAN.search(plain) or _HALF_AHEAD.search(plain))
        ):
            self._turn(plain)

    def _turn(self, heading: str) -> None:
        years = years_of(heading)
        if self.of_half_year:
            if _HALF_AHEAD.search(heading) or (
                _IS_PLAN.search(heading) and not IS_RESULT.search(heading)
            ):
                self.part = Part.PLAN
            elif IS_RESULT.search(heading) or HALF_YEAR.search(heading):
                self.part = Part.RESULT
            return
        if self.year in years and not (IS_RESULT.search(heading) and self.year - 1 in years):
            self.part, self.said = Part.PLAN, self.year
        elif self.account in years or (IS_RESULT.search(heading) and not _IS_PLAN.search(heading)):
            self.part, self.said = Part.RESULT, self.account
        elif _IS_PLAN.search(heading) or heading.startswith("今年"):
            self.part, self.said = Part.PLAN, self.year


def _is_item(plain: str, heading: str, level: int) -> bool:
    """Whether a numbered paragraph is a line of a list and heads nothing."""
    if len(heading) < len(plain) - 1:
        return level >= 4 and re.search(r"[，、]", heading) is not None
    if level >= 4 and (plain[-1] in _SERIES_ENDS or len(heading) > 30):
        return True
    number = _LEVELS[level - 1].match(heading)
    return level >= 3 and any(quantities(heading[number.end() if number else 0 :]))


def _level(plain: str) -> int:
    """How deep a numbered heading stands; 0 for what is none."""
    text = plain.lstrip()
    if (
        re.match(r"[0-9]{1,2}\s+(?:20[0-9]{2}年|[\u4e00-\u9fff])", text)
        and len(text) <= LONGEST_TITLE
    ):
        # 1 2023年…, above 1.1
        return 2
    for level, pattern in enumerate(_LEVELS, start=1):
        if pattern.match(text):
            return level
    return 0


def _take_table(found: Outline, walk: _Walk, blocks: list[Block], at: int) -> int:
    """Enter the table that stands here, with its title above and its notes below."""
    grid = blocks[at]
    assert isinstance(grid, Grid)
    rows = list(grid.rows)
    following = at + 1
    while following < len(blocks) and _goes_on(rows, blocks[following]):
        more = blocks[following]
        assert isinstance(more, Grid)
        head = rows[0].cells
        rows += [row for row in more.rows if row.cells != head]
        following += 1
    label = title = unit = ""
    title_line = rows[0].line
    for paragraph in walk.held:
        plain = canonical(paragraph.text)
        unit_line = _UNIT_LINE.search(plain)
        if unit_line:
            unit = unit_line["unit"]
            if len(plain) < 20:
                continue
        match = LABEL.match(plain)
        if match and (match["label"] or not title):
            label = paragraph.text[match.start("label") : match.end("label")].replace(" ", "")
            title = paragraph.text[match.start("title") : match.end("title")].strip()
        else:
            title = (title + paragraph.text).strip() if title else paragraph.text.strip()
        title_line = paragraph.line
    above = [paragraph.text for paragraph in walk.held if _is_note(canonical(paragraph.text))]
    walk.held = []
    while len(rows) > 1 and not label and len(rows[0].cells) > 1:
        told = [cell for cell in rows[0].cells if cell.strip()]
        if len(set(told)) != 1 or not _can_be_title(told[0]):
            break
        if match := _UNIT_LINE.search(canonical(told[0])):
            unit = unit or match["unit"]
        else:
            match = LABEL.match(canonical(told[0]))
            label = match["label"] if match else ""
            title = told[0][match.start("title") :].strip() if match else told[0]
        rows = rows[1:]
    notes = [*above, title]
    while len(rows) > 1:
        last = {cell.strip() for cell in rows[-1].cells if cell.strip()}
        if len(last) != 1 or not _is_note(canonical(next(iter(last)))):
            break
        notes.append(last.pop())
        rows.pop()
    while following < len(blocks) and len(notes) < 8:
        below = blocks[following]
        if not isinstance(below, Paragraph) or not _is_note(canonical(below.text)):
            break
        notes.append(below.text)
        following += 1
    if match := _UNIT_LINE.search(canonical(title)):
        unit = unit or match["unit"]
    if not title and not label:
        title, title_line = _untitled(found, walk, rows)
    found.content.append(
        Table(label, title, tuple(rows), walk.place, title_line, unit, tuple(notes))
    )
    return following


def _untitled(found: Outline, walk: _Walk, rows: Sequence[Row]) -> tuple[str, int]:
    """What a table without a title is called by: the heading right above, else its first row."""
    above = found.content[-1] if found.content else None
    if isinstance(above, Prose) and above.is_heading:
        number = _LEVELS[_level(canonical(above.text)) - 1].match(canonical(above.text))
        return above.text[number.end() if number else 0 :].strip(), above.line
    if walk.open and re.search(r"项目|指标|目标|实事|清单", walk.open[-1][1]):
        heading = walk.open[-1][1]
        opened = (
            each.line
            for each in reversed(found.content)
            if isinstance(each, Prose) and each.text.startswith(heading)
        )
        return heading, next(opened, rows[0].line)
    return " ".join(cell for cell in rows[0].cells if cell)[:LONGEST_TITLE], rows[0].line


def _is_note(plain: str) -> bool:
    """Whether the words explain the table they stand beside."""
    if re.match(r"\s*（?(?:附?注|备注|说明)(?:[0-9：:]|\s)", plain):
        return True
    return len(plain) <= 120 and re.search(r"[*▲△★☆◆●※#].{0,12}(?:约束|预期)", plain) is not None


def _can_be_title(text: str) -> bool:
    return (
        len(text) <= LONGEST_TITLE
        and not _level(canonical(text))
        and re.search(r"表|单位|情况|计划|清单|项目|目标", text) is not None
    )


def _goes_on(rows: Sequence[Row], block: Block) -> bool:
    """Whether the next table is the same one on the next page."""
    if not isinstance(block, Grid):
        return False
    width = len(rows[0].cells)
    first = [squeezed(cell) for cell in block.rows[0].cells]
    if first != [squeezed(cell) for cell in rows[0].cells] and any(
        re.fullmatch(r"序号|指标|指标名称|项目名称|工程名称", cell) for cell in first
    ):
        return False
    return width > 2 and all(len(row.cells) == width for row in block.rows)
