"""Keeps what a project is, and its place in a year's list: names, people, what it costs in all."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from projects import cell_marks, lifecycle
from projects.models import AnnualPlan, Project


@transaction.atomic
def keep(
    project: Project, changed: Collection[str], *, reason: str, by: User, at: datetime
) -> None:
    """Store a project of which these fields were changed, or a new one.

    Another department is a step of the project's history, under `reason`; cells that the project is
    counted in are marked. The caller has validated the project and asked who may.
    """
    if project._state.adding:
        project.save(force_insert=True)
        return
    if "department" in changed:
        lifecycle.move(project.pk, project.department, reason=reason, by=by, at=at)
    columns = {field.name for field in Project._meta.concrete_fields}
    with cell_marks.moving(lambda: AnnualPlan.objects.filter(project=project.pk)):
        # Of a row that exists only what was changed, and nothing of its history.
        project.save(update_fields=columns.intersection(changed) - {"department"})


@transaction.atomic
def keep_entry(entry: AnnualPlan, changed: Collection[str]) -> None:
    """Store an entry of a year's list of which these fields were changed, or a new one.

    What the history of an adopted entry accounts for is planning.revise_plan's to change. The
    caller has validated the entry and asked who may.
    """
    with cell_marks.moving(lambda: AnnualPlan.objects.filter(pk=entry.pk)):
        if entry._state.adding:
            entry.save(force_insert=True)
        else:
            kept = set(AnnualPlan.IN_HISTORY) if entry.adopted_on else set()
            columns = {field.name for field in AnnualPlan._meta.concrete_fields}
            entry.save(update_fields=columns.intersection(changed) - kept)
