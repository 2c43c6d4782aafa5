"""A quarter of rounds for tests of the bulletin: every kind of entry, gaps, lateness, last year."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from projects import clearing, schedule
from projects.models import AnnualPlan, LightRule, ObstacleAction, ObstacleKind
from tests.factories import make_department, make_user
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, submit

YEAR, MONTH = 2024, 3
GOALS = ("started", "accelerated", "completed", "preparation", "")
CATEGORIES = ("industry", "infrastructure", "ecology")
LEVELS = ("municipal", "district", "")
UNREPORTED, SUBMITTED, LATE = 4, 7, (2, 9)
"""Numbers of entries: who never reports March, whose report waits for review, who is late."""


def make_quarter() -> list[AnnualPlan]:
    """Twelve entries from January to March 2024, six of them also in 2023."""
    draw = random.Random(7)
    _rule()
    water = make_department("500101-SLJ", name="区水利局")
    homes = (
        make_department("500101-JTW", name="区交通运输委"),
        water,
        make_department("500101-SLJ-X", name="区河道中心", parent=water),
        None,
    )
    entries, before = [], []
    for number in range(12):
        fields: dict[str, Any] = {
            "goal": GOALS[number % 5],
            "category": CATEGORIES[number % 3],
            "level": LEVELS[number % 3],
        }
        planned = draw.randrange(1_000, 90_000)
        total = Decimal(draw.randrange(100_000, 900_000)) if number % 4 else None
        home = homes[number % 4]
        entry = make_plan(
            home,
            planned=planned,
            entry=fields,
            total_investment=total,
            planned_start_on=date(2024, 2, 10) if number == 5 else None,
            status="preparation" if number == 5 or fields["goal"] == "preparation" else "started",
        )
        entries.append(entry)
        if number < 6:
            before.append(_last_year(entry, fields, planned * 2 // 3))
    open_rounds(MONTH)
    for entry in before:
        _report_2023(draw, entry)
    for number, entry in enumerate(entries):
        _report_2024(draw, number, entry)
    _obstacles(entries)
    return entries


def _rule() -> None:
    """Three points behind is red, and long after a month: so a quarter has all colours."""
    LightRule.objects.create(
        version="t",
        yellow_gap=1,
        red_gap=3,
        long_red_days=30,
        applies_from=date(2000, 1, 1),
        adopted_at=moment(date(2000, 1, 1)),
    )


def _last_year(entry: AnnualPlan, fields: dict[str, Any], planned: int) -> AnnualPlan:
    project = entry.project
    return make_plan(
        project.department,
        planned=planned,
        year=YEAR - 1,
        entry=fields,
        total_investment=900_000,
    )


def _report_2023(draw: random.Random, entry: AnnualPlan) -> None:
    schedule.open_due(on=date(2023, 4, 1), at=moment(date(2023, 4, 1)))
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    share = Decimal(draw.randrange(60, 110)) / 100
    invested = (report_of(entry, MONTH).planned_ytd * share).quantize(Decimal("0.01"))
    approve(report_of(entry, MONTH), maker, checker, invested=invested, started_on=date(2022, 3, 1))


def _report_2024(draw: random.Random, number: int, entry: AnnualPlan) -> None:
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    waits = entry.project.status == "preparation"
    share = Decimal(draw.randrange(20, 120)) / 100
    for month in (1, 2, 3):
        report = report_of(entry, month)
        filled: dict[str, Any] = {
            "invested": (report.planned_ytd * share).quantize(Decimal("0.01")),
            "narrative": f"=第{month}月进展",
            "problems": "@征地未完成" if number == 1 else "",
        }
        if waits:
            filled |= {"invested": 0, "status": "preparation", "started_on": None}
        if month == MONTH and number == UNREPORTED:
            continue
        on = report.period.due_on + timedelta(days=2) if month == MONTH and number in LATE else None
        if month == MONTH and number == SUBMITTED:
            submit(report, maker, on=on, **filled)
        else:
            approve(report, maker, checker, on=on, **filled)


def _obstacles(entries: list[AnnualPlan]) -> None:
    office = make_user(role=Role.MANAGER)
    water = make_department("500101-SLJ")
    days = ((2, 10, 3, 5), (3, 4, 3, 20), (3, 12, 4, 30), (1, 3, 1, 20))
    for number, (month, day, due_month, due_day) in enumerate(days):
        raised = date(YEAR, month, day)
        obstacle = clearing.raise_obstacle(
            entries[number].project,
            kind=ObstacleKind.LAND,
            text=f"=地块{number}未交付",
            responsible=water,
            due_on=date(YEAR, due_month, due_day),
            by=office,
            on=raised,
            at=moment(raised),
        )
        if number in (1, 3):
            cleared = date(YEAR, 3, 18) if number == 1 else date(YEAR, 2, 1)
            clearing.act(
                obstacle.pk,
                ObstacleAction.CLEAR,
                version=obstacle.version,
                by=office,
                on=cleared,
                at=moment(cleared),
                note="已解决",
            )
