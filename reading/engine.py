"""Reads a report's plain text into proposals: one pass over its outline, one reader for each kind."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from reading.amounts import amounts
from reading.categories import level_of, nearest_category
from reading.commitments import of_table, of_text
from reading.counts import counts
from reading.indicator_rows import indicators
from reading.indicator_words import (
    announces_targets,
    has_targets,
    is_result,
    results_in,
    same,
    targets_in,
)
from reading.layout import laid_out
from reading.outline import Outline, outlined
from reading.places import PARTED, Prose, Table, half
from reading.project_lists import headed_verb
from reading.project_rows import project_lists, projects
from reading.project_text import in_text
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    Evidence,
    IndicatorFound,
    Part,
    ProjectFound,
    Reading,
    Unread,
)
from reading.sentences import sentence_at
from reading.table_roles import Kind, read_table, side_by_side
from reading.widths import canonical, squeezed

LONGEST_TEXT = 3_000_000
"""Signs: some hundred times a report's."""
LEAST_TARGETS = 3
"""So many targets in one paragraph are the year's list, and no tasks beside it."""
_LIVELIHOOD = re.compile(r"实事(?!求是)|民生事项|惠民事项")
_ITEM = re.compile(r"\s*(?:[0-9]{1,2}[.、．](?![0-9])|（[0-9]{1,2}）|[①-⑳]|[0-9]{1,2}）)")
_IS_LINE = re.compile(r"\s*(?:[—－–-]|[●■◆•·])|[^。：]{4,60}[；;。]?$")
_FIGURE = re.compile(r"^\s*图\s*[0-9]{1,2}")
_ABOUT_PROJECTS = re.compile(r"项目")
_CLOSING = re.compile(r"^\s*各位代表[，,].{0,8}20[0-9]{2}年是")


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.indicators: list[IndicatorFound] = []
        self.projects: list[ProjectFound] = []
        self.counts: list[CountFound] = []
        self.amounts: list[AmountFound] = []
        self.commitments: list[CommitmentFound] = []
        self.unread: list[Unread] = []

    def take(self, found: Iterable[object]) -> None:
        """Put each where it belongs."""
        for each in found:
            if isinstance(each, IndicatorFound):
                self.indicators.append(each)
            elif isinstance(each, ProjectFound):
                self.projects.append(each)
            elif isinstance(each, CountFound):
                self.counts.append(each)
            elif isinstance(each, AmountFound):
                self.amounts.append(each)
            elif isinstance(each, CommitmentFound):
                self.commitments.append(each)
            elif isinstance(each, Unread):
                self.unread.append(each)


def read(text: str) -> Reading:
    """What a report's plain text says, as proposals.

    Rows of tables have their cells parted by tabs, or stand as office.texts and common .txt
    exports lay them out. Raises ValueError where the text is longer than LONGEST_TEXT.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError("the text is too long")
    lines, blocks = laid_out(text)
    outline = outlined(blocks)
    found = _Found()
    _read_content(outline, found)
    return Reading(
        outline.title,
        outline.issuer,
        outline.region,
        outline.year,
        lines,
        _without_doubles(found.indicators),
        tuple(found.projects),
        tuple(found.counts),
        tuple(found.amounts),
        tuple(found.commitments),
        tuple(found.unread),
    )


def _read_content(outline: Outline, found: _Found) -> None:
    lead = ""
    """A paragraph or heading that gives the list below it its verb, or makes it a livelihood list."""
    led: tuple[str, ...] = ()
    """The headings it stands below: another one ends its list."""
    numbered = 0
    for each in outline.content:
        if isinstance(each, Table):
            for part in side_by_side(each):
                _read_table(part, found)
            lead = ""
            continue
        plain = canonical(each.text)
        if _FIGURE.match(plain) or _CLOSING.match(plain):
            continue
        is_item = _ITEM.match(plain) is not None
        if each.place.section != led and not is_item:
            lead = ""
        if announces_targets(lead + "：") and _IS_LINE.match(plain):
            is_item = True
        if not is_item:
            lead, numbered, led = _lead(plain, each, lead), 0, each.place.section
        else:
            numbered += 1
        _read_paragraph(each, found, lead if is_item else "", numbered)


def _lead(plain: str, prose: Prose, before: str) -> str:
    """What is said above a list: the paragraph itself where it ends by announcing one."""
    short = plain.rstrip("：。 ")
    if len(short) <= 40 and (prose.is_heading or plain.rstrip().endswith("：") or len(short) <= 20):
        return short
    if (_LIVELIHOOD.search(plain) or announces_targets(plain)) and plain.rstrip().endswith("："):
        return short
    return ""


def _read_paragraph(prose: Prose, found: _Found, lead: str, numbered: int) -> None:
    place = prose.place
    plain = canonical(prose.text)
    if prose.is_heading and not numbered:
        _state(prose.text, prose.line, place.section, place.part, place.year, "", found)
        return
    if numbered and _LIVELIHOOD.search(lead):
        found.take(of_text(prose.text, prose.line, place, is_livelihood=True))
        found.take(in_text(prose.text, prose.line, place.section, place.part, place.year))
        return
    if (
        _LIVELIHOOD.search(plain[:60])
        and len(
            re.findall(
                r"[①-⑳]|（[0-9]{1,2}）|(?<![0-9])[0-9]{1,2}[.．](?![0-9])|[一二三四五六七八九十]是",
                plain,
            )
        )
        >= 2
    ):
        found.take(of_text(prose.text, prose.line, place, is_livelihood=True))
        return
    verb = headed_verb(squeezed(lead)) if numbered else _batch_verb(place.section)
    if numbered and verb and _is_project_item(plain):
        found.take(_numbered_project(prose, verb, numbered, lead))
    else:
        batch = "" if numbered else verb
        found.take(
            in_text(prose.text, prose.line, place.section, place.part, place.year, verb=batch)
        )
    _state(prose.text, prose.line, place.section, place.part, place.year, "", found)
    if lead and announces_targets(lead + "：") and place.part is Part.PLAN:
        found.take(targets_in(prose.text, prose.line, place, is_listed=True))
        return
    if has_targets(plain) and place.part is Part.PLAN:
        targets = list(targets_in(prose.text, prose.line, place))
        found.take(targets)
        if len(targets) >= LEAST_TARGETS:
            return
    elif is_result(place):
        found.take(results_in(prose.text, prose.line, place))
    found.take(of_text(prose.text, prose.line, place))


def _batch_verb(section: tuple[str, ...]) -> str:
    """The verb of a heading that announces a batch: 1.建成一批."""
    heading = squeezed(section[-1]) if section else ""
    return headed_verb(heading) if heading.endswith("一批") else ""


def _is_project_item(plain: str) -> bool:
    return len(re.split(r"[，。：；]", plain)[0]) <= 60


def _numbered_project(
    prose: Prose, verb: str, position: int, lead: str
) -> Iterable[ProjectFound | Unread]:
    """A numbered line of a list of projects: its name stands up to the first mark."""
    number = _ITEM.match(canonical(prose.text))
    start = number.end() if number else 0
    start += len(prose.text[start:]) - len(prose.text[start:].lstrip())
    body = prose.text[start:]
    end = re.search(r"[，。：；]", canonical(body))
    name = (body[: end.start()] if end else body).strip()
    for each in in_text(
        prose.text[: start + len(name)],
        prose.line,
        prose.place.section,
        prose.place.part,
        prose.place.year,
        verb=verb,
        is_list=True,
        start=position - 1,
    ):
        if isinstance(each, ProjectFound):
            evidence = replace(
                each.evidence, sentence=sentence_at(prose.text, start), quote=each.name
            )
            yield replace(
                each,
                evidence=evidence,
                heading=lead,
                description=body[len(name) :].strip("，。：；,.:; "),
            )
        else:
            yield each


def _read_table(table: Table, found: _Found) -> None:
    told = read_table(table)
    part, year = half(table)
    if table.title:
        _state(table.title, table.title_line, table.place.section, part, year, "", found)
    if told.kind is Kind.INDICATORS:
        found.take(indicators(table, told))
        return
    if told.kind is Kind.PROJECTS:
        found.take(projects(table, told))
        return
    if told.kind is Kind.PROJECT_LISTS:
        found.take(project_lists(table, told))
    elif told.kind is Kind.COMMITMENTS:
        found.take(of_table(table, told))
    else:
        _unknown(table, found, part, year)
        return
    for row in table.rows:
        for cell in row.cells:
            _state(
                cell,
                row.line,
                table.place.section,
                part,
                year,
                table.name,
                found,
                row="\t".join(row.cells),
                heading=row.cells[0],
            )
            # a title (推进…平台建设) names the matter, not a project and where it stands
            if told.kind is Kind.COMMITMENTS and cell is not row.cells[0] and len(cell) > 6:
                found.take(
                    replace(
                        each,
                        evidence=replace(
                            each.evidence, sentence="\t".join(row.cells), table=table.name
                        ),
                    )
                    for each in in_text(cell, row.line, table.place.section, part, year)
                    if isinstance(each, ProjectFound)
                )


def _unknown(table: Table, found: _Found, part: Part, year: int) -> None:
    """A table that none of the readers knows: each row is listed, nothing is guessed."""
    section = PARTED.join(table.place.section)
    for row in table.rows:
        words = "\t".join(row.cells)
        if words.strip():
            found.unread.append(
                Unread(Evidence(row.line, words, words, section, table.name), "table")
            )


def _state(
    text: str,
    line: int,
    section: tuple[str, ...],
    part: Part,
    year: int,
    table: str,
    found: _Found,
    *,
    row: str = "",
    heading: str = "",
) -> None:
    """The counts and amounts that a text states."""
    plain = canonical(text)
    joined = PARTED.join(section)
    heads = tuple(
        canonical(each) for each in (*section, table, heading if len(heading) <= 24 else "")
    )
    for count in counts(plain):
        sentence = row or sentence_at(text, count.start)
        found.counts.append(
            CountFound(
                Evidence(line, sentence, text[count.start : count.end], joined, table),
                Decimal("0.9"),
                (),
                year,
                count.subject,
                part,
                count.verb,
                count.stage,
                count.comparator,
                count.count,
                category=nearest_category(heads),
                heading=section[-1] if section else "",
                level=level_of(count.subject),
            )
        )
    for amount in amounts(plain):
        sentence = row or sentence_at(text, amount.start)
        comparator = amount.comparator
        if comparator == "eq" and part is Part.PLAN:
            comparator = "ge"
        found.amounts.append(
            AmountFound(
                Evidence(line, sentence, text[amount.start : amount.end], joined, table),
                Decimal("0.85"),
                (),
                year,
                amount.subject,
                part,
                amount.kind,
                comparator,
                amount.value,
                amount.unit,
                amount.growth,
                amount.growth_unit,
            )
        )


def _without_doubles(found: list[IndicatorFound]) -> tuple[IndicatorFound, ...]:
    """The indicators without what the text repeats of a table."""
    told = {
        (each.year, same(each.name), _digits(words))
        for each in found
        if each.evidence.table
        for words in (each.target, each.actual)
        if words
    }
    kept = []
    for each in found:
        key = (each.year, same(each.name), _digits(each.target or each.actual))
        if not each.evidence.table:
            if key in told:
                continue
            told.add(key)
        kept.append(each)
    return tuple(kept)


def _digits(words: str) -> str:
    match = re.search(r"[0-9.]+", canonical(words))
    return match[0] if match else canonical(words)
