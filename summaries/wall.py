"""The wall screen: the latest settled month, the projects that have been red longest, what is overdue."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Region, User
from office.charts import Chart
from projects.models import AnnualPlan, Light, Obstacle
from projects.obstacle_clock import days_overdue, overdue
from projects.permissions import visible_entries, visible_obstacles
from summaries import cockpit
from summaries.month_reading import Choice, remembered
from summaries.standings import ENDS, Rankings


@dataclass(frozen=True, slots=True)
class RedProject:
    """A project that is red now, and for how many days it has been."""

    name: str
    department: str
    days: int


@dataclass(frozen=True, slots=True)
class OverdueObstacle:
    """An obstacle that has passed its day, and by how many days."""

    text: str
    project: str
    responsible: str
    level: str
    days: int


@dataclass(frozen=True, slots=True)
class Wall:
    """What hangs on the wall; `read_at` is the moment of the reading."""

    month: cockpit.Month
    leading: list[cockpit.Line]
    """The best of the ranking."""
    lagging: list[cockpit.Line]
    """The last of the ranking, the last one first; none that is among the best."""
    reds: list[RedProject]
    obstacles: list[OverdueObstacle]
    read_at: datetime

    @property
    def curve(self) -> Chart:
        """Planned, invested and projected."""
        return self.month.progress[0]

    @property
    def lights(self) -> Chart:
        """Lights by category."""
        return self.month.progress[3]


def read(
    choice: Choice, user: User, *, on: date, at: datetime, place: Region | None = None
) -> Wall:
    """Everything on the screen, in a fixed number of queries; of a place within the reader's bounds, or
    of all that the reader sees.
    """
    month = cockpit.read(choice, user, on=on, place=place)
    region = place or user.region
    since = remembered(
        f"longest-red:{choice.year}:{region.pk if region else ''}",
        month.refreshed_at,
        lambda: _longest_red(user, choice.year, place),
    )
    leading, lagging = Rankings(choice, region, at=month.refreshed_at, on=on).ends(month.ranked_by)
    return Wall(
        month=month,
        leading=cockpit.department_lines(leading, month.reading),
        lagging=cockpit.department_lines(lagging, month.reading),
        reds=[RedProject(name, department, (on - day).days) for name, department, day in since],
        obstacles=[_obstacle(obstacle, on) for obstacle in most_overdue(user, on, place)],
        read_at=at,
    )


def _longest_red(user: User, year: int, place: Region | None) -> list[tuple[str, str, date]]:
    """Name, department and the day since when, of those that have been red longest."""
    rows = longest_red(user, year, place).values_list(
        "cited_name", "project__name", "project__department__name", "latest__red_since"
    )
    return [
        (cited or name, department or "", since)
        for cited, name, department, since in rows
        if since is not None
    ]


def longest_red(user: User, year: int, place: Region | None = None) -> QuerySet[AnnualPlan]:
    """The entries that have been red longest; chosen first and named afterwards: else every one's
    project would be looked up.
    """
    longest = ("latest__red_since", "pk")
    reds = visible_entries(user).filter(
        **_within(place), year=year, latest__light=Light.RED, latest__red_since__isnull=False
    )
    chosen = AnnualPlan.objects.filter(pk__in=reds.order_by(*longest).values("pk")[:ENDS])
    return chosen.order_by(*longest)


def _within(place: Region | None) -> dict[str, str]:
    return {"project__region__path__startswith": place.path} if place else {}


def most_overdue(user: User, on: date, place: Region | None = None) -> QuerySet[Obstacle]:
    """The obstacles that passed their day first; chosen first and named afterwards, too."""
    late = visible_obstacles(user).filter(overdue(on), **_within(place)).order_by("due_on", "pk")
    chosen = Obstacle.objects.filter(pk__in=late.values("pk")[:ENDS])
    return chosen.select_related("project", "responsible").order_by("due_on", "pk")


def _obstacle(obstacle: Obstacle, on: date) -> OverdueObstacle:
    return OverdueObstacle(
        text=obstacle.text,
        project=obstacle.project.name,
        responsible=obstacle.responsible.name,
        level=obstacle.get_level_display(),
        days=days_overdue(obstacle, on=on),
    )
