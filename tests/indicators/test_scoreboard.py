"""The year's table as it is read from the database, judged, and counted."""

from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import User
from indicators import scoreboard
from indicators.evaluation import Reason, Verdict
from indicators.models import Area, Observation, ObservationChange, TargetRevision
from tests.indicators.factories import (
    make_commitment,
    make_indicator,
    make_measure,
    make_result,
    make_target,
)
from tests.projects import report_parser

pytestmark = pytest.mark.any_database


def test_the_report_s_own_count_of_2023_is_found(report_loaded):
    counted = scoreboard.tally_of(scoreboard.rows(2023))
    assert (counted.total, counted.pending, counted.remaining) == (25, 2, 23)
    assert (counted.met, counted.below, counted.unjudged) == (20, 3, 0)
    assert [row.code for row in counted.pending_rows] == [
        "strategic-emerging-industry-growth",
        "energy-and-carbon-reduction",
    ]


def test_three_targets_of_2023_fell_short_by_what_the_report_says(report_loaded):
    short = [row for row in scoreboard.rows(2023) if row.verdict is Verdict.BELOW]
    assert [(row.name, row.gap, row.gap_unit) for row in short] == [
        ("空气质量优良天数", Decimal(-4), "天"),
        ("实际使用外资", Decimal(-376), "万美元"),
        ("全体居民人均可支配收入增速", Decimal("-1.4"), "个百分点"),
    ]
    assert all(row.note.startswith("受") for row in short)


def test_the_missed_binding_target_of_2023_is_told_apart(report_loaded):
    missed = scoreboard.tally_of(scoreboard.rows(2023)).missed_binding_rows
    assert [row.code for row in missed] == ["good-air-days"]


def test_a_shortfall_leads_to_the_sentence_that_explains_it(report_loaded):
    row = next(r for r in scoreboard.rows(2023) if r.code == "good-air-days")
    assert row.actual_source is not None
    assert "低于预期4天" in row.actual_source.sentence
    assert row.actual_source.url.startswith("/sources/wanzhou-2024/?sentence=")
    assert row.target_source is not None
    assert row.target_source.section == "表1"


@pytest.mark.parametrize(("year", "table"), [(2023, "表1"), (2024, "表4")])
def test_the_table_is_the_printed_one_cell_by_cell(report_loaded, year, table):
    """Against an independent reading of the report's text."""
    printed = report_parser.indicator_rows(table)
    rows = scoreboard.rows(year)
    assert [[str(r.seq or ""), r.printed_name, r.target_text] for r in rows] == [
        line[:3] for line in printed
    ]
    last = [r.actual_text for r in rows]
    if table == "表4":
        last = ["约束性" if r.binding else "预期性" for r in rows]
    assert last == [line[3] for line in printed]


def test_every_row_of_both_tables_is_judged_or_waits_for_its_result(report_loaded):
    rows = scoreboard.rows(2023) + scoreboard.rows(2024)
    assert len(rows) == 27 + 37
    assert [r.code for r in rows if r.verdict is Verdict.UNJUDGED] == []


def test_the_plan_of_2024_sets_four_binding_and_thirty_expected_targets(report_loaded):
    rows = scoreboard.rows(2024)
    assert scoreboard.tally_of(rows).total == 34
    assert sum(row.binding for row in rows) == 4


def test_sub_indicators_are_judged_and_not_counted(report_loaded):
    parts = [row for row in scoreboard.rows(2023) if row.is_part]
    assert [(row.seq, row.parent_seq, row.verdict) for row in parts] == [
        (None, 10, Verdict.MET),
        (None, 21, Verdict.MET),
    ]
    assert parts[1].judgement.reason is Reason.WITHIN_TOLERANCE


def test_a_sub_indicator_stands_under_its_parent_wherever_it_was_entered(db):
    parent = make_target(position=1, seq=1)
    other = make_target(position=2, seq=2)
    part = make_target(
        "8", make_indicator(parent=parent.indicator, counts_in_total=False), position=3, seq=None
    )
    rows = scoreboard.rows(2023)
    assert [row.code for row in rows] == [target.indicator.code for target in (parent, part, other)]
    assert rows[1].parent_seq == 1


def test_a_sub_indicator_whose_parent_has_no_target_is_not_lost(db):
    part = make_target("8", make_indicator(parent=make_indicator()), seq=None)
    (row,) = scoreboard.rows(2023)
    assert (row.code, row.parent_seq, row.is_part) == (part.indicator.code, None, True)


def test_the_star_is_where_the_report_prints_it(report_loaded):
    assert [r.seq for r in scoreboard.rows(2023) if r.starred] == [15, 16, 18, 22]
    assert [r.seq for r in scoreboard.rows(2024) if r.starred] == []


def test_a_target_that_cannot_be_read_is_kept_and_not_judged(db):
    target = make_target("力争更上一层楼")
    make_result(target, "12")
    (row,) = scoreboard.rows(2023)
    assert (row.target_text, row.comparator, row.value) == ("力争更上一层楼", "", None)
    assert (row.verdict, row.judgement.reason) == (Verdict.UNJUDGED, Reason.TARGET_UNREADABLE)


def test_a_result_in_words_that_say_nothing_falls_back_on_its_number(db):
    target = make_target("10", make_indicator(unit="家"))
    make_result(target, "全面完成", "11")
    (row,) = scoreboard.rows(2023)
    assert (row.verdict, row.gap, row.actual) == (Verdict.MET, Decimal(1), Decimal(11))


def test_words_alone_that_cannot_be_read_leave_a_result_unjudged(db):
    make_result(make_target("10"), "形势喜人")
    (row,) = scoreboard.rows(2023)
    assert (row.verdict, row.judgement.reason) == (Verdict.UNJUDGED, Reason.ACTUAL_UNREADABLE)


def test_a_figure_that_is_not_released_is_pending_whatever_its_words(db):
    make_result(make_target("10"), status=Observation.Status.NOT_RELEASED)
    (row,) = scoreboard.rows(2023)
    assert row.verdict is Verdict.PENDING


def test_a_revised_target_is_judged_by_what_is_in_force_and_shown_as_printed(db):
    target = make_target("10")
    make_result(target, "9")
    TargetRevision.objects.create(target=target, approved_by="常委会", new_text="8")
    (row,) = scoreboard.rows(2023)
    assert (row.target_text, row.target_in_force, row.value) == ("10", "8", Decimal(8))
    assert (row.verdict, row.gap) == (Verdict.MET, Decimal(1))


def test_a_target_may_carry_a_tolerance_of_its_own(db):
    target = make_target("1500左右", make_indicator(unit="家"), tolerance=Decimal(10))
    make_result(target, "1492")
    (row,) = scoreboard.rows(2023)
    assert row.verdict is Verdict.MET


def test_only_the_district_s_figure_of_the_whole_year_is_the_result(db):
    target = make_target("10")
    make_result(target, "12", area=Area.CITY)
    make_result(target, "12", month=6)
    (row,) = scoreboard.rows(2023)
    assert (row.actual_text, row.verdict) == ("", Verdict.PENDING)


def test_a_result_that_people_entered_is_marked(db, manager: User):
    result = make_result(make_target("10"), "12")
    ObservationChange.objects.create(observation=result, after={"text": "12"}, by=manager)
    (row,) = scoreboard.rows(2023)
    assert row.corrected


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_verdict_does_not_depend_on_the_reader_s_language(report_loaded, language):
    with translation.override(language):
        assert scoreboard.tally_of(scoreboard.rows(2023)).below == 3


def test_years_and_the_latest_year_with_results(report_loaded):
    assert scoreboard.years() == [2024, 2023]
    assert scoreboard.latest_reported_year() == 2023
    assert scoreboard.commitment_years() == [2024, 2023]


def test_figures_of_the_text_that_are_in_no_table_are_listed_apart(report_loaded):
    figures = scoreboard.other_figures(2023)
    in_table = {row.code for row in scoreboard.rows(2023)}
    assert "gdp" in {f.observation.indicator.code for f in figures}
    assert in_table.isdisjoint(f.observation.indicator.code for f in figures)
    assert all(f.source is not None for f in figures)


def test_an_indicator_s_years_stand_side_by_side(report_loaded):
    target = scoreboard.rows(2023)[0]
    indicator = Observation.objects.get(indicator__code=target.code, year=2023).indicator
    entries = scoreboard.history(indicator)
    assert [(e.year, e.row.target_text if e.row else "") for e in entries] == [
        (2023, "6.5以上"),
        (2024, "7"),
    ]


def test_the_years_before_a_renaming_belong_to_the_history(db):
    old = make_indicator("数字经济增加值增速")
    new = make_indicator("数字经济核心产业增加值增速", renamed_from=old)
    make_target("15以上", old, year=2023)
    make_target("15以上", new, year=2024)
    for indicator in (old, new):
        assert [(e.year, e.indicator) for e in scoreboard.history(indicator)] == [
            (2023, old),
            (2024, new),
        ]


# Commitments


def test_the_commitments_of_both_years_come_by_kind_in_printed_order(report_loaded):
    listed = scoreboard.commitments(2023) + scoreboard.commitments(2024)
    for kind, table in (("livelihood", "表2"), ("consumption", "表7"), ("business", "表8")):
        printed = report_parser.grid(table, 2)
        assert [[row.title, row.text] for row in listed if row.kind == kind] == printed
    assert sum(row.kind == "task" for row in listed) == 94


def test_a_promise_that_was_kept_is_met_and_a_mere_result_is_not_judged(report_loaded):
    tally = scoreboard.measure_tally(scoreboard.commitments(2023))
    assert (tally.total, tally.met, tally.unstated) == (42, 3, 39)
    tally = scoreboard.measure_tally(scoreboard.commitments(2024))
    assert (tally.pending, tally.unjudged, tally.unstated) == (tally.total, 0, 0)


def test_the_reading_beside_a_measure_s_words_goes_before_the_words(db):
    make_measure(text="150万亩", comparator="about", value=150, unit="万亩", actual_text="149.9")
    (row,) = scoreboard.commitments(2024)
    (measure,) = row.measures
    assert (measure.comparator, measure.judgement.reason) == ("about", Reason.WITHIN_TOLERANCE)


def test_a_measure_in_words_alone_is_read_like_a_target(db):
    make_measure(text="提升0.3个百分点以上", unit="个百分点", actual_text="提升0.2个百分点")
    (row,) = scoreboard.commitments(2024)
    (measure,) = row.measures
    assert (measure.judgement.verdict, measure.judgement.gap) == (
        Verdict.BELOW,
        Decimal("-0.1"),
    )


def test_a_measure_that_cannot_be_read_is_unjudged(db):
    make_measure(text="高于全国平均", actual_text="8%")
    (row,) = scoreboard.commitments(2024)
    assert row.has(Verdict.UNJUDGED)


# Queries


@pytest.mark.parametrize("rows", [1, 30])
def test_a_year_takes_four_queries_whatever_it_holds(db, rows, django_assert_num_queries):
    for _ in range(rows):
        target = make_target()
        make_result(target, "12")
        TargetRevision.objects.create(target=target, approved_by="常委会", new_text="8")
    with django_assert_num_queries(4):
        assert len(scoreboard.rows(2023)) == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_commitments_take_two_queries_whatever_there_are(db, rows, django_assert_num_queries):
    for _ in range(rows):
        make_measure(make_commitment(), text="10个", unit="个")
    with django_assert_num_queries(2):
        assert len(scoreboard.commitments(2024)) == rows
