"""里程碑与前期节点: keeps the nodes of a project's schedule.

Every change is a step in the project's history, under "milestone:" and the node's number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from projects import audit, lifecycle
from projects.lateness import days_late
from projects.models import Milestone, Project, StatusChange

KEY = "milestone:"

USUAL_NODES = (
    gettext_lazy("Project proposal approved"),
    gettext_lazy("Feasibility study approved"),
    gettext_lazy("Pre-examination of land and site"),
    gettext_lazy("Land use permit"),
    gettext_lazy("Environmental impact approved"),
    gettext_lazy("Water and soil conservation approved"),
    gettext_lazy("Preliminary design approved"),
    gettext_lazy("Construction drawings examined"),
    gettext_lazy("Planning permit for the works"),
    gettext_lazy("Tender awarded"),
    gettext_lazy("Construction permit"),
)
"""前期工作 as it usually runs; offered, never demanded."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node as somebody enters it; `pk` is None for a new one."""

    pk: int | None
    name: str
    kind: str
    due_on: date | None
    done_on: date | None
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A node as it stands on a day; `days_late` is None where it has no day to be late against."""

    milestone: Milestone
    days_late: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it is not done."""
        return bool(self.days_late) and self.milestone.done_on is None


class MilestoneError(Exception):
    """What was entered cannot be kept; `errors` are (place of the node, field, message)."""

    def __init__(self, errors: Sequence[tuple[int, str, str]]) -> None:
        super().__init__("; ".join(message for _place, _field, message in errors))
        self.errors = list(errors)


def standings(milestones: Iterable[Milestone], *, on: date) -> list[Standing]:
    """The nodes with their lateness: by their day, those without one last."""
    found = sorted(milestones, key=lambda row: (row.due_on is None, row.due_on or on, row.pk))
    return [Standing(row, days_late(row.due_on, row.done_on, on=on)) for row in found]


@transaction.atomic
def keep(
    project: Project, nodes: Sequence[Node], *, version: int, by: User, on: date, at: datetime
) -> StatusChange | None:
    """Add, change and remove nodes as entered, all or none; nodes that are not named stay.

    Returns the step in the history, None where nothing differs. Raises StaleProjectError where
    somebody changed the project since `version`, MilestoneError where a name stands twice or what
    is done lies after `on`. The caller has asked may_enter_facts, and may_keep_plans where more
    than a done day changes.
    """
    held = lifecycle.hold(project.pk, version=version)
    stored = {row.pk: row for row in held.milestones.all()}
    _refuse(nodes, stored, on=on)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changed = [node for node in nodes if _differs(node, stored)]
    changed.sort(key=lambda node: not node.is_removed)  # a removed name may be taken again
    if not changed:
        return None
    _make_room(changed, stored)
    for node in changed:
        row = stored.get(node.pk or 0)
        was = values(row) if row is not None else None
        pk = row.pk if row is not None else None
        if node.is_removed and row is not None:
            row.delete()
        else:
            row = row or Milestone(project=held)
            row.name, row.kind = node.name, node.kind
            row.due_on, row.done_on = node.due_on, node.done_on
            row.save()
            pk = row.pk
        before[f"{KEY}{pk}"] = was
        after[f"{KEY}{pk}"] = None if node.is_removed else values(row)
    return lifecycle.record(held, before, after, by=by, at=at)


def values(row: Milestone) -> dict[str, Any]:
    """A node as the history writes it."""
    return audit.plain(
        {"name": row.name, "kind": row.kind, "due_on": row.due_on, "done_on": row.done_on}
    )


def _differs(node: Node, stored: Mapping[int, Milestone]) -> bool:
    row = stored.get(node.pk or 0)
    if row is None:
        return not node.is_removed
    entered = (node.name, node.kind, node.due_on, node.done_on)
    return node.is_removed or entered != (row.name, row.kind, row.due_on, row.done_on)


def _make_room(changed: Sequence[Node], stored: Mapping[int, Milestone]) -> None:
    """Let two nodes swap their names: each stands once in a project."""
    for node in changed:
        row = stored.get(node.pk or 0)
        if row is not None and not node.is_removed and row.name != node.name:
            Milestone.objects.filter(pk=row.pk).update(name=f"\u2060{row.pk}")


def _refuse(nodes: Sequence[Node], stored: Mapping[int, Milestone], *, on: date) -> None:
    errors: list[tuple[int, str, str]] = []
    named = {node.pk for node in nodes}
    names = Counter(node.name for node in nodes if not node.is_removed)
    names.update(row.name for pk, row in stored.items() if pk not in named)
    for place, node in enumerate(nodes):
        if node.is_removed:
            continue
        if not node.name:
            errors.append((place, "name", _("Name the node.")))
        elif names[node.name] > 1:
            errors.append((place, "name", _("The project has a node of this name already.")))
        if node.done_on is not None and node.done_on > on:
            errors.append((place, "done_on", _("This date lies in the future.")))
    if errors:
        raise MilestoneError(errors)
