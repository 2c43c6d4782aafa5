"""How a month's figures get their light, and how long a light lasts."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from projects.lights import (
    WORDS,
    Light,
    Measure,
    MonthFigures,
    Reason,
    RuleValues,
    compare_rules,
    completion_rate,
    explain,
    is_long_red,
    judge,
    on_schedule_rate,
    planned_share,
    red_days,
    schedule_gap,
    streak,
)
from projects.standing import Status

GREEN, YELLOW, RED, GREY = Light.GREEN, Light.YELLOW, Light.RED, Light.GREY
BY_GAP = RuleValues()
BY_RATE = RuleValues(measure=Measure.RATE)


def figures(**given: object) -> MonthFigures:
    """An entry under way in June: 10 000 planned for the year, half of it to date."""
    values: dict[str, object] = {
        "year": 2024,
        "month": 6,
        "goal": "accelerated",
        "status": "accelerated",
        "planned_year": Decimal(10000),
        "planned_ytd": Decimal(5000),
        "invested_ytd": Decimal(5000),
    }
    return MonthFigures(**{**values, **given})  # type: ignore[arg-type]


def month_ends(year: int, count: int) -> list[date]:
    return [date(year, month, monthrange(year, month)[1]) for month in range(1, count + 1)]


money = st.decimals(0, 10**9, places=2)
maybe_money = st.none() | money
any_figures = st.builds(
    MonthFigures,
    year=st.just(2024),
    month=st.integers(1, 12),
    goal=st.sampled_from(["", "preparation", "started", "accelerated", "completed"]),
    status=st.sampled_from(["", *Status]),
    planned_year=maybe_money,
    planned_ytd=maybe_money,
    invested_ytd=maybe_money,
    start_due=st.none() | st.dates(date(2022, 1, 1), date(2025, 12, 31)),
    started_on=st.none() | st.dates(date(2022, 1, 1), date(2025, 12, 31)),
)
rules = st.builds(
    lambda measure, gaps, rates, months: RuleValues(
        measure=measure,
        yellow_gap=min(gaps),
        red_gap=max(gaps),
        yellow_rate=max(rates),
        red_rate=min(rates),
        red_start_months=months,
    ),
    st.sampled_from(Measure),
    st.tuples(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1)),
    st.tuples(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1)),
    st.integers(0, 12),
)


def test_rates_and_gap_are_what_the_glossary_says() -> None:
    assert completion_rate(Decimal(4000), Decimal(10000)) == Decimal("40.00")
    assert planned_share(Decimal(5000), Decimal(10000)) == Decimal("50.00")
    assert on_schedule_rate(Decimal(4000), Decimal(5000)) == Decimal("80.00")
    assert schedule_gap(Decimal(4000), Decimal(5000), Decimal(10000)) == Decimal("-10.00")


@pytest.mark.parametrize("whole", [None, Decimal(0)])
def test_there_is_no_rate_of_nothing(whole: Decimal | None) -> None:
    assert completion_rate(Decimal(1), whole) is None
    assert on_schedule_rate(Decimal(1), whole) is None
    assert schedule_gap(Decimal(1), Decimal(1), whole) is None


def test_a_blank_figure_has_no_rate_and_a_zero_has() -> None:
    assert completion_rate(None, Decimal(10)) is None
    assert completion_rate(Decimal(0), Decimal(10)) == 0


@pytest.mark.parametrize(
    ("invested", "gap", "light", "reason"),
    [
        ("6000", "10.00", GREEN, Reason.ON_SCHEDULE),
        ("5000", "0.00", GREEN, Reason.ON_SCHEDULE),
        ("4001", "-9.99", GREEN, Reason.ON_SCHEDULE),
        ("4000", "-10.00", YELLOW, Reason.BEHIND),
        ("2000", "-30.00", YELLOW, Reason.BEHIND),
        ("1999", "-30.01", RED, Reason.FAR_BEHIND),
        ("0", "-50.00", RED, Reason.FAR_BEHIND),
    ],
)
def test_behind_by_10_to_30_points_is_yellow_and_by_more_is_red(
    invested: str, gap: str, light: Light, reason: Reason
) -> None:
    verdict = judge(figures(invested_ytd=Decimal(invested)), BY_GAP)

    assert (verdict.light, verdict.reason, verdict.gap) == (light, reason, Decimal(gap))


@pytest.mark.parametrize(
    ("invested", "rate", "light"),
    [
        ("5000", "100.00", GREEN),
        ("4000", "80.00", GREEN),
        ("3999", "79.98", YELLOW),
        ("3000", "60.00", YELLOW),
        ("2999", "59.98", RED),
    ],
)
def test_the_other_rule_reads_the_share_of_the_schedule(
    invested: str, rate: str, light: Light
) -> None:
    verdict = judge(figures(invested_ytd=Decimal(invested)), BY_RATE)

    assert (verdict.light, verdict.rate) == (light, Decimal(rate))


def test_what_is_judged_is_the_figure_that_is_shown() -> None:
    shown_as_10 = figures(
        planned_year=Decimal(100000), planned_ytd=Decimal(50000), invested_ytd=Decimal("40000.40")
    )

    verdict = judge(shown_as_10, BY_GAP)

    assert (verdict.gap, verdict.light) == (Decimal("-10.00"), YELLOW)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"invested_ytd": None}, Reason.NOT_REPORTED),
        ({"planned_ytd": None}, Reason.NO_PLAN),
        ({"planned_year": None}, Reason.NO_PLAN),
        ({"planned_year": Decimal(0)}, Reason.NO_PLAN),
        ({"planned_ytd": Decimal(0), "invested_ytd": Decimal(0)}, Reason.NOTHING_DUE),
    ],
)
@pytest.mark.parametrize("rule", [BY_GAP, BY_RATE])
def test_what_cannot_be_judged_is_grey(
    missing: dict[str, object], reason: Reason, rule: RuleValues
) -> None:
    verdict = judge(figures(**missing), rule)

    assert (verdict.light, verdict.reason) == (GREY, reason)


def test_a_zero_is_judged_where_a_blank_is_not() -> None:
    assert judge(figures(invested_ytd=Decimal(0)), BY_GAP).light is RED
    assert judge(figures(invested_ytd=None), BY_GAP).light is GREY


@pytest.mark.parametrize("rule", [BY_GAP, BY_RATE])
def test_who_invests_before_anything_is_due_is_ahead(rule: RuleValues) -> None:
    early = figures(planned_ytd=Decimal(0), invested_ytd=Decimal(100))

    assert judge(early, rule).light is GREEN


@pytest.mark.parametrize(
    ("status", "light", "reason"),
    [
        ("completed", GREEN, Reason.COMPLETED),
        ("withdrawn", GREY, Reason.WITHDRAWN),
        ("suspended", RED, Reason.SUSPENDED),
    ],
)
@pytest.mark.parametrize("invested", [None, Decimal(0), Decimal(9000)])
def test_some_statuses_settle_the_light(
    status: str, light: Light, reason: Reason, invested: Decimal | None
) -> None:
    verdict = judge(figures(status=status, invested_ytd=invested), BY_GAP)

    assert (verdict.light, verdict.reason) == (light, reason)


def test_the_light_of_a_suspended_project_is_the_rules() -> None:
    assert judge(figures(status="suspended"), RuleValues(suspended=YELLOW)).light is YELLOW


@pytest.mark.parametrize(
    ("month", "light", "late"),
    [(2, GREEN, None), (3, YELLOW, 0), (4, YELLOW, 1), (5, YELLOW, 2), (6, RED, 3), (12, RED, 9)],
)
def test_a_missed_start_is_yellow_at_once_and_red_after_three_months(
    month: int, light: Light, late: int | None
) -> None:
    waiting = figures(
        month=month, goal="started", status="preparation", start_due=date(2024, 3, 31)
    )

    verdict = judge(waiting, BY_GAP)

    assert (verdict.light, verdict.start_late) == (light, late)


def test_a_missed_start_of_last_year_is_counted_over_the_turn_of_the_year() -> None:
    waiting = figures(month=1, goal="started", status="preparation", start_due=date(2023, 11, 15))

    assert judge(waiting, BY_GAP).start_late == 2


def test_a_goal_to_start_without_a_date_has_the_whole_year() -> None:
    november = figures(month=11, goal="started", status="preparation")
    december = figures(month=12, goal="started", status="preparation")

    assert judge(november, BY_GAP).light is GREEN
    assert judge(december, BY_GAP).reason is Reason.START_MISSED


def test_a_start_in_a_later_month_is_no_start_yet() -> None:
    due = {"goal": "started", "status": "preparation", "start_due": date(2024, 5, 1)}

    assert judge(figures(**due, started_on=date(2024, 6, 30)), BY_GAP).light is GREEN
    assert judge(figures(**due, started_on=date(2024, 7, 1)), BY_GAP).light is YELLOW


@pytest.mark.parametrize(
    ("goal", "status", "late"),
    [
        ("started", "", 0),
        ("started", "started", None),
        ("accelerated", "", None),
        ("completed", "", None),
        ("accelerated", "suspended", None),
        ("accelerated", "preparation", 0),
    ],
)
def test_a_plan_to_go_on_implies_the_start_unless_the_status_denies_it(
    goal: str, status: str, late: int | None
) -> None:
    due = figures(goal=goal, status=status, start_due=date(2024, 6, 1))

    assert judge(due, BY_GAP).start_late == late


def test_a_missed_start_shows_though_the_month_is_not_reported() -> None:
    silent = figures(
        goal="started", status="preparation", start_due=date(2024, 6, 1), invested_ytd=None
    )

    assert judge(silent, BY_GAP).reason is Reason.START_MISSED


def test_the_worse_of_start_and_investment_counts() -> None:
    late = {"goal": "started", "status": "preparation", "start_due": date(2024, 6, 1)}

    assert judge(figures(**late), BY_GAP).reason is Reason.START_MISSED
    assert judge(figures(**late, invested_ytd=Decimal(4000)), BY_GAP).reason is Reason.START_MISSED
    assert judge(figures(**late, invested_ytd=Decimal(0)), BY_GAP).reason is Reason.FAR_BEHIND


@pytest.mark.parametrize(
    "values",
    [
        {"yellow_gap": Decimal(31)},
        {"yellow_gap": Decimal(-1)},
        {"red_rate": Decimal(81)},
        {"red_start_months": -1},
        {"long_red_days": -1},
    ],
)
def test_a_rule_that_is_red_before_it_is_yellow_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"negative"):
        RuleValues(**values)  # type: ignore[arg-type]


def test_a_month_is_one_of_twelve() -> None:
    with pytest.raises(ValueError):
        judge(figures(month=13, start_due=date(2024, 1, 1)), BY_GAP)


@given(any_figures, rules)
def test_every_month_gets_a_light(given: MonthFigures, rule: RuleValues) -> None:
    verdict = judge(given, rule)

    assert verdict.light in Light
    assert verdict.reason in WORDS


@given(any_figures, rules, money, money)
def test_investing_more_never_makes_a_light_worse(
    given: MonthFigures, rule: RuleValues, one: Decimal, other: Decimal
) -> None:
    order = [RED, YELLOW, GREEN]
    lights = [
        judge(
            MonthFigures(
                year=2024,
                month=given.month,
                goal=given.goal,
                status=given.status,
                planned_year=given.planned_year,
                planned_ytd=given.planned_ytd,
                invested_ytd=invested,
                start_due=given.start_due,
                started_on=given.started_on,
            ),
            rule,
        ).light
        for invested in sorted((one, other))
    ]

    ranks = [order.index(light) for light in lights if light is not GREY]
    assert ranks == sorted(ranks)


@given(any_figures, st.decimals(0, 50, places=1), st.decimals(50, 100, places=1))
def test_light_and_gap_never_contradict_each_other(
    given: MonthFigures, yellow: Decimal, red: Decimal
) -> None:
    verdict = judge(given, RuleValues(yellow_gap=yellow, red_gap=red))

    if verdict.reason is Reason.FAR_BEHIND:
        assert verdict.gap is not None
        assert verdict.gap < -red
    if verdict.reason is Reason.BEHIND:
        assert verdict.gap is not None
        assert -red <= verdict.gap <= -yellow
    if verdict.reason is Reason.ON_SCHEDULE:
        assert verdict.gap is not None
        assert verdict.gap > -yellow or verdict.gap >= 0


@given(any_figures, rules)
def test_a_blank_month_is_never_judged_by_its_investment(
    given: MonthFigures, rule: RuleValues
) -> None:
    verdict = judge(given, rule)

    if given.invested_ytd is None:
        assert verdict.gap is None
        assert verdict.reason not in {Reason.ON_SCHEDULE, Reason.BEHIND, Reason.FAR_BEHIND}


def test_a_reason_is_said_with_its_figures() -> None:
    behind = judge(figures(invested_ytd=Decimal(3500)), BY_GAP)
    unstarted = figures(goal="started", status="preparation", start_due=date(2024, 2, 1))

    with override("en"):
        assert explain(behind) == (
            "Behind schedule (-15.00 percentage points; 70.00% of what was planned to date)"
        )
        assert explain(judge(unstarted, BY_GAP)) == "The planned start was missed 4 months ago"


@given(any_figures, rules)
def test_every_reason_can_be_said(given: MonthFigures, rule: RuleValues) -> None:
    with override("en"):
        assert explain(judge(given, rule))


@pytest.mark.parametrize(
    ("lights", "months"),
    [
        ([], 0),
        ([RED], 1),
        ([GREEN, RED, RED], 2),
        ([RED, GREEN, RED], 1),
        ([YELLOW, RED, GREY, RED], 2),
        ([RED, GREY, GREY], 2),
        ([GREY, GREY], 2),
    ],
)
def test_a_streak_counts_the_months_in_the_latest_light(lights: list[Light], months: int) -> None:
    assert streak(lights) == months


@given(st.lists(st.sampled_from(Light)))
def test_a_streak_is_the_run_at_the_end_once_grey_months_are_left_out(lights: list[Light]) -> None:
    coloured = [light for light in lights if light is not GREY]
    if not lights or lights[-1] is GREY:
        return

    run = coloured[len(coloured) - streak(lights) :]

    assert set(run) == {lights[-1]}
    assert len(run) == len(coloured) or coloured[-len(run) - 1] is not lights[-1]


def test_red_days_run_from_the_end_of_the_first_red_month() -> None:
    months = list(zip(month_ends(2024, 4), [RED, GREEN, RED, RED], strict=True))

    assert red_days(months, on=date(2024, 6, 29)) == 90
    assert not is_long_red(months, on=date(2024, 6, 29), rule=BY_GAP)
    assert is_long_red(months, on=date(2024, 6, 30), rule=BY_GAP)


def test_who_stops_reporting_stays_red() -> None:
    months = list(zip(month_ends(2024, 4), [RED, GREY, RED, GREY], strict=True))

    assert red_days(months, on=date(2024, 5, 1)) == 91


@pytest.mark.parametrize("lights", [[], [GREEN], [RED, YELLOW], [RED, GREEN, GREY]])
def test_who_is_not_red_has_no_red_days(lights: list[Light]) -> None:
    months = list(zip(month_ends(2024, len(lights)), lights, strict=True))

    assert red_days(months, on=date(2024, 12, 31)) == 0


@given(st.lists(st.sampled_from(Light), max_size=12), st.integers(0, 400))
def test_red_days_grow_by_one_a_day(lights: list[Light], later: int) -> None:
    months = list(zip(month_ends(2024, len(lights)), lights, strict=True))
    on = date(2024, 12, 31)

    before, after = red_days(months, on=on), red_days(months, on=on + timedelta(days=later))

    is_red = [light for light in lights if light is not GREY][-1:] == [RED]
    assert after == (before + later if is_red else 0)


def test_a_back_test_lists_only_the_months_that_change_colour() -> None:
    months = [
        ("steady", figures()),
        ("slow", figures(invested_ytd=Decimal(4200))),
        ("late", figures(invested_ytd=Decimal(4000))),
        ("silent", figures(invested_ytd=None)),
    ]

    changes = list(compare_rules(months, BY_GAP, BY_RATE))

    assert [(change.key, change.before.light, change.after.light) for change in changes] == [
        ("late", YELLOW, GREEN)
    ]


@given(st.lists(any_figures, max_size=5), rules)
def test_a_rule_changes_nothing_against_itself(
    months: list[MonthFigures], rule: RuleValues
) -> None:
    assert list(compare_rules(enumerate(months), rule, rule)) == []


@given(st.lists(money, min_size=2, max_size=5), money)
def test_rates_rise_with_the_investment(amounts: list[Decimal], planned: Decimal) -> None:
    rates = [on_schedule_rate(amount, planned) for amount in sorted(amounts)]

    assert all(low <= high for low, high in pairwise(rates) if low is not None and high is not None)
