"""How a year's planned investment is spread over its months, and revised in mid-year."""

from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from projects.schedule_curves import (
    WORDS,
    Code,
    Curve,
    CurveError,
    check_typed,
    monthly,
    read_typed,
    revise,
    spread_by_season,
    spread_evenly,
)

amounts = st.decimals(0, 10**12, places=2)
months = st.integers(1, 12)
typed_curves = st.lists(amounts, min_size=12, max_size=12).map(
    lambda parts: tuple(accumulate(parts))
)


def money(*values: str | int | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def codes(problems: object) -> list[tuple[Code, int | None]]:
    return [(problem.code, problem.month) for problem in problems]  # type: ignore[attr-defined]


def assert_is_curve(curve: Curve, total: Decimal) -> None:
    assert len(curve) == 12
    assert curve[-1] == total
    assert all(amount.as_tuple().exponent == -2 for amount in curve)
    assert all(before <= after for before, after in pairwise([Decimal(0), *curve]))


TYPED = money(0, 0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000)
SEASON = money(0, 0, 10, 20, 30, 40, 60, 80, 80, 80, 90, 100)


def test_an_even_spread_leaves_no_remainder() -> None:
    curve = spread_evenly(Decimal(100))

    assert [str(amount) for amount in curve[:3]] == ["8.33", "16.67", "25.00"]
    assert curve[-1] == 100


def test_a_project_that_enters_in_july_has_six_months() -> None:
    curve = spread_evenly(Decimal(600), entry_month=7)

    assert curve == tuple(money(0, 0, 0, 0, 0, 0, 100, 200, 300, 400, 500, 600))


def test_a_season_repeats_last_years_shape() -> None:
    curve = spread_by_season(Decimal(2000), SEASON)

    assert curve == tuple(money(0, 0, 200, 400, 600, 800, 1200, 1600, 1600, 1600, 1800, 2000))


def test_who_enters_in_july_follows_last_years_second_half() -> None:
    curve = spread_by_season(Decimal(600), SEASON, entry_month=7)

    assert curve == tuple(money(0, 0, 0, 0, 0, 0, 200, 400, 400, 400, 500, 600))


def test_a_season_with_gaps_names_the_months() -> None:
    gaps = money(0, None, 10, 20, 30, None, 60, 80, 80, 80, 90, 100)

    with pytest.raises(CurveError) as caught:
        spread_by_season(Decimal(2000), gaps)

    assert codes(caught.value.problems) == [(Code.MONTH_MISSING, 2), (Code.MONTH_MISSING, 6)]


@pytest.mark.parametrize(
    ("last_year", "entry_month"),
    [([Decimal(0)] * 12, 1), ([Decimal(5)] * 12, 2)],
)
def test_a_season_without_investment_is_no_curve(
    last_year: list[Decimal | None], entry_month: int
) -> None:
    with pytest.raises(CurveError) as caught:
        spread_by_season(Decimal(2000), last_year, entry_month=entry_month)

    assert codes(caught.value.problems) == [(Code.SEASON_EMPTY, None)]


def test_a_season_that_falls_is_no_curve() -> None:
    with pytest.raises(CurveError) as caught:
        spread_by_season(Decimal(1), money(5, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5))

    assert codes(caught.value.problems) == [(Code.MONTH_FALLS, 2)]


@pytest.mark.parametrize(
    ("total", "code"),
    [
        (None, Code.AMOUNT_MISSING),
        (Decimal("NaN"), Code.AMOUNT_MISSING),
        (Decimal("-0.01"), Code.AMOUNT_NEGATIVE),
        (Decimal("0.001"), Code.AMOUNT_TOO_FINE),
        (Decimal("1e999999"), Code.AMOUNT_TOO_LARGE),
    ],
)
def test_an_amount_that_cannot_be_spread_is_refused(total: Decimal | None, code: Code) -> None:
    for spread in (spread_evenly, lambda amount: spread_by_season(amount, SEASON)):
        with pytest.raises(CurveError) as caught:
            spread(total)
        assert codes(caught.value.problems) == [(code, None)]


def test_nothing_spread_is_nothing_in_every_month() -> None:
    assert spread_evenly(Decimal(0)) == (Decimal(0),) * 12


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_year_has_twelve_months(month: int) -> None:
    with pytest.raises(ValueError, match="no month"):
        spread_evenly(Decimal(1), entry_month=month)
    with pytest.raises(ValueError, match="no month"):
        revise(spread_evenly(Decimal(1)), Decimal(1), from_month=month)


def test_a_typed_curve_is_taken_as_it_is() -> None:
    assert read_typed(TYPED, Decimal(1000)) == tuple(TYPED)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (money(*[100] * 11), [(Code.NOT_TWELVE, None)]),
        (money(*[100] * 11, None), [(Code.MONTH_MISSING, 12)]),
        (money(*[100] * 11, "sNaN"), [(Code.MONTH_MISSING, 12)]),
        (money(-1, *[100] * 11), [(Code.MONTH_NEGATIVE, 1)]),
        (money("0.001", *[100] * 11), [(Code.MONTH_TOO_FINE, 1)]),
        (money("1e30", *[100] * 11), [(Code.MONTH_TOO_LARGE, 1)]),
        (money(*[100] * 11, 99), [(Code.MONTH_FALLS, 12), (Code.ENDS_ELSEWHERE, 12)]),
        (money(*[100] * 11, 101), [(Code.ENDS_ELSEWHERE, 12)]),
        (
            money(20, 10, None, 5, *[100] * 8),
            [(Code.MONTH_FALLS, 2), (Code.MONTH_MISSING, 3), (Code.MONTH_FALLS, 4)],
        ),
    ],
)
def test_everything_wrong_with_a_typed_curve_is_listed(
    values: list[Decimal | None], found: list[tuple[Code, int | None]]
) -> None:
    assert codes(check_typed(values, Decimal(100))) == found


def test_nothing_is_planned_before_the_project_enters() -> None:
    values = money(0, 0, 5, 5, 5, 5, 100, 100, 100, 100, 100, 100)

    problems = check_typed(values, Decimal(100), entry_month=4)

    assert codes(problems) == [(Code.BEFORE_ENTRY, 3)]


def test_a_typed_revision_leaves_the_earlier_months_alone() -> None:
    kept = spread_evenly(Decimal(1200))[:3]
    values = money(100, 250, 300, *[800] * 9)

    problems = check_typed(values, Decimal(800), kept=kept)

    assert codes(problems) == [(Code.EARLIER_CHANGED, 2)]


def test_a_revision_changes_later_months_only() -> None:
    curve = revise(spread_evenly(Decimal(1200)), Decimal(1800), from_month=7)

    assert curve == tuple(money(100, 200, 300, 400, 500, 600, 800, 1000, 1200, 1400, 1600, 1800))


def test_a_revision_keeps_the_proportions_of_the_later_months() -> None:
    curve = revise(spread_by_season(Decimal(100), SEASON), Decimal(160), from_month=7)

    assert curve == tuple(money(0, 0, 10, 20, 30, 40, 80, 120, 120, 120, 140, 160))


def test_a_revision_of_months_without_a_plan_is_even() -> None:
    front_loaded = read_typed(money(*[120] * 12), Decimal(120))

    assert revise(front_loaded, Decimal(180), from_month=7)[5:] == tuple(
        money(120, 130, 140, 150, 160, 170, 180)
    )


def test_a_revision_cannot_take_back_what_earlier_months_have_planned() -> None:
    curve = spread_evenly(Decimal(1200))

    assert revise(curve, Decimal(600), from_month=7)[6:] == (Decimal(600),) * 6
    with pytest.raises(CurveError) as caught:
        revise(curve, Decimal("599.99"), from_month=7)
    assert codes(caught.value.problems) == [(Code.ALREADY_PLANNED, 6)]


def test_what_is_no_curve_is_not_revised() -> None:
    with pytest.raises(CurveError):
        revise([], Decimal(1), from_month=1)
    with pytest.raises(CurveError):
        revise([Decimal(2), *[Decimal(1)] * 11], Decimal(1), from_month=2)


def test_single_months_are_the_differences() -> None:
    assert monthly(spread_evenly(Decimal(1200))) == (Decimal(100),) * 12


def test_every_problem_has_its_words() -> None:
    assert set(WORDS) == set(Code)
    with override("en"):
        problems = check_typed(money(20, 10, *[None] * 9, 5), Decimal(9))
        assert problems[0].message == (
            "Month 2 (10) is below the month before it (20): amounts are cumulated from January."
        )
        assert all(problem.message for problem in problems)


@given(amounts, months)
def test_an_even_spread_is_a_curve_whose_months_differ_by_a_cent(
    total: Decimal, entry_month: int
) -> None:
    curve = spread_evenly(total, entry_month=entry_month)

    assert_is_curve(curve, total)
    assert not any(curve[: entry_month - 1])
    single = monthly(curve)[entry_month - 1 :]
    assert max(single) - min(single) <= Decimal("0.01")


@given(amounts, typed_curves, months)
def test_a_season_gives_a_curve_that_stands_still_where_last_year_did(
    total: Decimal, last_year: Curve, entry_month: int
) -> None:
    parts = monthly(last_year)
    assume(any(parts[entry_month - 1 :]))

    curve = spread_by_season(total, last_year, entry_month=entry_month)

    assert_is_curve(curve, total)
    assert not any(curve[: entry_month - 1])
    for part, planned in list(zip(parts, monthly(curve), strict=True))[entry_month - 1 :]:
        assert part or not planned


@given(typed_curves)
def test_a_curve_is_its_own_season(curve: Curve) -> None:
    assume(curve[-1])

    assert spread_by_season(curve[-1], curve) == curve


@given(typed_curves, months)
def test_what_is_spread_or_revised_is_accepted_when_typed(curve: Curve, month: int) -> None:
    assert read_typed(curve, curve[-1]) == curve
    revised = revise(curve, curve[-1] + 1, from_month=month)

    assert read_typed(revised, curve[-1] + 1, kept=curve[: month - 1]) == revised


@given(typed_curves, amounts, months)
def test_a_revision_keeps_what_was_and_ends_at_the_new_amount(
    curve: Curve, extra: Decimal, from_month: int
) -> None:
    base = curve[from_month - 2] if from_month > 1 else Decimal(0)

    revised = revise(curve, base + extra, from_month=from_month)

    assert revised[: from_month - 1] == curve[: from_month - 1]
    assert_is_curve(revised, base + extra)


@given(typed_curves, months)
def test_a_revision_to_the_same_amount_changes_nothing(curve: Curve, from_month: int) -> None:
    assert revise(curve, curve[-1], from_month=from_month) == curve


@given(
    st.lists(st.none() | st.decimals(allow_nan=True, allow_infinity=True), max_size=14),
    st.none() | st.decimals(allow_nan=True, allow_infinity=True),
)
def test_any_list_of_numbers_is_taken_or_refused(
    values: list[Decimal | None], total: Decimal | None
) -> None:
    problems = check_typed(values, total)

    if problems:
        with pytest.raises(CurveError) as caught:
            read_typed(values, total)
        assert list(caught.value.problems) == problems
    else:
        curve = read_typed(values, total)
        assert_is_curve(curve, curve[-1])
        assert total == curve[-1]
