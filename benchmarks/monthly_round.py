"""How long the grid of the month, the review queue and the opening of a round take.

    python -m benchmarks.monthly_round [--rounds 30] [--entries 10000]

The grid of 200 projects and the queue of 500 reports stand beside a list-editable page of Django's
admin over the same rows with the same fields; all four are asked for in turn, round after round,
by one signed-in manager, in this process and through every middleware. Then a round is opened for
10,000 entries, in one pass, and for 100. A database and a broker are made for the run and thrown
away; TEST_DATABASE=postgresql measures on PostgreSQL.
"""

import argparse
import logging
import os
import sys
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter

from tests import ground

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE", "postgresql")
ground.prepare()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Department, Region, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.pages import (  # noqa: E402
    check,
    measure,
    print_header,
    print_pages,
    print_ratios,
    queries,
)
from projects import schedule, workflow  # noqa: E402
from projects.models import (  # noqa: E402
    AnnualPlan,
    Category,
    ProgressReport,
    Project,
    ReportAction,
    ReportingPeriod,
    ReportState,
)
from projects.planning import Adoption, Decision, adopt  # noqa: E402
from projects.schedule_curves import spread_evenly  # noqa: E402

settings.WZ_TODAY = "2024-04-02"
YEAR, LAST, NOW = 2024, 2, 3
GRID, QUEUE = 200, 500
GOALS = {"grid / admin": 0.5, "queue / admin": 0.5}


class EditableReports(admin.ModelAdmin):
    """What Django itself offers for the job: the same fields, editable in the list."""

    list_display = (
        "entry",
        "planned_ytd",
        "state",
        "invested_ytd",
        "physical_progress",
        "status",
        "started_on",
        "completed_on",
        "narrative",
        "problems",
        "next_step",
        "correction",
    )
    list_editable = list_display[3:]
    list_filter = ("state", "period")
    list_per_page = QUEUE
    list_select_related = ("entry__project", "period")


def make_district() -> tuple[list[Department], User, User]:
    """Two departments, somebody who reports and somebody who reviews."""
    district = Region.objects.create(code="500101", name="万州区", level=Region.Level.DISTRICT)
    departments = [
        Department.objects.create(code=f"500101-D{n}", name=f"{n}号单位", region=district)
        for n in (1, 2)
    ]
    reporter = User.objects.create_user(
        "reporter", name="填报员", role=Role.STAFF, department=departments[0]
    )
    return departments, reporter, User.objects.create_superuser("admin", name="管理员")


def make_entries(department: Department, count: int, start: int, year: int = YEAR) -> list[int]:
    """Entries of a year's list, without a plan yet."""
    projects = Project.objects.bulk_create(
        (
            Project(
                code=f"500101-{n:05}",
                name=f"第{n}号重点项目",
                name_sort=f"{n:08}",
                category=Category.INFRASTRUCTURE,
                status="started",
                started_on=date(2023, 3, 1),
                department=department,
                total_investment=100_000,
            )
            for n in range(start, start + count)
        ),
        batch_size=1000,
    )
    entries = AnnualPlan.objects.bulk_create(
        (
            AnnualPlan(
                project=project,
                year=year,
                cited_name=project.name,
                category=project.category,
                sector="交通",
                goal="started",
                position=n,
                table="表5",
            )
            for n, project in enumerate(projects, start=start)
        ),
        batch_size=1000,
    )
    return [entry.pk for entry in entries]


def adopt_all(entries: list[int], by: User) -> None:
    """Adopt an even plan for the entries."""
    amount = Decimal(12_000)
    adopt(
        [Adoption(pk, amount, spread_evenly(amount)) for pk in entries],
        Decision("区人民政府", date(YEAR, 1, 15)),
        by=by,
        at=timezone.now(),
    )


def report(month: int, entries: list[int], reporter: User, checker: User | None) -> None:
    """Report a month of the entries, and approve it where there is a checker."""
    found = ProgressReport.objects.filter(entry__in=entries, period__month=month)
    for pk in found.values_list("pk", flat=True):
        filled = {
            "invested_ytd": Decimal(1_000 * month - pk % 300),
            "physical_progress": Decimal(8 * month),
            "status": "started",
            "started_on": date(2023, 3, 1),
            "narrative": f"{month}月完成主体施工第{pk}段，累计完成投资，正在进行设备安装与调试。"
            * 2,
            "problems": "部分用地尚未交付。",
            "next_step": "加快后续施工。",
        }
        steps = [(ReportAction.SAVE, reporter), (ReportAction.SUBMIT, reporter)]
        if checker is not None:
            steps.append((ReportAction.APPROVE, checker))
        for version, (action, by) in enumerate(steps):
            workflow.perform(
                pk,
                action,
                version=version,
                by=by,
                on=date(YEAR, month + 1, 2),
                at=timezone.now(),
                values=filled if action == ReportAction.SAVE else None,
            )


def make_round() -> User:
    """A district in the middle of a round: 200 reports of one department drafted, 500 waiting."""
    (own, other), reporter, checker = make_district()
    drafted, waiting = make_entries(own, GRID, 1), make_entries(other, QUEUE, GRID + 1)
    adopt_all(drafted + waiting, checker)
    for period in ReportingPeriod.objects.filter(month__lte=NOW):
        schedule.open_due(on=period.opens_on, at=timezone.now())
    helper = User.objects.create_user("other", name="填报员", role=Role.STAFF, department=other)
    report(LAST, drafted, reporter, checker)
    report(LAST, waiting, helper, checker)
    report(NOW, waiting, helper, None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return checker


def addresses(own: Department) -> dict[str, str]:
    """The pages by what they are called in the results."""
    changes = reverse("admin:projects_progressreport_changelist")
    period = ReportingPeriod.objects.get(year=YEAR, month=NOW).pk
    grid = reverse("projects:my-month-of", args=[YEAR, NOW])
    return {
        "grid": f"{grid}?department={own.pk}",
        "admin, grid": f"{changes}?period__id__exact={period}&state__exact={ReportState.DUE}",
        "queue": reverse("projects:review-queue"),
        "admin, queue": f"{changes}?state__exact={ReportState.SUBMITTED}",
    }


def measure_pages(rounds: int) -> bool:
    """The grid and the queue beside Django's admin; true where both goals are reached."""
    admin.site.register(ProgressReport, EditableReports)  # before the addresses are read
    client = Client()
    client.force_login(make_round())
    pages = addresses(Department.objects.get(code="500101-D1"))
    row = b'class="action-select"'
    check(client, pages, {"admin, grid": (row, GRID), "admin, queue": (row, QUEUE)})
    check(client, pages, {"grid": (GRID_ROW, GRID), "queue": (QUEUE_ROW, QUEUE)})
    asked = {name: queries(client, address) for name, address in pages.items()}
    taken = measure(client, pages, rounds)
    print_header(f"{GRID} and {QUEUE} reports, {rounds} rounds")
    print_pages(taken, asked)
    middle = {name: median(times) for name, times in taken.items()}
    ratios = {
        f"{name} / admin": middle[name] / middle[f"admin, {name}"] for name in ("grid", "queue")
    }
    return print_ratios(ratios, GOALS)


GRID_ROW = b'data-row="'
QUEUE_ROW = b'name="report" value="'


def measure_opening(entries: int) -> None:
    """Open a round for a hundred entries and for many."""
    department, by = Department.objects.first(), User.objects.get(username="admin")
    print("\n| opening a round for | ms | queries |\n|---|---:|---:|")
    for year, count in ((YEAR + 1, 100), (YEAR + 2, entries)):
        adopt_all(make_entries(department, count, 10_000 * (year - YEAR), year), by)
        first = ReportingPeriod.objects.get(year=year, month=1)
        ReportingPeriod.objects.filter(year__lt=year, opened_at=None).update(
            opened_at=timezone.now()
        )
        start = perf_counter()
        with CaptureQueriesContext(connection) as captured:
            schedule.open_due(on=first.opens_on, at=timezone.now())
        taken = (perf_counter() - start) * 1000
        asked_for = ProgressReport.objects.filter(period=first, state=ReportState.DUE).count()
        if asked_for != count:
            sys.exit(f"{asked_for} reports were asked for, not {count}.")
        print(f"| {count:,} entries | {taken:.1f} | {len(captured)} |")


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--entries", type=int, default=10_000)
    options = parser.parse_args()
    logging.disable(logging.INFO)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        reached = measure_pages(options.rounds)
        measure_opening(options.entries)
        return 0 if reached else 1
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
