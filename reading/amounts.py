"""Money that a text states of investment, funds and contracts, with its growth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reading.marks import BULLETS
from reading.quantities import Quantity, quantities
from reading.sentences import clauses, sentences

_MONEY_WORDS = r"投资|资金|贷款|信贷|债券|合同额|合同金额|协议|签约|成交额|补助|补贴|消费券|授信|获赔|到位|融资|外资|经费|拨付|投入|专项债|国债|基金"
_SUBJECT = re.compile(_MONEY_WORDS)
_CONTRACT = re.compile(r"合同|协议|签约|成交额")
_FUNDING = re.compile(r"资金|贷款|信贷|债|补助|补贴|消费券|授信|获赔|融资|经费|拨付|基金|到位|收回")
_GROWTH = re.compile(
    r"(?P<words>(?:同比|比上年|较上年)?(?:均)?(?:增长|增速|增幅|提高|下降|减少|回落)(?:达到|达|为)?)(?P<bound>不低于|超过|超)?(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>%|倍|个百分点)(?P<after>以上|左右)?"
)
_LEAD = re.compile(
    r"^(?:并|力争|确保|全年|预计|实现|累计|共|共计|合计|已|全市|全区|全县|年度|计划|安排|其中|力争完成|完成|达到|发放|兑现落实|兑现|落实|争取|到位(?=.{3,}资金|.{2,}债)|引进|推动)*"
)
_TRAIL = re.compile(
    r"(?:达到|达|为|约|近|超|突破|增至|增加到|提升至|共计|合计|累计|完成|总计|共|预期|预计|目标|约为|计划|力争|：)+$"
)


_OTHER_YEARS = re.compile(
    r"20[0-9]{2}年?[—－–至到-]20[0-9]{2}年|“?十[一二三四五]五”?(?:期间|时期|以来)|年均"
)
_NO_MONEY = re.compile(r"(?:产值|增加值|收入|税收|产量|销售额|营业额|交易额|零售总额)$")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money at a place of the text; `value` is None where only its growth is stated."""

    start: int
    end: int
    subject: str
    kind: str
    comparator: str
    value: Decimal | None
    unit: str
    growth: Decimal | None
    growth_unit: str


def amounts(text: str) -> Iterator[Amount]:
    """The amounts that canonical text states."""
    for sentence in sentences(text):
        pieces = list(clauses(sentence.text))
        for number, clause in enumerate(pieces):
            at = sentence.start + clause.start
            before = pieces[number - 1].text if number else ""
            after = pieces[number + 1].text if number + 1 < len(pieces) else ""
            yield from _clause(clause.text, at, before, after)


def _clause(text: str, at: int, before: str, after: str) -> Iterator[Amount]:
    if _OTHER_YEARS.search(text):
        return
    held = [quantity for quantity in quantities(text) if quantity.is_money]
    if "分别" in text and len(held) > 1:
        found = list(_paired(text, at, held))
        if found:
            yield from found
            return
    shared = _shared_growth(text[held[-1].end :] + "，" + after, len(held)) if len(held) > 1 else []
    begin = 0
    subject_before = ""
    stated = False
    for number, quantity in enumerate(held):
        words = text[begin : quantity.start]
        begin = quantity.end
        if text[quantity.end : quantity.end + 1] == "级" or re.match(
            r"以上(?:的)?[\u4e00-\u9fff]{0,4}项目", text[quantity.end - 2 :]
        ):
            continue
        lead = re.split(r"[、，：]", words)[-1]
        told = lead if _SUBJECT.search(lead) else ""
        if not told and lead == "" and (named := _named_before(text, quantity.start)):
            told = named
        if not told or _NO_MONEY.search(_TRAIL.sub("", told)):
            continue
        growth = _growth(
            text[quantity.end : held[number + 1].start if number + 1 < len(held) else len(text)]
        )
        if (
            growth is None
            and number + 1 == len(held)
            and re.match(r"^(?:同比|比上年|较上年|增长|下降)(?!分别)", after)
        ):
            growth = _growth(after, is_first=True)
        if shared:
            growth = shared[number]
        subject = _subject(told) or subject_before
        subject_before = subject
        stated = True
        yield Amount(
            at + _start(text, told, quantity.start),
            at + quantity.end,
            subject,
            _kind(told),
            quantity.comparator,
            quantity.value,
            quantity.unit,
            growth[0] if growth else None,
            growth[1] if growth else "",
        )
    if not stated and not held:
        yield from _growth_only(text, at)


def _start(text: str, words: str, end: int) -> int:
    return max(text.rfind(words, 0, end), 0)


def _named_before(text: str, place: int) -> str:
    """What the figure before in the list is of: 累计获赔113笔、463.1万元."""
    match = re.search(r"(?P<words>[^、，：0-9]+)[0-9.,]+[^、，：0-9]{1,4}、$", text[:place])
    return match["words"] if match and _SUBJECT.search(match["words"]) else ""


def _paired(text: str, at: int, held: list[Quantity]) -> Iterator[Amount]:
    """A、B分别完成投资1亿元、2亿元: the first of the one with the first of the other."""
    place = text.index("分别")
    names = [name for name in text[:place].split("、") if name]
    after = text[place + 2 : held[0].start]
    money = [quantity for quantity in held if quantity.start > place]
    if len(names) != len(money) or not _SUBJECT.search(after + text[:place]):
        return
    start = 0
    for name, quantity in zip(names, money, strict=True):
        yield Amount(
            at + start,
            at + quantity.end,
            _subject(name),
            _kind(after if _SUBJECT.search(after) else name),
            quantity.comparator,
            quantity.value,
            quantity.unit,
            None,
            "",
        )


def _growth_only(text: str, at: int) -> Iterator[Amount]:
    for match in _GROWTH.finditer(text):
        words = re.split(r"[、，：]", text[: match.start()])[-1]
        if not re.search(r"投资(?:额)?$|外资$|到位资金$", _TRAIL.sub("", words).rstrip("额完成")):
            continue
        growth = _growth(match[0], is_first=True)
        if growth is None:
            continue
        comparator = (
            "ge"
            if match["bound"] or match["after"] == "以上"
            else "about"
            if match["after"]
            else "eq"
        )
        yield Amount(
            at + match.start() - len(words),
            at + match.end(),
            _subject(words),
            _kind(words),
            comparator,
            None,
            "",
            growth[0],
            growth[1],
        )


def _shared_growth(text: str, times: int) -> list[tuple[Decimal, str]]:
    """同比分别增长12%、8%: the growth of each of the amounts before; none where the numbers differ."""
    match = re.match(
        r"[、，]?(?:同比)?分别(?:同比)?(?P<how>增长|下降)(?P<list>[0-9.%、倍和]+)", text
    )
    if match is None:
        return []
    found = re.findall(r"([0-9]+(?:\.[0-9]+)?)(%|倍)", match["list"])
    sign = -1 if match["how"] == "下降" else 1
    return [(sign * Decimal(number), unit) for number, unit in found] if len(found) == times else []


def _growth(text: str, *, is_first: bool = False) -> tuple[Decimal, str] | None:
    match = _GROWTH.search(text)
    if match is None or (not is_first and match.start() > 4):
        return None
    if is_first and match.start() > 2:
        return None
    value = Decimal(match["number"])
    falls = re.search(r"下降|减少|回落", match["words"]) is not None
    return (-value if falls else value), match["unit"]


def _subject(words: str) -> str:
    text = _TRAIL.sub("", re.sub(rf"^(?:[\s、，：{BULLETS}]|其中)+", "", words).strip())
    lead = _LEAD.match(text)
    cut = text[lead.end() :] if lead else text
    if len(cut) <= 2:
        # 年度计划投资, 完成投资: without what stands before, 投资 alone says too little
        return text.strip() or words.strip()
    return (cut if _SUBJECT.search(cut) or len(cut) >= 4 else text).strip() or words.strip()


def _kind(words: str) -> str:
    if _CONTRACT.search(words):
        return "contract"
    if _FUNDING.search(words):
        return "funding"
    return "investment"
