"""The monthly round: the grid and one of its rows saved, the review queue, a round opened for everybody.

Opening a round is held against the bare INSERT … SELECT of the very rows that it opens into the very
table, with its indexes, checks and foreign keys; they have been deleted beforehand, in the transaction
that is rolled back. PostgreSQL checks foreign keys when a transaction ends: both sides are timed until
that is done, and the INSERT before it is printed beside them. (Until November 2026 the floor was a
temporary table without foreign keys, whose writes are not logged.)
"""

from collections.abc import Callable
from itertools import count

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks import urls
from benchmarks.findings import Findings
from benchmarks.ground import OPEN_MONTH, YEAR, person, settle
from benchmarks.probes import Probe, measure, page
from projects import schedule
from projects.models import ProgressReport, ReportingPeriod, ReportState

SUBJECT, OPENING = "monthly round", "opening a round"
SAVE = "grid, a row saved"


def run(findings: Findings, entries: int, rounds: int) -> None:
    """Measure all of it at the size that is laid out."""
    staff, office = person("tianbao"), person("admin")
    reporting, reading = Client(), Client()
    reporting.force_login(staff)
    reading.force_login(office)
    probes = [
        Probe("shell", page(reading, f"{urls.SHELL}?year={YEAR}")),
        Probe("grid", page(reporting, reverse("projects:my-month"))),
        Probe("grid in Django admin", page(reading, grid_in_admin(staff))),
        Probe(SAVE, saving(reporting, staff)),
        Probe("review queue", page(reading, reverse("projects:review-queue"))),
    ]
    findings.add(SUBJECT, entries, measure(probes, rounds))

    def time(name: str) -> float:
        return findings.middle(SUBJECT, name, entries)

    findings.hold(f"{SAVE} / shell", entries, time(SAVE) / time("shell"), 3)
    findings.hold("review queue / shell", entries, time("review queue") / time("shell"), 4)
    findings.hold(
        "grid / grid in Django admin", entries, time("grid") / time("grid in Django admin"), 0.5
    )
    opening(findings, entries, 1 if entries >= 1_000_000 else 3)


def grid_in_admin(staff: User) -> str:
    """The change list over the rows of the grid of somebody's department."""
    changes = reverse("peers:projects_progressreport_changelist")
    period = ReportingPeriod.objects.get(year=YEAR, month=OPEN_MONTH).pk
    return f"{changes}?period__id__exact={period}&entry__project__department__id__exact={staff.department_id}"


def saving(client: Client, staff: User) -> Callable[[], object]:
    """Save the same row over and over, each time with other words."""
    own = ProgressReport.objects.filter(
        period__year=YEAR,
        period__month=OPEN_MONTH,
        entry__project__department=staff.department,
        state__in=(ReportState.DRAFT, ReportState.DUE),
    )
    report = own.order_by("pk")[0]
    address = reverse("projects:report-row", args=[report.pk])
    saved = count(report.version)

    def save() -> None:
        version = next(saved)
        values = {
            "version": version,
            "physical_progress": "50",
            "narrative": f"第{version}次保存：主体施工有序推进。",
        }
        response = client.post(address, values, headers={"X-Grid-Row": "1"})
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}.")

    return save


def opening(findings: Findings, entries: int, rounds: int) -> None:
    """Open the next round, beside storing its rows by one statement."""
    later = ReportingPeriod.objects.get(year=YEAR, month=OPEN_MONTH + 1)
    table, opened = ProgressReport._meta.db_table, "opened"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {opened} AS SELECT * FROM {table} WHERE period_id = %s",
            [later.pk],
        )

    def begin() -> None:
        transaction.set_autocommit(False)

    def make_room() -> None:
        begin()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE period_id = %s", [later.pk])

    def undo() -> None:
        transaction.rollback()
        transaction.set_autocommit(True)

    def store() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {opened}")

    def store_checked() -> None:
        store()
        connection.check_constraints()

    def open_round() -> None:
        found = schedule.open_due(on=later.opens_on, at=timezone.now())
        if [period.pk for period in found] != [later.pk]:
            raise SystemExit(f"Opened were {found}.")
        connection.check_constraints()

    probes = [
        Probe("opening a round", open_round, begin, undo),
        Probe("INSERT … SELECT of its rows", store_checked, make_room, undo),
        Probe("INSERT … SELECT, before foreign keys are checked", store, make_room, undo),
    ]
    findings.add(OPENING, entries, measure(probes, rounds, warm_up=1 if rounds > 1 else 0))
    ours, floor, _unchecked = (findings.middle(OPENING, probe.name, entries) for probe in probes)
    findings.hold("opening a round / INSERT … SELECT", entries, ours / floor, 2)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {opened}")
    settle()
