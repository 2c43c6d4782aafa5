"""Indicators in running text: the targets of the year, and the results of the year gone by."""

import re
from collections.abc import Iterator
from decimal import Decimal

from indicators.targets import UnparseableTarget, parse
from reading.marks import BULLETS
from reading.places import PARTED, Place
from reading.proposals import Evidence, IndicatorFound, Part
from reading.quantities import quantities
from reading.sentences import Span, clauses, sentence_at
from reading.widths import canonical

LIKELY = Decimal("0.75")
LONGEST_NAME = 36
_TARGETS = re.compile(
    r"(?:(?:主要|总体)?(?:的)?(?:预期|发展|工作|奋斗)?目标(?:任务)?(?:建议)?(?:是|为|如下|安排如下|建议为|建议如下)?[：:]"
    r"|(?:预期|发展)目标(?:是|为)[：:，]?)"
)
_VALUE = re.compile(
    r"(?:力争|确保|预计|计划|均|年均|同比|比上年|较上年|比(?:20[0-9]{2}年|去年)|较(?:20[0-9]{2}年|去年))*"
    r"(?:(?:增长|涨幅|增幅|上涨|下降|降低|提高|提升|增加|减少|回落|上升|净增|达到|达|控制在|保持在|稳定在|维持在|保持|稳定|完成|实现|不低于|不少于|不高于|不超过|高于|低于"
    r"|超过|突破|力争|左右|约|为|到|至|在)+)?$"
)
_SYNC = re.compile(
    r"(?:增长|增速|增幅)?(?:与|和|同)[\u4e00-\u9fff]{2,16}(?:基本)?(?:同步|持平|相当)|(?:全面)?完成(?:省|市|上级|国家)[\u4e00-\u9fff]{0,6}(?:任务|目标)(?:任务|要求)?"
)
_LEAD = re.compile(
    r"^(?:其中[：:]?|并|力争|确保|全年|预计|实现|完成|全市|全区|全县|我区|我市|我县|今年|20[0-9]{2}年)+"
)
# Nouns of the statistics that every such report uses: a figure of theirs is an indicator's.
_KNOWN = re.compile(
    r"地区生产总值|生产总值|GDP|增加值|固定资产投资|工业投资|民间投资|房地产开发投资|基础设施投资|技改投资|社会消费品零售总额|社零总额|消费品零售"
    r"|预算收入|财政收入|税收收入|进出口|外贸|实际使用外资|实际利用外资|利用外资|可支配收入|居民消费价格|新增就业|失业率|城镇化率|森林覆盖率|优良天数"
    r"|空气质量优良|PM2\.5|优良率|水质达标|能耗|R&D|研发(?:经费)?投入|研发经费|全社会研发|高新技术企业|发明专利|粮食产量|粮食总产量|粮食播种面积|存贷款余额"
    r"|存款余额|贷款余额|市场主体|经营主体|规上工业(?:总)?产值|工业总产值|销售额|营业收入|旅游(?:综合|总)?收入|出口总额|进口总额|收入比(?!重)|居民收入|接待游客|游客接待|到位资金|到位内资|二氧化碳排放|单位GDP|货物吞吐量|旅客吞吐量"
)


_ITEM = re.compile(
    r"\s*(?:[—－–-]+|[●■◆•·]|（?[0-9]{1,2}[）.、．](?![0-9])|（[一二三四五六七八九十]{1,3}）|[①-⑳])?\s*"
)
_INDEX = re.compile(
    r"(?P<name>指数|系数|比值|恩格尔系数|收入比)(?:缩小到|缩小至|降至|扩大到|控制在|保持在|为|达到)?(?P<figure>[0-9]+(?:\.[0-9]+)?(?:左右|以内|以下|以上)?)$"
)
_GROWS = re.compile(r"同比|比上年|较上年|比去年|增长|上涨|下降|增速")
_NO_PLACE = re.compile(r"问题|困难|不足|形势|挑战")
_NO_NAME = re.compile(r"指标|项目|亿元级|等[0-9]|连续|[，。；]")


def targets_in(
    text: str, line: int, place: Place, *, is_listed: bool = False
) -> Iterator[IndicatorFound]:
    """The targets that a sentence of targets gives: 主要预期目标是：A增长6%左右；B…

    `is_listed` says that the paragraph is a line of the list that such a sentence announced.
    """
    plain = canonical(text)
    match = _ITEM.match(plain) if is_listed else _TARGETS.search(plain)
    if match is None:
        return
    # the sentence that the words stand in, and no further: what follows tells how
    end = plain.find("。", match.end())
    end = len(plain) if end < 0 else end
    for clause in clauses(plain[match.end() : end]):
        span = Span(match.end() + clause.start, match.end() + clause.end, clause.text)
        for name, start, stop in _figures(span):
            words = text[start:stop]
            if not 2 <= len(name) <= LONGEST_NAME or not _is_target(words):
                continue
            yield _found(text, line, place, name, words, "", start)


def results_in(text: str, line: int, place: Place) -> Iterator[IndicatorFound]:
    """The figures of well-known indicators that the year's account gives."""
    if any(_NO_PLACE.search(heading) for heading in place.section):
        return
    plain = canonical(text)
    held = ""
    for clause in clauses(plain):
        span = Span(clause.start, clause.end, clause.text)
        found = list(_figures(span))
        if not found:
            held = ""
            continue
        for name, start, stop in found:
            if not name and held and _GROWS.match(canonical(text[start:stop])):
                name = held
            elif not _KNOWN.search(name) or _NO_NAME.search(name) or len(name) > LONGEST_NAME:
                held = ""
                continue
            held = name
            yield _found(text, line, place, name, "", text[start:stop], start)


def has_targets(text: str) -> bool:
    """Whether the paragraph states the year's targets."""
    return _TARGETS.search(canonical(text)) is not None


def announces_targets(text: str) -> bool:
    """Whether the paragraph ends by announcing a list of targets below it."""
    plain = canonical(text).rstrip()
    return plain.endswith("：") and _TARGETS.search(plain) is not None


def _figures(clause: Span) -> Iterator[tuple[str, int, int]]:
    """Name, begin and end of each figure's words in a clause; "" for one that goes on."""
    text = clause.text
    if "分别" in text:
        yield from _paired(clause)
        return
    sync = _SYNC.search(text)
    if sync and sync.start() >= 2 and not re.search(r"[0-9]", text):
        yield (
            _name(text[: sync.start()]),
            clause.start + sync.start(),
            clause.start + len(text.rstrip("。；")),
        )
        return
    for piece in re.finditer(r"[^、]+", text):
        quantity = next(iter(quantities(piece[0])), None)
        if quantity is None:
            bare = _INDEX.search(piece[0])
            if bare:
                start = clause.start + piece.start() + bare.start("figure")
                yield _name(piece[0][: bare.end("name")]), start, start + len(bare["figure"])
            continue
        value = _VALUE.search(piece[0], 0, quantity.start)
        start = value.start() if value else quantity.start
        name = _name(piece[0][:start]) if start else ""
        yield (
            name,
            clause.start + piece.start() + start,
            clause.start + piece.start() + quantity.end,
        )


def _paired(clause: Span) -> Iterator[tuple[str, int, int]]:
    text = clause.text
    place = text.index("分别")
    names = [_name(name) for name in re.split(r"[、和及]", text[:place]) if name]
    held = [quantity for quantity in quantities(text) if quantity.start > place]
    if len(names) != len(held):
        return
    for name, quantity in zip(names, held, strict=True):
        yield name, clause.start + quantity.start, clause.start + quantity.end


def _name(words: str) -> str:
    text = words.strip(f" ，、；：{BULLETS}")
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead and lead.end() < len(text) else text


def _found(
    text: str, line: int, place: Place, name: str, target: str, actual: str, start: int
) -> IndicatorFound:
    words = target or actual
    held = next(iter(quantities(canonical(words))), None)
    sentence = sentence_at(text, start)
    return IndicatorFound(
        Evidence(line, sentence, words, PARTED.join(place.section)),
        LIKELY,
        ("from_text",),
        place.year,
        name,
        held.unit if held else "",
        target,
        actual,
        None,
    )


def _is_target(words: str) -> bool:
    if _SYNC.fullmatch(canonical(words)):
        return True
    try:
        parse(words)
    except UnparseableTarget:
        return False
    return True


def same(name: str) -> str:
    """The name as two spellings of it have in common: 地区生产总值增速 and 地区生产总值增长."""
    return re.sub(
        r"(?:增速|增长率?|增幅|总量|数量|总额)$", "", canonical(name).replace("（GDP）", "")
    )


def is_result(place: Place) -> bool:
    """Whether the place is in the account of the year gone by."""
    return place.part is Part.RESULT
