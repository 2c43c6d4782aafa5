"""What became of the year before, for any two lists."""

from hypothesis import given
from hypothesis import strategies as st

from projects.models import Stage
from summaries.carryover import Entry, Outcome, fates

STAGES = ["", *Stage.values]


def entry(code="1", year=2023, *, goal="", result="", predecessor="", order=0) -> Entry:
    return Entry(
        code=code,
        name=f"项目{code}",
        year=year,
        category="industry",
        sector="",
        goal=goal,
        result=result,
        table="表3",
        order=(3, order, code),
        predecessor=predecessor,
    )


def fate(then: Entry, *now: Entry):
    (found,) = fates([then], now)
    return found


def test_completed_and_no_longer_listed_is_finished():
    assert fate(entry(result="completed")).outcome is Outcome.FINISHED


def test_open_and_listed_again_is_carried_over():
    found = fate(entry(result="started"), entry(year=2024, goal="accelerated"))
    assert found.outcome is Outcome.CONTINUED
    assert not found.goes_back


def test_completed_and_listed_again_goes_back():
    found = fate(entry(result="completed"), entry(year=2024, goal="accelerated"))
    assert found.outcome is Outcome.RELISTED
    assert found.goes_back


def test_accelerated_and_then_only_to_be_started_goes_back_too():
    found = fate(entry(result="accelerated"), entry(year=2024, goal="started"))
    assert found.outcome is Outcome.CONTINUED
    assert found.goes_back


def test_without_a_stated_result_nothing_goes_back():
    assert not fate(entry(goal="completed"), entry(year=2024, goal="started")).goes_back


def test_open_and_not_listed_is_absent():
    assert fate(entry(result="accelerated")).outcome is Outcome.ABSENT
    assert fate(entry(result="")).outcome is Outcome.ABSENT


def test_a_later_phase_is_another_project_and_only_named_beside_it():
    second = entry("2", 2024, goal="completed", predecessor="1")
    found = fate(entry(result="accelerated"), second)
    assert found.outcome is Outcome.ABSENT
    assert found.now is None
    assert found.later_phases == (second,)


entries = st.builds(
    entry,
    code=st.sampled_from("abcdefgh"),
    result=st.sampled_from(STAGES),
    goal=st.sampled_from(STAGES),
    order=st.integers(0, 20),
)
lists = st.lists(entries, unique_by=lambda each: each.code)


@given(lists, lists)
def test_every_entry_has_one_fate_in_printed_order(before, now):
    found = fates(before, now)
    assert [each.then for each in found] == sorted(before, key=lambda each: each.order)
    listed = {each.code for each in now}
    for each in found:
        assert (each.now is not None) == (each.then.code in listed)
        finished = each.outcome in (Outcome.FINISHED, Outcome.RELISTED)
        assert finished == (each.then.result == "completed")
        assert (each.outcome in (Outcome.CONTINUED, Outcome.RELISTED)) == (each.now is not None)


@given(lists, lists)
def test_the_order_in_which_entries_come_makes_no_difference(before, now):
    assert fates(before, now) == fates(before[::-1], now[::-1])
