"""The project page's year: plan beside actual, projected finish, pace needed, long red."""

from datetime import date
from decimal import Decimal

import pytest

from projects import progress_chart
from projects.models import AnnualPlan
from tests.factories import signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of

ON = date(2024, 7, 5)


@pytest.fixture(autouse=True)
def _in_july(settings):
    settings.WZ_TODAY = ON.isoformat()


def make_red(reporter, manager, months=(1, 2, 3)):
    """A project that is to spend all in January and has spent hardly anything."""
    entry = make_plan(
        reporter.department,
        months=[Decimal(1200)] * 12,
        planned_finish_on=date(2024, 12, 31),
        started_on=date(2023, 3, 1),
    )
    open_rounds(max(months))
    for month in months:
        approve(
            report_of(entry, month),
            reporter,
            manager,
            invested=100 + month,
            physical_progress=Decimal(10 + month),
        )
    return entry


def test_each_month_has_its_figure_rates_and_light(reporter, manager):
    entry = make_plan(reporter.department)
    open_rounds(2)
    approve(report_of(entry, 1), reporter, manager, invested=90)
    approve(report_of(entry, 2), reporter, manager, invested=210)
    progress = progress_chart.read(entry.project, on=ON)
    january, february, march = progress.months[:3]
    assert (january.figure, february.figure, march.figure) == (90, 120, None)
    assert (february.completion_rate, february.on_schedule_rate) == (
        Decimal("17.50"),
        Decimal("105.00"),
    )
    assert (february.light, march.light) == ("green", "")
    chart = progress_chart.chart(progress)
    assert [cell[0] for cell in chart.rows[1][2]] == [Decimal(200), Decimal(210)]
    assert chart.rows[2][2][1][0] is None


def test_growth_compares_the_same_months_of_last_year(reporter, manager):
    before = make_plan(reporter.department, year=2023)
    entry = make_plan(reporter.department)
    AnnualPlan.objects.filter(pk=before.pk).update(project=entry.project)
    open_rounds(1, 2023)
    open_rounds(1)
    for each, invested in ((before, 80), (entry, 100)):
        report = report_of(each, 1)
        approve(report, reporter, manager, invested=invested, started_on=date(2022, 3, 1))
    progress = progress_chart.read(entry.project, on=ON)
    assert progress.months[0].growth == Decimal("25.00")


def test_the_pace_needed_reaches_the_plan_by_december(reporter, manager):
    entry = make_plan(reporter.department)
    open_rounds(6)
    approve(report_of(entry, 6), reporter, manager, invested=300)
    rate = progress_chart.read(entry.project, on=ON).run_rate
    assert (rate.missing, rate.months, rate.needed, rate.so_far) == (900, 6, 150, 50)


def test_the_projected_finish_does_not_hide_lateness(reporter, manager):
    entry = make_red(reporter, manager)
    progress = progress_chart.read(entry.project, on=ON)
    assert progress.projection.finish > date(2024, 12, 31)
    assert progress.days_late == (progress.projection.finish - date(2024, 12, 31)).days > 0


def test_without_two_figures_there_is_no_pace(reporter):
    entry = make_plan(reporter.department)
    progress = progress_chart.read(entry.project, on=ON)
    assert progress.projection.finish is None
    assert progress.run_rate is None


@pytest.mark.parametrize(("day", "is_long"), [(date(2024, 4, 30), False), (date(2024, 5, 1), True)])
def test_red_longer_than_ninety_days_is_marked_from_the_ninety_first_on(
    reporter, manager, day, is_long
):
    entry = make_red(reporter, manager)
    progress = progress_chart.read(entry.project, on=day)
    assert (progress.red_days, progress.is_long_red) == ((day - date(2024, 1, 31)).days, is_long)


def test_the_page_shows_them_and_says_where_nothing_is_known(reporter, manager):
    entry = make_red(reporter, manager)
    client = signed_in(reporter)
    client.cookies["django_language"] = "en"
    html = client.get(entry.project.get_absolute_url()).content.decode()
    assert "Red longer than 90 days" in html
    assert "badge-light-red" in html
    assert "days late" in html
    assert html.count("badge-report-approved") == 3


def test_a_project_without_a_plan_has_no_such_panel(reporter, manager):
    entry = make_plan(reporter.department)
    entry.reports.all().delete()
    assert progress_chart.read(entry.project, on=ON) is None
    html = signed_in(manager).get(entry.project.get_absolute_url()).content.decode()
    assert 'id="progress"' not in html


def test_lists_are_narrowed_by_light_and_by_long_red(reporter, manager):
    red = make_red(reporter, manager)
    green = make_plan(reporter.department)
    for month in (1, 2, 3):
        approve(report_of(green, month), reporter, manager, invested=100 * month)
    client = signed_in(manager)

    def named(address):
        html = client.get(address).content.decode()
        return [each.project.name in html for each in (red, green)]

    assert named("/plans/?year=2024&light=red") == [True, False]
    assert named("/plans/?year=2024&light=green") == [False, True]
    assert named("/plans/?year=2024&long_red=yes") == [True, False]
    assert named("/projects/?light=red") == [True, False]
    totals = client.get("/plans/?year=2024").context["totals"]
    assert (totals["invested"], totals["invested_of"]) == (403, 2)
