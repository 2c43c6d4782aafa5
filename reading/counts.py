"""Numbers of projects that a text states: 53个市级重点项目, 新开工项目35个以上, 续建65个.

A stated number is never a list of names, and a list of names is never a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reading.marks import BULLETS
from reading.sentences import Span, clauses, sentences
from reading.verbs import LOOSE, STAGES, VERB, Verb, verbs_within

_COUNTER = r"(?:个|项|座|条|处|所|件)"
_BOUND_BEFORE = r"(?P<before>不少于|不低于|超过|超|突破|至少|近|约)?"
_BOUND_AFTER = r"(?P<after>以上|左右|以内|以下)?"
_AHEAD = re.compile(
    rf"{_BOUND_BEFORE}(?<![0-9.第前A-Za-z])(?P<count>[0-9]{{1,5}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}"
    rf"(?P<subject>[^、，；。：0-9个]{{0,24}}?(?:项目|技改|工程))(?!(?![已中开竣完建投])[^、，；。：]{{0,3}}[0-9]+(?:个|项))"
)
_BEHIND = re.compile(
    rf"(?P<subject>(?:[省市区县]级?、)*[^、，；。：]{{0,30}}?(?:项目|工程项目))(?:共|共计|总数|总量|数量|达到|达|合计|为|有|计划|安排|实施)?"
    rf"{_BOUND_BEFORE}(?<![.])(?P<count>[0-9]{{1,5}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}(?![\u4e00-\u9fff]{{0,6}}项目)"
)
_SUB = re.compile(
    rf"(?:其中[：:，]?)?(?P<verb>新开工|续建|竣工|完工|开工|储备|前期|投产|建成|加快推进|投用|在建|谋划|新建)(?:项目)?"
    rf"{_BOUND_BEFORE}(?P<count>[0-9]{{1,5}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}$"
)
_LISTED = re.compile(
    rf"^\s*(?:[0-9]{{1,2}}[.、．]|（[0-9]{{1,2}}）|[①-⑳]|[一二三四五六七八九十]是)?(?P<subject>{VERB}(?:项目)?)(?:共|计)?"
    rf"{_BOUND_BEFORE}(?P<count>[0-9]{{1,4}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}(?=：)"
)
"""建成16个：A、B等: the names behind the colon say what is counted."""
_ETC = re.compile(rf"等(?P<count>[0-9]{{1,4}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}$")
_BRACKETED = re.compile(
    rf"(?P<subject>{VERB}(?:一批|类|项目|工程)+)（(?:共|计)?(?P<count>[0-9]{{1,4}})(?P<some>余|多)?(?:个|项){_BOUND_AFTER}）"
)
_BATCH = re.compile(rf"{VERB}一批(?:[。：]|$)")
_NOT_PROJECTS = re.compile(
    r"基金项目|科研项目|课题|服务项目|比赛|竞赛|体检项目|检测项目|收费项目|体育项目|培训项目|志愿服务项目"
)
_WORKS = re.compile(
    r"(?P<count>[0-9]{1,5})(?P<some>余|多)?(?:个|座|处|条)(?P<subject>[^、，；。：0-9]{2,20}?(?:技改|工程|改造工程))"
)


_LEAD = re.compile(
    r"^(?:其中|全年|全市|全区|全县|共|并|力争|确保|计划|预计|安排|组织|推动|推进|实施|启动|培育|谋划|储备|策划|争取|完成|列入|纳入|滚动|组织)*"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of projects at a place of the text."""

    start: int
    end: int
    subject: str
    verb: str
    stage: str
    comparator: str
    count: int


def counts(text: str) -> Iterator[Count]:
    """The numbers of projects that canonical text states."""
    batch: Verb | None = None
    """建成一批: the verb of the numbers in the sentences below."""
    for sentence in sentences(text):
        spoke = False
        if match := _BATCH.search(sentence.text):
            batch = Verb(0, 0, match["verb"], STAGES[match["verb"]])
        for clause in clauses(sentence.text):
            at = sentence.start + clause.start
            found = list(_clause(clause, at)) or list(
                _listed(clause, at, verbs_within(clause.text) or ([batch] if batch else []))
            )
            if spoke or "项目" in sentence.text[: clause.start] or found:
                # 开工项目45个、竣工23个: what follows in the list is of projects too
                last = max((count.end for count in found), default=at) - at
                found += _parts(Span(clause.start, clause.end, clause.text[last:]), at + last)
            spoke = spoke or bool(found)
            yield from found


def _clause(clause: Span, at: int) -> Iterator[Count]:
    text = clause.text
    taken: list[tuple[int, int]] = []
    verbs = verbs_within(text)
    for pattern in (_LISTED, _BRACKETED, _BEHIND, _AHEAD, _WORKS):
        for match in pattern.finditer(text):
            number = match.span("count")
            if any(number == other for other in taken) or _NOT_PROJECTS.search(match["subject"]):
                continue
            if pattern is _WORKS and not any(verb.stage for verb in verbs):
                continue
            taken.append(number)
            start, end = match.span()
            verb = _verb_of(verbs, text, start, end, pattern is _BEHIND)
            yield Count(
                at + start,
                at + end,
                _subject(match["subject"]),
                verb.word if verb else "",
                verb.stage if verb else "",
                _comparator(match),
                int(match["count"]),
            )


def _listed(clause: Span, at: int, verbs: list[Verb]) -> Iterator[Count]:
    """竣工A、B等23个: the names are of projects, so the number is theirs."""
    match = _ETC.search(clause.text)
    told = [verb for verb in verbs if verb.stage and verb.word not in LOOSE]
    if match and told and match.start() >= 3:
        yield Count(
            at + match.start(),
            at + match.end(),
            told[0].word,
            told[0].word,
            told[0].stage,
            _comparator(match),
            int(match["count"]),
        )


def _parts(clause: Span, at: int) -> Iterator[Count]:
    """续建65个、新开工35个, after a number of projects in the same sentence."""
    place = 0
    for piece in clause.text.split("、"):
        match = _SUB.search(piece)
        if match:
            yield Count(
                at + place + match.start(),
                at + place + match.end(),
                match["verb"],
                match["verb"],
                STAGES[match["verb"]],
                _comparator(match),
                int(match["count"]),
            )
        place += len(piece) + 1


def _verb_of(verbs: list[Verb], text: str, start: int, end: int, is_behind: bool) -> Verb | None:
    """The verb that the number's own words hold, else the nearest: after it, or before it."""
    within = [verb for verb in verbs if start <= verb.start and verb.end <= end]
    if within and is_behind:
        return within[0]
    later = [
        verb
        for verb in verbs
        if verb.start >= end and "、" not in text[end : verb.start] and verb.start - end <= 8
    ]
    if later and not is_behind:
        return later[-1]
    earlier = [verb for verb in verbs if verb.end <= start or verb.start <= start < verb.end]
    if earlier:
        return earlier[-1]
    return within[0] if within else (later[-1] if later else None)


def _subject(words: str) -> str:
    """What is counted: without the names before 等 and the verbs before the noun."""
    text = words.strip(f"{BULLETS} ")
    if "等" in text and len(text[text.rindex("等") + 1 :]) >= 2:
        text = text[text.rindex("等") + 1 :]
    lead = _LEAD.match(text)
    cut = text[lead.end() :] if lead else text
    return cut if len(cut) >= 2 else text


def _comparator(match: re.Match[str]) -> str:
    after = match.groupdict().get("after") or ""
    before = match.groupdict().get("before") or ""
    if (
        after == "以上"
        or before in {"不少于", "不低于", "超过", "超", "突破", "至少"}
        or match["some"]
    ):
        return "ge"
    if after in {"以内", "以下"}:
        return "le"
    return "about" if after or before else "eq"
