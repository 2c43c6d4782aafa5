"""What the cells of a project's row say: names, money, the verb, the level."""

import itertools
import re
from decimal import Decimal

from reading.layout import Row
from reading.places import Table
from reading.project_names import NameSpan, is_name, name_list, split_names
from reading.quantities import decimal, wan
from reading.table_roles import Column, Read, Role
from reading.verbs import STAGES, verbs_within
from reading.widths import canonical, squeezed

_NUMBER = re.compile(r"^\s*(?:[0-9]{1,3}[.、．](?![0-9])|（[0-9]{1,3}）|[0-9]{1,3}）|[①-⑳])\s*")
_NUMBERED = re.compile(r"(?:(?<=[^0-9])|^)[0-9]{1,2}[.、．](?=[^0-9])")
_ENDS_SURELY = re.compile(r"(?:项目|工程|[一二三四五六七八九十]期|期）)$")
_EDGES = re.compile(r"^[★☆▲△*#◆●※\s]+|[★☆▲△*#◆●※；;。\s]+$")
_AMOUNT = re.compile(
    r"^(?:约|近)?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[万亿千百]*元)?$"
)
_SAID = r"(?:约|为|达|共|计)?(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[万亿]元)"
TOTAL_SAID = re.compile(rf"(?:总投资|概算|估算)(?:额)?{_SAID}")
PLANNED_SAID = re.compile(
    rf"(?:本年|今年|当年|年度|年内|20[0-9]{{2}}年)(?:度)?(?:计划)?(?:完成|安排)?投资{_SAID}"
)
"""Money that a row's words state with its unit: 总投资3.2亿元，年度计划投资8000万元."""
_KIND_OF_WORKS = re.compile(r"(?:改?扩建|改建|迁建|技改|恢复|改扩?造)")
_STAGE_ONLY = re.compile(r"续建|新开工|前期|储备|竣工|在建|建成|投产")
BLANK = re.compile(r"[—\-－–/／\\.…\s]*")


def level_in(cell: str) -> str:
    """The level that the cell of a column of levels names."""
    plain = squeezed(cell)
    if "市" in plain:
        return "municipal"
    return "district" if re.search(r"[区县]", plain) else ""


def title_verb(title: str) -> str:
    plain = squeezed(title)
    found = [verb.word for verb in verbs_within(plain) if verb.word in _TITLE_VERBS]
    return found[0] if len(found) == 1 else ""


_TITLE_VERBS = {
    "续建",
    "新开工",
    "新建",
    "开工",
    "竣工",
    "完工",
    "建成",
    "储备",
    "前期",
    "前期工作",
    "投产",
    "谋划",
    "在建",
    "投用",
    "拟建",
    "预备",
}


def carried(row: Row, column: Column | None, above: dict[int, str]) -> str:
    """The cell's words; those above where the cell is blank, as merged cells come out."""
    if column is None:
        return ""
    text = cell_of(row, column).strip()
    if text and not BLANK.fullmatch(text):
        above[column.place] = text
    return above.get(column.place, "")


def verb_of(row: Row, read: Read, nature: str, of_head: str, of_title: str) -> str:
    """The verb of a row: of its own nature, of the heading above, of the title, of its goal or progress."""
    if nature:
        found = [verb.word for verb in verbs_within(squeezed(nature))]
        if found:
            return found[0]
    if of_head:
        return of_head
    name = read.of(Role.PROJECT)
    if name is not None:
        found = [verb.word for verb in verbs_within(name.heading)]
        if found:
            return found[0]
    if of_title:
        return of_title
    for role in (Role.PROGRESS, Role.GOAL):
        words = squeezed(cell_of(row, read.of(role)))
        found = [
            verb.word
            for verb in verbs_within(words)
            if verb.word in STAGES and _is_whole(verb.word, words)
        ]
        if found:
            return found[0]
    return ""


def _is_whole(verb: str, words: str) -> bool:
    """Whether the verb speaks of the whole project and not of a part of the works."""
    return (
        words.startswith(verb)
        or words.endswith(verb)
        or re.search(
            rf"(?:^|[，。；])(?:已|全面|基本|正式|项目|预计|计划)?{verb}(?:$|[，。；])", words
        )
        is not None
    )


def names_in(raw: str, *, is_single: bool) -> list[str]:
    """The names in a cell: several where marks part them.

    `is_single` says that the table gives each row its money, so that a row is one project as a
    rule and 、 stands within its name.
    """
    plain = canonical(raw)
    pieces = []
    for span in _pieces(plain, is_single=is_single):
        text = raw[span.start : span.end].strip()
        number = _NUMBER.match(canonical(text))
        text = text[number.end() :] if number and number.end() < len(text) else text
        text = _EDGES.sub("", text)
        alone = span.end - span.start >= len(plain.strip()) and len(text) >= 3
        if text and (is_name(canonical(text)) or (alone and not re.fullmatch(r"[0-9.]+", text))):
            pieces.append(text)
    return pieces


def _pieces(plain: str, *, is_single: bool) -> list[NameSpan]:
    """Where a cell's names may stand: parted by ；, by numbers, or by 、 where that parts names."""
    spans = split_names(plain, marks="；\n")
    if len(spans) > 1:
        if is_single:
            return spans
        return [
            NameSpan(span.start + each.start, span.start + each.end)
            for span in spans
            for each in _pieces(plain[span.start : span.end], is_single=False)
        ]
    numbers = [match.start() for match in _NUMBERED.finditer(plain)]
    if len(numbers) > 1:
        return [NameSpan(a, b) for a, b in itertools.pairwise([*numbers, len(plain)])]
    listing = name_list(plain)
    if listing.lone_phases and listing.names:
        return list(listing.names)
    if len(listing.names) < 2:
        return spans
    words = [plain[span.start : span.end] for span in listing.names]
    sure = all(_ENDS_SURELY.search(each) and len(each) >= 6 for each in words)
    likely = all(is_name(each) and len(each) >= 3 for each in words)
    return list(listing.names) if sure or (likely and not is_single) else spans


def money_in(row: Row, column: Column | None, table: Table) -> Decimal | None:
    """A cell's money in 万元, by the unit of the cell, of its heading or of the table."""
    if column is None:
        return None
    match = _AMOUNT.match(squeezed(cell_of(row, column)))
    if match is None:
        return None
    unit = match["unit"] or column.unit or table.unit
    found = re.search(r"[万亿千百]*元", unit)
    return wan(decimal(match["number"]), found[0]) if found else None


def money_said(row: Row, words: re.Pattern[str]) -> Decimal | None:
    """The money in 万元 that the row's words state once; None where they state none or several."""
    found = {
        wan(decimal(match["number"]), match["unit"])
        for cell in dict.fromkeys(row.cells)
        for match in words.finditer(squeezed(cell))
    }
    return found.pop() if len(found) == 1 else None


def tells_stages(read: Read) -> bool:
    """Whether the column of natures says where projects stand: beside 扩建 and 迁建, 新建 is a kind of works."""
    column = read.of(Role.NATURE)
    told = {squeezed(cell_of(row, column)) for row in read.rows} if column else set()
    return not any(_KIND_OF_WORKS.fullmatch(cell) for cell in told) or any(
        _STAGE_ONLY.search(cell) for cell in told
    )


def cell_of(row: Row, column: Column | None) -> str:
    if column is None or column.place >= len(row.cells):
        return ""
    return row.cells[column.place]
