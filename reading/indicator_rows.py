"""Rows of an indicator table: targets and results by year, units, binding marks, sub-rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.targets import UnparseableActual, UnparseableTarget, parse, parse_actual
from reading.layout import Row
from reading.places import PARTED, Table
from reading.proposals import Evidence, IndicatorFound, Part, Unread
from reading.table_roles import Column, Read, Role
from reading.widths import canonical, squeezed

SURE = Decimal("0.98")
_BLANK = re.compile(r"[—\-－–/／\\.…·\s]*")
_MARKS = re.compile(
    r"(?<=[^\s])[①-⑳](?=\s*$)|[*＊▲△★☆◆●※]+|【(?:约束性?|预期性?)】|（(?:约束性?|预期性?)(?:指标)?）"
)
_BINDING_WORD = re.compile(r"约束")
_EXPECTED_WORD = re.compile(r"预期|指导")
_SUB = re.compile(
    r"^\s*(?:#+|其中(?:[：:]|\s)*|[—－–-]+(?=[\u4e00-\u9fffA-Z])|(?:（[0-9]{1,2}）|[0-9]{1,2}）|[①-⑳])(?=\D))"
)
_NUMBER = re.compile(
    r"^\s*(?:(?P<seq>[0-9]{1,3})[.、．](?![0-9])|(?P<deep>[0-9]{1,3}[.．-][0-9]{1,2})[.、．]?(?=\D))\s*"
)
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）)")
_UNIT = re.compile(r"（(?P<unit>[^（）]{1,14})）\s*$")
_IS_UNIT = re.compile(
    r"%|‰|[万亿]?(?:元|美元|吨|人|户|亩|件|立方米|平方米|千瓦时)|家|个|件|天|项|辆|公里|人次|标煤|/|微克|毫克|百分点|级|类|名|位|岁|年|张|所|座|头|亿|万|倍"
)
_NOTE_MARK = re.compile(r"(?P<mark>[*▲△★☆◆●※#])[^，。；*▲△★☆◆●※#]{0,12}?(?P<kind>约束|预期)")


@dataclass(slots=True)
class _State:
    parent: str = ""
    binding: bool | None = None
    within: bool = False
    """Below 其中： rows are sub-rows until one has a number of its own."""


def indicators(table: Table, read: Read) -> Iterator[IndicatorFound | Unread]:
    """What each row says of each year; rows that look like figures and cannot be read."""
    name_column = read.of(Role.INDICATOR)
    values = read.all_of(Role.TARGET, Role.ACTUAL, Role.GROWTH, Role.TARGET_GROWTH)
    section = PARTED.join(table.place.section)
    if name_column is None or not values:
        for row in read.rows:
            yield Unread(_evidence(row, table, section, "\t".join(row.cells)), "columns")
        return
    marks = _marks(table)
    seq_column, unit_column = read.of(Role.SEQ), read.of(Role.UNIT)
    property_column = read.of(Role.PROPERTY)
    numbered = seq_column is not None and sum(
        bool(_cell(row, seq_column).strip()) for row in read.rows
    ) * 2 > len(read.rows)
    state = _State()
    for row in read.rows:
        raw = _cell(row, name_column)
        told = [value for value in values if not _BLANK.fullmatch(_cell(row, value))]
        plain = canonical(raw)
        if not raw.strip():
            if told and seq_column is not None and not _cell(row, seq_column).strip():
                yield Unread(_evidence(row, table, section, "\t".join(row.cells)), "no_name")
            continue
        if not told:
            state.within = False
            state.parent = ""
            if _BINDING_WORD.search(plain) or _EXPECTED_WORD.search(plain):
                state.binding = _BINDING_WORD.search(plain) is not None
            elif not _HEADING.match(plain) and len(set(filter(None, row.cells))) > 2:
                yield Unread(_evidence(row, table, section, raw.strip()), "no_value")
            continue
        seq = _cell(row, seq_column).strip() if seq_column else ""
        yield from _row(
            row,
            table,
            section,
            raw,
            seq,
            told,
            marks,
            state,
            unit=_cell(row, unit_column).strip() if unit_column else "",
            kind=canonical(_cell(row, property_column)) if property_column else "",
            numbered=numbered,
            value_columns=values,
        )


def _row(
    row: Row,
    table: Table,
    section: str,
    raw: str,
    seq: str,
    told: list[Column],
    marks: dict[str, bool],
    state: _State,
    *,
    unit: str,
    kind: str,
    numbered: bool,
    value_columns: list[Column],
) -> Iterator[IndicatorFound]:
    doubts: list[str] = []
    start, end, is_sub, own_seq = _name_span(raw)
    if not seq and own_seq:
        seq = own_seq
    seq_plain = canonical(seq)
    is_sub = is_sub or bool(re.fullmatch(r"[0-9]+[.\-][0-9]+|（[0-9]+）|[①-⑳]", seq_plain))
    if numbered and not seq and not is_sub and state.parent:
        is_sub = True
    if re.match(r"\s*其中", canonical(raw)) or squeezed(seq) == "其中":
        state.within = is_sub = True
    elif seq:
        state.within = False
    name = raw[start:end]
    own_unit = ""
    match = _UNIT.search(canonical(name))
    if match and _IS_UNIT.search(match["unit"]):
        own_unit = name[match.start("unit") : match.end("unit")]
        name = name[: match.start()].rstrip()
    unit = _trimmed_unit(unit) or own_unit
    binding = _binding(raw, kind, marks, state)
    if seq_plain and _MARKS.search(seq):
        binding = _binding(seq, kind, marks, state)
        seq = _MARKS.sub("", seq).strip()
    parent = state.parent if is_sub else ""
    if not is_sub:
        state.parent = name
    if is_sub and not parent:
        doubts.append("no_parent")
    by_year: dict[int, dict[str, str]] = {}
    growths: dict[int, dict[str, str]] = {}
    last: Column | None = None
    for column in value_columns:
        text = _cell(row, column).strip()
        year, is_target, guessed = _meaning(column, last, table)
        if column.role not in {Role.GROWTH, Role.TARGET_GROWTH}:
            last = column
        if column not in told:
            continue
        if guessed:
            doubts.append("year_guessed")
        into = growths if column.role in {Role.GROWTH, Role.TARGET_GROWTH} else by_year
        key = "target" if is_target else "actual"
        into.setdefault(year, {}).setdefault(key, text)
    for year in sorted({*by_year, *growths}):
        levels, rates = by_year.get(year, {}), growths.get(year, {})
        if levels:
            yield _found(
                row, table, section, name, unit, seq, parent, binding, year, levels, doubts
            )
        if rates:
            extra = ["growth_column"] if levels or by_year else []
            yield _found(
                row, table, section, name, "%", seq, parent, binding, year, rates, doubts + extra
            )


def _found(
    row: Row,
    table: Table,
    section: str,
    name: str,
    unit: str,
    seq: str,
    parent: str,
    binding: bool | None,
    year: int,
    words: dict[str, str],
    doubts: list[str],
) -> IndicatorFound:
    target, actual = words.get("target", ""), words.get("actual", "")
    doubts = list(dict.fromkeys(doubts))
    if target and not _is_target(target):
        doubts.append("target_words")
    if actual and not _is_actual(actual):
        doubts.append("actual_words")
    if (
        not unit
        and re.search(r"[0-9]", target + actual)
        and not re.search(r"[^0-9.,\s]", target + actual)
    ):
        doubts.append("no_unit")
    confidence = max(Decimal("0.3"), SURE - Decimal("0.12") * len(doubts))
    return IndicatorFound(
        _evidence(row, table, section, name),
        confidence,
        tuple(doubts),
        year,
        name,
        unit,
        target,
        actual,
        binding,
        parent,
        seq,
    )


def _name_span(raw: str) -> tuple[int, int, bool, str]:
    """Where the name stands in its cell, whether a mark says sub-row, and the number before it."""
    plain = canonical(raw)
    start, is_sub, seq = 0, raw[:1] in {"\u3000", " "} and bool(raw.strip()), ""
    while True:
        match = _SUB.match(plain[start:])
        if match and match.end():
            is_sub, start = True, start + match.end()
            continue
        match = _NUMBER.match(plain[start:])
        if match and match.end() and not seq and match.end() < len(plain) - start:
            seq = match["seq"] or match["deep"]
            is_sub = is_sub or match["deep"] is not None
            start += match.end()
            continue
        match = _HEADING.match(plain[start:])
        if match and start == 0:
            start += match.end()
            continue
        match = _MARKS.match(plain[start:]) or re.match(r"\s+", plain[start:])
        if match and match.end():
            start += match.end()
            continue
        break
    end = len(plain.rstrip())
    while True:
        match = next((m for m in _MARKS.finditer(plain, start, end) if m.end() == end), None)
        if match is None:
            break
        end = match.start()
        end = start + len(plain[start:end].rstrip())
    return start, end, is_sub, seq


def _marks(table: Table) -> dict[str, bool]:
    """What the signs behind names mean, as the notes say; False below "" for those without."""
    found: dict[str, bool] = {}
    for note in table.notes:
        plain = canonical(note)
        for match in _NOTE_MARK.finditer(plain):
            found[match["mark"]] = match["kind"] == "约束"
        if re.search(r"(?:其他|其余|其它|未标|未加|未注)[^。；]*(?:为|是)?预期", plain):
            found[""] = False
        elif re.search(r"(?:其他|其余|其它|未标|未加|未注)[^。；]*(?:为|是)?约束", plain):
            found[""] = True
    return found


def _binding(raw: str, kind: str, marks: dict[str, bool], state: _State) -> bool | None:
    if kind:
        if _BINDING_WORD.search(kind):
            return True
        if _EXPECTED_WORD.search(kind):
            return False
    plain = canonical(raw)
    if re.search(r"[【（]约束", plain):
        return True
    if re.search(r"[【（]预期", plain):
        return False
    for mark, says in marks.items():
        if mark and mark in plain:
            return says
    if "" in marks:
        return marks[""]
    if marks:
        return not next(iter(marks.values()))
    return state.binding


def _meaning(column: Column, last: Column | None, table: Table) -> tuple[int, bool, bool]:
    """The year a column speaks of, whether it is a target, and whether the year is a guess."""
    is_target = column.role in {Role.TARGET, Role.TARGET_GROWTH}
    if column.role is Role.GROWTH and last is not None and column.year is None:
        is_target = last.role is Role.TARGET
    if column.year is not None:
        return column.year, is_target, False
    if (
        column.role in {Role.GROWTH, Role.TARGET_GROWTH}
        and last is not None
        and last.year is not None
    ):
        return last.year, is_target, False
    years = table.years
    if len(set(years)) == 1:
        return years[0], is_target, False
    if len(set(years)) > 1:
        return (max(years) if is_target else min(years)), is_target, True
    if re.search(r"今年|本年|当年", column.heading):
        return table.place.year, is_target, True
    back = 0 if table.place.of_half_year else 1
    if re.search(r"上年|去年", column.heading):
        return table.place.year - (table.place.part is Part.PLAN or not back), is_target, True
    if not is_target and table.place.part is Part.PLAN:
        return table.place.year - back, is_target, True
    return table.place.year, is_target, True


def _is_target(text: str) -> bool:
    try:
        parse(text)
    except UnparseableTarget:
        return False
    return True


def _is_actual(text: str) -> bool:
    try:
        parse_actual(text)
    except UnparseableActual:
        return False
    return True


def _trimmed_unit(unit: str) -> str:
    return "" if _BLANK.fullmatch(unit) else unit.strip("（）() ")


def _cell(row: Row, column: Column | None) -> str:
    if column is None or column.place >= len(row.cells):
        return ""
    return row.cells[column.place]


def _evidence(row: Row, table: Table, section: str, quote: str) -> Evidence:
    return Evidence(row.line, "\t".join(row.cells), quote, section, table.name)
