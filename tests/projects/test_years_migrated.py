"""Reports that were written before they had a year are given it, and lose nothing else."""

from datetime import date

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.roles import Role
from projects.clearing import raise_obstacle
from projects.models import (
    Obstacle,
    ObstacleKind,
    ProgressReport,
    ReportEvent,
    ReportLight,
    ReportPhoto,
)
from projects.verification import verify
from tests.factories import make_department, make_user
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

BEFORE = [("projects", "0010_keys")]
MODELS = (ProgressReport, ReportEvent, ReportLight, ReportPhoto, Obstacle)


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in MODELS}


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


def test_every_row_survives_the_way_back_and_the_way_here(transactional_db):
    department, manager = make_department(), make_user(role=Role.MANAGER)
    maker = make_user(department=department)
    reports = []
    for year in (2023, 2024):
        entry = make_plan(department, year=year)
        open_rounds(2, year)
        started = date(2022, 3, 1)
        reports.append(approve(report_of(entry, 1), maker, manager, started_on=started))
    at = moment(date(2024, 4, 1))
    photo = ReportPhoto(report=reports[0], image="a.jpg", width=1, height=1, by=maker, at=at)
    photo.year = 2023
    ReportPhoto.objects.bulk_create([photo])
    raise_obstacle(
        reports[0].entry.project,
        kind=ObstacleKind.LAND,
        text="征地",
        responsible=department,
        due_on=date(2024, 5, 1),
        by=maker,
        on=date(2024, 4, 1),
        at=at,
        report=reports[0],
    )
    before = rows()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()

    migrate(BEFORE)
    migrate(newest)

    assert rows() == before
    assert verify().findings == []
    last = ProgressReport.objects.latest("pk").pk
    assert min(make_plan(department).reports.values_list("pk", flat=True)) > last
