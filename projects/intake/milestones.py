"""Milestones by workbook: the nodes of a project's schedule, when they are due and when they were done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Ability
from office.intake import Change, Choices, Field, Key, Kind, Present, Refused, Scope, Type, Values
from projects import milestones
from projects.intake import subject
from projects.intake.history import last_step
from projects.milestones import MilestoneError, Node
from projects.models import Milestone, Project
from projects.permissions import may_keep_plans, visible_projects


def kinds() -> Choices:
    """What a node is."""
    return Milestone.Kind.choices


class Milestones(Kind):
    """里程碑与前期节点."""

    name = "milestones"
    label = gettext_lazy("Milestones")
    about = gettext_lazy("When nodes are due and done. A department enters when they were done.")
    may_add = True
    fields = (
        subject.CODE,
        subject.NAME,
        Field(
            "node",
            gettext_lazy("Node"),
            ("节点", "节点名称", "里程碑"),
            required=True,
            is_key=True,
            longest=100,
            width=28,
            example="主体封顶",
        ),
        Field("kind", gettext_lazy("Kind"), ("类型", "节点类型"), type=Type.CHOICE, choices=kinds),
        Field(
            "due_on",
            gettext_lazy("Due on"),
            ("计划完成日期", "计划完成时间", "应完成日期"),
            type=Type.DAY,
            example="2024-06-30",
        ),
        Field("done_on", gettext_lazy("Done on"), ("实际完成日期", "实际完成时间"), type=Type.DAY),
    )

    def may_import(self, user: User) -> bool:
        """Who enters facts of projects."""
        return user.can(Ability.UPDATE_OWN) or may_keep_plans(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The nodes of all projects that are seen."""
        found = Milestone.objects.filter(project__in=visible_projects(user))
        return (row.values for row in _rows(found.order_by("project__code", "due_on", "pk")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The nodes of these projects."""
        found = Milestone.objects.filter(
            project__in=visible_projects(user),
            project__code__in={str(code) for code, _node in keys},
        )
        return {(row.values["code"], row.values["node"]): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A node that is new is added."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Keep a node as the project's page keeps it."""
        code, node = change.key
        project = subject.reported_on(str(code), by=by)
        planned = change.after.keys() & {"kind", "due_on"}
        if not may_keep_plans(by) and (change.present is None or planned):
            said = _("Which nodes there are and when they are due is the office's to set.")
            raise Refused({name: [said] for name in planned or {"node"}})
        old: Any = change.present.values if change.present else {}
        values: Any = {**old, **change.values}
        pk = change.present.target.pk if change.present else None
        kind = values.get("kind") or Milestone.Kind.CONSTRUCTION
        made = Node(pk, str(node), kind, values.get("due_on"), values.get("done_on"))
        _keep(project, made, by=by, on=on, at=at)

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a node out again; the history tells both steps."""
        row: Milestone = change.present.target  # type: ignore[union-attr]
        node = Node(row.pk, row.name, row.kind, row.due_on, row.done_on, is_removed=True)
        _keep(row.project, node, by=by, on=on, at=at)

    def built_on(self, change: Change) -> str:
        """The project's last step."""
        return last_step(change.present.target.project) if change.present else ""


def _keep(project: Project, node: Node, *, by: User, on: date, at: datetime) -> None:
    # Several rows of a file may be the project's: each goes with the version that the last one left.
    version = Project.objects.values_list("version", flat=True).get(pk=project.pk)
    try:
        milestones.keep(project, [node], version=version, by=by, on=on, at=at)
    except MilestoneError as error:
        errors: dict[str, list[str]] = {}
        for _place, field, said in error.errors:
            errors.setdefault("node" if field == "name" else field, []).append(said)
        raise Refused(errors) from error


def _rows(found: QuerySet[Milestone]) -> Iterable[Present]:
    for row in found.select_related("project"):
        values: Values = {
            "code": row.project.code,
            "name": row.project.name,
            "node": row.name,
            "kind": row.kind,
            "due_on": row.due_on,
            "done_on": row.done_on,
        }
        yield Present(row, values, row.project.version, row.project.name)
