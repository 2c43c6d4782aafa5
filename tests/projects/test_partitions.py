"""Monthly reports, their lights and their steps are kept by year, and held to it by the database."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import partitions
from projects.models import (
    Obstacle,
    ProgressReport,
    ReportEvent,
    ReportingPeriod,
    ReportLight,
    ReportPhoto,
)
from summaries import recount
from tests.factories import make_entry, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of

on_postgresql = pytest.mark.postgresql_only


@pytest.fixture
def report(reporter, manager):
    """A report of March 2024 with its light, and a plan of the year before."""
    make_plan(reporter.department, year=2023)
    entry = make_plan(reporter.department)
    open_rounds(3)
    return approve(report_of(entry, 3), reporter, manager)


def explained(sql, params=None):
    """The partitions that PostgreSQL would read for a query."""
    return {name for name, _loops in _relations(_plan(sql, params, "FORMAT JSON"))}


def executed(sql, params=None):
    """The partitions that it does read: some are only found to be of no use on the way."""
    found = _relations(_plan(sql, params, "ANALYZE, FORMAT JSON"))
    return {name for name, loops in found if loops}


def _plan(sql, params, options):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        (plan,) = cursor.fetchone()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def _relations(node):
    name = node.get("Relation Name", "")
    if name.startswith(tuple(f"{model._meta.db_table}_" for model in partitions.PARTITIONED)):
        yield name, node.get("Actual Loops")
    for below in node.get("Plans", ()):
        yield from _relations(below)


def asked(client, address):
    """The queries over monthly reports that a page asks of the database."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    queries = [each["sql"] for each in found if "projects_progressreport" in each["sql"]]
    return [query for query in queries if query.startswith("SELECT")]


def photo_of(report, by):
    photo = ReportPhoto(report=report, year=report.year, image="a.jpg", width=1, height=1, by=by)
    photo.at = timezone.now()
    ReportPhoto.objects.bulk_create([photo])
    return photo


def of_2024(*tables):
    return {f"projects_{table}_2024" for table in tables}


def test_whatever_hangs_on_a_report_is_of_its_year(report, reporter):
    photo_of(report, reporter)
    years = {2024}
    assert set(report.entry.reports.values_list("year", flat=True)) == years
    for model in (ReportEvent, ReportLight, ReportPhoto):
        assert set(model.objects.filter(report=report).values_list("year", flat=True)) == years
    assert set(ProgressReport.objects.values_list("year", "period__year", "entry__year")) == {
        (2023, 2023, 2023),
        (2024, 2024, 2024),
    }


@on_postgresql
def test_a_years_recount_reads_that_years_partitions_alone(report):
    assert executed(recount.OF_YEAR, {"year": 2024}) == of_2024("progressreport", "reportlight")


@on_postgresql
def test_the_list_of_a_month_and_my_month_read_that_years_partitions_alone(
    report, reporter, manager
):
    for query in asked(signed_in(manager), "/plans/?year=2024&month=3&reporting=known"):
        assert explained(query) <= of_2024("progressreport", "reportlight"), query
    of_round = [
        query
        for query in asked(signed_in(reporter), "/month/2024/3/")
        if f'"projects_progressreport"."period_id" = {report.period_id}' in query
    ]
    assert of_round
    for query in of_round:
        assert explained(query) <= of_2024("progressreport", "reportevent", "reportlight"), query


@on_postgresql
def test_the_review_queue_of_a_month_reads_that_years_partition_alone(report, reporter, manager):
    found = asked(signed_in(manager), "/review/?period=2024-03")
    queues = [query for query in found if "'submitted'" in query]
    assert queues
    for query in queues:
        assert explained(query) == of_2024("progressreport"), query


@on_postgresql
def test_a_year_that_is_opened_has_its_own_partitions(db):
    for _again in range(2):
        partitions.open_year(2031)
    entry = make_plan(year=2031)
    assert kept_in(ProgressReport, entry.reports.first().pk) == "projects_progressreport_2031"


@on_postgresql
def test_a_year_that_was_not_opened_is_kept_with_the_others_and_stays_there(db):
    entry, day = make_entry(year=2033), date(2033, 1, 1)
    period = ReportingPeriod.objects.create(
        year=2033, month=1, opens_on=day, due_on=day, locks_on=date(2033, 1, 2)
    )
    made = ProgressReport.objects.create(
        entry=entry, period=period, year=2033, planned_year=0, planned_ytd=0
    )
    partitions.open_year(2033)
    assert kept_in(ProgressReport, made.pk) == "projects_progressreport_other"
    assert entry.reports.get(year=2033) == made


def kept_in(model, pk):
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT tableoid::regclass::text FROM {table} WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def done_at_once(change):
    """Do it, with the checks that wait for the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(change)
    connection.check_constraints()


@on_postgresql
def test_the_database_holds_every_row_to_its_report_and_its_year(report, manager):
    """Each of these would be a row of the wrong year, one too many, or one of nothing."""
    of_2023 = ProgressReport.objects.filter(year=2023).first()
    copied = [field.column for field in ProgressReport._meta.concrete_fields if field.name != "id"]
    event = report.events.first()
    obstacle = Obstacle.objects.create(
        project=report.entry.project,
        report=report,
        report_year=2024,
        kind="land",
        text="征地",
        responsible=report.entry.project.department,
        due_on=date(2024, 5, 1),
        raised_by=manager,
        raised_on=date(2024, 4, 1),
        level_due_on=date(2024, 5, 1),
    )
    photo = photo_of(report, manager)
    light = report.light
    for change in (
        f"UPDATE projects_progressreport SET year = 2023 WHERE id = {report.pk}",
        f"UPDATE projects_progressreport SET entry_id = {of_2023.entry_id} WHERE id = {report.pk}",
        f"UPDATE projects_progressreport SET period_id = {of_2023.period_id} WHERE id = {report.pk}",
        f"UPDATE projects_progressreport SET entry_id = -1 WHERE id = {report.pk}",
        f"UPDATE projects_progressreport SET submitted_by_id = -1 WHERE id = {report.pk}",
        f"INSERT INTO projects_progressreport ({', '.join(copied)})"
        f" SELECT {', '.join(copied)} FROM projects_progressreport WHERE id = {report.pk}",
        f"DELETE FROM projects_progressreport WHERE id = {report.pk}",
        f"UPDATE projects_annualplan SET year = 2022 WHERE id = {report.entry_id}",
        f"UPDATE projects_reportingperiod SET year = 2022 WHERE id = {report.period_id}",
        f"UPDATE projects_reportevent SET year = 2023 WHERE id = {event.pk}",
        f"UPDATE projects_reportevent SET report_id = -1 WHERE id = {event.pk}",
        f"UPDATE projects_reportevent SET seal_id = -1 WHERE id = {event.pk}",
        f"UPDATE projects_reportevent SET number = 1 WHERE report_id = {report.pk}",
        f"UPDATE projects_reportlight SET year = 2023 WHERE id = {light.pk}",
        f"UPDATE projects_reportlight SET report_id = -1 WHERE id = {light.pk}",
        f"UPDATE projects_reportlight SET rule_id = -1 WHERE id = {light.pk}",
        "INSERT INTO projects_reportlight"
        " (report_id, year, rule_id, computed, reason, judged, judged_reason, shown)"
        f" VALUES ({report.pk}, 2024, {light.rule_id}, 'red', '', '', '', 'red')",
        f"UPDATE projects_reportphoto SET year = 2023 WHERE id = {photo.pk}",
        f"UPDATE projects_reportphoto SET report_id = -1 WHERE id = {photo.pk}",
        f"UPDATE projects_obstacle SET report_year = 2023 WHERE id = {obstacle.pk}",
        f"UPDATE projects_obstacle SET report_year = NULL WHERE id = {obstacle.pk}",
        f"UPDATE projects_obstacle SET report_id = -1 WHERE id = {obstacle.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            done_at_once(change)


@on_postgresql
def test_what_the_models_demand_the_partitioned_tables_demand_too(db):
    for model in partitions.PARTITIONED:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass",
                [model._meta.db_table],
            )
            there = {name for (name,) in cursor}
        assert {constraint.name for constraint in model._meta.constraints} <= there
