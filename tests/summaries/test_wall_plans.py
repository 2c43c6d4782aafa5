"""What PostgreSQL reads for the lists on the wall, however many projects are red and obstacles overdue."""

from datetime import date, timedelta

import pytest
from django.db import connection

from projects.models import AnnualPlan, LatestFigures, Obstacle, ObstacleLevel, Project
from summaries import wall
from summaries.standings import ENDS
from tests.factories import make_department, make_user
from tests.reading_rows import read_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]

MANY, ON = 3000, date(2024, 4, 12)


@pytest.fixture
def manager():
    return make_user(role="manager")


@pytest.fixture
def projects(manager):
    """Three thousand projects, each red and with an obstacle that is overdue, by days of their own."""
    department = make_department()
    made = Project.objects.bulk_create(
        Project(code=f"500101-{number:04}", name=f"项目{number}", department=department)
        for number in range(MANY)
    )
    entries = AnnualPlan.objects.bulk_create(
        AnnualPlan(project=project, year=2024, cited_name=project.name, position=number)
        for number, project in enumerate(made, start=1)
    )
    days = [ON - timedelta(days=1 + number * 7 % MANY) for number in range(MANY)]
    LatestFigures.objects.bulk_create(
        LatestFigures(entry=entry, light="red", red_since=day)
        for entry, day in zip(entries, days, strict=True)
    )
    Obstacle.objects.bulk_create(
        Obstacle(
            project=project,
            kind="land",
            text="未交地",
            level=ObstacleLevel.DEPARTMENT,
            responsible=department,
            due_on=day,
            raised_by=manager,
            raised_on=day,
            level_due_on=day,
        )
        for project, day in zip(made, days, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return min(days)


def test_the_longest_reds_are_found_without_reading_the_others(manager, projects):
    found = wall.longest_red(manager, 2024)
    assert found[0].latest.red_since == projects
    assert len(found) == ENDS
    for table in ("projects_latestfigures", "projects_annualplan"):
        assert read_of(found, table) <= 3 * ENDS, table


def test_the_most_overdue_obstacles_are_found_without_reading_the_others(manager, projects):
    found = wall.most_overdue(manager, ON)
    assert found[0].due_on == projects
    assert len(found) == ENDS
    assert read_of(found, "projects_obstacle") <= 3 * ENDS
