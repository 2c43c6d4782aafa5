"""Livelihood items, events and tasks of the year, with the quantities that they promise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reading.layout import Row
from reading.marks import BULLETS
from reading.places import PARTED, Place, Table, half
from reading.proposals import CommitmentFound, Evidence, MeasureFound, Part, Unread
from reading.quantities import Quantity, quantities
from reading.sentences import clauses, sentence_at, sentences
from reading.table_roles import Read, Role
from reading.widths import canonical, squeezed

LONGEST_TITLE = 100
SURE = Decimal("0.95")
LIKELY = Decimal("0.7")
_LIVELIHOOD = re.compile(r"民生实事|实事|民生事项|惠民|好事")
_BUSINESS = re.compile(r"营商环境|举措|改革")
_EVENTS = re.compile(r"活动|节会|赛事|展会|消费季")
_LEAD = re.compile(
    r"^(?:并|同时|其中|力争|确保|全年|预计|累计|共|今年|年内|计划|要|将|推动|实施|开展|完成|实现|启动|加快推进|深入推进|加快|推进|举办|组织|重点|全面|分别|新的|一批|做好|积极|全力|争取|打造|建成|达到|通过|以上|再|还)*"
)
_TRAIL = re.compile(
    r"(?:达到|达|为|约|近|超过|超|突破|增至|至|到|在|保持|稳定|巩固|提高|提升|控制|分别|均|各|共|总数|累计|不低于|不少于|力争|同比|较上年|比上年|完成|实现|增加|新增(?=$)|：|“|的)+$"
)
_GROWTH = re.compile(r"(?:增长|提高|提升|下降|降低|减少|增加|回落|上升|净增)$")
_NO_TASK = re.compile(
    r"指标[0-9]+项|[0-9]+项(?:年度)?(?:目标|指标)|个百分点以内波动|[0-9]周年|[0-9]+[件项个][^，。；]{0,8}实事|(?:市级|全市|全省|省级|全国)地区生产总值|目标已(?:提前)?"
)
_NO_SECTION = re.compile(r"形势|面临|困难|问题|挑战|机遇")
_FOR_PEOPLE = re.compile(r"民生|实事(?!求是)|福祉|惠民|社会事业|公共服务|城乡面貌")
_PROVIDED = re.compile(
    r"老旧小区|安置房|危房|保障房|保障性|幼儿园|学校|学位|卫生室|卫生院|床位|托育|托位|照护|养老|适老|残疾|津贴|食堂|公益性岗位|零工"
    r"|饮水|供水|取暖|农村公路|公交|停车|充电|电梯|公厕|厕所|管网|绿地|公园|健身"
)
"""What a district provides its people with."""
_DONE = re.compile(
    r"^(?:已|累计|共|全年)*(?:新增|新建|改造|新改建|新改扩建|改扩建|改建|改善|建成|建设|交付|发放|开发|完成|巩固|提升|整治|救助|培训|更新|加装|打通|铺设|免费)"
    r"|(?:改造|整治|建设|升级|安装)$"
)
_GRADE = re.compile(
    r"(?P<subject>[^，。；、：]{2,24}?)(?P<words>(?:总体|稳定|持续|全面|水质)*(?:保持|达到|稳定在|达)(?:国家)?(?:地表水)?(?:[IVⅠⅡⅢⅣⅤ]{1,3}|[一二三四五])类(?:及以上|以上|标准)?)"
)
_ITEM = re.compile(
    rf"\s*(?:[{BULLETS}]+|[0-9]{{1,2}}[.、．](?![0-9])|（[0-9]{{1,2}}）|[0-9]{{1,2}}）|[①-⑳]|（[一二三四五六七八九十]{{1,3}}）|[一二三四五六七八九十]{{1,3}}是)\s*"
)
_NOT_AHEAD = "以左右及或、，。；：的）级"


@dataclass(frozen=True, slots=True)
class _Measure:
    start: int
    end: int
    subject: str
    quantity: Quantity


def of_table(table: Table, read: Read) -> Iterator[CommitmentFound | Unread]:
    """The rows of a table of livelihood items, events or measures."""
    part, year = half(table)
    kind = _kind(squeezed(table.title) + " ".join(column.heading for column in read.columns))
    section = PARTED.join(table.place.section)
    position = 0
    head = ""
    for row in read.rows:
        cells = [(place, cell.strip()) for place, cell in enumerate(row.cells) if cell.strip()]
        words = [
            (place, cell)
            for place, cell in cells
            if not re.fullmatch(r"[0-9.]+|[一二三四五六七八九十]+", squeezed(cell))
            and not _is_side(read, place)
        ]
        if not words:
            continue
        if len({cell for _, cell in cells}) == 1 and len(row.cells) > 1 and len(words[0][1]) <= 30:
            head = words[0][1]
            continue
        title_cell = words[0][1]
        text = _told(read, words[1:], part)
        number = _ITEM.match(canonical(title_cell))
        title = title_cell[number.end() :] if number else title_cell
        if not text:
            cut = re.match(r"[^。：；，]{2,}", canonical(title))
            text, title = title, title[: cut.end()] if cut else title
        if len(title) > LONGEST_TITLE:
            yield Unread(_evidence(row, table, section, title_cell), "long_title")
            continue
        position += 1
        body = canonical(text)
        department = read.of(Role.DEPARTMENT) or read.of(Role.OWNER)
        yield CommitmentFound(
            _evidence(row, table, section, text),
            SURE,
            (),
            year,
            kind,
            title,
            text,
            part,
            heading=head or table.label or table.title,
            position=position,
            department=_cell(row, department.place).strip() if department else "",
            measures=tuple(_said(each, text, part) for each in _measures(body)),
        )


def of_text(
    text: str, line: int, place: Place, *, is_livelihood: bool = False
) -> Iterator[CommitmentFound]:
    """The quantified tasks of a paragraph; numbered items of a livelihood list are taken whole."""
    plain = canonical(text)
    section = PARTED.join(place.section)
    if is_livelihood:
        yield from _items(text, plain, line, section, place)
        return
    if place.part is Part.RESULT:
        yield from _done(text, plain, line, section, place)
        return
    if any(_NO_SECTION.search(each) for each in place.section[-1:]):
        return
    for sentence in sentences(plain):
        for clause in clauses(sentence.text):
            if _NO_TASK.search(clause.text):
                continue
            number = _ITEM.match(clause.text)
            body = clause.text[number.end() :] if number else clause.text
            found = list(_measures(body))
            grade = _GRADE.search(body)
            if not found and not grade:
                continue
            start = sentence.start + clause.start + (number.end() if number else 0)
            end = sentence.start + clause.end
            words = text[start:end]
            measures = tuple(_said(each, words, place.part) for each in found)
            if grade:
                measures += (
                    MeasureFound(
                        words[grade.start("subject") : grade.end("subject")],
                        words[grade.start() : grade.end()],
                        "grade",
                        None,
                        "类",
                    ),
                )
            title = measures[0].subject or words[:LONGEST_TITLE]
            yield CommitmentFound(
                Evidence(line, sentence_at(text, start), words, section),
                LIKELY,
                ("from_text",),
                place.year,
                "task",
                title[:LONGEST_TITLE],
                words,
                place.part,
                heading=place.section[-1] if place.section else "",
                measures=measures,
            )


def _done(
    text: str, plain: str, line: int, section: str, place: Place
) -> Iterator[CommitmentFound]:
    """What an account says was done for the people.

    …件民生实事全部办结，其中：A完成16处；B… are such items, and so is what was provided in a
    paragraph of the people's livelihood: 改造老旧小区67个.
    """
    lead = plain.split("。")[0]
    headings = (*place.section[-1:], lead if len(lead) <= 40 else "")
    is_for_people = any(_FOR_PEOPLE.search(each) for each in headings)
    for sentence in sentences(plain):
        about = _LIVELIHOOD.search(sentence.text)
        opened = re.compile(r"其中[：，]?|：").search(sentence.text, about.end()) if about else None
        if opened is None and not is_for_people:
            continue
        begin = opened.end() if opened else 0
        for clause in clauses(
            sentence.text[begin:], marks="，；。！？" if opened else "，；。！？、"
        ):
            found = list(_measures(clause.text))
            start = sentence.start + begin + clause.start
            words = text[start : start + len(clause.text)]
            if not found or (opened is None and not _is_provided(clause.text, found)):
                continue
            measures = tuple(_said(each, words, place.part) for each in found)
            yield CommitmentFound(
                Evidence(line, sentence_at(text, start), words, section),
                LIKELY,
                ("from_text",),
                place.year,
                "livelihood",
                (measures[0].subject or words)[:LONGEST_TITLE],
                words,
                place.part,
                heading=place.section[-1] if place.section else "",
                measures=measures,
            )


def _is_provided(clause: str, held: list[_Measure]) -> bool:
    """Whether the clause counts what was done or built for the people: no money, no share."""
    if any(each.quantity.is_money or each.quantity.is_share for each in held):
        return False
    before = re.split(r"[0-9]", clause, maxsplit=1)[0]
    return _PROVIDED.search(clause) is not None and _DONE.search(before) is not None


def _items(
    text: str, plain: str, line: int, section: str, place: Place
) -> Iterator[CommitmentFound]:
    edges = [match.start() for match in re.finditer(rf"(?:(?<=[；。：])|^){_ITEM.pattern}", plain)]
    if not edges:
        return
    for start, end in zip(edges, [*edges[1:], len(plain)], strict=True):
        number = _ITEM.match(plain, start)
        begin = number.end() if number else start
        words = text[begin:end].strip().rstrip("；;")
        if len(words) < 4 or (_LIVELIHOOD.search(words) and words.rstrip().endswith("：")):
            continue
        cut = re.match(r"[^。：；，]{2,40}", canonical(words))
        title = words[: cut.end()] if cut else words[:LONGEST_TITLE]
        yield CommitmentFound(
            Evidence(line, text.strip(), words, section),
            Decimal("0.85"),
            (),
            place.year,
            "livelihood",
            title,
            words,
            place.part,
            heading=place.section[-1] if place.section else "",
            measures=tuple(_said(each, words, place.part) for each in _measures(canonical(words))),
        )


def _measures(text: str) -> Iterator[_Measure]:
    """The quantities of canonical text with what they are quantities of."""
    for clause in clauses(text):
        held = list(quantities(clause.text))
        begin = 0
        lead = ""
        waiting: list[str] = []
        for number, quantity in enumerate(held):
            words = clause.text[begin : quantity.start]
            follows = clause.text[
                quantity.end : held[number + 1].start
                if number + 1 < len(held)
                else len(clause.text)
            ]
            if _is_part_of_name(words, follows, quantity):
                continue
            ahead = (
                re.match(rf"[^{_NOT_AHEAD}0-9][^，。；：、0-9]{{1,24}}", follows)
                if not quantity.is_share
                else None
            )
            pieces = re.split(r"[、：](?![^（]*）)", words)
            own = pieces[-1] if len(pieces) > 1 and len(pieces[-1]) > 1 else words.lstrip("、，")
            if "分别" in words:
                waiting = [p for p in words[: words.index("分别")].split("、") if p]
            if waiting:
                subject = _subject(waiting.pop(0))
            elif ahead and (len(_subject(own)) < 3 or _LEAD.fullmatch(own)):
                subject = (
                    (_subject(own) + ahead[0])
                    if _subject(own) and clause.text.find(_subject(own) + ahead[0]) >= 0
                    else ahead[0]
                )
            else:
                whole = (
                    words.lstrip("、") if re.search(r"等[^、]*$", words) and "、" in words else own
                )
                subject = _subject(whole)
            if len(subject) < 2:
                subject = lead or (ahead[0] if ahead else "")
            lead = subject or lead
            end = quantity.end + (ahead.end() if ahead else 0)
            yield _Measure(clause.start + begin, clause.start + end, subject, quantity)
            begin = quantity.end


def _is_part_of_name(words: str, follows: str, quantity: Quantity) -> bool:
    """Whether the number is no quantity of its own: 年产5万吨调味品, 15分钟, 500千伏线路."""
    if re.search(r"年产|年加工|日产|日处理|年处理|总投资$|装机$", words) or quantity.unit in {
        "千伏",
        "期",
        "类",
        "班",
        "届",
    }:
        return True
    is_mass = quantity.unit.endswith(("吨", "千瓦", "元", "头"))
    return (
        is_mass
        and re.match(r"(?![以左及的等、])[\u4e00-\u9fff]{2,}", follows) is not None
        and re.search(r"项目|工程|厂|生产|产业|企业", follows) is not None
    )


def _subject(words: str) -> str:
    """What is counted, without the words of doing before it and those of reaching behind."""
    text = words.strip("、，：（ ")
    text = _TRAIL.sub("", text)
    lead = _LEAD.match(text)
    cut = text[lead.end() :] if lead else text
    return (cut if len(cut) >= 2 else text).strip("、，")


def _said(measure: _Measure, text: str, part: Part) -> MeasureFound:
    """The measure; what a plan promises without a bound is to be reached, so at least so much."""
    comparator = measure.quantity.comparator
    if comparator == "eq" and part is Part.PLAN:
        comparator = "change" if measure.quantity.unit == "个百分点" else "ge"
    quote = text[measure.start : measure.end].strip("、，")
    return MeasureFound(
        measure.subject if measure.subject in canonical(text) else "",
        quote,
        comparator,
        measure.quantity.value,
        measure.quantity.unit,
    )


def _told(read: Read, cells: list[tuple[int, str]], part: Part) -> str:
    """The cell that says the matter: by its heading what was done or is to be done, else the longest."""
    about = r"完成|进展|落实|推进情况|成效" if part is Part.RESULT else r"内容|目标|任务|举措|标准"
    for place, cell in cells:
        if place < len(read.columns) and re.search(about, read.columns[place].heading):
            return cell
    return max((cell for _, cell in cells), key=len, default="")


def _is_side(read: Read, place: int) -> bool:
    if place >= len(read.columns):
        return False
    return read.columns[place].role in {
        Role.SEQ,
        Role.DEPARTMENT,
        Role.OWNER,
        Role.REMARK,
        Role.PERIOD,
        Role.CATEGORY,
    }


def _kind(title: str) -> str:
    if _LIVELIHOOD.search(title):
        return "livelihood"
    if _EVENTS.search(title):
        return "consumption"
    return "business" if _BUSINESS.search(title) else "task"


def _cell(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _evidence(row: Row, table: Table, section: str, quote: str) -> Evidence:
    return Evidence(row.line, "\t".join(row.cells), quote, section, table.name)
