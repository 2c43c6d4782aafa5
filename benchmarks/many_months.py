"""A district of any size with two years of approved months, written by a handful of statements.

PostgreSQL only. What people's steps would have written is written directly: reports, lights and
latest figures agree with one another, histories are left out.
"""

from datetime import date

from django.db import connection
from django.utils import timezone

from accounts.models import Department, Region, User
from accounts.roles import Role
from projects import colouring, schedule
from summaries import keeping

YEARS = (2023, 2024)
EMPTY_YEAR = 2022
"""Its rounds are opened and locked; it has no entries."""
LAST_MONTH = 9
DEPARTMENTS, TOWNS = 40, 52
CATEGORIES = ("industry", "infrastructure", "ecology", "livelihood")

_PROJECTS = """
    INSERT INTO projects_project ({columns})
    SELECT {values}
    FROM generate_series(1, %s) AS n
"""
_ENTRIES = """
    INSERT INTO projects_annualplan ({columns})
    SELECT {values}
    FROM projects_project AS project
    JOIN (SELECT id, split_part(code, '-', 2)::int AS n FROM projects_project) AS numbered
      ON numbered.id = project.id
    CROSS JOIN (VALUES {years}) AS year(year)
"""
_REPORTS = """
    INSERT INTO projects_progressreport ({columns})
    SELECT {values}
    FROM projects_annualplan AS entry
    JOIN projects_reportingperiod AS period ON period.year = entry.year
"""
_LIGHTS = """
    INSERT INTO projects_reportlight
        (report_id, rule_id, computed, reason, judged, judged_reason, shown)
    SELECT report.id, %s, colour, 'on_schedule', '', '', colour
    FROM (
        SELECT id, (ARRAY['green', 'green', 'green', 'yellow', 'red'])[1 + entry_id %% 5] AS colour
        FROM projects_progressreport WHERE state = 'approved'
    ) AS report
"""
_LATEST = """
    INSERT INTO projects_latestfigures
        (entry_id, month, planned_ytd, invested_ytd, light, light_month, streak, red_since)
    SELECT report.entry_id, period.month, report.planned_ytd, report.approved_invested_ytd,
           light.shown, period.month, 1,
           CASE WHEN light.shown = 'red' THEN make_date(period.year, period.month, 28) END
    FROM projects_progressreport AS report
    JOIN projects_reportingperiod AS period ON period.id = report.period_id
    JOIN projects_reportlight AS light ON light.report_id = report.id
    WHERE period.month = %s
"""


def make_office() -> User:
    """Departments, towns, the years' rounds (September locked, October open) and an administrator."""
    district = Region.objects.create(code="500101", name="万州区", level=Region.Level.DISTRICT)
    for n in range(TOWNS):
        Region.objects.create(
            code=f"500101{n:03}", name=f"{n}号镇", level=Region.Level.TOWN, parent=district
        )
    for n in range(DEPARTMENTS):
        Department.objects.create(code=f"500101-D{n:02}", name=f"{n}号单位", region=district)
    at = timezone.now()
    for year in (EMPTY_YEAR, *YEARS):
        schedule.ensure_periods(year)
    schedule.open_due(on=date(YEARS[-1], LAST_MONTH + 1, 28), at=at)
    schedule.lock_due(on=date(YEARS[-1], LAST_MONTH + 1, 12), at=at)
    colouring.adopted_rules()
    return User.objects.create_user("admin", name="管理员", role=Role.ADMIN)


def fill(entries: int) -> None:
    """Take away what there is of projects and put so many in its place; count the cells anew."""
    maker, checker = _people()
    rule = colouring.adopted_rules()[0].pk
    towns = list(Region.objects.filter(code__startswith="500101").values_list("pk", flat=True))
    units = list(Department.objects.order_by("code").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE projects_project CASCADE")
        _insert(
            cursor,
            _PROJECTS,
            "projects_project",
            {
                "code": "'500101-' || lpad(n::text, 6, '0')",
                "name": "n || '号重点项目'",
                "name_sort": "lpad(n::text, 8, '0')",
                "category": f"({_array(CATEGORIES)})[1 + n % {DEPARTMENTS} % 4]",
                "status": "'started'",
                "department_id": f"({_array(units)})[1 + n % {DEPARTMENTS}]",
                "region_id": f"({_array(towns)})[1 + n * 7 % {len(towns)}]",
                "total_investment": "20000 + n % 500",
                "started_on": "DATE '2022-03-01'",
            },
            [entries],
        )
        _insert(
            cursor,
            _ENTRIES.replace("{years}", ", ".join(f"({year})" for year in YEARS)),
            "projects_annualplan",
            {
                "project_id": "project.id",
                "year": "year.year",
                "cited_name": "project.name",
                "level": "CASE WHEN n % 4 = 0 THEN 'municipal' ELSE 'district' END",
                "category": "project.category",
                "sector": f"'行业' || (n % {DEPARTMENTS} * 2 + n / 64 % 2)",
                "goal": "(ARRAY['started', 'accelerated', 'completed', 'preparation'])[1 + n / 16 % 4]",
                "planned_investment": "6000 + n % 90",
                "enters_in": "1",
                "position": "n",
                '"table"': "'表5'",
                "adopted_on": "DATE '2023-01-15'",
            },
            [],
        )
        _insert(
            cursor,
            _REPORTS,
            "projects_progressreport",
            {
                "entry_id": "entry.id",
                "period_id": "period.id",
                "planned_year": "entry.planned_investment",
                "planned_ytd": "round(entry.planned_investment * period.month / 12, 2)",
                "invested_ytd": _done("(400 + entry.id % 120) * period.month"),
                "approved_invested_ytd": _done("(400 + entry.id % 120) * period.month"),
                "approved_status": _done("'started'", "''"),
                "status": _done("'started'", "''"),
                "state": _done("'approved'", "'due'"),
                "submitted_by_id": _done(str(maker)),
                "submitted_at": _done("now()"),
                "reviewed_by_id": _done(str(checker)),
                "reviewed_at": _done("now()"),
                "first_submitted_on": _done("period.due_on + (entry.id % 9 = 0)::int"),
                "confirmed": "'[]'",
            },
            [],
        )
        cursor.execute(_LIGHTS, [rule])
        cursor.execute(_LATEST, [LAST_MONTH])
        cursor.execute("ANALYZE")
    for year in YEARS:
        keeping.rebuild(year, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE summaries_progresscell")


def _done(value: str, otherwise: str = "NULL") -> str:
    """A value of the months that have been reported: all of last year, this year to September."""
    done = f"period.year < {YEARS[-1]} OR period.month <= {LAST_MONTH}"
    return f"CASE WHEN {done} THEN {value} ELSE {otherwise} END"


def _array(values) -> str:
    words = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)
    return f"ARRAY[{words}]"


def _insert(cursor, statement: str, table: str, values: dict[str, str], parameters: list) -> None:
    """Run an INSERT … SELECT; columns that are not given and must not be null get their empty value."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_nullable = 'NO'"
        " AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    )
    empty = {
        f'"{name}"': {
            "integer": "0",
            "smallint": "0",
            "boolean": "false",
            "jsonb": "'[]'",
            "timestamp with time zone": "now()",
        }.get(kind, "''")
        for name, kind in cursor.fetchall()
    }
    given = {f'"{name.strip(chr(34))}"': value for name, value in values.items()}
    columns = {**empty, **given}
    sql = statement.replace("{columns}", ", ".join(columns)).replace(
        "{values}", ", ".join(columns.values())
    )
    cursor.execute(sql.replace("% ", "%% ") if parameters else sql, parameters or None)


def _people() -> tuple[int, int]:
    """Who submits and who approves."""
    found = [
        User.objects.get_or_create(username=name, defaults={"name": name, "role": Role.MANAGER})[
            0
        ].pk
        for name in ("maker", "checker")
    ]
    return found[0], found[1]
