"""What the list of obstacles can be narrowed by, and an obstacle as lists and panels show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from office.table_files import FileColumn, Kind
from projects.filters import YES, BranchFilter, ChoiceFilter, FilterSet
from projects.models import Obstacle, ObstacleKind, ObstacleLevel, ObstacleState, Project
from projects.obstacle_clock import climbs_on, days_overdue, overdue
from projects.search import matching

UNCLEARED = "uncleared"

STATE_MARKS = {
    ObstacleState.OPEN: "open",
    ObstacleState.REPLIED: "running",
    ObstacleState.CLEARED: "closed",
}
LEVEL_MARKS = {
    ObstacleLevel.DEPARTMENT: "department",
    ObstacleLevel.DISTRICT: "district",
    ObstacleLevel.CITY: "municipal",
}
"""The badges that states and levels share with other things of the same weight."""


def in_file() -> list[FileColumn]:
    """The columns of the list as a file, in the order of the page."""
    return [
        FileColumn(_("Project code"), "project__code"),
        FileColumn(_("Obstacle"), "text", width=48),
        FileColumn(_("Project"), "project__name", width=36),
        FileColumn(_("Kind"), "kind", labels=_words(ObstacleKind.choices)),
        FileColumn(_("Level"), "level", labels=_words(ObstacleLevel.choices)),
        FileColumn(_("To be cleared by"), "responsible__name", width=24),
        FileColumn(_("To be cleared until"), "due_on", Kind.DAY),
        FileColumn(_("State"), "state", labels=_words(ObstacleState.choices)),
        FileColumn(_("Raised on"), "raised_on", Kind.DAY),
        FileColumn(_("Cleared on"), "cleared_on", Kind.DAY),
    ]


def _words(choices: Iterable[tuple[Any, Any]]) -> dict[Any, str]:
    return {value: str(label) for value, label in choices}


class ObstacleFilter(FilterSet):
    """Filters of the list of obstacles; `on` is the business date."""

    q = filters.CharFilter(method="search", label=_("Project, or words of the obstacle"))
    state = ChoiceFilter(
        choices=[(UNCLEARED, _("Not cleared")), *ObstacleState.choices],
        method="in_state",
        label=_("State"),
    )
    level = ChoiceFilter(choices=ObstacleLevel.choices, label=_("Level"))
    kind = ChoiceFilter(choices=ObstacleKind.choices, label=_("Kind"))
    department = BranchFilter(
        field_name="responsible", tree=Department, label=_("To be cleared by")
    )
    region = BranchFilter(field_name="project__region", tree=Region, label=_("Region"))
    overdue = ChoiceFilter(
        choices=[(YES, _("Overdue only"))], method="past_due", label=_("Overdue")
    )

    class Meta:
        model = Obstacle
        fields: list[str] = []

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def search(self, queryset: QuerySet[Obstacle], name: str, value: str) -> QuerySet[Obstacle]:
        projects = Project.objects.filter(matching(value))
        return queryset.filter(Q(project__in=projects) | Q(text__contains=value))

    def in_state(self, queryset: QuerySet[Obstacle], name: str, value: str) -> QuerySet[Obstacle]:
        if value == UNCLEARED:
            return queryset.exclude(state=ObstacleState.CLEARED)
        return queryset.filter(state=value)

    def past_due(self, queryset: QuerySet[Obstacle], name: str, value: str) -> QuerySet[Obstacle]:
        return queryset.filter(overdue(self.on))


def in_order(obstacles: QuerySet[Obstacle]) -> QuerySet[Obstacle]:
    """Those not cleared first, by their day; then those cleared, the latest first."""
    return obstacles.order_by(F("cleared_on").desc(nulls_first=True), "due_on", "pk")


@dataclass(frozen=True, slots=True)
class ObstacleRow:
    """An obstacle as it stands on a day, for this reader."""

    obstacle: Obstacle
    days_overdue: int
    climbs_on: date | None
    is_project_visible: bool
    """Who has to clear an obstacle of another department's project does not see that project."""

    @property
    def state_mark(self) -> str:
        """The badge of its state."""
        return STATE_MARKS[ObstacleState(self.obstacle.state)]

    @property
    def level_mark(self) -> str:
        """The badge of its level."""
        return LEVEL_MARKS[ObstacleLevel(self.obstacle.level)]

    @property
    def next_level(self) -> str:
        """The level that it climbs to."""
        return str(ObstacleLevel(self.obstacle.level + 1).label)


def shown(
    obstacles: Iterable[Obstacle], *, projects: QuerySet[Project], on: date
) -> list[ObstacleRow]:
    """Obstacles as lists show them; `projects` are those that the reader sees."""
    found = list(obstacles)
    visible = set(
        projects.filter(pk__in={obstacle.project_id for obstacle in found}).values_list(
            "pk", flat=True
        )
    )
    return [
        ObstacleRow(
            obstacle,
            days_overdue(obstacle, on=on),
            climbs_on(obstacle),
            obstacle.project_id in visible,
        )
        for obstacle in found
    ]
