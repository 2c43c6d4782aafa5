"""Reads the wording of a target, or of what was achieved, into numbers, bounds and grades."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way an indicator is better: it decides how a bare number is read."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Comparator(StrEnum):
    """How a target is to be compared with what was achieved."""

    GE = "ge"
    LE = "le"
    ABOUT = "about"
    CHANGE = "change"
    GRADE = "grade"
    ASSIGNED = "assigned"
    EQ = "eq"


class ActualKind(StrEnum):
    """What sort of statement a result is."""

    LEVEL = "level"
    GROWTH = "growth"
    CHANGE = "change"
    GRADE = "grade"
    FED_BACK = "fed_back"
    NOT_RELEASED = "not_released"


@dataclass(frozen=True, slots=True)
class ParsedTarget:
    """A target as its words give it.

    `value` is in `unit`, which is empty when the words name none (the indicator's own unit then
    holds). For a change the sign of `value` is its direction, `base_year` the year it starts from
    (None for "last year" or when unsaid) and `bound` says whether at least, at most or about so
    much is meant, on the signed value: a fall of 3 or more is -3 with `le`. `grade` is 1 for
    class I, the best, to 5 for class V and 6 for 劣V.
    """

    comparator: Comparator
    value: Decimal | None = None
    unit: str = ""
    base_year: int | None = None
    grade: int | None = None
    bound: Comparator | None = None


@dataclass(frozen=True, slots=True)
class ParsedActual:
    """A result as its words give it.

    `bound` is set when the result is itself only a bound ("15以上" is `ge`, for a grade "that class
    or better"). A growth is a rate over the same time last year, in `unit`; a change is a
    movement of the level. `fulfilled` belongs to a task set elsewhere that was fed back as done
    or not done.
    """

    kind: ActualKind
    number: Decimal | None = None
    unit: str = ""
    bound: Comparator | None = None
    base_year: int | None = None
    grade: int | None = None
    fulfilled: bool | None = None


class UnparseableTarget(ValueError):
    """The wording is no form of target known here; `text` keeps it."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a known form of target: {text!r}")
        self.text = text


class UnparseableActual(ValueError):
    """The wording is no form of result known here; `text` keeps it."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a known form of result: {text!r}")
        self.text = text


POINTS = "个百分点"
LONGEST_TEXT = 100

# Full-width ASCII, Roman numeral signs, and the other shapes of minus and percent. Unicode's own
# compatibility folding is too much here: it would read 10² as 102.
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_ROMAN = dict(enumerate(("I", "II", "III", "IV", "V"), start=0x2160)) | dict(
    enumerate(("I", "II", "III", "IV", "V"), start=0x2170)
)
_SHAPES = {**_FULL_WIDTH, **_ROMAN, 0x2212: "-", 0xFE6A: "%"}
_INVISIBLE = re.compile(r"[\s\u200b\ufeff]+")

_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,10})?"
# A unit is a short run of letters without the words that bound, compare or join.
_NO_UNIT = "以左右上下内外或及且和的不较比于至到为在超约近余多增降减"
_UNIT = (
    r"%|‰|个?百分点"
    rf"|(?![/·²³])(?:(?![{_NO_UNIT}])[A-Za-z\u4e00-\u9fff/·²³㎡]){{1,12}}"
)
_LEAD = (
    r"力争|确保|预计|计划|全年|年均|累计|实现|完成|达到|达|总量|净增|新增|稳定|保持|维持|为|在"
    r"|增速|增幅|涨幅|均"
)

_QUANTITY = re.compile(
    rf"""
    (?:{_LEAD})*
    (?:
      (?:
        (?:较|比)(?:(?P<base_year>[0-9]{{4}})年|上年度?|去年|上一年)(?:末|底|同期)?
        | (?P<on_year>同比)
      )?
      (?:
        (?P<up_to>(?:提升|提高|上升|增加|增长|扩大)[至到]|[增升][至到])
        | (?P<down_to>(?:下降|降低|减少|压减|回落)[至到]|[降减][至到])
        | (?P<hold>(?:控制|限制)在)
        | (?P<shrink>负增长)
        | (?P<grow>增长|上涨)
        | (?P<rise>提升|提高|上升|增加|扩大)
        | (?P<fall>下降|降低|减少|压减|回落)
      )
      (?:达到|达)?
    )?
    (?:
      (?P<at_least>不低于|不少于|不小于|不得低于|至少|高于|大于|超过|超出|超|突破|≥|≧|⩾|>=|>)
      | (?P<at_most>不超过|不高于|不大于|不多于|不得超过|至多|低于|小于|少于|≤|≦|⩽|<=|<)
      | (?P<roughly>大约|约为|约|近|≈)
    )?
    (?P<number>{_NUMBER})
    (?P<and_some>[余多])?
    (?P<unit>(?:{_UNIT})?)
    (?:
      (?P<or_more>[及或]?以上)
      | (?P<or_less>[及或]?以下|[以之]?内)
      | (?P<or_so>左右|上下)
    )?
    """,
    re.VERBOSE,
)

_GRADE = re.compile(
    r"(?:力争|确保|水质|总体|稳定|持续|保持|(?P<or_better>达到或优于|不低于|不劣于)|达到|达|在|为)*"
    r"(?:(?P<roman>劣V|IV|V|I{1,3})类?|(?P<digit>[1-5一二三四五])类)(?:水质|标准|水体|水域)?"
    r"(?P<and_above>[及或]?以上)?",
    re.IGNORECASE,
)
# GB 3838-2002 knows five classes of surface water, I the best; worse than V is called 劣V.
_GRADES = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "劣V": 6}
_GRADES |= {str(grade): grade for grade in range(1, 6)}
_GRADES |= {sign: grade for grade, sign in enumerate("一二三四五", start=1)}

# A place among the first so many, the first being 1: 全市前10名, 全市第8位.
_RANK = re.compile(
    r"(?:力争|确保|进入|位居|居|列|排名|保持|稳定|在|不低于)*(?:全国|全省|全市|全区)?"
    r"(?:(?P<among>前)|第)(?P<rank>[0-9]{1,4})[名位]?"
)

_ABOVE = r"(?:上级|国家级|国家|省级|省|市级|市)"
_ASSIGNED = re.compile(
    rf"(?:按照|按|完成|达到)?{_ABOVE}下达的?(?:任务|目标|指标)(?:任务|要求|数)?"
    rf"|{_ABOVE}?(?:暂|尚|还)?未下达(?:任务|目标|指标)?"
    rf"|待{_ABOVE}下达"
)
_NOT_RELEASED = re.compile(
    rf"(?:数据|结果)?(?:{_ABOVE}|统计部门)?(?:数据|结果)?(?:暂|尚|还|仍)?未"
    r"(?:反馈|公布|发布|核定|核算|提供|通报)(?:数据|结果)?"
    r"|暂无(?:数据|反馈)?"
    rf"|待{_ABOVE}?(?:反馈|公布|发布|核定)"
)
_FED_BACK = re.compile(
    r"(?:(?P<failed>未|没有)|(?:已|全面|超额|圆满){0,2})"
    rf"(?:完成|达到)(?:{_ABOVE}(?:下达|考核)?的?)?(?:年度)?(?:任务|目标|指标|要求)(?:任务|要求)?"
    r"|(?P<short>未|不)?达标"
    r"|已完成|(?P<undone>未完成)"
)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """One number with the words around it; `bound` and `number` already carry a fall's sign."""

    number: Decimal
    unit: str
    bound: Comparator | None
    lean: Comparator | None
    kind: ActualKind
    base_year: int | None


def tidy(text: str) -> str:
    """The text without blanks, with full-width forms, Roman numeral signs and minus made plain."""
    return _INVISIBLE.sub("", text).translate(_SHAPES).rstrip("。;,")


def _bound(match: re.Match[str]) -> tuple[Comparator | None, bool]:
    """The bound that the words set, and whether those before and after the number agree."""
    before, after = (
        next((bound for group, bound in groups.items() if match[group]), None)
        for groups in (
            {
                "at_least": Comparator.GE,
                "at_most": Comparator.LE,
                "roughly": Comparator.ABOUT,
            },
            {
                "or_more": Comparator.GE,
                "or_less": Comparator.LE,
                "or_so": Comparator.ABOUT,
                "and_some": Comparator.GE,
            },
        )
    )
    return before or after, before is None or after is None or before is after


def _turned(bound: Comparator | None) -> Comparator | None:
    """The bound on the signed number: to fall by at least 3 is to change by at most -3."""
    if bound is Comparator.GE:
        return Comparator.LE
    return Comparator.GE if bound is Comparator.LE else bound


def _kind(match: re.Match[str], unit: str) -> ActualKind:
    if match["up_to"] or match["down_to"] or match["hold"]:
        return ActualKind.LEVEL
    if unit == POINTS:
        return ActualKind.CHANGE
    if match["grow"] or match["shrink"] or (match["on_year"] and unit == "%"):
        return ActualKind.CHANGE if match["base_year"] else ActualKind.GROWTH
    if match["rise"] or match["fall"]:
        return ActualKind.CHANGE
    return ActualKind.LEVEL


def _read_quantity(words: str) -> _Quantity | None:
    match = _QUANTITY.fullmatch(words)
    if match is None:
        return None
    bound, agree = _bound(match)
    falling = bool(match["fall"] or match["shrink"])
    signed = match["number"].startswith(("+", "-"))
    if not agree or (signed and (falling or match["rise"])):
        return None
    number = Decimal(match["number"].replace(",", ""))
    if falling:
        number = -number
        bound = _turned(bound)
    unit = POINTS if match["unit"] == "百分点" else match["unit"]
    lean = Comparator.GE if match["up_to"] else None
    if match["down_to"] or match["hold"]:
        lean = Comparator.LE
    base_year = int(match["base_year"]) if match["base_year"] else None
    return _Quantity(number, unit, bound, lean, _kind(match, unit), base_year)


def _read_grade(words: str) -> tuple[int, Comparator | None] | None:
    match = _GRADE.fullmatch(words)
    if match is None:
        return None
    bound = Comparator.GE if match["or_better"] or match["and_above"] else None
    return _GRADES[(match["roman"] or match["digit"]).upper()], bound


def _read_rank(words: str) -> tuple[Decimal, bool] | None:
    """A place and whether it is only known to be among the first so many."""
    match = _RANK.fullmatch(words)
    return None if match is None else (Decimal(match["rank"]), match["among"] is not None)


def parse(text: str, *, direction: Direction = Direction.HIGHER) -> ParsedTarget:
    """Read a target's wording, as Chinese development plans write it.

    A bare number means at least so much where higher is better, at most where lower is better
    and exactly so much where neither is. 以上, 不低于, 超过 and 突破 are at least; 以下, 以内
    and 不超过 at most: reaching the bound meets it. 左右 and 约 are "about".
    较X年提升…个百分点 and 提升, 下降, 增加, 减少 are a change, 增长 a rate. 稳定保持II类 is a
    grade, 上级下达任务 is assigned elsewhere, 全市前10名 is a place of at most 10. A range such
    as 6-7 is refused, for it does not say whether more than its top is welcome. The forms are
    those of tables 1 and 4 and of part three of Wanzhou's report to its congress in 2024.

    Raises UnparseableTarget when the words are none of these, or contradict themselves.
    """
    words = tidy(text)
    if len(words) > LONGEST_TEXT:
        raise UnparseableTarget(text)
    if _ASSIGNED.fullmatch(words):
        return ParsedTarget(Comparator.ASSIGNED)
    grade = _read_grade(words)
    if grade is not None:
        return ParsedTarget(Comparator.GRADE, grade=grade[0], unit="类")
    rank = _read_rank(words)
    if rank is not None:
        return ParsedTarget(Comparator.LE, value=rank[0], unit="名")
    quantity = _read_quantity(words)
    if quantity is None:
        raise UnparseableTarget(text)
    if quantity.kind is ActualKind.CHANGE:
        return ParsedTarget(
            Comparator.CHANGE,
            value=quantity.number,
            unit=quantity.unit,
            base_year=quantity.base_year,
            bound=quantity.bound or default_bound(quantity.number),
        )
    bare = {
        Direction.HIGHER: Comparator.GE,
        Direction.LOWER: Comparator.LE,
        Direction.NEITHER: Comparator.EQ,
    }[direction]
    return ParsedTarget(
        quantity.bound or quantity.lean or bare, value=quantity.number, unit=quantity.unit
    )


def default_bound(change: Decimal) -> Comparator:
    """A promised rise is met by at least so much, a promised fall by falling at least so far."""
    return Comparator.LE if change < 0 else Comparator.GE


def parse_actual(text: str) -> ParsedActual:
    """Read a result's wording: a number, a bound, a change, a grade, or that none is released.

    15以上 is a level of which only a lower bound is known. 增长5.1% and 同比下降2% are growth
    (the second negative); 较2022年提升0.2个百分点 is a change. 市级暂未反馈 and 暂未公布 are
    not released; 完成上级下达任务 and 未完成任务 feed back a task that was set elsewhere.

    Raises UnparseableActual when the words are none of these; blank words are not a result either.
    """
    words = tidy(text)
    if len(words) > LONGEST_TEXT:
        raise UnparseableActual(text)
    if _NOT_RELEASED.fullmatch(words):
        return ParsedActual(ActualKind.NOT_RELEASED)
    fed_back = _FED_BACK.fullmatch(words)
    if fed_back is not None:
        failed = fed_back["failed"] or fed_back["short"] or fed_back["undone"]
        return ParsedActual(ActualKind.FED_BACK, fulfilled=not failed)
    grade = _read_grade(words)
    if grade is not None:
        return ParsedActual(ActualKind.GRADE, grade=grade[0], unit="类", bound=grade[1])
    rank = _read_rank(words)
    if rank is not None:
        among = Comparator.LE if rank[1] else None
        return ParsedActual(ActualKind.LEVEL, number=rank[0], unit="名", bound=among)
    quantity = _read_quantity(words)
    if quantity is None:
        raise UnparseableActual(text)
    return ParsedActual(
        quantity.kind,
        number=quantity.number,
        unit=quantity.unit,
        bound=quantity.bound,
        base_year=quantity.base_year,
    )
