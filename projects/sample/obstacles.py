"""Obstacles of the demo: raised, answered, climbed, cleared and opened again on days of the story."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from accounts.roles import Role
from projects import clearing
from projects.models import Obstacle, ObstacleAction, ObstacleKind, ProgressReport
from projects.sample import words

TODAY = date(2024, 10, 28)
RAISED = (150, 120, 75, 60, 40, 25, 12, 4)
"""Days before today on which the obstacles were raised."""


@transaction.atomic
def make(seed: int = 2024) -> int:
    """Make the sample obstacles; returns how many."""
    draw = random.Random(seed)
    office = User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk")[0]
    departments = list(Department.objects.filter(is_sample=True, parent=None).order_by("code"))
    behind = list(
        ProgressReport.objects.filter(period__month=9, light__shown__in=("red", "yellow"))
        .select_related("entry__project__department", "submitted_by")
        .exclude(submitted_by=None)
        .order_by("light__gap", "pk")[: len(words.OBSTACLES)]
    )
    for number, report in enumerate(behind):
        day = TODAY - timedelta(days=RAISED[number])
        kind, text = words.OBSTACLES[number]
        obstacle = clearing.raise_obstacle(
            report.entry.project,
            kind=ObstacleKind(kind),
            text=words.MARK + text,
            responsible=draw.choice(departments),
            due_on=day + timedelta(days=20),
            by=report.submitted_by or office,
            on=day,
            at=_at(day),
        )
        _go_on(obstacle, number, day, departments, office=office)
    return len(behind)


def _go_on(
    obstacle: Obstacle,
    number: int,
    day: date,
    departments: Sequence[Department],
    *,
    office: User,
) -> None:
    """What becomes of an obstacle: every second is answered, every third cleared."""
    for _climb in range(2):
        obstacle.refresh_from_db()
        if obstacle.level_due_on < TODAY and number % 3:
            on = obstacle.level_due_on + timedelta(days=1)
            clearing.escalate_due(on=on, at=_at(on))
    if number % 2 == 0:
        _act(obstacle, ObstacleAction.REPLY, office, "已现场协调，计划本月解决。")
    if number % 3 == 0:
        _act(obstacle, ObstacleAction.CLEAR, office, "已解决，予以销号。")
    if number == 6:
        _act(obstacle, ObstacleAction.REOPEN, office, "再次出现，重新协调。")


def _act(obstacle: Obstacle, action: ObstacleAction, by: User, note: str) -> None:
    obstacle.refresh_from_db()
    day = max(obstacle.raised_on + timedelta(days=2), TODAY - timedelta(days=1))
    clearing.act(
        obstacle.pk,
        action,
        version=obstacle.version,
        by=by,
        on=day,
        at=_at(day, 16),
        note=words.MARK + note,
    )


def _at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
