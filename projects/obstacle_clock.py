"""清障: how long each level has for an obstacle, when it climbs, and by how much it is late."""

from datetime import date, timedelta

from django.db.models import Q

from projects.models import Obstacle, ObstacleLevel, ObstacleState

DEPARTMENT_DAYS, DISTRICT_DAYS = 15, 30
CLOCK: dict[int, int] = {
    ObstacleLevel.DEPARTMENT: DEPARTMENT_DAYS,
    ObstacleLevel.DISTRICT: DISTRICT_DAYS,
}
"""How many days a level has before the obstacle climbs; there is nothing above the city."""


def clock_end(level: int, since: date) -> date | None:
    """The last day that a level has; the obstacle climbs on the day after. None at the top."""
    days = CLOCK.get(level)
    return None if days is None else since + timedelta(days=days)


def climbs_on(obstacle: Obstacle) -> date | None:
    """The day on which an obstacle climbs if nobody clears it; None where it climbs no more."""
    if obstacle.state == ObstacleState.CLEARED or obstacle.level not in CLOCK:
        return None
    return obstacle.level_due_on + timedelta(days=1)


def ripe(on: date) -> Q:
    """The obstacles whose level has had its days: they climb."""
    return ~Q(state=ObstacleState.CLEARED) & Q(level__in=list(CLOCK), level_due_on__lt=on)


def days_overdue(obstacle: Obstacle, *, on: date) -> int:
    """逾期: by how many days an obstacle has passed its day; 0 where it has not or is cleared."""
    if obstacle.state == ObstacleState.CLEARED:
        return 0
    return max((on - obstacle.due_on).days, 0)


def overdue(on: date) -> Q:
    """days_overdue as a condition of a query over obstacles."""
    return ~Q(state=ObstacleState.CLEARED) & Q(due_on__lt=on)
