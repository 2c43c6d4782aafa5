"""A year of monthly reports for measuring, written by a few statements whatever its size.

Departments have forty projects each, all of one sector: a larger list is a city's, not a busier
department's. Nine months are approved but for one report in twenty, the tenth is submitted, two are not due yet.
"""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Department, Region, User
from accounts.roles import Role
from projects import colouring
from projects.models import AnnualPlan, Category, Level, Project, ReportingPeriod, Stage
from projects.schedule import ensure_periods

YEAR = 2024
APPROVED_MONTHS, SUBMITTED_MONTH = 9, 10
PROJECTS_A_DEPARTMENT = 40
SECTORS = ("", "交通", "水利", "城建", "现代化工业")

_REPORTS = """
    INSERT INTO projects_progressreport (
        entry_id, period_id, planned_year, planned_ytd, invested_ytd, physical_progress, status,
        narrative, problems, next_step, correction, confirmed, state, version, head,
        first_submitted_on, started_on, submitted_by_id, submitted_at, reviewed_by_id, reviewed_at,
        approved_invested_ytd, approved_physical_progress, approved_status)
    SELECT entry.id, period.id, 12000, 1000 * period.month,
           CASE WHEN is_submitted THEN invested END,
           CASE WHEN is_submitted THEN 8 * period.month END,
           CASE WHEN is_submitted THEN 'started' ELSE '' END,
           CASE WHEN is_submitted THEN '完成主体施工。' ELSE '' END, '', '', '', '[]',
           CASE WHEN is_approved THEN 'approved' WHEN is_submitted THEN 'submitted'
                WHEN period.month > {submitted} THEN 'not_due' ELSE 'due' END,
           0, '',
           CASE WHEN is_submitted THEN period.due_on END,
           CASE WHEN is_submitted THEN project.started_on END,
           CASE WHEN is_submitted THEN {maker} END, CASE WHEN is_submitted THEN {at} END,
           CASE WHEN is_approved THEN {checker} END, CASE WHEN is_approved THEN {at} END,
           CASE WHEN is_approved THEN invested END,
           CASE WHEN is_approved THEN 8 * period.month END,
           CASE WHEN is_approved THEN 'started' ELSE '' END
    FROM (
        SELECT entry.id AS entry, period.id AS period,
               1000 * period.month - entry.id % 300 AS invested,
               period.month <= {approved} AND (entry.id + period.month) % 20 <> 0 AS is_approved,
               period.month <= {submitted} AND (entry.id + period.month) % 20 <> 0 AS is_submitted
        FROM projects_annualplan AS entry CROSS JOIN projects_reportingperiod AS period
        WHERE entry.year = {year} AND period.year = {year}
    ) AS told
    JOIN projects_annualplan AS entry ON entry.id = told.entry
    JOIN projects_project AS project ON project.id = entry.project_id
    JOIN projects_reportingperiod AS period ON period.id = told.period
    WHERE NOT EXISTS (SELECT 1 FROM projects_progressreport AS there WHERE there.entry_id = entry.id)
"""

_LIGHTS = """
    INSERT INTO projects_reportlight (
        report_id, rule_id, computed, reason, gap, rate, judged, judged_reason, shown)
    SELECT report.id, {rule}, colour, 'on_schedule', 0, 100, '', '', colour
    FROM (
        SELECT id, CASE WHEN entry_id % 10 = 0 THEN 'red' WHEN entry_id % 5 = 0 THEN 'yellow'
                        ELSE 'green' END AS colour
        FROM projects_progressreport WHERE state = 'approved'
    ) AS report
    WHERE NOT EXISTS (SELECT 1 FROM projects_reportlight AS there WHERE there.report_id = report.id)
"""


def make_people() -> tuple[User, User]:
    """Somebody who reports and somebody who reviews."""
    maker = User.objects.create_user("maker", name="填报员", role=Role.MANAGER)
    return maker, User.objects.create_user("checker", name="审核员", role=Role.MANAGER)


@transaction.atomic
def grow_to(entries: int, maker: User, checker: User) -> None:
    """Bring the year's list to so many entries, each with its twelve reports."""
    there = AnnualPlan.objects.filter(year=YEAR).count()
    _make_entries(there, entries)
    ensure_periods(YEAR)
    ReportingPeriod.objects.filter(year=YEAR, month__lte=SUBMITTED_MONTH).update(
        opened_at=timezone.now(), locks_on=date(YEAR + 1, 2, 1)
    )
    rule = colouring.adopted_rules()[0]
    with connection.cursor() as cursor:
        cursor.execute(
            _REPORTS.format(
                year=YEAR,
                approved=APPROVED_MONTHS,
                submitted=SUBMITTED_MONTH,
                maker=maker.pk,
                checker=checker.pk,
                at="CURRENT_TIMESTAMP",
            )
        )
        cursor.execute(_LIGHTS.format(rule=rule.pk))


def _make_entries(there: int, entries: int) -> None:
    region = Region.objects.get_or_create(
        code="500000", defaults={"name": "全市", "level": Region.Level.CITY}
    )[0]
    departments = Department.objects.bulk_create(
        Department(code=f"D{number}", name=f"{number}号单位", region=region, path=f"/D{number}/")
        for number in range(there // PROJECTS_A_DEPARTMENT, entries // PROJECTS_A_DEPARTMENT)
    )
    projects = Project.objects.bulk_create(
        (
            Project(
                code=f"P{number:06}",
                name=f"第{number}号重点项目",
                name_sort=f"{number:08}",
                category=_of(Category.values, number // PROJECTS_A_DEPARTMENT),
                status="started",
                started_on=date(2023, 3, 1),
                department=departments[(number - there) // PROJECTS_A_DEPARTMENT],
                region=region,
                total_investment=Decimal(100_000),
            )
            for number in range(there, entries)
        ),
        batch_size=2000,
    )
    AnnualPlan.objects.bulk_create(
        (
            AnnualPlan(
                project=project,
                year=YEAR,
                level=_of(Level.values, number),
                category=project.category,
                sector=_of(SECTORS, number // PROJECTS_A_DEPARTMENT),
                goal=_of(Stage.values, number // 2),
                planned_investment=Decimal(12_000),
                adopted_on=date(YEAR, 1, 15),
            )
            for number, project in enumerate(projects, start=there)
        ),
        batch_size=2000,
    )


def _of(values, number: int) -> str:
    return values[number % len(values)]
