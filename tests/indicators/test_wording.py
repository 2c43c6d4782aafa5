"""What is said of a year's verdicts."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators import scoreboard, wording
from indicators.evaluation import Judgement, Reason, Verdict
from tests.indicators.factories import make_indicator, make_result, make_target

pytestmark = pytest.mark.any_database


def said(year: int = 2023) -> str:
    with translation.override("en"):
        return wording.count_sentence(year, scoreboard.rows(year))


def test_the_count_of_2023_is_said_as_the_report_says_it(report_loaded):
    assert said() == (
        "Of the 25 yearly targets of 2023 that the congress approved, the results of 2 are not "
        "fed back yet (战略性新兴产业增加值增速, 节能减排降碳); of the other 23, 20 reached or "
        "passed the target and 3 fell short of it. Short of the target: 空气质量优良天数 by 4 天, "
        "实际使用外资 by 376 万美元, 全体居民人均可支配收入增速 by 1.4 个百分点. "
        "Binding among them: 空气质量优良天数."
    )


def test_a_plan_without_results_says_what_it_sets(report_loaded):
    assert said(2024) == "The plan of 2024 sets 34 targets, 4 of them binding and 30 expected."


def test_without_targets_nothing_is_said(db):
    assert said() == ""


def test_when_all_are_fed_back_nothing_is_said_of_pending_ones(db):
    make_result(make_target("10"), "12")
    assert said() == (
        "Of the 1 yearly targets of 2023 that the congress approved, 1 reached or passed the "
        "target and 0 fell short of it."
    )


def test_many_pending_targets_are_counted_and_not_named(db):
    make_result(make_target("10"), "12")
    for _ in range(7):
        make_target("10")
    assert "the results of 7 are not fed back yet; of the other 1" in said()


def test_what_cannot_be_judged_is_named(db):
    make_result(make_target("更好", make_indicator("环境")), "12")
    assert said().endswith("Not judged: 环境.")


@pytest.mark.parametrize(
    ("gap", "unit", "words"),
    [
        (Decimal(-4), "天", "−4天"),
        (Decimal("0.40"), "个百分点", "+0.4个百分点"),
        (Decimal("0.000"), "类", "0类"),
        (Decimal("1E+3"), "亿元", "+1000亿元"),
        (None, "", ""),
    ],
)
def test_a_gap_carries_its_sign_and_unit(gap, unit, words):
    assert wording.gap(Judgement(Verdict.MET, Reason.REACHED, gap, unit)) == words


def test_every_verdict_and_every_reason_has_its_words():
    assert set(wording.VERDICTS) == set(Verdict)
    assert set(wording.REASONS) == set(Reason)
