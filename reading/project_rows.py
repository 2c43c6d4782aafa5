"""Project tables: one project in a row, or lists of them in the cells."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reading.categories import category_of, level_of, nearest_category, sector_of, without_number
from reading.layout import Row
from reading.places import PARTED, Table, half
from reading.project_cells import (
    BLANK,
    PLANNED_SAID,
    TOTAL_SAID,
    carried,
    cell_of,
    level_in,
    money_in,
    money_said,
    names_in,
    tells_stages,
    title_verb,
    verb_of,
)
from reading.project_lists import Named, headed_verb, listed
from reading.project_names import name_list
from reading.proposals import Evidence, Part, ProjectFound, Unread
from reading.table_roles import Column, Read, Role
from reading.verbs import INFERRED, STAGES
from reading.widths import canonical, squeezed

SURE = Decimal("0.97")
LONGEST_HEAD = 40
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总投资|合\s*计)")
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
    verb = headed_verb(squeezed(table.title)) or title_verb(table.title)
    verb_of_head = ""
    position = 0
    part, year = half(table)
    spoken = level_of(table.spoken)
    is_staged = tells_stages(read)
    for row in read.rows:
        raw = cell_of(row, name_column)
        told = [cell for cell in row.cells if cell.strip()]
        if not told:
            continue
        head = _group_head(row, name_column, told, read)
        if head is not None:
            if not _TOTAL.match(squeezed(head)):
                level = _level(squeezed(cell_of(row, read.of(Role.SEQ))) + canonical(head))
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
        group = carried(row, read.of(Role.CATEGORY), above)
        headings = tuple(text for _, text in heads) + ((group,) if group else ())
        nature = carried(row, read.of(Role.NATURE), above) if is_staged else ""
        found_verb = verb_of(row, read, nature, verb_of_head, verb)
        names = names_in(
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
        total = money_in(row, read.of(Role.TOTAL), table)
        planned = money_in(row, _planned(read, year), table)
        total = money_said(row, TOTAL_SAID) if total is None else total
        planned = money_said(row, PLANNED_SAID) if planned is None else planned
        for cell_is, words in ((total, read.of(Role.TOTAL)), (planned, _planned(read, year))):
            if cell_is is None and words is not None and not BLANK.fullmatch(cell_of(row, words)):
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
                level=level_in(cell_of(row, read.of(Role.LEVEL)))
                or level_of("；".join((*headings, table.title)))
                or spoken,
                position=position,
                total_investment=total,
                planned_investment=planned,
                owner_unit=cell_of(row, read.of(Role.OWNER)).strip(),
                department=cell_of(row, read.of(Role.DEPARTMENT)).strip(),
                description=cell_of(row, read.of(Role.CONTENT)).strip(),
            )


def project_lists(table: Table, read: Read) -> Iterator[ProjectFound | Unread]:
    """The projects of a table whose cells are lists in sentences, or lists under a verb's heading."""
    section = PARTED.join(table.place.section)
    part, year = half(table)
    of_title = headed_verb(squeezed(table.title)) or title_verb(table.title)
    position = 0
    above = ""
    is_staged = sum(bool(headed_verb(column.heading)) for column in read.columns) > 1
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
            if is_staged and not headed_verb(heading):
                continue
            verb = headed_verb(heading) or headed_verb(squeezed(head)) or of_title
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


def _group_head(row: Row, name_column: Column, told: list[str], read: Read) -> str | None:
    """The words of a row that only heads those below; None for a project's own row."""
    words = {squeezed(cell) for cell in told}
    if len(words) == 1 and (
        not read.of(Role.SEQ)
        or not cell_of(row, name_column).strip()
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
    seq_text = squeezed(cell_of(row, seq)) if seq else ""
    name = cell_of(row, name_column)
    if (
        re.fullmatch(r"[一二三四五六七八九十]{1,3}|（[一二三四五六七八九十]{1,3}）", seq_text)
        and name.strip()
    ):
        has_owner = any(
            not BLANK.fullmatch(cell_of(row, column))
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
    return seq is not None and cell_of(row, seq).strip() != ""


def _level(head: str) -> int:
    if re.match(r"[一二三四五六七八九十]{1,3}(?![一二三四五六七八九十期])", head):
        return 1
    return 2 if re.match(r"（[一二三四五六七八九十]", head) else 3


def _planned(read: Read, year: int) -> Column | None:
    columns = read.all_of(Role.PLANNED)
    return next(
        (column for column in columns if column.year == year), columns[0] if columns else None
    )


def _only_verb(head: str) -> bool:
    return bool(headed_verb(squeezed(head))) and len(without_number(squeezed(head))) <= 8


def _evidence(row: Row, table: Table, section: str, quote: str) -> Evidence:
    return Evidence(row.line, "\t".join(row.cells), quote, section, table.name)
