"""Lists of projects' names in a clause: where each begins and ends, and what stands behind them."""

import re
from dataclasses import dataclass

OPEN, CLOSE = "（“《「【", "）”》」】"
LONGEST_NAME = 70
_COUNTER = r"(?:个|项|座|条|处|所|家|件)"
_COUNT_TAIL = re.compile(rf"(?:共|计|合计)?[0-9]+余?多?{_COUNTER}(?:以上|左右|以内|以下)?$")
_COUNTED_PROJECTS = re.compile(
    rf"(?:这|共|计)?[0-9]+余?{_COUNTER}(?P<qualifier>[^、，；：等0-9]{{0,8}})(?:项目|工程)$"
)
_WORK_TAIL = re.compile(
    r"(?:的)?(?P<work>建设|实施|(?:加快|开展|做好|推进)?前期(?:工作)?|落地|工作|进度|进程|步伐)$"
)
_ETC = re.compile(
    rf"(?P<etc>等)(?P<count>[0-9]+余?{_COUNTER})?(?P<qualifier>[^、，；：等]{{0,18}}?)(?P<kind>项目|工程)$"
)
_ETC_COUNTED = re.compile(rf"等(?P<count>[0-9]+余?{_COUNTER})(?P<qualifier>[^、，；：等]{{0,24}})$")
_ETC_BARE = re.compile(r"等$")
_ETC_NOUN = re.compile(r"等(?P<qualifier>[^、，；：等0-9]{1,16})$")
_PHASE = re.compile(r"（?[一二三四五六七八九十0-9IⅠⅡⅢ]{1,3}[期标]段?(?:工程|项目)?）?")
_WORK = re.compile(
    r"(?:工程|改造|整治|扩建|改扩建|迁建|新建|技改|扩容|提标|提质|升级|提升|修复|治理|搬迁|迁移|加固|改建|续建|配套)(?:（[^（）]{1,20}）)?$"
)
_FACILITY = re.compile(
    r"(?:园区?|小区|片区|校区|院区|景区|街区|社区|产业区|中心|水库|水厂|厂房?|电站|站|泵站|路|公路|大道|快速路|连接道|匝道|桥|大桥"
    r"|隧道|通道|楼|大楼|航站楼|馆|院|剧院|剧场|医院|学校|小学|中学|幼儿园|学院|大学|公园|游园|广场|基地|工程|码头|港|港区|作业区"
    r"|高速|铁路|高铁|轨道|机场|仓库?|建仓|平台|大厦|综合体|酒店|市场|管网|管线|风电场|光伏|电场|生产线|车间|总部|枢纽|书房"
    r"|[A-Z]区|加速器|孵化器|谷|系统|设施|水源|渠系|干渠|灌区|水电站|堤防?|互通|立交|段|线|街|[一二三四五六七八九十]期|期）|场地?|项目|工程|城)"
    r"(?:（[^（）]{1,20}）)?$"
)
_GENERIC = re.compile(
    r"(?:一批|各类|重点|重大|市级|区级|县级|省级|国家级|在建|续建|新建|新开工|储备|投资|建设|产业|工业|基础设施|民生|政府|社会|招商"
    r"|引进|签约|前期|年度|全市|全区|全县|竣工|专项|债券|实事|相关|其他|现有|的|和|及|、|主要|支撑性|标志性|优质|省市|上级|计划|全部|所有)*"
    r"(?:项目|工程|建设|设施|平台|工作|平台建设|体系建设)?"
)
_NO_NAME = re.compile(
    r"[，。；：？！]|^(?:了|的|对|在|以|为|与|和|及|其|其中|并|从|按|因|由|使|把|将|使得|不|更|最|加快|推动|推进|加强|强化|深化|实施|开展|完成|实现|力争|确保"
    r"|建立|建设|积极|全力|大力|支持|鼓励|围绕|聚焦|坚持|落实|做好|进一步|持续|谋划|启动|新增|新建|累计|同比|增长|全面|同步|协同|带动|促进|提升)$"
    r"|^(?:并在|并将|使得|从而|以及|通过|根据|按照|对于|关于|由于|虽然|但是|而且|聚焦|深化|建立|完善|健全|强化|围绕|优化|支持|鼓励|探索|落实|争取|争创)"
    r"|(?:分别|同比|增长|达到|突破|亿元以上|力争|确保|较上年)"
)
_NO_WORK = re.compile(
    r"(?:战略|政策|领域|行动|举措|措施|改革|机制|服务|活动|事项|体系|标准|任务|方面|规划|问题|经济|业态|产业|品牌|政策工具|计划|方案|试点|文件)$"
)
_COUNTED = re.compile(
    rf"^(?:[^0-9]{{0,8}})?[0-9]+余?多?{_COUNTER}[^级]|^[一二三四五六七八九十]{{1,3}}(?:个?方面|件|项|大类)"
)


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name's place in the clause."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameList:
    """Names of a clause, and the words behind them."""

    names: tuple[NameSpan, ...]
    says_project: bool
    """Whether the list is closed by 项目 or 工程: what it names are then projects for sure."""
    is_open: bool
    """Whether 等 says that there are others."""
    work: str = ""
    """建设, 前期工作 … behind the list."""
    qualifier: str = ""
    """What the words behind 等 call them."""
    is_counted: bool = False
    """Whether a number of them stands behind (口袋公园5个)."""
    lone_phases: tuple[NameSpan, ...] = ()
    """Pieces that are only a phase (二期): whose, the list does not repeat."""


def split_names(text: str, start: int = 0, marks: str = "、") -> list[NameSpan]:
    """The pieces between the marks that stand in no bracket or quotation, without blanks around."""
    found = []
    depth = 0
    begin = 0
    is_balanced = all(text.count(a) == text.count(b) for a, b in zip(OPEN, CLOSE, strict=True))
    for place, sign in enumerate(text):
        if sign in OPEN and is_balanced:
            depth += 1
        elif sign in CLOSE:
            depth = max(0, depth - 1)
        elif sign in marks and not depth:
            found.append((begin, place))
            begin = place + 1
    found.append((begin, len(text)))
    spans = []
    for first, last in found:
        piece = text[first:last]
        lead = len(piece) - len(piece.lstrip())
        end = first + len(piece.rstrip())
        if first + lead < end:
            spans.append(NameSpan(start + first + lead, start + end))
    return spans


def name_list(text: str) -> NameList:
    """The names in the list that the canonical text is: A、B、C等12个重点项目建设."""
    end = len(text.rstrip())
    match = _COUNT_TAIL.search(text, 0, end)
    is_counted = match is not None and match.start() > 0
    if match and is_counted:
        end = match.start()
    work = ""
    match = _WORK_TAIL.search(text, 0, end)
    if (match and re.search(r"(?:项目|工程|等)$", text[: match.start()])) or (
        match and "前期" in match["work"]
    ):
        work, end = match["work"], match.start()
    says_project = is_open = False
    qualifier = ""
    for pattern in (_ETC, _ETC_COUNTED, _ETC_BARE):
        match = pattern.search(text, 0, end)
        if match:
            is_open = True
            says_project = pattern is _ETC or (
                pattern is _ETC_COUNTED and "项目" in match["qualifier"]
            )
            end = match.start()
            qualifier = match["qualifier"] if pattern is not _ETC_BARE else ""
            break
    else:
        says_project = text[:end].endswith(("项目", "工程"))
        match = _ETC_NOUN.search(text, 0, end)
        if (
            match
            and "、" in text[: match.start()]
            and len(text[: match.start()].split("、")[-1]) >= 2
        ):
            # A、B等中小企业聚集区: what they are is said once, behind them
            is_open = True
            qualifier = match["qualifier"]
            end = match.start()
    counted = _COUNTED_PROJECTS.search(text, 0, end)
    if not is_open and counted and "、" in text[: counted.start()]:
        # A、B、C3个项目: all of them are named
        says_project, end = True, counted.start()
    spans = split_names(text[:end])
    phases = tuple(span for span in spans if _PHASE.fullmatch(text[span.start : span.end]))
    names = tuple(span for span in spans if span not in phases)
    return NameList(names, says_project, is_open, work, qualifier, is_counted, phases)


def is_name(text: str) -> bool:
    """Whether canonical text can be a project's name at all."""
    if not 2 <= len(text) <= LONGEST_NAME or _GENERIC.fullmatch(text):
        return False
    if (
        _NO_NAME.search(text)
        or text.count("（") != text.count("）")
        or text.count("“") != text.count("”")
    ):
        return False
    return not _COUNTED.match(text) and re.search(r"[\u4e00-\u9fffA-Za-z]{2}", text) is not None


def is_no_work(qualifier: str) -> bool:
    """Whether what a list's members are called says that nothing is built: 等国家重大战略."""
    return _NO_WORK.search(qualifier) is not None


def is_facility(text: str) -> bool:
    """Whether canonical text ends like the name of something that is built."""
    return _FACILITY.search(text) is not None


def is_work(text: str) -> bool:
    """Whether canonical text ends like the name of works done on something."""
    return _WORK.search(text) is not None


def has_phase(text: str) -> bool:
    """Whether the name says which phase it is."""
    return re.search(r"[一二三四五六七八九十0-9]期|[一二三四五六七八九十]标段", text) is not None
