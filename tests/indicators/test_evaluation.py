"""How results are judged against targets, and how verdicts are counted."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.evaluation import (
    DEFAULT_TOLERANCE,
    JudgedRow,
    Judgement,
    Reason,
    Verdict,
    judge,
    judge_words,
    tally,
)
from indicators.targets import (
    ActualKind,
    Comparator,
    Direction,
    ParsedActual,
    ParsedTarget,
    parse,
    parse_actual,
)

HIGHER, LOWER, NEITHER = Direction.HIGHER, Direction.LOWER, Direction.NEITHER

# Table 1 of the report: name, unit, target, result, * (binding), # (sub-indicator).
TABLE_1 = [
    ("地区生产总值增速", "%", "6.5以上", "6.9", ""),
    ("人均地区生产总值", "万元", "7.4", "7.5", ""),
    ("战略性新兴产业增加值增速", "%", "10", "市级暂未反馈", ""),
    ("数字经济增加值增速", "%", "15以上", "15以上", ""),
    ("规上工业全员劳动生产率", "万元/人", "29", "30", ""),
    ("固定资产投资增速", "%", "11", "11.6", ""),
    ("文化产业增加值增速", "%", "6", "7", ""),
    ("社会消费品零售总额增速", "%", "7", "7.4", ""),
    ("新登记市场主体增速", "%", "10", "14.3", ""),
    ("一般公共预算收入增速", "%", "8", "9.5", ""),
    ("税收收入增速", "%", "15", "17.2", "#"),
    ("R&D占GDP比重", "%", "较2022年提升0.2个百分点", "较2022年提升0.2个百分点", ""),
    ("万人发明专利拥有量", "件", "3.8", "4.28", ""),
    ("高新技术企业数量", "家", "110", "125", ""),
    ("常住人口城镇化率", "%", "70.4", "70.4", ""),
    ("空气质量优良天数", "天", "340以上", "336", "*"),
    ("长江干流水质", "", "稳定保持II类", "稳定保持II类", "*"),
    ("森林覆盖率", "%", "56.8", "56.8", ""),
    ("节能减排降碳", "", "上级下达任务", "市级暂未反馈", "*"),
    ("进出口总额", "亿元", "60", "73.1", ""),
    ("实际使用外资", "万美元", "1500", "1124", ""),
    ("全体居民人均可支配收入增速", "%", "6.5以上", "5.1", ""),
    ("农村居民人均可支配收入增速", "%", "8左右", "7.8", "#"),
    ("每亿元地区生产总值生产安全事故死亡人数", "", "0.035以下", "0.012", "*"),
    ("居民消费价格指数", "%", "103以内", "99.7", ""),
    ("城镇新增就业", "万人", "2.5以上", "2.8", ""),
    ("城镇调查失业率", "%", "5.5以内", "5.4", ""),
]


def judged(target: str, actual: str, unit: str = "", direction: Direction = HIGHER) -> Judgement:
    return judge_words(target, actual, unit=unit, direction=direction)


def table_1() -> list[JudgedRow]:
    return [
        JudgedRow(
            code=name,
            judgement=judged(target, actual, unit),
            counts_in_total=mark != "#",
            binding=mark == "*",
        )
        for name, unit, target, actual, mark in TABLE_1
    ]


def test_table_1_gives_the_count_sentence_of_the_report() -> None:
    result = tally(table_1())

    assert (result.total, result.pending, result.remaining) == (25, 2, 23)
    assert (result.met, result.below, result.unjudged) == (20, 3, 0)
    assert [row.code for row in result.pending_rows] == ["战略性新兴产业增加值增速", "节能减排降碳"]


def test_table_1_gives_the_three_gaps_of_the_report() -> None:
    gaps = [
        (row.code, row.judgement.gap, row.judgement.gap_unit, row.judgement.shortfall)
        for row in tally(table_1()).below_rows
    ]

    assert gaps == [
        ("空气质量优良天数", Decimal(-4), "天", Decimal(4)),
        ("实际使用外资", Decimal(-376), "万美元", Decimal(376)),
        ("全体居民人均可支配收入增速", Decimal("-1.4"), "个百分点", Decimal("1.4")),
    ]


def test_a_missed_binding_target_is_flagged() -> None:
    assert [row.code for row in tally(table_1()).missed_binding_rows] == ["空气质量优良天数"]


def test_sub_indicators_are_judged_and_not_counted() -> None:
    parts = {row.code: row.judgement for row in table_1() if not row.counts_in_total}

    assert {code: part.verdict for code, part in parts.items()} == {
        "税收收入增速": Verdict.MET,
        "农村居民人均可支配收入增速": Verdict.MET,
    }
    assert parts["农村居民人均可支配收入增速"].reason is Reason.WITHIN_TOLERANCE
    assert parts["农村居民人均可支配收入增速"].gap == Decimal("-0.2")


@pytest.mark.parametrize(
    ("target", "actual", "unit", "verdict", "gap", "gap_unit"),
    [
        ("340以上", "340", "天", Verdict.MET, "0", "天"),
        ("340以上", "336", "天", Verdict.BELOW, "-4", "天"),
        ("5.5以内", "5.5", "%", Verdict.MET, "0", "个百分点"),
        ("5.5以内", "5.6", "%", Verdict.BELOW, "0.1", "个百分点"),
        ("15以上", "15以上", "%", Verdict.MET, "0", "个百分点"),
        ("14以上", "15以上", "%", Verdict.MET, "1", "个百分点"),
        ("10以内", "15以上", "%", Verdict.BELOW, "5", "个百分点"),
        ("15以上", "14以下", "%", Verdict.BELOW, "-1", "个百分点"),
        ("8%", "增长5.1%", "%", Verdict.BELOW, "-2.9", "个百分点"),
        ("8", "同比下降2%", "%", Verdict.BELOW, "-10", "个百分点"),
        ("下降3%以上", "同比下降3.2%", "", Verdict.MET, "-0.2", "个百分点"),
        ("下降3%以上", "下降2.5%", "", Verdict.BELOW, "0.5", "个百分点"),
        ("较2022年提升0.2个百分点", "提升0.1个百分点", "%", Verdict.BELOW, "-0.1", "个百分点"),
        ("增加20家", "增加18家", "家", Verdict.BELOW, "-2", "家"),
        ("稳定保持II类", "Ⅱ类", "", Verdict.MET, "0", "类"),
        ("稳定保持II类", "Ⅰ类", "", Verdict.MET, "-1", "类"),
        ("稳定保持II类", "Ⅲ类", "", Verdict.BELOW, "1", "类"),
        ("稳定保持II类", "Ⅱ类以上", "", Verdict.MET, "0", "类"),
        ("12000万元", "1.3亿元", "万元", Verdict.MET, "1000", "万元"),
        ("1亿元以上", "9000", "万元", Verdict.BELOW, "-1000", "万元"),
        ("全市前10名", "全市第12位", "", Verdict.BELOW, "2", "名"),
    ],
)
def test_verdict_and_signed_gap(
    target: str, actual: str, unit: str, verdict: Verdict, gap: str, gap_unit: str
) -> None:
    judgement = judged(target, actual, unit)

    assert (judgement.verdict, judgement.gap, judgement.gap_unit) == (
        verdict,
        Decimal(gap),
        gap_unit,
    )


@pytest.mark.parametrize(
    ("target", "actual", "unit", "reason"),
    [
        ("16以上", "15以上", "%", Reason.ACTUAL_TOO_VAGUE),
        ("15以内", "15以上", "%", Reason.ACTUAL_TOO_VAGUE),
        ("I类", "II类以上", "", Reason.ACTUAL_TOO_VAGUE),
        ("7", "6.9左右", "%", Reason.ACTUAL_TOO_VAGUE),
        ("只降不增", "3", "%", Reason.TARGET_UNREADABLE),
        ("只降不增", "", "%", Reason.TARGET_UNREADABLE),
        ("7", "较好", "%", Reason.ACTUAL_UNREADABLE),
        ("只降不增", "较好", "%", Reason.TARGET_UNREADABLE),
        ("7", "Ⅱ类", "%", Reason.KINDS_DIFFER),
        ("稳定保持II类", "2.5", "", Reason.KINDS_DIFFER),
        ("较2022年提升0.2个百分点", "2.1", "%", Reason.KINDS_DIFFER),
        ("5.5以内", "下降0.2个百分点", "%", Reason.KINDS_DIFFER),
        ("7", "完成目标任务", "%", Reason.KINDS_DIFFER),
        ("上级下达任务", "3.2", "%", Reason.KINDS_DIFFER),
        ("60", "增长5%", "亿元", Reason.UNITS_DIFFER),
        ("60亿元", "60亿美元", "", Reason.UNITS_DIFFER),
        ("下降3%", "下降3个百分点", "%", Reason.UNITS_DIFFER),
        ("较2022年提升0.2个百分点", "较2021年提升0.2个百分点", "%", Reason.BASE_YEARS_DIFFER),
        ("较2020年下降14%", "同比下降3%", "", Reason.BASE_YEARS_DIFFER),
    ],
)
def test_what_cannot_be_compared_is_unjudged_with_its_reason(
    target: str, actual: str, unit: str, reason: Reason
) -> None:
    assert judged(target, actual, unit) == Judgement(Verdict.UNJUDGED, reason)


@pytest.mark.parametrize(
    ("target", "actual", "reason"),
    [
        ("10", "", Reason.NOT_REPORTED),
        ("10", "  ", Reason.NOT_REPORTED),
        ("10", "市级暂未反馈", Reason.NOT_RELEASED),
        ("稳定保持II类", "暂未公布", Reason.NOT_RELEASED),
        ("上级下达任务", "", Reason.ASSIGNED_ELSEWHERE),
        ("上级下达任务", "市级暂未反馈", Reason.NOT_RELEASED),
    ],
)
def test_what_is_not_known_yet_is_pending(target: str, actual: str, reason: Reason) -> None:
    assert judged(target, actual) == Judgement(Verdict.PENDING, reason)


def test_a_task_set_elsewhere_is_judged_by_those_who_feed_it_back() -> None:
    assert judged("上级下达任务", "完成上级下达任务").verdict is Verdict.MET
    assert judged("上级下达任务", "未完成市级下达任务").verdict is Verdict.BELOW


@pytest.mark.parametrize(
    ("actual", "direction", "verdict"),
    [
        ("7.8", HIGHER, Verdict.MET),
        ("7.79", HIGHER, Verdict.BELOW),
        ("9.5", HIGHER, Verdict.MET),
        ("8.2", LOWER, Verdict.MET),
        ("8.21", LOWER, Verdict.BELOW),
        ("2", LOWER, Verdict.MET),
        ("7.8", NEITHER, Verdict.MET),
        ("8.2", NEITHER, Verdict.MET),
        ("7.7", NEITHER, Verdict.BELOW),
        ("8.3", NEITHER, Verdict.BELOW),
    ],
)
def test_about_allows_the_tolerance_on_the_worse_side_only(
    actual: str, direction: Direction, verdict: Verdict
) -> None:
    assert judged("8左右", actual, "%", direction).verdict is verdict


def test_the_tolerance_can_be_set_and_is_in_the_unit_of_the_target() -> None:
    target = parse("5亿元左右")

    def verdict(actual: str, tolerance: str) -> Verdict:
        return judge(
            target,
            parse_actual(actual),
            unit="万元",
            direction=HIGHER,
            tolerance=Decimal(tolerance),
        ).verdict

    assert verdict("49000", "0.1") is Verdict.MET
    assert verdict("48999", "0.1") is Verdict.BELOW
    assert verdict("5亿元", "0") is Verdict.MET


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        judge(None, None, unit="", direction=HIGHER, tolerance=Decimal("-0.1"))


def test_where_neither_is_better_a_bare_number_is_met_exactly() -> None:
    target = parse("100", direction=NEITHER)
    results = [
        judge(target, parse_actual(actual), unit="", direction=NEITHER).verdict
        for actual in ("99.9", "100.0", "100.1")
    ]

    assert results == [Verdict.BELOW, Verdict.MET, Verdict.BELOW]


def test_a_target_from_stored_columns_is_judged_like_a_parsed_one() -> None:
    stored = ParsedTarget(Comparator("change"), value=Decimal("0.2"), base_year=2022)
    actual = ParsedActual(ActualKind.CHANGE, number=Decimal("0.1"), base_year=2022)

    assert judge(stored, actual, unit="%", direction=HIGHER) == Judgement(
        Verdict.BELOW, Reason.MISSED, Decimal("-0.1"), "个百分点"
    )


def test_a_target_without_its_number_is_unjudged() -> None:
    for broken in (ParsedTarget(Comparator.GE), ParsedTarget(Comparator.GRADE)):
        verdict = judge(broken, parse_actual("3"), unit="", direction=HIGHER).verdict
        assert verdict is Verdict.UNJUDGED


def test_an_empty_table_counts_nothing() -> None:
    result = tally([])

    assert (result.total, result.remaining, result.missed_binding_rows) == (0, 0, ())


numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
directions = st.sampled_from(Direction)
bounds = st.sampled_from([Comparator.GE, Comparator.LE, Comparator.ABOUT, Comparator.EQ])


def level(number: Decimal) -> ParsedActual:
    return ParsedActual(ActualKind.LEVEL, number=number)


@settings(deadline=None)
@given(number=numbers, comparator=bounds, direction=directions)
def test_equality_always_meets_with_no_gap(
    number: Decimal, comparator: Comparator, direction: Direction
) -> None:
    target = ParsedTarget(comparator, value=number)

    assert judge(target, level(number), unit="家", direction=direction) == Judgement(
        Verdict.MET, Reason.REACHED, Decimal(0), "家"
    )


@settings(deadline=None)
@given(goal=numbers, number=numbers)
def test_the_gap_is_always_actual_minus_target_and_its_sign_decides(
    goal: Decimal, number: Decimal
) -> None:
    for comparator, met in ((Comparator.GE, number >= goal), (Comparator.LE, number <= goal)):
        judgement = judge(
            ParsedTarget(comparator, value=goal), level(number), unit="%", direction=HIGHER
        )
        assert judgement.gap == number - goal
        assert judgement.verdict is (Verdict.MET if met else Verdict.BELOW)
        assert judgement.gap_unit == "个百分点"


@settings(deadline=None)
@given(goal=numbers, number=numbers, better=numbers.filter(lambda step: step > 0))
def test_a_better_result_never_turns_met_into_below(
    goal: Decimal, number: Decimal, better: Decimal
) -> None:
    for direction, step in ((HIGHER, better), (LOWER, -better)):
        for text in (f"{goal}", f"{goal}左右"):
            target = parse(text, direction=direction)
            first = judge(target, level(number), unit="", direction=direction)
            second = judge(target, level(number + step), unit="", direction=direction)
            assert (first.verdict, second.verdict) != (Verdict.MET, Verdict.BELOW)


@settings(deadline=None)
@given(
    goal=numbers,
    offset=st.decimals(min_value=-1, max_value=1, places=3),
    tolerance=st.decimals(min_value=0, max_value=1, places=3),
)
def test_where_neither_is_better_about_is_met_within_the_tolerance_and_only_there(
    goal: Decimal, offset: Decimal, tolerance: Decimal
) -> None:
    judgement = judge(
        ParsedTarget(Comparator.ABOUT, value=goal),
        level(goal + offset),
        unit="",
        direction=NEITHER,
        tolerance=tolerance,
    )

    assert (judgement.verdict is Verdict.MET) == (abs(offset) <= tolerance)


@settings(deadline=None)
@given(goal=numbers, known=numbers, more=numbers.filter(lambda step: step >= 0), goals=bounds)
def test_a_verdict_on_a_bound_holds_for_every_number_within_it(
    goal: Decimal, known: Decimal, more: Decimal, goals: Comparator
) -> None:
    target = ParsedTarget(goals, value=goal)
    vague = ParsedActual(ActualKind.LEVEL, number=known, bound=Comparator.GE)
    verdict = judge(target, vague, unit="", direction=NEITHER).verdict
    exact = judge(target, level(known + more), unit="", direction=NEITHER).verdict

    assert verdict in (Verdict.UNJUDGED, exact)


@settings(deadline=None)
@given(goal=numbers, number=numbers)
def test_the_unit_in_which_a_result_is_written_does_not_change_the_verdict(
    goal: Decimal, number: Decimal
) -> None:
    target = ParsedTarget(Comparator.GE, value=goal)
    small = ParsedActual(ActualKind.LEVEL, number=number.scaleb(4), unit="万元")
    large = ParsedActual(ActualKind.LEVEL, number=number, unit="亿元")

    assert judge(target, small, unit="万元", direction=HIGHER) == judge(
        target, large, unit="万元", direction=HIGHER
    )


judgements = st.builds(
    Judgement, verdict=st.sampled_from(Verdict), reason=st.just(Reason.NOT_REPORTED)
)
rows = st.builds(
    JudgedRow,
    code=st.text(max_size=3),
    judgement=judgements,
    counts_in_total=st.booleans(),
    binding=st.booleans(),
)


@settings(deadline=None)
@given(st.lists(rows))
def test_every_counted_row_is_counted_once(table: list[JudgedRow]) -> None:
    result = tally(table)
    counted = [row for row in table if row.counts_in_total]

    assert result.total == len(counted)
    assert result.met + result.below + result.pending + result.unjudged == result.total
    assert all(
        row.binding and row.judgement.verdict is Verdict.BELOW for row in result.missed_binding_rows
    )


def test_the_default_tolerance_is_two_tenths() -> None:
    assert Decimal("0.2") == DEFAULT_TOLERANCE
