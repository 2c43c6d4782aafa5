"""What is read from the cells: sums, rates, months compared, trees, and who sees which."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Department
from accounts.roles import Role
from projects import schedule
from summaries import cells, keeping, recount
from summaries.cells import NOTHING, By, Progress, Rate, Sums, progress, rolled_up, total
from summaries.models import DepartmentCell, ProgressCell
from summaries.permissions import visible_cells
from tests.factories import make_department, make_entry, make_project, make_user
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, submit

pytestmark = pytest.mark.django_db


def rebuilt(year: int = 2024):
    keeping.rebuild(year, at=timezone.now())
    return ProgressCell.objects.all()


def reported(entry, figures: dict[int, int], **filled) -> None:
    """Approve the months of an entry with these figures."""
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    for month, invested in figures.items():
        approve(report_of(entry, month), maker, checker, invested=invested, **filled)


def test_a_month_sums_what_is_in_force_and_counts_what_is_missing():
    first, _silent = make_plan(planned=1200), make_plan(planned=600)
    make_entry()
    open_rounds(2)
    reported(first, {1: 90, 2: 150})
    now = total(rebuilt(), 2024, 2).now
    assert (now.entries, now.with_plan, now.due, now.figures, now.missing) == (3, 2, 2, 1, 1)
    assert (now.planned, now.planned_ytd) == (1800, 300)
    assert (now.invested_ytd, now.figures_planned, now.figures_planned_ytd) == (150, 1200, 200)
    assert (now.with_total, now.total_investment) == (2, 20_000)


def test_rates_compare_like_with_like_and_show_what_they_are_made_of():
    first, _silent = make_plan(planned=1200), make_plan(planned=600)
    open_rounds(1)
    reported(first, {1: 70})
    now = total(rebuilt(), 2024, 1).now
    assert now.completion == Rate(Decimal(70), Decimal(1200))
    assert now.schedule == Rate(Decimal(70), Decimal(100))
    assert now.schedule_gap == Decimal(70) * 100 / 1200 - Decimal(100) * 100 / 1200
    assert now.completion_of_all == Rate(Decimal(70), Decimal(1800))


def test_a_rate_of_nothing_is_not_zero():
    assert Rate(Decimal(0), Decimal(0)).percent is None
    assert NOTHING.completion.points_over(Rate(Decimal(1), Decimal(2))) is None


def test_a_rate_is_not_rounded():
    assert Rate(Decimal(1), Decimal(3)).percent == Decimal(100) / 3


def test_a_month_without_a_report_is_missing_but_its_last_figure_is_known():
    entry = make_plan(planned=1200)
    open_rounds(4)
    reported(entry, {1: 100, 2: 180, 4: 390})
    found = rebuilt()
    march, april = total(found, 2024, 3), total(found, 2024, 4)
    assert (march.now.figures, march.now.known, march.now.known_ytd) == (0, 1, 180)
    assert march.now.completion.percent is None
    assert march.now.statuses["started"] == 1
    assert march.invested_in_month == 0
    assert april.invested_in_month == 210
    assert april.invested_in_quarter == 210
    # The figure before the quarter is February's: what was planned since then is compared.
    assert april.quarter_schedule == Rate(Decimal(210), Decimal(200))


def test_months_that_nobody_has_been_asked_for_are_planned_and_not_known():
    entry = make_plan(planned=1200)
    open_rounds(1)
    reported(entry, {1: 100})
    march = total(rebuilt(), 2024, 3)
    assert (march.now.planned_ytd, march.now.due, march.now.known) == (300, 0, 0)
    assert march.invested_in_month is None
    assert march.quarter_schedule.percent is None


def test_an_entry_counts_from_its_month_of_entry_on():
    make_plan(planned=1200, enters_in=6)
    found = rebuilt()
    assert [total(found, 2024, month).now.entries for month in (5, 6, 12)] == [0, 1, 1]


def test_the_same_months_of_last_year_stand_beside_this_year():
    project = {"department": make_department()}
    this, last = make_plan(**project, planned=1200), make_plan(**project, planned=1000, year=2023)
    open_rounds(1)
    schedule.open_due(on=date(2024, 1, 26), at=moment(date(2024, 1, 26)))
    reported(last, {1: 40}, started_on=date(2022, 3, 1))
    reported(this, {1: 90})
    rebuilt(2023)
    found = total(rebuilt(), 2024, 1)
    assert found.last_year.completion == Rate(Decimal(40), Decimal(1000))
    assert found.completion_change == Decimal("3.5")
    assert found.schedule_change == Decimal(90) - Decimal(40) * 100 / (Decimal(1000) / 12).quantize(
        Decimal("0.01")
    )


def test_who_was_late_is_stored_and_who_is_overdue_depends_on_the_day():
    intime, late, _never = (make_plan(make_department()) for _n in range(3))
    period = open_rounds(1)
    maker = make_user(role=Role.MANAGER)
    submit(report_of(intime, 1), maker)
    submit(report_of(late, 1), maker, on=date(2024, 2, 7))
    now = total(rebuilt(), 2024, 1).now
    assert (now.due, now.reported, now.late, now.approved, now.unreported) == (3, 2, 1, 0, 1)
    assert now.overdue(due_on=period.due_on, on=period.due_on) == 1
    assert now.overdue(due_on=period.due_on, on=date(2024, 2, 6)) == 2


def test_lights_and_statuses_add_up_to_the_entries():
    green, red = make_plan(planned=1200), make_plan(planned=1200)
    make_plan()
    open_rounds(8)
    reported(green, {8: 800})
    reported(red, {8: 10})
    now = total(rebuilt(), 2024, 8).now
    assert now.lights == {"green": 1, "yellow": 0, "red": 1, "grey": 0, "": 1}
    assert sum(now.statuses.values()) == now.entries
    assert now.statuses == {
        "preparation": 0,
        "started": 2,
        "accelerated": 0,
        "completed": 0,
        "suspended": 0,
        "withdrawn": 0,
        "": 1,
    }


def test_groups_by_any_keys_come_in_order_and_add_up_to_the_total():
    home = make_department()
    make_plan(home, entry={"goal": "started", "sector": "交通", "level": "municipal"})
    make_plan(home, entry={"goal": "completed", "sector": "水利"})
    make_plan(None, entry={"category": "ecology"})
    found = rebuilt()
    whole = total(found, 2024, 1).now
    for by in ([By.GOAL], [By.CATEGORY, By.LEVEL], [By.DEPARTMENT], list(By)):
        groups = progress(found, 2024, 1, by)
        assert sum((group.now for group in groups), NOTHING) == whole
    assert [group.key for group in progress(found, 2024, 1, [By.GOAL])] == [
        ("",),
        ("completed",),
        ("started",),
    ]
    assert [group.key for group in progress(found, 2024, 1, [By.DEPARTMENT])] == [
        (None,),
        (home.pk,),
    ]


def test_a_department_includes_what_is_below_it():
    above = make_department("500101-A")
    below = make_department("500101-B", parent=above)
    make_plan(above, planned=1200)
    make_plan(below, planned=600)
    make_plan(None, planned=100)
    found = progress(rebuilt(), 2024, 1, [By.DEPARTMENT])
    branches = rolled_up(found, Department.objects.all())
    assert [branch.node for branch in branches] == [above, below]
    assert [branch.progress.now.planned for branch in branches] == [1800, 600]
    assert [branch.progress.key for branch in branches] == [(above.pk,), (below.pk,)]
    assert branches[0].own.now.planned == 1200


def test_a_department_of_units_only_has_nothing_of_its_own():
    above = make_department("500101-A")
    make_plan(make_department("500101-B", parent=above))
    found = progress(rebuilt(), 2024, 1, [By.DEPARTMENT])
    assert rolled_up(found, Department.objects.all())[0].own is None


def test_staff_see_the_cells_of_their_branch_and_managers_all():
    above = make_department("500101-A")
    below = make_department("500101-B", parent=above)
    for department in (above, below, make_department("500101-C"), None):
        make_plan(department)
    rebuilt()

    def entries_of(user) -> int:
        return total(visible_cells(user), 2024, 1).now.entries

    assert entries_of(make_user(department=above)) == 2
    assert entries_of(make_user(department=below)) == 1
    assert entries_of(make_user(role=Role.LEADER)) == 4
    assert entries_of(make_user(department=above, is_active=False)) == 0


def test_a_branch_of_the_regions_can_be_read_alone(django_assert_num_queries):
    department = make_department()
    make_plan(department, region=department.region)
    make_plan(department)
    rebuilt()
    with django_assert_num_queries(1):
        found = total(ProgressCell.objects.in_region(department.region), 2024, 1)
    assert found.now.entries == 1


def test_departments_and_regions_are_read_from_the_departments_cells_and_all_else_from_all_cells():
    home = make_department()
    make_plan(home, region=home.region, entry={"goal": "started"})
    make_plan(home, entry={"goal": "completed"})
    everything = rebuilt()
    bounded = visible_cells(make_user(role=Role.MANAGER, region=home.region))
    of_places = {
        2: (everything, everything.in_department(home)),
        1: (everything.in_region(home.region), bounded, bounded.in_department(home)),
    }
    for count, narrowed in of_places.items():
        assert [total(found, 2024, 1).now.entries for found in narrowed] == [count] * len(narrowed)
    DepartmentCell.objects.update(entries=9)
    for count, narrowed in of_places.items():
        assert {total(found, 2024, 1).now.entries for found in narrowed} == {9 * count}
    assert [each.now.entries for each in progress(everything, 2024, 1, [By.REGION])] == [9, 9]
    assert [each.now.entries for each in progress(everything, 2024, 1, [By.GOAL])] == [1, 1]
    assert total(everything.filter(goal="started"), 2024, 1).now.entries == 1
    assert total(everything.filter(region=home.region), 2024, 1).now.entries == 1
    assert total(everything.none(), 2024, 1).now.entries == 0
    assert total(rebuilt(), 2024, 1).now.entries == 2


def test_a_year_is_read_month_by_month_in_one_query(django_assert_num_queries):
    make_plan(planned=1200)
    found = rebuilt()
    with django_assert_num_queries(1):
        months = cells.by_month(found, [2023, 2024])
    assert [months[2024, month][()].planned_ytd for month in (1, 12)] == [100, 1200]
    assert cells.years(found) == [2024]


def test_cents_add_up_exactly_whatever_the_database():
    for _n in range(30):
        make_plan(planned=1000, total_investment=Decimal("0.10"))
    now = total(rebuilt(), 2024, 1).now
    assert now.total_investment == Decimal("3.00")
    assert str(now.planned_ytd) == str(30 * (Decimal(1000) / 12).quantize(Decimal("0.01")))


def test_the_statement_the_table_and_what_is_read_have_the_same_columns():
    key = {"id", "year", "month", "region", "department", "level", "category", "sector", "goal"}
    stored = {field.name for field in ProgressCell._meta.concrete_fields} - key
    assert stored == set(recount.COLUMNS) == set(cells.COLUMNS)


@pytest.mark.parametrize("missing", ["department", "region", "both"])
def test_a_cell_exists_once_also_where_it_has_no_department_or_region(missing):
    department = make_department()
    kind = {
        "year": 2024,
        "month": 1,
        "category": "ecology",
        "entries": 1,
        "department": None if missing != "region" else department,
        "region": None if missing != "department" else department.region,
    }
    ProgressCell.objects.create(**kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressCell.objects.create(**kind)


def test_progress_of_two_groups_adds_up():
    one = Progress(2024, 1, ("a",), Sums(entries=1), last_year=Sums(entries=2))
    two = Progress(2024, 1, ("b",), Sums(entries=3), last_year=Sums(entries=4))
    assert one + two == Progress(2024, 1, ("a",), Sums(entries=4), last_year=Sums(entries=6))


def test_the_project_of_an_entry_without_a_plan_counts_with_what_is_known_of_it():
    make_entry(make_project(total_investment=500), planned_investment=80)
    now = total(rebuilt(), 2024, 1).now
    assert (now.entries, now.with_plan, now.planned, now.planned_ytd) == (1, 1, 80, 0)
    assert now.total_investment == 500
