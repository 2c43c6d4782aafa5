"""What PostgreSQL reads of the monthly reports and obstacles for a page of the round, whatever their number."""

from datetime import date

import pytest
from django.db import connection

from accounts.models import Department
from projects import month_grid, reviewing
from projects.models import Obstacle, ObstacleLevel, ProgressReport, Project
from projects.permissions import visible_obstacles, visible_reports
from tests.factories import make_department, make_user
from tests.reading_rows import read_of
from tests.rounds import open_rounds, period_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]

DEPARTMENTS, EACH = 80, 25
ON = date(2024, 4, 8)
DEPARTMENT = """
    INSERT INTO accounts_department (region_id, code, name, path, is_sample)
    SELECT %s, 'D' || lpad(n::text, 3, '0'), '单位' || n, '/D' || lpad(n::text, 3, '0') || '/', false
    FROM generate_series(1, %s) AS n
"""
PROJECTS = """
    INSERT INTO projects_project (code, national_code, name, name_sort, name_pinyin, name_initials, category,
        sector, status, owner_unit, contact, leader, description, version, head, department_id)
    SELECT d.code || '-' || n, '', d.name || n, d.code || n, '', '', 'industry', '', 'started', '', '', '', '', 0, '', d.id
    FROM accounts_department d, generate_series(1, %s) AS n WHERE d.code LIKE 'D%%'
"""
ENTRIES = """
    INSERT INTO projects_annualplan (project_id, year, cited_name, level, category, sector, goal, result,
        position, featured, "table", heading, cited_verb, enters_in, curve, version, head, quote)
    SELECT id, 2024, name, '', 'industry', '', '', '', id, false, '表5', '', '', 1, '', 0, '', ''
    FROM projects_project
"""
REPORTS = """
    INSERT INTO projects_progressreport (entry_id, period_id, year, planned_year, planned_ytd, invested_ytd, status,
        narrative, problems, next_step, correction, confirmed, state, version, head, first_submitted_on,
        submitted_by_id, submitted_at, approved_status)
    SELECT e.id, p.id, 2024, 100, 10, 10, 'started', '', '', '', '', '[]',
        CASE WHEN p.month = 3 THEN 'submitted' ELSE 'draft' END, 1, '', '2024-04-03', %s, now(), ''
    FROM projects_annualplan e JOIN projects_reportingperiod p ON p.year = 2024
"""


@pytest.fixture
def many(db):
    """Two thousand entries of eighty departments, each with twelve months; March waits for its review."""
    open_rounds(3)
    region = make_department().region_id
    with connection.cursor() as cursor:
        cursor.execute(DEPARTMENT, [region, DEPARTMENTS])
        cursor.execute(PROJECTS, [EACH])
        cursor.execute(ENTRIES)
        cursor.execute(REPORTS, [make_user(role="admin").pk])
        cursor.execute(
            "ANALYZE accounts_department, projects_project, projects_annualplan,"
            " projects_progressreport, projects_reportingperiod"
        )


def test_a_departments_grid_reads_its_own_reports(many):
    user = make_user(department=Department.objects.get(code="D040"))
    period = period_of(3)
    found = month_grid.editable(visible_reports(user).filter(year=2024, period=period))
    assert len(found) == EACH
    assert read_of(found) == EACH


def test_a_page_of_the_queue_reads_the_departments_that_it_shows(many):
    waiting = reviewing.waiting(visible_reports(make_user(role="manager")), on=ON)
    rows = waiting.values(*reviewing.ORDER.lookups)
    [with_department, _without] = reviewing.ORDER.parts()
    first = rows.filter(*with_department.conditions).order_by(*with_department.ordering)
    assert waiting.count() == DEPARTMENTS * EACH
    assert read_of(first[:31]) <= 3 * EACH
    place = [first[999][lookup] for lookup in reviewing.ORDER.lookups]
    for part in reviewing.ORDER.parts(place)[:2]:
        deep = rows.filter(*part.conditions).order_by(*part.ordering)
        assert read_of(deep[:31]) <= 3 * EACH


def test_the_reports_of_one_department_that_wait_are_counted_by_themselves(many):
    waiting = reviewing.waiting(visible_reports(make_user(role="manager")), on=ON)
    department = Department.objects.get(code="D040").pk
    assert reviewing.in_departments(waiting, {department, None}) == {
        department: reviewing.Held(EACH, 0)
    }
    assert read_of(waiting.filter(entry__project__department=department).values("pk")) <= EACH


def test_a_departments_obstacles_are_found_without_reading_those_of_others(many):
    officer = make_user(department=Department.objects.get(code="D040"))
    Obstacle.objects.bulk_create(
        Obstacle(
            project=project,
            kind="land",
            text="未交地",
            level=ObstacleLevel.DEPARTMENT,
            responsible=officer.department if project.code == "D050-1" else project.department,
            due_on=ON,
            raised_by=officer,
            raised_on=ON,
            level_due_on=ON,
        )
        for project in Project.objects.select_related("department")
        for _number in range(4)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_obstacle")
        cursor.execute("SET LOCAL random_page_cost = 1.1")  # as a server with an SSD is told
    found = visible_obstacles(officer)
    assert len(found) == 4 * (EACH + 1)
    assert read_of(found, "projects_obstacle") <= 4 * len(found)


def test_every_index_of_the_reports_serves_something_of_its_own(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename IN (%s, %s)",
            ["projects_progressreport", "projects_reportevent"],
        )
        whole = [row[0].partition(" USING btree ")[2] for row in cursor if " WHERE " not in row[0]]
    begun = [one for one in whole for other in whole if other.startswith(f"{one[:-1]},")]
    assert begun == []
    assert ProgressReport._meta.get_field("entry").db_index is False
