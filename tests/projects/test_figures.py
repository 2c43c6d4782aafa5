"""How a month's figures are checked, wherever they come from."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from projects.figures import (
    UNSTORABLE,
    WORDS,
    Approved,
    Code,
    Entered,
    Known,
    Limits,
    Problem,
    Severity,
    check,
    growth,
    may_store,
    may_submit,
    month_figure,
)
from projects.standing import Status

ERROR, CONFIRM, WARNING = Severity.ERROR, Severity.CONFIRM, Severity.WARNING

MAY = Approved(
    year=2024,
    month=5,
    invested_ytd=Decimal(5000),
    physical_progress=Decimal("40.0"),
    narrative="主体结构施工至五层。",
    planned_ytd=Decimal(5000),
)
LAST_DECEMBER = Approved(
    year=2023,
    month=12,
    invested_ytd=Decimal(9000),
    physical_progress=Decimal("30.0"),
    narrative="完成基础施工。",
    planned_ytd=Decimal(9000),
)


def entered(**given: object) -> Entered:
    """A June that nothing is wrong with."""
    values: dict[str, object] = {
        "year": 2024,
        "month": 6,
        "invested_ytd": Decimal(6000),
        "physical_progress": Decimal(45),
        "status": "accelerated",
        "narrative": "主体结构施工至七层。",
    }
    return Entered(**{**values, **given})  # type: ignore[arg-type]


def known(**given: object) -> Known:
    """May was approved; 20 000 is the total investment, 9 000 of it invested before this year."""
    values: dict[str, object] = {
        "planned_ytd": Decimal(6000),
        "total_investment": Decimal(20000),
        "invested_before": Decimal(9000),
        "last": MAY,
    }
    return Known(**{**values, **given})  # type: ignore[arg-type]


def found(problems: list[Problem]) -> list[tuple[str, Code, Severity]]:
    return [(problem.field, problem.code, problem.severity) for problem in problems]


numbers = st.none() | st.decimals() | st.decimals(-100, 10**6, places=2)
approved = st.none() | st.builds(
    Approved,
    year=st.sampled_from([2023, 2024]),
    month=st.integers(1, 12),
    invested_ytd=st.none() | st.decimals(0, 10**6, places=2),
    physical_progress=st.none() | st.decimals(0, 100, places=1),
    narrative=st.sampled_from(["", "施工", "停工"]),
    planned_ytd=st.none() | st.decimals(0, 10**6, places=2),
)
any_entered = st.builds(
    Entered,
    year=st.just(2024),
    month=st.integers(1, 12),
    invested_ytd=numbers,
    physical_progress=numbers,
    status=st.sampled_from(["", *Status]),
    narrative=st.sampled_from(["", " ", "施工", "施 工"]),
    completed_on=st.none() | st.dates(),
    correction=st.sampled_from(["", " ", "上月误报"]),
    confirmed=st.frozensets(st.sampled_from(["above_total", "jump"])),
)
any_known = st.builds(
    Known,
    planned_ytd=st.none() | st.decimals(0, 10**6, places=2),
    total_investment=st.none() | st.decimals(0, 10**6, places=2),
    invested_before=st.none() | st.decimals(0, 10**6, places=2),
    last=approved,
    following=approved,
)


def test_there_is_nothing_to_say_of_an_ordinary_month() -> None:
    assert check(entered(), known()) == []


def test_the_first_month_of_a_new_entry_has_nothing_to_be_compared_with() -> None:
    assert check(entered(), Known()) == []


def test_a_blank_is_an_error_and_a_zero_is_not() -> None:
    blank = check(entered(invested_ytd=None), known())
    zero = check(entered(invested_ytd=Decimal(0)), Known())

    assert found(blank) == [("invested_ytd", Code.INVESTED_BLANK, ERROR)]
    assert zero == []


def test_the_other_blanks_are_shown() -> None:
    problems = check(entered(physical_progress=None, status="", narrative=" \n"), known())

    assert found(problems) == [
        ("physical_progress", Code.PROGRESS_BLANK, WARNING),
        ("status", Code.STATUS_BLANK, WARNING),
        ("narrative", Code.NARRATIVE_BLANK, WARNING),
    ]
    assert may_submit(problems)


def test_a_draft_may_have_blanks() -> None:
    blank = Entered(year=2024, month=6, status="completed")

    assert check(blank, known(), is_draft=True) == []
    assert not may_submit(check(blank, known()))


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-0.01", Code.INVESTED_NEGATIVE),
        ("6000.001", Code.INVESTED_TOO_FINE),
        ("1e14", Code.INVESTED_TOO_LARGE),
        ("1e999999", Code.INVESTED_TOO_LARGE),
        ("NaN", Code.INVESTED_NOT_A_NUMBER),
        ("sNaN", Code.INVESTED_NOT_A_NUMBER),
        ("Infinity", Code.INVESTED_NOT_A_NUMBER),
    ],
)
def test_what_no_investment_can_be_is_not_even_kept_in_a_draft(amount: str, code: Code) -> None:
    problems = check(entered(invested_ytd=Decimal(amount)), known(), is_draft=True)

    assert found(problems) == [("invested_ytd", code, ERROR)]
    assert not may_store(problems)


def test_trailing_zeros_are_no_decimal_places() -> None:
    assert check(entered(invested_ytd=Decimal("6000.0000")), known()) == []


def test_a_cumulated_figure_does_not_fall_without_a_reason() -> None:
    falls = {"invested_ytd": Decimal("4999.99")}

    bare = check(entered(**falls), known())
    explained = check(entered(**falls, correction="五月误将设备款计入"), known())

    assert found(bare) == [("invested_ytd", Code.INVESTED_FALLS, ERROR)]
    assert found(explained) == [("invested_ytd", Code.INVESTED_FALLS, WARNING)]
    assert may_store(bare)
    assert not may_submit(bare)
    assert may_submit(explained)


def test_blanks_are_no_reason() -> None:
    problems = check(entered(invested_ytd=Decimal(1), correction=" "), known())

    assert found(problems) == [("invested_ytd", Code.INVESTED_FALLS, ERROR)]


def test_in_january_the_figure_begins_anew_and_the_progress_does_not() -> None:
    january = entered(
        month=1,
        invested_ytd=Decimal(100),
        physical_progress=Decimal(29),
        narrative="完成基础施工。",
    )

    problems = check(january, known(last=LAST_DECEMBER, planned_ytd=Decimal(100)))

    assert found(problems) == [
        ("physical_progress", Code.PROGRESS_FALLS, ERROR),
        ("narrative", Code.NARRATIVE_UNCHANGED, WARNING),
    ]


def test_a_reopened_month_does_not_rise_above_the_month_after_it() -> None:
    july = Approved(year=2024, month=7, invested_ytd=Decimal(6500))
    above = {"invested_ytd": Decimal("6500.01")}

    assert check(entered(invested_ytd=Decimal(6500)), known(following=july)) == []
    assert found(check(entered(**above), known(following=july))) == [
        ("invested_ytd", Code.INVESTED_ABOVE_FOLLOWING, ERROR)
    ]
    assert may_submit(check(entered(**above, correction="补报"), known(following=july)))


def test_the_same_figure_as_last_month_is_stale() -> None:
    problems = check(entered(invested_ytd=Decimal("5000.00")), known())

    assert found(problems) == [("invested_ytd", Code.INVESTED_UNCHANGED, WARNING)]


@pytest.mark.parametrize("status", ["completed", "suspended", "withdrawn"])
def test_nothing_is_stale_while_a_project_is_at_rest(status: str) -> None:
    resting = entered(
        invested_ytd=MAY.invested_ytd,
        narrative=MAY.narrative,
        status=status,
        completed_on=date(2024, 5, 30),
        physical_progress=Decimal(100),
    )

    assert check(resting, known()) == []


def test_a_figure_is_not_stale_where_nothing_was_planned() -> None:
    idle = entered(invested_ytd=MAY.invested_ytd)

    assert check(idle, known(planned_ytd=MAY.planned_ytd)) == []


def test_the_same_words_as_last_month_are_stale_whatever_their_spacing() -> None:
    problems = check(entered(narrative="主体结构施工至五层。\n"), known())

    assert found(problems) == [("narrative", Code.NARRATIVE_UNCHANGED, WARNING)]


def test_more_than_the_total_investment_has_to_be_confirmed() -> None:
    above = {"invested_ytd": Decimal(7000)}
    small = known(total_investment=Decimal("15999.99"))

    asked = check(entered(**above), small)
    confirmed = check(entered(**above, confirmed=frozenset({"above_total"})), small)

    assert found(asked) == [("invested_ytd", Code.ABOVE_TOTAL, CONFIRM)]
    assert not may_submit(asked)
    assert may_store(asked)
    assert found(confirmed) == [("invested_ytd", Code.ABOVE_TOTAL, WARNING)]
    assert may_submit(confirmed)


def test_the_whole_total_investment_is_not_above_it() -> None:
    assert check(entered(), known(total_investment=Decimal(15000))) == []


@pytest.mark.parametrize(
    ("invested", "jumps"), [("8000", False), ("8000.01", True), ("5000.01", False)]
)
def test_a_jump_is_more_than_three_times_the_months_plan(invested: str, jumps: bool) -> None:
    problems = check(entered(invested_ytd=Decimal(invested)), known())

    assert (Code.JUMP in [problem.code for problem in problems]) is jumps


def test_a_jump_after_months_without_approval_is_held_against_their_plan_too() -> None:
    march = Approved(year=2024, month=3, invested_ytd=Decimal(3000), planned_ytd=Decimal(3000))

    assert (
        check(entered(invested_ytd=Decimal(12000)), known(last=march, total_investment=None)) == []
    )


def test_any_figure_is_a_jump_where_nothing_was_planned() -> None:
    problems = check(entered(invested_ytd=Decimal("0.01")), Known(planned_ytd=Decimal(0)))

    assert found(problems) == [("invested_ytd", Code.JUMP, WARNING)]


def test_what_counts_as_a_jump_is_a_setting() -> None:
    wide = Limits(jump_factor=Decimal(10))

    assert check(entered(invested_ytd=Decimal(9000)), known(), limits=wide) == []


@pytest.mark.parametrize(
    ("progress", "code"),
    [
        ("-0.1", Code.PROGRESS_NOT_A_PERCENTAGE),
        ("100.1", Code.PROGRESS_NOT_A_PERCENTAGE),
        ("NaN", Code.PROGRESS_NOT_A_PERCENTAGE),
        ("45.55", Code.PROGRESS_TOO_FINE),
    ],
)
def test_physical_progress_is_a_percentage(progress: str, code: Code) -> None:
    problems = check(entered(physical_progress=Decimal(progress)), known())

    assert found(problems) == [("physical_progress", code, ERROR)]
    assert not may_store(problems)


@pytest.mark.parametrize("progress", ["40.0", "100"])
def test_physical_progress_may_stand_still_or_end(progress: str) -> None:
    assert check(entered(physical_progress=Decimal(progress)), known()) == []


def test_physical_progress_falls_only_with_a_reason() -> None:
    falls = {"physical_progress": Decimal("39.9")}

    assert found(check(entered(**falls), known())) == [
        ("physical_progress", Code.PROGRESS_FALLS, ERROR)
    ]
    assert may_submit(check(entered(**falls, correction="按监理核定"), known()))


def test_a_completed_project_has_its_date() -> None:
    done = {"status": "completed", "physical_progress": Decimal(100)}

    assert found(check(entered(**done), known())) == [
        ("completed_on", Code.COMPLETED_WITHOUT_DATE, ERROR)
    ]
    assert check(entered(**done, completed_on=date(2024, 6, 20)), known()) == []


def test_a_completed_project_at_80_percent_is_remarkable() -> None:
    odd = entered(status="completed", completed_on=date(2024, 6, 20), physical_progress=Decimal(80))

    assert found(check(odd, known())) == [("status", Code.COMPLETED_UNFINISHED, WARNING)]


def test_the_figure_of_a_month_is_the_difference_to_the_last_approved_one() -> None:
    assert month_figure(2024, Decimal(6000), MAY) == 1000
    assert month_figure(2024, Decimal(4000), MAY) == -1000
    assert month_figure(2024, Decimal(6000), None) == 6000
    assert month_figure(2024, Decimal(6000), LAST_DECEMBER) == 6000
    assert month_figure(2024, None, MAY) is None


def test_growth_compares_the_same_months() -> None:
    this_year = {1: Decimal(100), 2: Decimal(230), 3: None}
    last_year = {1: Decimal(80), 2: Decimal(200), 3: Decimal(300), 12: Decimal(1000)}

    assert growth(this_year, last_year, 2) == Decimal("15.00")
    assert growth(this_year, last_year, 1) == Decimal("25.00")
    assert growth(this_year, last_year, 3) is None
    assert growth(this_year, last_year, 12) is None
    assert growth({1: Decimal(5)}, {1: Decimal(0)}, 1) is None


def test_a_message_names_its_figures() -> None:
    falls = check(entered(invested_ytd=Decimal("4500.50")), known())
    jump = check(entered(invested_ytd=Decimal("10000.00")), known())

    with override("en"):
        assert falls[0].message == (
            "The investment since January falls from 5,000 (2024-05) to 4,500.5."
            " State the reason for the correction."
        )
        assert jump[0].message == (
            "5,000 newly invested is more than 3 times what was planned for it (1,000)."
        )


def test_every_code_has_its_words() -> None:
    assert set(WORDS) == set(Code)


@given(any_entered, any_known, st.booleans())
def test_anything_entered_is_judged_in_words(given: Entered, before: Known, is_draft: bool) -> None:
    with override("en"):
        for problem in check(given, before, is_draft=is_draft):
            assert problem.message
            assert problem.severity in Severity


@given(any_entered, any_known)
def test_what_may_be_stored_is_what_the_database_takes(given: Entered, before: Known) -> None:
    problems = check(given, before, is_draft=True)

    if may_store(problems):
        for number, places, top in (
            (given.invested_ytd, 2, 10**14),
            (given.physical_progress, 1, 101),
        ):
            if number is not None:
                assert 0 <= number < top
                assert number == round(number, places)


@given(any_entered, any_known)
def test_a_draft_has_no_problem_that_the_report_has_not(given: Entered, before: Known) -> None:
    whole, draft = check(given, before), check(given, before, is_draft=True)

    assert [problem for problem in whole if problem in draft] == draft
    assert all(
        problem.code in {p.code for p in draft} for problem in whole if problem.code in UNSTORABLE
    )
    if may_submit(whole):
        assert may_submit(draft)
        assert may_store(draft)


@given(any_entered, any_known)
def test_what_may_be_submitted_has_a_figure_that_does_not_fall_unexplained(
    given: Entered, before: Known
) -> None:
    if not may_submit(check(given, before)):
        return

    assert given.invested_ytd is not None
    last = before.last
    if last is not None and last.year == given.year and last.invested_ytd is not None:
        assert given.invested_ytd >= last.invested_ytd or given.correction.strip()
