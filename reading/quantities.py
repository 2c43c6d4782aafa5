"""Numbers with their units in canonical text, and what bounds them: 45个以上, 近230科次, 突破15万户."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,12}(?:\.[0-9]{1,8})?"
_MONEY = r"(?:美元|欧元|日元|港元|人民币|元)"
_SCALE = r"(?:万亿|千亿|百亿|亿|千万|百万|万|千|百)?"
_COUNTED = (
    r"人次|户次|家次|车次|科次|班次|航次|条次(?!级)|剂次|场次|架次|辆次|批次|件次|个?百分点|人|户|家|个(?!月)|项|件|座|条|处|所|宗"
    r"|头|只|羽|尾|套|台|辆|架|部|名|位|场|次|张|床|间|栋|幢|株|棵|村|艘|班|笔|款|份|批|对|支|块|副|盏|盘|孔|眼"
    r"|口|片|类|期|届|篇|册|本|幅|顶|天|小时|列|趟|标箱|TEU|标准箱|标台|平方公里|平方千米|平方米|平米|㎡|公里|千米|立方米|立方|方|米|亩|公顷"
    r"|吨标准煤|吨标煤|吨|公斤|千克|斤|千瓦时|兆瓦时|千瓦|兆瓦|度电|度|千伏安|千伏|兆伏安|倍|成|元/吨|元/亩|元/人"
)
_QUANTITY = re.compile(
    rf"""
    (?<![0-9A-Za-z.,第\-—～~表图])(?<!专栏)(?<!附件)
    (?P<before>不低于|不少于|不小于|至少|高于|超过|超出|突破|超|≥|不超过|不高于|低于|小于|≤|约为|大约|约|近)?
    (?P<number>{_NUMBER})
    (?P<some>[余多])?
    (?P<unit>%|‰|{_SCALE}{_MONEY}|{_SCALE}(?:{_COUNTED}))
    (?P<ranked>级)?
    (?P<tail>[余多])?
    (?P<after>[及或]?以上|[及或]?以下|[以之]内|左右|上下)?
    """,
    re.VERBOSE,
)
_AT_LEAST = {"不低于", "不少于", "不小于", "至少", "高于", "超过", "超出", "突破", "超", "≥"}
_AT_MOST = {"不超过", "不高于", "低于", "小于", "≤"}
_IS_MONEY = re.compile(rf"{_SCALE}{_MONEY}$")
SCALES = {
    "万亿": Decimal(10) ** 12,
    "千亿": Decimal(10) ** 11,
    "百亿": Decimal(10) ** 10,
    "亿": Decimal(10) ** 8,
    "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6,
    "万": Decimal(10) ** 4,
    "千": Decimal(10) ** 3,
    "百": Decimal(10) ** 2,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at a place of the text.

    `comparator` is "ge", "le", "about", or "eq" where nothing bounds the number.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    comparator: str

    @property
    def is_money(self) -> bool:
        """Whether the unit is one of money."""
        return _IS_MONEY.match(self.unit) is not None

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage, a multiple or a difference of percentages."""
        return self.unit in {"%", "‰", "倍", "成", "个百分点", "百分点"}


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of canonical text, in their order; "50亿元级" is a class and none."""
    for match in _QUANTITY.finditer(text):
        if match["ranked"]:
            continue
        unit = match["unit"]
        yield Quantity(
            match.start(),
            match.end(),
            decimal(match["number"]),
            "个百分点" if unit == "百分点" else unit,
            _comparator(match),
        )


def decimal(number: str) -> Decimal:
    """The value of a number in digits, with or without thousands separators."""
    return Decimal(number.replace(",", ""))


def wan(value: Decimal, unit: str) -> Decimal | None:
    """Money in 万元; None where the unit is not one of yuan."""
    if not unit.endswith("元") or unit.endswith(("美元", "欧元", "日元", "港元")):
        return None
    scale = SCALES.get(unit.removesuffix("元"), Decimal(1) if unit == "元" else None)
    return None if scale is None else (value * scale / Decimal(10) ** 4).normalize() + 0


def _comparator(match: re.Match[str]) -> str:
    before, after = match["before"] or "", match["after"] or ""
    if after.endswith("以上") or before in _AT_LEAST or match["some"] or match["tail"]:
        return "ge"
    if after.endswith(("以下", "内")) or before in _AT_MOST:
        return "le"
    if after or before:
        return "about"
    return "eq"
