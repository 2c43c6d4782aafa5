"""Every way to change what a cell says leaves a mark: after a refresh the cells are right."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from projects import back_test, cell_marks, colouring, lifecycle, round_keeping, schedule
from projects.dissolving import dissolve
from projects.imports import FixtureFile, load
from projects.models import (
    AnnualPlan,
    EntryMark,
    LightRule,
    ProgressReport,
    Project,
    ReportAction,
)
from projects.planning import Adoption, Decision, adopt, revise_plan
from projects.schedule_curves import spread_evenly
from summaries import coarse, keeping
from summaries.models import DepartmentCell, ProgressCell
from tests.factories import (
    make_department,
    make_entry,
    make_project,
    make_region,
    make_user,
    signed_in,
)
from tests.rounds import (
    DECISION,
    approve,
    make_plan,
    moment,
    open_rounds,
    period_of,
    report_of,
    step,
    submit,
)
from tests.summaries.by_hand import assert_cells_are_right

pytestmark = pytest.mark.django_db
A = ReportAction
NOW = moment(date(2024, 3, 1))


def refresh() -> int:
    return keeping.refresh(at=NOW)


@pytest.fixture
def entry():
    """An entry with two approved months among others, and cells that are right."""
    made = make_plan(make_department(), entry={"goal": "started", "level": "district"})
    make_plan(make_department())
    open_rounds(4)
    for month, invested in ((1, 90), (2, 200)):
        approve(report_of(made, month), maker(), maker(), invested=invested)
    refresh()
    assert_cells_are_right()
    assert not keeping.waiting()
    return made


def maker():
    return make_user(role=Role.MANAGER)


def assert_marked() -> None:
    """Something was marked, the cells were not right before the refresh, and are after it."""
    assert keeping.waiting()
    with pytest.raises(AssertionError):
        assert_cells_are_right()
    refresh()
    assert_cells_are_right()


def test_submitting(entry):
    submit(report_of(entry, 3), maker(), invested=250)
    assert_marked()


def test_approving_a_month_between_changes_the_later_ones_too(entry):
    approve(report_of(entry, 4), maker(), maker(), invested=420)
    refresh()
    approve(report_of(entry, 3), maker(), maker(), invested=310)
    assert_marked()


def test_approving_an_early_month_again_is_carried_into_months_without_a_report(entry):
    checker = maker()
    step(report_of(entry, 2), A.REOPEN, checker, note="核减")
    assert_marked()
    approve(report_of(entry, 2), maker(), checker, invested=150, correction="核减")
    assert_marked()
    assert ProgressCell.objects.get(month=4, goal="started").known_ytd == 150


def test_a_draft_and_a_return_change_nothing_that_is_counted(entry):
    submit(report_of(entry, 3), maker(), invested=250)
    refresh()
    step(report_of(entry, 3), A.RETURN, maker(), note="请核对")
    assert_cells_are_right()
    assert not keeping.waiting()


def test_opening_a_round(entry):
    day = period_of(5).opens_on
    schedule.open_due(on=day, at=moment(day))
    assert_marked()


def test_a_round_that_is_locked_gets_lights(entry):
    period = period_of(4)
    round_keeping.open_and_lock(on=period.locks_on, at=moment(period.locks_on))
    assert_marked()


def test_moving_the_due_day_changes_who_was_late(entry):
    submit(report_of(entry, 4), maker(), on=date(2024, 5, 4), invested=400)
    refresh()
    period = period_of(4)
    days = round_keeping.Days(period.opens_on, date(2024, 5, 3), period.locks_on)
    round_keeping.change_days(
        period.pk,
        days,
        seen=str(round_keeping.Days.of(period)),
        by=maker(),
        on=date(2024, 5, 3),
        at=moment(date(2024, 5, 3)),
    )
    assert_marked()


def test_adopting_a_plan(entry):
    make_plan(make_department(), year=2024)
    assert_marked()


def test_adopting_a_plan_that_enters_late_takes_the_early_months_away(entry):
    listed = make_entry()
    cell_marks.mark_entries(AnnualPlan.objects.filter(pk=listed.pk))
    refresh()
    curve = spread_evenly(Decimal(700), entry_month=6)
    adopt([Adoption(listed.pk, Decimal(700), curve, enters_in=6)], DECISION, by=maker(), at=NOW)
    assert_marked()
    months = ProgressCell.objects.filter(department=None).values_list("month", flat=True)
    assert sorted(months) == [6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("goal", [None, "completed"])
def test_revising_a_plan_and_its_goal(entry, goal):
    entry.refresh_from_db()
    revise_plan(
        entry.pk,
        Decision("区人大常委会", date(2024, 7, 1), "调减"),
        from_month=2,
        version=entry.version,
        by=maker(),
        at=NOW,
        planned_investment=Decimal(900),
        goal=goal,
    )
    assert_marked()


def test_judging_a_light_otherwise(entry):
    report = report_of(entry, 2)
    colouring.judge_otherwise(
        report, "red", version=report.version, reason="停工", by=maker(), at=NOW
    )
    assert_marked()


def test_adopting_another_light_rule(entry):
    rule = LightRule.objects.create(
        version="2", measure="rate", yellow_rate=100, red_rate=99, applies_from=None
    )
    back_test.adopt_rule(rule.pk, applies_from=date(2024, 1, 1), by=maker(), at=NOW)
    assert_marked()


def test_giving_a_project_to_another_department(entry):
    other = make_department("500101-SLJ")
    lifecycle.move(entry.project_id, other, reason="机构改革", by=maker(), at=NOW)
    assert_marked()


def test_dissolving_a_department(entry):
    dissolve(
        entry.project.department,
        make_department("500101-SLJ"),
        reason="机构改革",
        by=maker(),
        on=date(2024, 5, 6),
        at=NOW,
    )
    assert_marked()


@pytest.mark.parametrize(
    ("model", "row"),
    [
        ("projects.project", {"region": "500101001"}),
        ("projects.project", {"total_investment": "70"}),
        ("projects.annualplan", {"sector": "水利"}),
        ("projects.annualplan", {"category": "ecology"}),
        ("projects.annualplan", {"level": "municipal"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_loading_other_values(entry, model, row):
    make_region("500101001")
    project = entry.project
    if model == "projects.project":
        row = {"code": project.code, "name": project.name, "category": project.category, **row}
    else:
        row = {"project": project.code, "year": 2024, "category": entry.category, **row}
    load([FixtureFile("test.json", json.dumps({"model": model, "rows": [row]}))])
    assert_marked()


def test_loading_new_entries_and_new_days_of_a_round(entry):
    project = make_project()
    submit(report_of(entry, 4), maker(), on=date(2024, 5, 4), invested=400)
    refresh()
    rows = [{"project": project.code, "year": 2024, "category": "ecology"}]
    load([FixtureFile("a.json", json.dumps({"model": "projects.annualplan", "rows": rows}))])
    assert_marked()
    rows = [{"year": 2024, "month": 4, "due_on": "2024-05-03"}]
    load([FixtureFile("b.json", json.dumps({"model": "projects.reportingperiod", "rows": rows}))])
    assert_marked()


def admin_form(client, address: str, **changes) -> dict[str, str]:
    """What the admin's form would send unchanged, with changes."""
    form = client.get(address).context["adminform"].form
    data = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    data |= {
        f"{prefix}-{name}": "0"
        for prefix in ("funding", "milestones", "revisions")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {**data, **changes}


def test_editing_a_project_in_the_admin_site(entry, admin):
    client = signed_in(admin)
    address = reverse("admin:projects_project_change", args=[entry.project_id])
    other = make_department("500101-SLJ")
    sent = admin_form(client, address, department=str(other.pk))
    assert client.post(address, sent).status_code == 302
    assert Project.objects.get(pk=entry.project_id).department == other
    assert_marked()


def test_editing_adding_and_deleting_entries_in_the_admin_site(entry, admin):
    client = signed_in(admin)
    address = reverse("admin:projects_annualplan_change", args=[entry.pk])
    assert client.post(address, admin_form(client, address, category="ecology")).status_code == 302
    assert_marked()

    add = reverse("admin:projects_annualplan_add")
    new = {"project": str(make_project().pk), "year": "2024", "category": "ecology"}
    assert client.post(add, admin_form(client, add, **new)).status_code == 302
    assert_marked()

    one = AnnualPlan.objects.latest("pk")
    delete = reverse("admin:projects_annualplan_delete", args=[one.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert_marked()


def test_deleting_chosen_projects_in_the_admin_site(entry, admin):
    listed = make_entry()
    cell_marks.mark_entries(AnnualPlan.objects.filter(pk=listed.pk))
    refresh()
    chosen = {
        "action": "delete_selected",
        "_selected_action": [str(listed.project_id)],
        "post": "yes",
    }
    signed_in(admin).post(reverse("admin:projects_project_changelist"), chosen)
    assert not AnnualPlan.objects.filter(pk=listed.pk).exists()
    assert_marked()


def test_many_rows_are_one_mark_for_the_month_and_the_year(entry, monkeypatch):
    monkeypatch.setattr(cell_marks, "MANY", 3)
    cell_marks.mark_reports(ProgressReport.objects.filter(period__month=3))
    assert set(EntryMark.objects.values_list("year", "month", "entry")) == {
        (2024, 3, report.entry_id) for report in ProgressReport.objects.filter(period__month=3)
    }
    EntryMark.objects.all().delete()
    cell_marks.mark_reports(ProgressReport.objects.filter(period__month__in=(1, 3)))
    assert set(EntryMark.objects.values_list("month", "entry")) == {(1, None), (3, None)}
    make_plan(), make_plan()
    EntryMark.objects.all().delete()
    cell_marks.mark_entries(AnnualPlan.objects.all())
    assert list(EntryMark.objects.values_list("year", "month", "entry")) == [(2024, None, None)]
    refresh()
    assert_cells_are_right()


def test_many_cells_are_recomputed_with_their_year(entry, monkeypatch):
    monkeypatch.setattr(keeping, "MANY", 5)
    lifecycle.move(
        entry.project_id,
        make_department("500101-SLJ"),
        reason="机构改革",
        by=maker(),
        at=NOW,
    )
    assert_marked()


def test_the_check_is_content_with_right_cells_and_with_marked_ones(entry, capsys):
    call_command("check_summaries")
    assert "what the reports give" in capsys.readouterr().out
    approve(report_of(entry, 3), maker(), maker(), invested=310)
    call_command("check_summaries")
    assert "marks wait for a refresh" in capsys.readouterr().out


def test_the_check_names_the_cell_and_the_column_that_differ(entry, capsys):
    cell = ProgressCell.objects.get(month=2, goal="started")
    ProgressCell.objects.filter(pk=cell.pk).update(invested_ytd=201)
    ProgressCell.objects.filter(month=7, goal="started").delete()
    lone = ProgressCell.objects.get(month=1, goal="started")
    lone.pk, lone.sector = None, "水利"
    lone.save(force_insert=True)
    coarse.write_year(2024)
    with pytest.raises(CommandError, match="3 differences"):
        call_command("check_summaries")
    said = capsys.readouterr().out
    assert "invested_ytd is 201.00, should be 200.00" in said
    assert "cell is None, should be 1" in said
    assert "水利 started: cell is 1, should be None" in said


def test_the_check_names_a_departments_cell_that_is_not_the_sum_of_its_cells(entry, capsys):
    DepartmentCell.objects.filter(month=2).update(entries=7)
    with pytest.raises(CommandError, match="1 difference"):
        call_command("check_summaries")
    assert "entries is 7, should be 2" in capsys.readouterr().out


def test_a_rebuild_puts_everything_right_and_takes_the_marks_of_its_year_away(entry):
    ProgressCell.objects.update(entries=9)
    make_plan(make_department(), year=2023)
    submit(report_of(entry, 3), maker(), invested=250)
    call_command("rebuild_cells", "2024")
    assert set(EntryMark.objects.values_list("year", flat=True)) == {2023}
    refresh()
    assert_cells_are_right()


def test_a_refresh_makes_the_same_queries_whatever_else_there_is(entry):
    def queries() -> int:
        cell_marks.mark_from(report_of(entry, 2))
        with CaptureQueriesContext(connection) as captured:
            assert refresh() == 3
        return len(captured)

    alone = queries()
    for _n in range(10):
        make_plan(make_department())
    refresh()
    assert queries() == alone
