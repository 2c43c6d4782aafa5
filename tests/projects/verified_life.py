"""An ordinary life of reports, projects, plans and obstacles, and the ways to tamper with it by SQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from projects import chains, clearing, colouring, lifecycle, planning
from projects.lifecycle import StatusUpdate
from projects.models import (
    ObstacleAction,
    ObstacleKind,
    ReportAction,
    Status,
)
from projects.planning import Decision
from projects.verification import verify
from tests.rounds import (
    approve,
    make_plan,
    moment,
    open_rounds,
    report_of,
    save,
    step,
    submit,
)

A = ReportAction
FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


def sql(statement: str, *params: Any) -> int:
    """Write to the database past all rules; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def found() -> list[tuple[str, str, int | None]]:
    """What the check finds: where, what, and the number of the step or month."""
    return [(each.chain, each.kind.value, each.number) for each in verify().findings]


def fields_found() -> list[tuple[str, str, int | None]]:
    """The values that are not what the histories say: where, which, and at which step."""
    return [(each.chain, each.value.name, each.number) for each in verify().findings if each.value]


@contextmanager
def undone() -> Iterator[None]:
    """What is done to the database inside is taken back: so one life serves many misdeeds."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Life:
    """An ordinary quarter: two projects, all kinds of steps, three seals and a day after them."""

    def __init__(self, reporter, manager, outsider) -> None:
        self.entry = make_plan(reporter.department)
        self.other = make_plan(reporter.department)
        open_rounds(3)
        self.project = self.entry.project
        approve(report_of(self.entry, 1), reporter, manager, invested=90)
        self.report = report_of(self.entry, 2)
        submit(self.report, reporter, invested=180)
        chains.seal(FIRST, at=moment(FIRST))
        step(self.report, A.RETURN, manager, note="请核对")
        submit(self.report, reporter, invested=190, narrative="二月浇筑承台。")
        step(self.report, A.APPROVE, manager)
        self.report.refresh_from_db()
        colouring.judge_otherwise(
            self.report,
            "yellow",
            version=self.report.version,
            reason="现场滞后",
            by=manager,
            at=moment(SECOND),
        )
        planning.revise_plan(
            self.entry.pk,
            Decision("区人大常委会", SECOND, "年中调减"),
            from_month=4,
            version=1,
            by=manager,
            at=moment(SECOND),
            planned_investment=Decimal(1000),
        )
        self.obstacle = clearing.raise_obstacle(
            self.project,
            kind=ObstacleKind.LAND,
            text="三号桥台未交地",
            responsible=outsider.department,
            due_on=date(2024, 5, 1),
            by=reporter,
            on=SECOND,
            at=moment(SECOND),
            report=self.report,
        )
        self.act(ObstacleAction.REPLY, outsider)
        chains.seal(SECOND, at=moment(SECOND))
        self.act(ObstacleAction.CLEAR, reporter)
        self.project.refresh_from_db()
        lifecycle.change_status(
            self.project,
            StatusUpdate(Status.SUSPENDED, "资金未到位", started_on=date(2023, 3, 1)),
            version=self.project.version,
            by=manager,
            on=THIRD,
            at=moment(THIRD),
        )
        step(self.report, A.REOPEN, manager, note="核减")
        chains.seal(THIRD, at=moment(THIRD))
        save(self.report, reporter, invested=185, narrative="二月浇筑承台，核减五万元。")
        save(report_of(self.other, 3), reporter, invested=70)
        for row in (self.report, self.entry, self.other, self.project, self.obstacle):
            row.refresh_from_db()

    def act(self, action: ObstacleAction, by) -> None:
        self.obstacle.refresh_from_db()
        clearing.act(
            self.obstacle.pk,
            action,
            version=self.obstacle.version,
            by=by,
            on=SECOND,
            at=moment(SECOND),
            note="已处理",
        )


@pytest.fixture
def life(reporter, manager, outsider) -> Life:
    return Life(reporter, manager, outsider)


KINDS = {
    "report": ("projects_reportevent", 2),
    "project": ("projects_statuschange", 1),
    "entry": ("projects_planrevision", 1),
    "obstacle": ("projects_obstacleevent", 2),
}
OWNERS = {
    "report": "projects_progressreport",
    "project": "projects_project",
    "entry": "projects_annualplan",
    "obstacle": "projects_obstacle",
}


def owner_of(life: Life, kind: str) -> Any:
    return getattr(life, kind)


def copied(table: str, pk: int, **changed: Any) -> None:
    """Insert a copy of a row with other values."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [pk])
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    row |= changed
    del row["id"]
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", *map(_stored, row.values()))


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def unsealed(day: date) -> None:
    """Take all steps from a seal."""
    for table, _number in KINDS.values():
        sql(
            f"UPDATE {table} SET seal_id = NULL WHERE seal_id ="
            " (SELECT id FROM projects_auditseal WHERE day = %s)",
            day,
        )
