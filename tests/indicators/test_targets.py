"""How the wording of targets and results is read."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.targets import (
    ActualKind,
    Comparator,
    Direction,
    ParsedActual,
    ParsedTarget,
    UnparseableActual,
    UnparseableTarget,
    parse,
    parse_actual,
)

GE, LE, ABOUT = Comparator.GE, Comparator.LE, Comparator.ABOUT
CHANGE, GRADE = Comparator.CHANGE, Comparator.GRADE

# Table 4 of the report, top to bottom: the target's words, how they compare, and the number.
TABLE_4 = [
    ("7", GE, "7"),
    ("8", GE, "8"),
    ("5.5", GE, "5.5"),
    ("16", GE, "16"),
    ("10以上", GE, "10"),
    ("15以上", GE, "15"),
    ("31", GE, "31"),
    ("12", GE, "12"),
    ("6.5", GE, "6.5"),
    ("7", GE, "7"),
    ("15", GE, "15"),
    ("8", GE, "8"),
    ("12.5", GE, "12.5"),
    ("8", GE, "8"),
    ("59", GE, "59"),
    ("3", GE, "3"),
    ("8", GE, "8"),
    ("8", GE, "8"),
    ("较2023年提升0.3个百分点以上", CHANGE, "0.3"),
    ("4.8", GE, "4.8"),
    ("135", GE, "135"),
    ("1300", GE, "1300"),
    ("71", GE, "71"),
    ("20以上", GE, "20"),
    ("340", GE, "340"),
    ("稳定保持II类", GRADE, None),
    ("上级下达任务", Comparator.ASSIGNED, None),
    ("80", GE, "80"),
    ("1500", GE, "1500"),
    ("122.8以上", GE, "122.8"),
    ("50左右", ABOUT, "50"),
    ("7以上", GE, "7"),
    ("7以上", GE, "7"),
    ("0.035以下", LE, "0.035"),
    ("103以内", LE, "103"),
    ("2.5", GE, "2.5"),
    ("5.5以内", LE, "5.5"),
]


def test_table_4_has_thirty_seven_targets() -> None:
    assert len(TABLE_4) == 37


@pytest.mark.parametrize(("text", "comparator", "value"), TABLE_4)
def test_every_target_of_table_4_is_read(
    text: str, comparator: Comparator, value: str | None
) -> None:
    target = parse(text)

    assert target.comparator is comparator
    assert target.value == (None if value is None else Decimal(value))


def test_a_bare_number_is_read_by_what_is_better() -> None:
    assert parse("100", direction=Direction.HIGHER).comparator is GE
    assert parse("100", direction=Direction.LOWER).comparator is LE
    assert parse("100", direction=Direction.NEITHER).comparator is Comparator.EQ


def test_words_of_bound_outweigh_what_is_better() -> None:
    assert parse("100以上", direction=Direction.LOWER).comparator is GE
    assert parse("100以内", direction=Direction.HIGHER).comparator is LE
    assert parse("控制在5.5%", direction=Direction.HIGHER).comparator is LE
    assert parse("提升至86.5%", direction=Direction.LOWER).comparator is GE


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("不低于8%", GE, "8", "%"),
        ("不少于 20 家", GE, "20", "家"),
        ("至少10个", GE, "10", "个"),
        ("超过350亿元", GE, "350", "亿元"),
        ("突破15万户", GE, "15", "万户"),
        ("力争突破4100万吨", GE, "4100", "万吨"),
        ("达到100座以上", GE, "100", "座"),
        ("达到750亿元", GE, "750", "亿元"),
        ("净增15家", GE, "15", "家"),
        ("新增3780个", GE, "3780", "个"),
        ("增长18%以上", GE, "18", "%"),
        ("同比增长18%以上", GE, "18", "%"),
        ("均增长6.5%以上", GE, "6.5", "%"),
        ("45个及以上", GE, "45", "个"),
        ("稳定在95%以上", GE, "95", "%"),
        ("≥8", GE, "8", ""),
        (">=8", GE, "8", ""),
        ("提高到71%", GE, "71", "%"),
        ("不超过3%", LE, "3", "%"),
        ("控制在5.5%以内", LE, "5.5", "%"),
        ("≤5.5％", LE, "5.5", "%"),
        ("5.5%之内", LE, "5.5", "%"),
        ("1个工作日内", LE, "1", "个工作日"),
        ("降至0.4", LE, "0.4", ""),
        ("约50万吨", ABOUT, "50", "万吨"),
        ("50万吨左右", ABOUT, "50", "万吨"),
        ("6%左右", ABOUT, "6", "%"),
        ("控制在3%左右", ABOUT, "3", "%"),
        ("负增长2%以上", LE, "-2", "%"),
        ("增长-2.5%", GE, "-2.5", "%"),
        ("全市前10名", LE, "10", "名"),
        ("不低于全市前10", LE, "10", "名"),
    ],
)
def test_common_wordings_are_read(text: str, comparator: Comparator, value: str, unit: str) -> None:
    assert parse(text) == ParsedTarget(comparator, value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    "text", ["１５００．５以上", "1,500.5以上", "1，500.5 以上", "　1500.5\n以上", "1500.5以上。"]
)
def test_full_width_forms_blanks_and_thousands_separators_change_nothing(text: str) -> None:
    assert parse(text) == ParsedTarget(GE, value=Decimal("1500.5"))


@pytest.mark.parametrize(
    ("text", "value", "unit", "base_year", "bound"),
    [
        ("较2022年提升\n\n0.2个百分点", "0.2", "个百分点", 2022, GE),
        ("较2023年提升0.3个百分点以上", "0.3", "个百分点", 2023, GE),
        ("较２０２３年提升０．３个百分点", "0.3", "个百分点", 2023, GE),
        ("提升0.3个百分点以上", "0.3", "个百分点", None, GE),
        ("0.3个百分点以上", "0.3", "个百分点", None, GE),
        ("较上年提高0.3百分点", "0.3", "个百分点", None, GE),
        ("比2020年增长50%以上", "50", "%", 2020, GE),
        ("较2022年提升0.2个百分点左右", "0.2", "个百分点", 2022, ABOUT),
        ("较2022年下降0.2个百分点", "-0.2", "个百分点", 2022, LE),
        ("较2020年下降14.5%以上", "-14.5", "%", 2020, LE),
        ("下降3%以内", "-3", "%", None, GE),
        ("下降不低于3%", "-3", "%", None, LE),
        ("增加20家", "20", "家", None, GE),
        ("增加20家以下", "20", "家", None, LE),
    ],
)
def test_a_change_has_a_sign_a_base_year_and_a_bound(
    text: str, value: str, unit: str, base_year: int | None, bound: Comparator
) -> None:
    assert parse(text) == ParsedTarget(
        CHANGE, value=Decimal(value), unit=unit, base_year=base_year, bound=bound
    )


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("稳定保持II类", 2),
        ("稳定保持Ⅱ类", 2),
        ("稳定保持ⅱ类", 2),
        ("稳定保持2类", 2),
        ("保持二类", 2),
        ("Ⅱ", 2),
        ("Ⅰ类", 1),
        ("达到Ⅲ类以上", 3),
        ("达到或优于Ⅲ类", 3),
        ("Ⅳ类水质", 4),
        ("V类", 5),
        ("劣Ⅴ类", 6),
    ],
)
def test_grades_are_the_same_however_they_are_written(text: str, grade: int) -> None:
    assert parse(text) == ParsedTarget(GRADE, grade=grade, unit="类")
    assert parse_actual(text).grade == grade


@pytest.mark.parametrize(
    "text", ["上级下达任务", "完成市级下达任务", "按上级下达的目标任务", "市级暂未下达"]
)
def test_a_task_set_elsewhere_is_recognised(text: str) -> None:
    assert parse(text) == ParsedTarget(Comparator.ASSIGNED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "只降不增",
        "持平",
        "实现全覆盖",
        "6-7",
        "6～7",
        "6%-7%",
        "6至7",
        "150万亩、50万吨左右",
        "8以上15以下",
        "不低于8左右",
        "不超过8以上",
        "15以上的水平",
        "下降-3%",
        "提升-0.2个百分点",
        "较2022年0.2",
        "1,50",
        "1.2.3",
        "１０²",
        "٣以上",
        "市级暂未反馈",
        "高于全国平均水平",
        "9" * 30,
        "达到" * 500 + "8",
        "稳定在" * 30 + "！",
    ],
)
def test_unclear_targets_are_refused_with_their_words(text: str) -> None:
    with pytest.raises(UnparseableTarget) as refusal:
        parse(text)

    assert refusal.value.text == text
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("text", "actual"),
    [
        ("6.9", ParsedActual(ActualKind.LEVEL, number=Decimal("6.9"))),
        ("-3", ParsedActual(ActualKind.LEVEL, number=Decimal(-3))),
        ("−3", ParsedActual(ActualKind.LEVEL, number=Decimal(-3))),
        ("1,124万美元", ParsedActual(ActualKind.LEVEL, number=Decimal(1124), unit="万美元")),
        ("15以上", ParsedActual(ActualKind.LEVEL, number=Decimal(15), bound=GE)),
        ("超350家", ParsedActual(ActualKind.LEVEL, number=Decimal(350), unit="家", bound=GE)),
        ("600余条", ParsedActual(ActualKind.LEVEL, number=Decimal(600), unit="条", bound=GE)),
        ("近2万户", ParsedActual(ActualKind.LEVEL, number=Decimal(2), unit="万户", bound=ABOUT)),
        ("达到71%", ParsedActual(ActualKind.LEVEL, number=Decimal(71), unit="%")),
        ("降至5.4%", ParsedActual(ActualKind.LEVEL, number=Decimal("5.4"), unit="%")),
        ("同比增长5.8倍", ParsedActual(ActualKind.GROWTH, number=Decimal("5.8"), unit="倍")),
        ("同比下降2%", ParsedActual(ActualKind.GROWTH, number=Decimal(-2), unit="%")),
        (
            "较2022年提升0.2个百分点",
            ParsedActual(ActualKind.CHANGE, number=Decimal("0.2"), unit="个百分点", base_year=2022),
        ),
        ("稳定保持II类", ParsedActual(ActualKind.GRADE, grade=2, unit="类")),
        ("Ⅱ类以上", ParsedActual(ActualKind.GRADE, grade=2, unit="类", bound=GE)),
        ("全市第8位", ParsedActual(ActualKind.LEVEL, number=Decimal(8), unit="名")),
        ("完成上级下达任务", ParsedActual(ActualKind.FED_BACK, fulfilled=True)),
        ("全面完成年度目标任务", ParsedActual(ActualKind.FED_BACK, fulfilled=True)),
        ("未完成任务", ParsedActual(ActualKind.FED_BACK, fulfilled=False)),
        ("未达标", ParsedActual(ActualKind.FED_BACK, fulfilled=False)),
    ],
)
def test_results_are_read(text: str, actual: ParsedActual) -> None:
    assert parse_actual(text) == actual


@pytest.mark.parametrize(
    "text",
    [
        "市级暂未反馈",
        "暂未反馈",
        "未反馈",
        "市级暂未反馈数据",
        "数据暂未反馈",
        "暂未公布",
        "尚未发布",
        "未核定",
        "暂无数据",
        "待市级反馈",
    ],
)
def test_what_is_not_released_is_recognised(text: str) -> None:
    assert parse_actual(text) == ParsedActual(ActualKind.NOT_RELEASED)


@pytest.mark.parametrize("text", ["", "——", "较好", "6-7", "全面开工", "尚未完成任务", "9" * 30])
def test_unclear_results_are_refused_with_their_words(text: str) -> None:
    with pytest.raises(UnparseableActual) as refusal:
        parse_actual(text)

    assert refusal.value.text == text


numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
FREQUENT = "0123456789.,-+%以上下内左右约较比年提升下降增长个百分点II类在稳定"


units = st.sampled_from(["", "%", "个百分点", "家", "万美元", "万元/人", "亿立方米", "A级"])
suffixes = st.sampled_from([("以上", GE), ("以下", LE), ("以内", LE), ("左右", ABOUT)])


@settings(deadline=None)
@given(number=numbers, unit=units.filter(lambda unit: unit != "个百分点"), suffix=suffixes)
def test_number_unit_and_bound_are_given_back_unchanged(
    number: Decimal, unit: str, suffix: tuple[str, Comparator]
) -> None:
    words, comparator = suffix

    assert parse(f"{number}{unit}{words}") == ParsedTarget(comparator, value=number, unit=unit)


@settings(deadline=None)
@given(number=numbers, unit=units)
def test_separators_blanks_and_full_width_forms_never_change_the_reading(
    number: Decimal, unit: str
) -> None:
    plain = parse(f"{number}{unit}")
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in f"{number}")

    assert parse(f"{number:,}{unit}") == plain
    assert parse(f" {number}　{unit}\n") == plain
    assert parse(f"{wide}{unit}") == plain


@settings(deadline=None)
@given(
    number=numbers.filter(lambda number: number > 0),
    year=st.integers(min_value=1949, max_value=2099),
    suffix=st.sampled_from(["", "以上", "以内"]),
)
def test_a_fall_is_the_mirror_image_of_a_rise(number: Decimal, year: int, suffix: str) -> None:
    rise = parse(f"较{year}年提升{number}个百分点{suffix}")
    fall = parse(f"较{year}年下降{number}个百分点{suffix}")
    mirrored = {GE: LE, LE: GE}

    assert rise.value is not None
    assert rise.bound is not None
    assert fall.value == -rise.value
    assert fall.bound is mirrored[rise.bound]
    assert fall.base_year == rise.base_year == year


@settings(deadline=None)
@given(st.text() | st.text(alphabet=FREQUENT))
def test_any_words_are_either_read_or_refused(text: str) -> None:
    for read, refusal in ((parse, UnparseableTarget), (parse_actual, UnparseableActual)):
        try:
            read(text)
        except refusal as refused:
            assert refused.text == text  # noqa: PT017 - both outcomes are right
