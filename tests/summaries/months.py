"""A small office with two years of months, for the pages that read cells."""

from datetime import date

from django.utils import timezone

from accounts.roles import Role
from projects import clearing, schedule
from projects.models import ObstacleKind
from summaries import keeping
from tests.factories import make_department, make_user
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, submit

TODAY = "2024-04-12"
"""March is locked, April has not opened; one report of March is still missing."""


def make_months() -> None:
    """Two departments and a unit, red and green projects, last year's months, an overdue obstacle."""
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    roads = make_department("500101-JTW", name="区交通运输委")
    unit = make_department("500101-JTW-GLK", name="公路科", parent=roads)
    water = make_department("500101-SLJ", name="区水利局")
    first = make_plan(
        roads,
        total_investment=1_000_000,
        planned=120_000,
        category="infrastructure",
        name="万忠路",
        code="500101-M1",
    )
    below = make_plan(
        unit,
        total_investment=1_000_000,
        planned=60_000,
        category="infrastructure",
        name="农村公路",
        code="500101-M2",
    )
    behind = make_plan(
        water,
        total_investment=1_000_000,
        planned=60_000,
        category="ecology",
        name="青龙水库",
        code="500101-M3",
    )
    silent = make_plan(
        water,
        total_investment=1_000_000,
        planned=24_000,
        category="livelihood",
        name="供水管网",
        code="500101-M4",
    )
    make_plan(
        None,
        total_investment=1_000_000,
        planned=12_000,
        category="industry",
        name="油菜籽加工",
        code="500101-M5",
    )
    last = make_plan(
        roads,
        total_investment=1_000_000,
        planned=90_000,
        year=2023,
        name="去年的路",
        code="500101-M6",
    )
    open_rounds(3)
    schedule.open_due(on=date(2024, 3, 27), at=moment(date(2024, 3, 27)))
    for month in (1, 2, 3):
        approve(report_of(first, month), maker, checker, invested=month * 12_000)
        approve(report_of(below, month), maker, checker, invested=month * 4_000)
        approve(report_of(behind, month), maker, checker, invested=month * 100)
        amount, began = month * 6_000, date(2022, 3, 1)
        approve(report_of(last, month), maker, checker, invested=amount, started_on=began)
    approve(report_of(silent, 2), maker, checker, invested=4_000)
    submit(report_of(silent, 3), maker, on=date(2024, 4, 9), invested=5_000)
    schedule.lock_due(on=date(2024, 4, 12), at=moment(date(2024, 4, 12)))
    clearing.raise_obstacle(
        behind.project,
        kind=ObstacleKind.LAND,
        text="红线内两户未签约",
        responsible=water,
        due_on=date(2024, 4, 1),
        by=maker,
        on=date(2024, 3, 5),
        at=moment(date(2024, 3, 5)),
    )
    for year in (2023, 2024):
        keeping.rebuild(year, at=timezone.now())
