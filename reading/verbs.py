"""The verbs with which reports say where a project stands, and what they mean in our terms."""

import re
from dataclasses import dataclass

# Longest first where one begins with the other. The second part is a value of projects.models.Stage,
# "" where the verb has no place in it (复工, 启用).
_WORDS: tuple[tuple[str, str], ...] = (
    # completed
    ("竣工验收", "completed"),
    ("竣工投产", "completed"),
    ("竣工投用", "completed"),
    ("竣工交付", "completed"),
    ("竣工", "completed"),
    ("完工投用", "completed"),
    ("完工投产", "completed"),
    ("完工", "completed"),
    ("建成投产", "completed"),
    ("建成投用", "completed"),
    ("建成投运", "completed"),
    ("建成使用", "completed"),
    ("建成运营", "completed"),
    ("建成运行", "completed"),
    ("建成通车", "completed"),
    ("建成开业", "completed"),
    ("建成开放", "completed"),
    ("建成达产", "completed"),
    ("建成交付", "completed"),
    ("建成", "completed"),
    ("落成", "completed"),
    ("实现通车", "completed"),
    ("通车运营", "completed"),
    ("通车", "completed"),
    ("达产达效", "completed"),
    ("达产", "completed"),
    ("进入试生产", "completed"),
    ("试生产", "completed"),
    ("投产达效", "completed"),
    ("投产达产", "completed"),
    ("投产", "completed"),
    ("投入使用", "completed"),
    ("投入运营", "completed"),
    ("投入运行", "completed"),
    ("投入生产", "completed"),
    ("投用", "completed"),
    ("投运", "completed"),
    ("并网发电", "completed"),
    ("开馆", "completed"),
    ("开街", "completed"),
    ("开园", "completed"),
    ("开业运营", "completed"),
    ("开业", "completed"),
    ("开放运营", "completed"),
    ("交付使用", "completed"),
    ("交付投用", "completed"),
    ("通过验收", "completed"),
    # preparation
    ("谋划储备", "preparation"),
    ("策划储备", "preparation"),
    ("储备", "preparation"),
    ("开展前期工作", "preparation"),
    ("开展前期", "preparation"),
    ("谋划推进", "preparation"),
    ("谋划建设", "preparation"),
    ("谋划实施", "preparation"),
    ("谋划", "preparation"),
    ("策划", "preparation"),
    ("前期推进", "preparation"),
    ("前期工作", "preparation"),
    ("前期", "preparation"),
    ("预备", "preparation"),
    ("筹建", "preparation"),
    ("拟建", "preparation"),
    *(
        (f"前期工作{how}{done}", "preparation")
        for how in ("有序", "加快", "扎实", "稳步", "全面", "顺利", "")
        for done in ("开展", "推进", "启动", "实施")
    ),
    # started
    ("开工建设", "started"),
    ("开工动建", "started"),
    ("开工新建", "started"),
    ("集中开工", "started"),
    ("新开工建设", "started"),
    ("新开工", "started"),
    ("开工", "started"),
    ("动工建设", "started"),
    ("动工", "started"),
    ("启动建设", "started"),
    ("启动实施", "started"),
    ("破土动工", "started"),
    ("开建", "started"),
    ("新建", "started"),
    # accelerated
    ("加快推进建设", "accelerated"),
    ("加快推进", "accelerated"),
    ("加快建设", "accelerated"),
    ("加快实施", "accelerated"),
    ("加速推进", "accelerated"),
    ("加速建设", "accelerated"),
    ("提速推进", "accelerated"),
    ("提速建设", "accelerated"),
    ("全力推进", "accelerated"),
    ("全面推进", "accelerated"),
    ("全速推进", "accelerated"),
    ("强力推进", "accelerated"),
    ("大力推进", "accelerated"),
    ("重点推进", "accelerated"),
    ("续建推进", "accelerated"),
    ("有序推进", "accelerated"),
    ("有序实施", "accelerated"),
    ("扎实推进", "accelerated"),
    ("稳步推进", "accelerated"),
    ("持续推进", "accelerated"),
    ("顺利推进", "accelerated"),
    ("深入推进", "accelerated"),
    ("抓紧推进", "accelerated"),
    ("抓紧实施", "accelerated"),
    ("继续推进", "accelerated"),
    ("继续实施", "accelerated"),
    ("推进建设", "accelerated"),
    ("推进实施", "accelerated"),
    ("进展顺利", "accelerated"),
    ("进展良好", "accelerated"),
    ("推进顺利", "accelerated"),
    ("正在建设", "accelerated"),
    ("正在推进", "accelerated"),
    ("正在实施", "accelerated"),
    ("结转续建", "accelerated"),
    ("结转", "accelerated"),
    ("收尾", "accelerated"),
    ("续建", "accelerated"),
    ("在建", "accelerated"),
    ("提速推动", "accelerated"),
    ("加快推动", "accelerated"),
    ("推动", "accelerated"),
    ("推进", "accelerated"),
    ("加快", "accelerated"),
    # no stage of ours
    ("完成", "completed"),
    ("组织实施", ""),
    ("实施", ""),
    ("全面复工", ""),
    ("复工建设", ""),
    ("复工", ""),
    ("停工", ""),
    ("停建", ""),
    ("上线运行", ""),
    ("上线", ""),
    ("启用", ""),
    ("贯通", ""),
    ("封顶", ""),
    ("合龙", ""),
    ("签约落地", ""),
    ("签约落户", ""),
    ("签约", ""),
    ("落地", ""),
    ("落户", ""),
)
STAGES = dict(_WORDS)
INFERRED = frozenset(
    word
    for word in STAGES
    if word.startswith(
        (
            "投",
            "通",
            "达产",
            "进入试",
            "试生产",
            "并",
            "开馆",
            "开街",
            "开园",
            "开业",
            "开放",
            "交付",
            "实现",
        )
    )
)
"""Verbs of use: that something is used says that it was completed, in other words."""

_ALL = "|".join(sorted((re.escape(word) for word in STAGES), key=len, reverse=True))
# What reports put before a verb without changing which it is.
_ADVERBS = (
    r"(?:已|正在|正|均|先后|全线|成功|双双|全部|全面|顺利|正式|相继|陆续|如期|基本|主体|集中|年内|年底前?|年初|上半年|下半年|[0-9]{1,2}月(?:底|份)?前?|(?:五一|七一|十一|国庆|元旦|春节|暑假)(?:节|期间|节前|前)?|[一二三四]季度(?:末|底)?|今年|当年|力争|确保|计划|拟|预计|实现|要|将"
    r"|全力|积极|抓紧|抓好|持续|继续|深入|扎实|着力|大力|进一步|同步|稳步|有序|纵深|加速|提速|高标准|高质量|高效|统筹|协作|开展|做好|推动|推进|加快)"
)
VERB = rf"(?P<adverb>{_ADVERBS}{{0,3}}?)(?P<verb>{_ALL})"
_AT_START = re.compile(VERB)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb at a place of canonical text, with its meaning."""

    start: int
    end: int
    word: str
    stage: str

    @property
    def is_inferred(self) -> bool:
        """Whether the stage follows from the verb only by what it implies."""
        return self.word in INFERRED


def verb_at_start(text: str) -> Verb | None:
    """The verb that a clause begins with: 竣工… , 加快推进…"""
    match = _AT_START.match(text)
    return None if match is None else _verb(match)


def verb_at_end(text: str) -> Verb | None:
    """The verb that a clause ends with, and the adverbs before it: …正式投用."""
    found = None
    for match in re.finditer(rf"(?={VERB}(?:建设|实施)?(?:了|中)?$)", text):
        found = Verb(match.start(), len(text), match["verb"], STAGES[match["verb"]])
        break
    return found


def verbs_within(text: str) -> list[Verb]:
    """Every verb of the text, in its order."""
    return [_verb(match) for match in re.finditer(VERB, text)]


def _verb(match: re.Match[str]) -> Verb:
    return Verb(match.start(), match.end(), match["verb"], STAGES[match["verb"]])


STRONG = frozenset({"续建", "结转续建", "新开工"})
"""Verbs that are said of projects only."""
MAKING = frozenset(
    word for word in STAGES if "产" in word and STAGES[word] == "completed" and word != "投入生产"
)
"""Verbs that are said of works that begin to make something: what stands before them is a works."""
ENDING = frozenset(
    word
    for word in STAGES
    if word.endswith(("竣工", "完工", "开工", "开工建设", "投产", "投用", "通车", "开业"))
)
"""Verbs that end a statement, and no name."""
SIGNED = frozenset({"签约", "签约落地", "签约落户", "落地", "落户"})
"""What is said of an enterprise, a fair or a policy as well as of a project."""
LOOSE = frozenset(
    {
        "加快",
        "推进",
        "推动",
        "实施",
        "组织实施",
        "完成",
        "落地",
        "落户",
        "签约",
        "签约落地",
        "签约落户",
        "新建",
        "上线",
        "深入推进",
        "持续推进",
    }
)
"""Verbs that reports use of much besides projects: alone they make nothing a project."""
