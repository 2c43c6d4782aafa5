"""What differs from an issued month is listed exactly: held against sums over the raw reports."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Department, User
from accounts.roles import Role
from indicators.models import Indicator
from indicators.recording import record
from projects import lifecycle
from projects.models import AnnualPlan, ProgressReport, ReportAction
from projects.planning import Decision, revise_plan
from summaries import differences, issued_page, keeping, later_steps, month_figures, rollup
from summaries.models import ProgressSummary
from tests.factories import make_department, make_user, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, step
from tests.summaries.month_summaries import build_year, correct, issue_month

REVISED = Decision("区人民政府", date(2024, 3, 1), "调整年度任务")
NOTHING_FED_BACK = {
    "status": "final",
    "value": None,
    "text": "",
    "growth": None,
    "growth_unit": "",
    "note": "",
}
Raw = dict[tuple[str, str], dict[str, Fraction | int | None]]


def figures_now() -> month_figures.MonthData:
    keeping.refresh(at=timezone.now())
    with rollup.snapshot():
        return month_figures.read(2024, 2)


def revise(entry: AnnualPlan, planned: int, by: User) -> None:
    entry.refresh_from_db()
    revise_plan(
        entry.pk,
        REVISED,
        from_month=2,
        version=entry.version,
        by=by,
        at=moment(REVISED.approved_on),
        planned_investment=Decimal(planned),
    )


def counted() -> Raw:
    """February of each group from the raw reports: amounts, counts, and rates as fractions."""
    groups: dict[tuple[str, str], Callable[[AnnualPlan], bool]] = {("", ""): lambda _entry: True}
    for goal in ("started", "completed"):
        groups["goal", goal] = lambda entry, goal=goal: entry.goal == goal
    for unit in Department.objects.all():
        groups["department", unit.path] = lambda entry, unit=unit: (
            entry.project.department is not None
            and entry.project.department.path.startswith(unit.path)
        )
    entries = list(AnnualPlan.objects.filter(year=2024).select_related("project__department"))
    reports = {report.entry_id: report for report in ProgressReport.objects.filter(period__month=2)}
    return {
        key: _counted([reports[entry.pk] for entry in entries if belongs(entry)])
        for key, belongs in groups.items()
    }


def _counted(reports: list[ProgressReport]) -> dict[str, Fraction | int | None]:
    known = [report for report in reports if report.approved_invested_ytd is not None]
    invested = sum((Fraction(report.approved_invested_ytd) for report in known), Fraction())
    planned = sum((Fraction(report.planned_year) for report in known), Fraction())
    due = sum((Fraction(report.planned_ytd) for report in known), Fraction())
    return {
        "entries": len(reports),
        "figures": len(known),
        "planned": sum((Fraction(r.planned_year) for r in reports), Fraction())
        if reports
        else None,
        "invested_ytd": invested if known else None,
        "completion": invested * 100 / planned if planned else None,
        "schedule": invested * 100 / due if due else None,
    }


def assert_listed_exactly(summary: ProgressSummary, before: Raw, after: Raw) -> None:
    """Each figure that changed is listed with what it was, is, and the difference; no other is."""
    listed = {
        (block.group["by"], block.group["key"], each.figure): each
        for block in differences.of_groups(summary.figures, figures_now().figures)
        for each in block.differences
    }
    for key, then in before.items():
        for name, was in then.items():
            now = after[key][name]
            found = listed.get((*key, name))
            if was == now:
                assert found is None, (key, name)
                continue
            assert found is not None, (key, name)
            assert (nearly(found.issued), nearly(found.now)) == (nearly(was), nearly(now))
            if was is not None and now is not None:
                assert nearly(found.difference) == nearly(now - was)
            else:
                assert found.difference is None


def nearly(value: Decimal | Fraction | int | None) -> Decimal | None:
    """To 15 decimal places: a rate is an endless fraction."""
    if value is None:
        return None
    return round(Decimal(Fraction(value).numerator) / Fraction(value).denominator, 15)


@pytest.fixture
def plans(reporter, outsider, manager):
    """Two projects of one department and one of another, February approved of two of them."""
    road = make_plan(reporter.department, planned=1200, entry={"goal": "started"})
    rail = make_plan(reporter.department, planned=600, entry={"goal": "completed"})
    dam = make_plan(outsider.department, planned=900, entry={"goal": "completed"})
    open_rounds(2)
    approve(report_of(road, 2), reporter, manager, invested=150)
    approve(report_of(dam, 2), outsider, manager, invested=70)
    return road, rail, dam


def test_where_nothing_changed_the_page_says_that_there_is_no_difference(plans, manager):
    issue = issue_month(manager)
    drift = signed_in(manager).get(issue.get_absolute_url()).context["drift"]
    assert drift.is_none
    assert drift.steps == []


def test_a_corrected_figure_is_listed_with_what_was_issued_what_is_and_by_how_much(
    plans, reporter, manager
):
    road = plans[0]
    issue = issue_month(manager)
    before = counted()
    correct(road, reporter, manager, 180)
    assert_listed_exactly(issue.summary, before, counted())
    drift = issued_page.month_drift(issue.summary)
    whole = drift.groups[0]
    (invested,) = [row for row in whole.rows if row.issued == "220.00"][:1]
    assert (invested.now, invested.difference) == ("250.00", "+30.00")
    (entry,) = drift.entries
    assert [(row.issued, row.now, row.difference) for row in entry.rows] == [
        ("150.00", "180.00", "+30.00")
    ]


def test_the_steps_that_led_there_are_told_with_their_day_and_their_reason(
    plans, reporter, manager
):
    road = plans[0]
    issue = issue_month(manager)
    correct(road, reporter, manager, 180)
    figures_now()
    drift = issued_page.month_drift(issue.summary)
    actions = [step.action for step in drift.steps]
    labels = [str(ReportAction(each).label) for each in ("reopen", "submit", "approve")]
    assert actions == labels
    assert drift.steps[0].note == "数字有误"
    assert {step.code for step in drift.steps} == {road.project.code}
    assert drift.groups[0].since == drift.steps[0].at
    assert drift.entries[0].since == drift.steps[0].at
    other = [b for b in drift.groups if b.name == plans[2].project.department.name]
    assert other == []


def test_a_saved_draft_is_no_step_and_a_report_approved_later_is_one(plans, reporter, manager):
    rail = plans[1]
    issue = issue_month(manager)
    before = counted()
    approve(report_of(rail, 2), reporter, manager, invested=50)
    assert_listed_exactly(issue.summary, before, counted())
    drift = issued_page.month_drift(issue.summary)
    assert [step.name for step in drift.steps] == [rail.cited_name] * 2
    whole = {row.label: row for row in drift.groups[0].rows}
    assert len(whole) > 2


def test_a_figure_that_was_missing_has_no_difference_but_is_listed(plans, reporter, manager):
    rail = plans[1]
    issue = issue_month(manager)
    approve(report_of(rail, 2), reporter, manager, invested=50)
    figures_now()
    (block,) = issued_page.month_drift(issue.summary).entries
    row = block.rows[0]
    assert (row.issued, row.now, row.difference) == ("—", "50.00", "—")


def test_a_revised_plan_and_a_project_that_moved_are_listed_with_their_steps(
    plans, outsider, manager
):
    road, _rail, dam = plans
    issue = issue_month(manager)
    before = counted()
    revise(road, 2400, manager)
    day = moment(date(2024, 3, 7))
    lifecycle.move(dam.project_id, road.project.department, reason="职能划转", by=manager, at=day)
    assert_listed_exactly(issue.summary, before, counted())
    drift = issued_page.month_drift(issue.summary)
    assert {step.note for step in drift.steps} == {"调整年度任务", "职能划转"}
    moved = next(block for block in drift.entries if block.name == dam.cited_name)
    assert moved.since == day


def test_an_entry_that_joined_the_list_is_told(plans, manager):
    issue = issue_month(manager)
    late = make_plan(planned=500)
    figures_now()
    drift = issued_page.month_drift(issue.summary)
    (block,) = [block for block in drift.entries if block.is_new]
    assert block.name == late.cited_name


def test_differences_cost_the_same_queries_for_1_and_for_30_corrections(
    plans, reporter, manager, django_assert_num_queries, django_assert_max_num_queries
):
    issue = issue_month(manager)
    correct(plans[0], reporter, manager, 180)
    revise(plans[1], 700, manager)
    lifecycle.move(
        plans[2].project_id, None, reason="职能划转", by=manager, at=moment(date(2024, 3, 7))
    )
    figures_now()
    client = signed_in(manager)
    client.get(issue.get_absolute_url())
    with django_assert_max_num_queries(40) as first:
        client.get(issue.get_absolute_url())
    for _number in range(29):
        entry = make_plan(reporter.department, planned=100)
        approve(report_of(entry, 2), reporter, manager, invested=7)
    figures_now()
    with django_assert_num_queries(len(first)):
        client.get(issue.get_absolute_url())


def test_more_steps_than_sqlite_takes_in_one_question_are_all_read(plans, reporter, manager):
    issue = issue_month(manager)
    correct(plans[0], reporter, manager, 180)
    now = figures_now().histories
    many = {**now, **{f"report:{10**6 + number}": 1 for number in range(12_000)}}
    found = later_steps.of_month(issue.summary.histories, many)
    assert len(found) == 3


def test_a_year_s_summary_lists_what_was_recorded_since(report_loaded, manager):
    summary = build_year(manager)
    assert issued_page.year_drift(summary).is_none
    row = next(row for row in summary.figures["indicators"]["rows"] if row["verdict"] == "pending")
    indicator = Indicator.objects.get(code=row["code"])
    record(
        indicator, 2024, {**NOTHING_FED_BACK, "value": Decimal("7.5"), "text": "7.5"}, by=manager
    )
    drift = issued_page.year_drift(summary)
    said = {each.label: (each.issued, each.now) for block in drift.groups for each in block.rows}
    assert any(now == "7.5" for _issued, now in said.values())
    (step_taken,) = drift.steps
    assert (step_taken.code, step_taken.by) == (indicator.code, str(manager))


class RandomCorrectionsTest(TestCase):
    """Whatever is corrected after the issue, the list is what is now minus what was issued."""

    @settings(max_examples=8)
    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(1, 999)), max_size=5)
    )
    def test_the_list_is_now_minus_issued(self, corrections: list[tuple[int, int, int]]) -> None:
        maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
        homes = [make_department(f"500101-{code}") for code in ("AAA", "BBB")]
        entries = [
            make_plan(home, planned=1200, entry={"goal": goal})
            for home, goal in zip(
                [*homes, homes[0]], ("started", "completed", "started"), strict=True
            )
        ]
        open_rounds(2)
        for entry in entries[:2]:
            approve(report_of(entry, 2), maker, checker, invested=100)
        summary = issue_month(checker).summary
        frozen = ProgressSummary.objects.filter(pk=summary.pk).values().get()
        before = counted()
        for kind, place, amount in corrections:
            entry = entries[place]
            report = report_of(entry, 2)
            if kind == 0 and report.state == "approved":
                correct(entry, maker, checker, amount)
            elif kind == 0:
                approve(report, maker, checker, invested=amount, correction="核对凭证")
            elif kind == 1 and report.state == "approved":
                step(report, ReportAction.REOPEN, checker, note="数字有误")
            elif kind == 2:
                revise(entry, 1200 + amount, checker)
            elif kind == 3:
                lifecycle.move(
                    entry.project_id,
                    homes[amount % 2],
                    reason="职能划转",
                    by=checker,
                    at=moment(date(2024, 3, 7)),
                )
        assert_listed_exactly(summary, before, counted())
        assert ProgressSummary.objects.filter(pk=summary.pk).values().get() == frozen
