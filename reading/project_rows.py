"""Project tables: one project in a row, or lists of them in the cells."""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from reading.categories import category_of, nearest_category, sector_of, without_number
from reading.layout import Row
from reading.outline import PARTED, Table
from reading.project_lists import Named, headed_verb, listed
from reading.project_names import NameSpan, is_name, name_list, split_names
from reading.proposals import Evidence, Part, ProjectFound, Unread
from reading.quantities import decimal, wan
from reading.table_roles import Column, Read, Role
from reading.verbs import INFERRED, STAGES, verbs_within
from reading.widths import canonical, squeezed

SURE = Decimal("0.97")
LONGEST_HEAD = 40
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总投资|合\s*计)")
_NUMBER = re.compile(r"^\s*(?:[0-9]{1,3}[.、．](?![0-9])|（[0-9]{1,3}）|[0-9]{1,3}）|[①-⑳])\s*")
_NUMBERED = re.compile(r"(?:(?<=[^0-9])|^)[0-9]{1,2}[.、．](?=[^0-9])")
_ENDS_SURELY = re.compile(r"(?:项目|工程|[一二三四五六七八九十]期|期）)$")
_EDGES = re.compile(r"^[★☆▲△*#◆●※\s]+|[★☆▲△*#◆●※；;。\s]+$")
_AMOUNT = re.compile(
    r"^(?:约|近)?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[万亿千百]*元)?$"
)
_BLANK = re.compile(r"[—\-－–/／\\.…\s]*")
_GROUP = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）|[A-Z][、.])|项目|类$|（?(?:共)?[0-9]+(?:个|项)）?$|合计|小计"
)


def projects(table: Table, read: Read) -> Iterator[ProjectFound | Unread]:
    """The projects of a table with one in each row."""
    name_column = read.of(Role.PROJECT)
    assert name_column is not None
    section = PARTED.join(table.place.section)
    heads: list[tuple[int, str]] = []
    above: dict[int, str] = {}
    verb = headed_verb(squeezed(table.title)) or _title_verb(table.title)
    verb_of_head = ""
    position = 0
    part, year = half(table)
    spoken = level_of(table.spoken)
    for row in read.rows:
        raw = _cell(row, name_column)
        told = [cell for cell in row.cells if cell.strip()]
        if not told:
            continue
        head = _group_head(row, name_column, told, read)
        if head is not None:
            if not _TOTAL.match(squeezed(head)):
                level = _level(squeezed(_cell(row, read.of(Role.SEQ))) + canonical(head))
                heads = [(each, text) for each, text in heads if each < level]
                heads.append((level, head.strip()))
                verb_of_head = next(
                    (
                        found
                        for _, text in reversed(heads)
                        if (found := headed_verb(squeezed(text)))
                    ),
                    "",
                )
            continue
        if not raw.strip():
            if len(told) >= 2 and not _TOTAL.match(squeezed("".join(told))):
                yield Unread(_evidence(row, table, section, "\t".join(row.cells)), "no_name")
            continue
        if _TOTAL.match(squeezed(raw)):
            continue
        group = _carried(row, read.of(Role.CATEGORY), above)
        headings = tuple(text for _, text in heads) + ((group,) if group else ())
        nature = _carried(row, read.of(Role.NATURE), above)
        found_verb = _verb(row, read, nature, verb_of_head, verb)
        names = _names(
            raw, is_single=read.of(Role.TOTAL) is not None or read.of(Role.PLANNED) is not None
        )
        if not names:
            yield Unread(_evidence(row, table, section, raw.strip()), "no_name")
            continue
        doubts = [] if found_verb else ["no_verb"]
        for phase in name_list(canonical(raw)).lone_phases:
            doubts.append("phase_alone")
            quote = raw[phase.start : phase.end]
            yield Unread(_evidence(row, table, section, quote), "phase_alone")
        if len(names) > 1:
            doubts.append("several_in_cell")
        total = _money(row, read.of(Role.TOTAL), table)
        planned = _money(row, _planned(read, year), table)
        for cell_is, words in ((total, read.of(Role.TOTAL)), (planned, _planned(read, year))):
            if cell_is is None and words is not None and not _BLANK.fullmatch(_cell(row, words)):
                doubts.append("amount_words")
        if len(names) > 1:
            total = planned = None
        for name in names:
            position += 1
            yield ProjectFound(
                _evidence(row, table, section, name),
                max(Decimal("0.3"), SURE - Decimal("0.1") * len(doubts)),
                tuple(
                    dict.fromkeys(doubts + (["stage_implied"] if found_verb in INFERRED else []))
                ),
                year,
                name,
                part,
                found_verb,
                STAGES.get(found_verb, ""),
                category=_category(headings, table),
                sector=sector_of(_without_verbs(headings), squeezed(table.title)),
                heading=PARTED.join(headings),
                level=_level_in(_cell(row, read.of(Role.LEVEL)))
                or level_of("；".join((*headings, table.title)))
                or spoken,
                position=position,
                total_investment=total,
                planned_investment=planned,
                owner_unit=_cell(row, read.of(Role.OWNER)).strip(),
                department=_cell(row, read.of(Role.DEPARTMENT)).strip(),
                description=_cell(row, read.of(Role.CONTENT)).strip(),
            )


def project_lists(table: Table, read: Read) -> Iterator[ProjectFound | Unread]:
    """The projects of a table whose cells are lists in sentences, or lists under a verb's heading."""
    section = PARTED.join(table.place.section)
    part, year = half(table)
    title_verb = headed_verb(squeezed(table.title)) or _title_verb(table.title)
    position = 0
    above = ""
    for row in read.rows:
        cells = [(place, cell) for place, cell in enumerate(row.cells) if cell.strip()]
        if not cells:
            continue
        head = ""
        if len(row.cells) > 1:
            places = [
                p
                for p, cell in cells
                if p == 0 or (re.fullmatch(r"[0-9]+", squeezed(row.cells[0])) and p == 1)
            ]
            label = next(
                (
                    row.cells[p]
                    for p in reversed(places)
                    if not re.fullmatch(r"\s*[0-9]+\s*", row.cells[p])
                ),
                "",
            )
            if label and len(label) <= LONGEST_HEAD and not re.search(r"[、。；]", label[4:]):
                head = above = label.strip()
            elif not row.cells[0].strip():
                head = above
        found_here = 0
        for place, cell in cells:
            if cell.strip() == head or re.fullmatch(r"[0-9.,\s]+", cell):
                continue
            heading = read.columns[place].heading if place < len(read.columns) else ""
            verb = headed_verb(heading) or headed_verb(squeezed(head)) or title_verb
            heads = (head,) if head and not _only_verb(head) else ()
            if not verb and len(cells) > 1 and place == 0:
                continue
            text = canonical(cell)
            told = listed(text, heads, is_list=True, verb=verb)
            for named in told.named:
                position += 1
                found_here += 1
                yield _found(named, cell, row, table, section, part, year, position)
            for span, why in told.unread:
                yield Unread(_evidence(row, table, section, cell[span.start : span.end]), why)
                found_here += 1
        if not found_here and len("".join(cell for _, cell in cells)) > 8:
            yield Unread(_evidence(row, table, section, "\t".join(row.cells)), "no_verb")


def in_text(
    text: str,
    line: int,
    section: tuple[str, ...],
    part: Part,
    year: int,
    *,
    verb: str = "",
    is_list: bool = False,
    start: int = 0,
) -> Iterator[ProjectFound | Unread]:
    """The projects that a paragraph names; `start` numbers them on."""
    plain = canonical(text)
    told = listed(plain, (), is_list=is_list, verb=verb)
    joined = PARTED.join(section)
    for number, named in enumerate(told.named, start=start + 1):
        doubts = named.doubts
        base = Decimal("0.9") if is_list else Decimal("0.8")
        name = text[named.start : named.end]
        sentence = sentence_at(text, named.start)
        yield ProjectFound(
            Evidence(line, sentence, _quote(text, named, sentence), joined),
            max(Decimal("0.3"), base - Decimal("0.15") * len(doubts)),
            doubts,
            year,
            name,
            part,
            named.verb.word,
            named.verb.stage,
            category=nearest_category(tuple(canonical(each) for each in section + named.headings)),
            heading=PARTED.join(named.headings),
            level=level_of(named.quote.text),
            position=number if is_list else 0,
        )
    for span, why in told.unread:
        yield Unread(
            Evidence(line, sentence_at(text, span.start), text[span.start : span.end], joined), why
        )


def half(table: Table) -> tuple[Part, int]:
    """The half and the year that a table's title says, else those of the text around it."""
    place = table.place
    years = set(table.years)
    about = place.year + 1 if place.part is Part.RESULT else place.year
    if len(years) == 1:
        year = years.pop()
        if year == about:
            return Part.PLAN, year
        if year == about - 1:
            return Part.RESULT, year
        return place.part, year
    if re.search(r"完成情况|推进情况|进展情况|实施情况|执行情况", table.title):
        return Part.RESULT, about - 1
    if re.search(r"计划(?:表|$)|安排|草案|谋划|储备", table.title):
        return Part.PLAN, about
    return place.part, place.year


def level_of(text: str) -> str:
    """The level that canonical or raw words name: a value of projects.models.Level; "" for none."""
    plain = squeezed(text)
    municipal = re.search(
        r"市级(?:重点|重大|项目|更新|城市)|市级[^，。；]{0,8}项目|市重点|市重大", plain
    )
    district = re.search(
        r"[区县]级(?:重点|重大|项目)|[区县]级[^，。；]{0,8}项目|[区县]重[点大]", plain
    )
    if re.search(r"[省市]级?、[市区县]", plain):
        return ""
    if municipal and not district:
        return "municipal"
    return "district" if district and not municipal else ""


def _level_in(cell: str) -> str:
    """The level that the cell of a column of levels names."""
    plain = squeezed(cell)
    if "市" in plain:
        return "municipal"
    return "district" if re.search(r"[区县]", plain) else ""


def sentence_at(text: str, place: int) -> str:
    """The whole sentence of the text that the place is in."""
    begin = max((text.rfind(mark, 0, place) for mark in "。！？"), default=-1) + 1
    ends = [end for mark in "。！？" if (end := text.find(mark, place)) >= 0]
    end = min(ends) + 1 if ends else len(text)
    return text[begin:end].strip()


def _quote(text: str, named: Named, sentence: str) -> str:
    quote = text[named.quote.start : named.quote.end].strip()
    return quote if quote in sentence else text[named.start : named.end]


def _found(
    named: Named,
    cell: str,
    row: Row,
    table: Table,
    section: str,
    part: Part,
    year: int,
    position: int,
) -> ProjectFound:
    heads = tuple(canonical(each) for each in named.headings)
    doubts = named.doubts + (() if named.verb.word else ("no_verb",))
    return ProjectFound(
        _evidence(row, table, section, cell[named.start : named.end]),
        max(Decimal("0.3"), SURE - Decimal("0.1") * len(doubts)),
        doubts,
        year,
        cell[named.start : named.end],
        part,
        named.verb.word,
        named.verb.stage,
        category=_category(heads, table),
        sector=sector_of(_without_verbs(heads), squeezed(table.title)),
        heading=PARTED.join(named.headings),
        level=level_of(table.title) or level_of(table.spoken),
        position=position,
    )


def _without_verbs(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that name a matter and not where its projects stand."""
    return tuple(each for each in headings if not headed_verb(squeezed(each)))


def _category(headings: tuple[str, ...], table: Table) -> str:
    inner = category_of(squeezed(table.title))
    own = nearest_category(tuple(canonical(each) for each in headings))
    outer = category_of(canonical(headings[0])) if headings else ""
    return (
        outer or own or inner or nearest_category(tuple(canonical(e) for e in table.place.section))
    )


def _title_verb(title: str) -> str:
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


def _group_head(row: Row, name_column: Column, told: list[str], read: Read) -> str | None:
    """The words of a row that only heads those below; None for a project's own row."""
    words = {squeezed(cell) for cell in told}
    if len(words) == 1 and (
        not read.of(Role.SEQ)
        or not _cell(row, name_column).strip()
        or len(told) > 1
        or not _is_seq(row, read)
    ):
        text = told[0]
        if len(text) <= LONGEST_HEAD and (_GROUP.search(canonical(text)) or len(row.cells) > 2):
            return text
    joined = squeezed("".join(told))
    if _TOTAL.match(squeezed(told[0])) or (len(told) <= 3 and _TOTAL.match(joined)):
        return told[0]
    seq = read.of(Role.SEQ)
    seq_text = squeezed(_cell(row, seq)) if seq else ""
    name = _cell(row, name_column)
    if (
        re.fullmatch(r"[一二三四五六七八九十]{1,3}|（[一二三四五六七八九十]{1,3}）", seq_text)
        and name.strip()
    ):
        has_owner = any(
            not _BLANK.fullmatch(_cell(row, column))
            for column in read.all_of(Role.OWNER, Role.DEPARTMENT, Role.CONTENT, Role.PERIOD)
        )
        if not has_owner:
            return name
    if re.match(
        r"[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）", canonical(told[0])
    ) and (len(told) <= 3 and re.search(r"项目|类|[0-9]+[个项]", told[0])):
        return told[0]
    return None


def _is_seq(row: Row, read: Read) -> bool:
    seq = read.of(Role.SEQ)
    return seq is not None and _cell(row, seq).strip() != ""


def _level(head: str) -> int:
    if re.match(r"[一二三四五六七八九十]{1,3}(?![一二三四五六七八九十期])", head):
        return 1
    return 2 if re.match(r"（[一二三四五六七八九十]", head) else 3


def _carried(row: Row, column: Column | None, above: dict[int, str]) -> str:
    """The cell's words; those above where the cell is blank, as merged cells come out."""
    if column is None:
        return ""
    text = _cell(row, column).strip()
    if text and not _BLANK.fullmatch(text):
        above[column.place] = text
    return above.get(column.place, "")


def _verb(row: Row, read: Read, nature: str, of_head: str, of_title: str) -> str:
    """The verb of a row: of its own nature, of the heading above, of the title, of its goal or progress."""
    if nature:
        found = [verb.word for verb in verbs_within(squeezed(nature))]
        if found:
            return found[0]
    if of_head:
        return of_head
    if of_title:
        return of_title
    for role in (Role.PROGRESS, Role.GOAL):
        words = squeezed(_cell(row, read.of(role)))
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


def _names(raw: str, *, is_single: bool) -> list[str]:
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


def _planned(read: Read, year: int) -> Column | None:
    columns = read.all_of(Role.PLANNED)
    return next(
        (column for column in columns if column.year == year), columns[0] if columns else None
    )


def _money(row: Row, column: Column | None, table: Table) -> Decimal | None:
    """A cell's money in 万元, by the unit of the cell, of its heading or of the table."""
    if column is None:
        return None
    match = _AMOUNT.match(squeezed(_cell(row, column)))
    if match is None:
        return None
    unit = match["unit"] or column.unit or table.unit
    found = re.search(r"[万亿千百]*元", unit)
    return wan(decimal(match["number"]), found[0]) if found else None


def _only_verb(head: str) -> bool:
    return bool(headed_verb(squeezed(head))) and len(without_number(squeezed(head))) <= 8


def _cell(row: Row, column: Column | None) -> str:
    if column is None or column.place >= len(row.cells):
        return ""
    return row.cells[column.place]


def _evidence(row: Row, table: Table, section: str, quote: str) -> Evidence:
    return Evidence(row.line, "\t".join(row.cells), quote, section, table.name)
