"""Projects named in sentences: 竣工A、B等项目, A、B等12个项目开工建设, 续建项目：A、B."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reading.categories import without_number
from reading.project_names import (
    NameList,
    has_phase,
    is_facility,
    is_name,
    is_no_work,
    is_work,
    name_list,
    split_names,
)
from reading.sentences import Span, clauses, sentences
from reading.verbs import (
    ENDING,
    LOOSE,
    MAKING,
    SIGNED,
    STAGES,
    STRONG,
    VERB,
    Verb,
    verb_at_end,
    verb_at_start,
)

_NUMBER = (
    r"(?P<number>[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）|[0-9]{1,2}[、.](?![0-9])|（[0-9]{1,2}）|[①-⑳]"
    r"|[一二三四五六七八九十]是)"
)
_HEAD = re.compile(rf"\s*{_NUMBER}?\s*(?P<words>[^、，。；：]{{2,24}})(?P<mark>[：。])")
_LISTED = re.compile(
    rf"^(?:[^，。；：]{{0,12}}?){VERB}(?:[^，。；：]{{0,8}}?)?(?:项目|工程|类)?(?:（[^（）]*）|[0-9]+个)?(?:包括|有|为|是)?$"
)
_CLAUSE_HEAD = re.compile(r"(?P<words>[^、，。；：]{2,16})：(?=.)")
_BULLET = re.compile(r"\s*[●■◆▲★•·○—－–-]+\s*")
_CARRIED = re.compile(
    r"(?:加快推进|提速推动|加快推动|加快|推进|推动|开展|启动|做好|抓紧|抓好|有序推进|积极)+"
)
_PUSHED = re.compile(r"(?:推动|推进|促进|促成|力促|确保|力争|争取|加快|实现)+")
_LEAD = re.compile(
    r"(?:其中|同时|目前|本年度|本年|当年|年度|上年|去年|截至年底|截至目前|今年|全年|年内|一年来|今年以来|力争|确保|计划|预计|另外|此外|并)[，：]?"
)
_COMPLETED_WORK = re.compile(
    r"(?:项目|工程|建设|改造|加固|提升|整治|扩建|迁建|修复|治理|升级|改建|新建)$"
)
_OF_A_KIND = re.compile(
    r"等(?:[0-9]+余?(?:个|项))?[^、，；：等]{0,10}?(?P<verb>续建|在建|新开工|储备|前期|竣工)(?:重点|重大)?项目"
)
_BEFORE_NAME = re.compile(
    r"(?:[0-9]{1,2}[.．、]|（[0-9]{1,2}）|[①-⑳])(?![0-9])|(?:计划)?(?:总投资|投资额?)(?:约|近|超|达)?[0-9.]+[万亿]+元(?:以上)?的"
)
"""A number, or what the project costs: neither is of its name."""
_ONE_OF_ITS_KIND = re.compile(r"(?:大桥|水库|隧道|水厂|机场|大道|电站|码头)$")
_COUNT_BEHIND = re.compile(r"（(?:共|计)?[0-9]+(?:个|项)）$")
_NO_WORKS = re.compile(r"(?:企业|产品|产能|设备|装置|品种|公司|样机|车型)$")
_QUANTITY = re.compile(
    r"[0-9](?:[0-9.,]*)(?:余)?(?:万|亿)?(?:个|家|户|人|亩|公里|米|平方|吨|座|处|套|件|条|场|所|元|%)$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A project named at a place of the text."""

    start: int
    end: int
    verb: Verb
    quote: Span
    headings: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Listed:
    """What a text names, and the sentences that speak of projects and could not be read."""

    named: list[Named] = field(default_factory=list)
    unread: list[tuple[Span, str]] = field(default_factory=list)


def listed(
    text: str,
    headings: tuple[str, ...] = (),
    *,
    is_list: bool,
    verb: str = "",
    in_projects: bool = False,
) -> Listed:
    """The projects that canonical text names.

    `is_list` says that the text is known to be a list of projects (a cell of a project table), so
    that names need no other sign; `verb` is the one that a heading above gives to lists without
    any of their own.
    """
    found = Listed()
    open_heads: list[tuple[int, str]] = []
    given = Verb(0, 0, verb, STAGES.get(verb, "")) if verb else None
    for sentence in sentences(text):
        at = 0
        while match := _HEAD.match(sentence.text, at):
            words = match["words"].strip()
            if match["mark"] == "。" and match.end() < len(sentence.text):
                break
            said = _LISTED.match(words)
            if match["mark"] == "。" and (not match["number"] or (said and is_list)):
                break
            if said and (match["mark"] == "：" or words.endswith("一批")):
                announced = -1 if match["mark"] == "：" else 0
                given = Verb(announced, announced, said["verb"], STAGES[said["verb"]])
            elif not is_list and not match["number"]:
                at = match.end() if match["mark"] == "：" else at
                break
            else:
                level = _level(match["number"])
                open_heads = [(each, head) for each, head in open_heads if each < level]
                open_heads.append(
                    (level, sentence.text[match.start() : match.end("words")].strip())
                )
                if not verb:
                    given = None
            at = match.end()
            if at >= len(sentence.text):
                break
        rest = sentence.text[at:]
        if rest.strip(" 。；"):
            heads = headings + tuple(head for _, head in open_heads)
            _read_sentence(
                found, Span(sentence.start + at, sentence.end, rest), heads, given, is_list
            )
    return found


def _level(number: str | None) -> int:
    if not number:
        return 9
    if number[0] in "一二三四五六七八九十":
        return 2 if number.endswith("是") else 1
    if number[0] == "（":
        return 2 if number[1] in "一二三四五六七八九十" else 4
    return 3 if number[0].isdigit() else 5


def _read_sentence(
    found: Listed, sentence: Span, heads: tuple[str, ...], given: Verb | None, is_list: bool
) -> None:
    read = 0
    misread: list[tuple[Span, str]] = []
    kept = given
    for clause in _told_apart(sentence.text, is_list):
        start = 0
        for pattern in (_BULLET, _LEAD):
            lead = pattern.match(clause.text, start)
            start = lead.end() if lead and lead.end() < len(clause.text) else start
        head = _CLAUSE_HEAD.match(clause.text, start)
        if head and (said := _LISTED.match(head["words"])):
            # 续建：A、B；新开工：C — each piece of the sentence has its own verb
            kept = Verb(-1, -1, said["verb"], STAGES[said["verb"]])
            start = head.end()
        elif verb_at_start(clause.text[(colon := clause.text.rfind("：") + 1) :]):
            # 年度投资60亿元：竣工A、B
            start = max(start, colon)
        body = clause.text[start:]
        span = Span(sentence.start + clause.start, sentence.start + clause.end, clause.text)
        here = _read_clause(body, span.start + start, span, heads, kept, is_list)
        if isinstance(here, str):
            misread.append((span, here))
            continue
        names, phases, verb = here
        if is_list and verb is not None and names:
            kept = verb
        found.named += names
        read += len(names)
        misread += [(span, "phase_alone")] * bool(phases)
    for span, why in misread:
        if why == "phase_alone" or (is_list and why in {"no_verb", "no_name"}):
            found.unread.append((span, why))


def _told_apart(text: str, is_list: bool) -> Iterator[Span]:
    """The clauses, those parted by 、 alone too: A、B竣工、C开工."""
    for clause in clauses(text):
        begin = 0
        for piece in [] if is_list else split_names(clause.text)[:-1]:
            verb = verb_at_end(clause.text[piece.start : piece.end])
            if verb and verb.start >= 2 and verb.word in ENDING:
                yield Span(
                    clause.start + begin, clause.start + piece.end, clause.text[begin : piece.end]
                )
                begin = piece.end + 1
        yield Span(clause.start + begin, clause.end, clause.text[begin:])


Read = tuple[list[Named], bool, Verb | None]


def _read_clause(
    body: str, offset: int, quote: Span, heads: tuple[str, ...], given: Verb | None, is_list: bool
) -> Read | str:
    """The names of one clause; or the code of why it gives none."""
    first = verb_at_start(body)
    # a name may itself begin like a verb (新建…铁路): a verb behind it decides then
    last = verb_at_end(body)
    if last and last.start < 2:
        last = None
    attempts: list[tuple[Verb, int, int, bool]] = []
    if first and first.end < len(body):
        attempts.append((first, first.end, len(body), True))
    if last:
        at = (last, 0, last.start, False)
        if is_list or not attempts or (first and first.word in LOOSE):
            attempts.insert(0, at)
        else:
            attempts.append(at)
    kind = _OF_A_KIND.search(body)
    if kind and not is_list:
        # A、B等14个续建项目完成投资12亿元: what they are says where they stand
        verb = Verb(kind.start("verb"), kind.end("verb"), kind["verb"], STAGES[kind["verb"]])
        attempts.insert(0, (verb, 0, kind.end(), False))
    if given:
        attempts.append((given, 0, len(body), False))
    why = "no_verb"
    for verb, start, end, is_before in attempts:
        names = _names(body, start, end, verb, is_list, is_before)
        if isinstance(names, str):
            why = names
            continue
        spans, phases, meant, doubts = names
        found = [
            Named(
                offset + each.start,
                offset + each.end,
                meant,
                quote,
                heads,
                (
                    *doubts,
                    *(["stage_implied"] if meant.is_inferred else []),
                    *(["ending_shared"] if _shares_ending(each.text, spans) else []),
                ),
            )
            for each in spans
        ]
        return found, bool(phases), meant
    return why


def _names(
    body: str, start: int, end: int, verb: Verb, is_list: bool, is_before: bool
) -> tuple[list[Span], list[Span], Verb, list[str]] | str:
    lead = re.match(r"(?:了|一批|的|：|:|等)+", body[start:end]) if is_before else None
    start += lead.end() if lead else 0
    if not is_before and verb.stage == "preparation":
        # 推进…筹建, 开展…前期工作: the verb before says only that it is done
        lead = _CARRIED.match(body[start:end])
        start += lead.end() if lead else 0
    elif not is_before and not is_list and (lead := _PUSHED.match(body[start:end])):
        # 推动A、B完工: the verb behind the names is the one
        start += lead.end()
    text = body[start:end].rstrip("的")
    listing = name_list(text)
    if listing.is_counted and not listing.is_open:
        return "counted"
    meant = verb
    if "前期" in listing.work:
        meant = Verb(verb.start, verb.end, "前期工作", "preparation")
    spans = []
    for name in listing.names:
        words = text[name.start : name.end]
        number = _BEFORE_NAME.match(words)
        begin = name.start + (number.end() if number else 0)
        words = text[begin : name.end]
        if not is_list and words.endswith("建设") and _is_built(words[:-2]):
            words = words[:-2]
        if is_name(words) and not _QUANTITY.search(words):
            spans.append(Span(start + begin, start + begin + len(words), words))
    phases = [Span(start + each.start, start + each.end, "") for each in listing.lone_phases]
    if not spans:
        return "no_name"
    is_given = verb.end <= 0
    is_announced = verb.end < 0 and len(spans) == len(listing.names)
    if is_given and is_announced:
        # 竣工：A、B — the colon says that names follow
        pass
    elif is_given and not is_list:
        built = all(is_facility(span.text) or is_work(span.text) for span in spans)
        if not (listing.is_open or listing.says_project or built):
            return "no_project"
    elif not is_list and not _is_told(listing, spans, verb, is_before, text):
        return "no_project"
    doubts = []
    if not is_list and not listing.says_project:
        doubts.append("no_project_word")
    if phases:
        doubts.append("phase_alone")
    if len(spans) < len(listing.names):
        doubts.append("list_cut")
    return spans, phases, meant, doubts


def _is_told(listing: NameList, spans: list[Span], verb: Verb, is_before: bool, text: str) -> bool:
    """Whether running text speaks of projects here: it says so, or names what is built."""
    if len(spans) < len(listing.names) or any(
        len(span.text) < 3 and not _shares_ending(span.text, spans) for span in spans
    ):
        return False
    if is_no_work(listing.qualifier):
        return False
    if not listing.says_project and any(re.fullmatch("“[^”]*”", span.text) for span in spans):
        return False
    if verb.word == "完成":
        told = listing.is_open and listing.work == "建设"
        if not is_before:
            return listing.says_project
        return told or _is_work_done(spans[-1].text)
    if verb.word in STRONG:
        return True
    if listing.says_project:
        return verb.word not in LOOSE or listing.is_open or verb.stage != ""
    if verb.word in MAKING and not is_before:
        return all(len(span.text) >= 4 and not _NO_WORKS.search(span.text) for span in spans)
    if verb.word in SIGNED and not is_before:
        return all(len(span.text) >= 4 and is_facility(span.text) for span in spans)
    if verb.word in {"加快", "推进", "推动"} and is_before and text.endswith("建设"):
        return all(_is_built(span.text) for span in spans)
    built = [span for span in spans if is_facility(span.text.removesuffix("建设"))]
    if verb.word in LOOSE:
        return has_phase(spans[-1].text)
    if verb.stage in {"accelerated", "preparation"}:
        worked = [span for span in spans if is_work(span.text) and len(span.text) >= 8]
        return bool(built) or (bool(worked) and not is_before)
    return bool(built) or any(is_work(span.text) or span.text.endswith("”") for span in spans)


def _shares_ending(name: str, spans: list[Span]) -> bool:
    """Whether a short name may lack what the list says once, at its end: A、B风电场."""
    last = spans[-1].text
    return (
        len(name) <= 4
        and name != last
        and len(last) >= len(name) + 3
        and is_facility(last)
        and not is_facility(name)
        and not is_work(name)
    )


def _is_built(name: str) -> bool:
    if name.endswith(("设施", "系统", "体系", "平台")):
        return False
    if len(name) == 4 and _ONE_OF_ITS_KIND.search(name):
        return True
    return len(name) >= 5 and (is_facility(name) or is_work(name))


def _is_work_done(name: str) -> bool:
    return _COMPLETED_WORK.search(name) is not None and re.search(r"[0-9]", name) is None


def headed_verb(heading: str) -> str:
    """The verb that a heading gives to the list below it: 二、续建项目（12个）; "" where none."""
    plain = without_number(heading).strip("【】《》“”·•●■◆★▲ ")
    plain = _COUNT_BEHIND.sub("", plain)
    match = _LISTED.match(re.split(r"[：，。]", plain)[0])
    if match is None or (
        not re.search(r"项目|工程|类", plain) and len(plain) > len(match["verb"]) + 2
    ):
        return ""
    return match["verb"]
