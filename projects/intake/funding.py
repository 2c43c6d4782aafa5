"""Funding by workbook: where a project's money comes from, and what of it has arrived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Ability
from office.intake import (
    Change,
    Choices,
    Field,
    Key,
    Kind,
    Present,
    Refused,
    Scope,
    Type,
    Values,
    yes_or_no,
)
from projects import funding
from projects.funding import FundingError, Money
from projects.intake import subject
from projects.intake.history import last_step
from projects.models import Funding, Project
from projects.permissions import may_keep_plans, visible_projects


def sources() -> Choices:
    """Where money comes from."""
    return Funding.Source.choices


class FundingRows(Kind):
    """资金来源及到位."""

    name = "funding"
    label = gettext_lazy("Funding")
    about = gettext_lazy(
        "What each source gives and what has arrived. A department enters what has arrived."
    )
    may_add = True
    fields = (
        subject.CODE,
        subject.NAME,
        Field(
            "source",
            gettext_lazy("Source"),
            ("资金来源", "来源"),
            required=True,
            type=Type.CHOICE,
            choices=sources,
            is_key=True,
        ),
        Field(
            "amount",
            gettext_lazy("Amount (10,000 yuan)"),
            ("金额(万元)", "金额", "安排资金"),
            type=Type.MONEY,
            example="2,000",
        ),
        Field(
            "arrived",
            gettext_lazy("Arrived (10,000 yuan)"),
            ("到位资金(万元)", "到位资金", "已到位"),
            type=Type.MONEY,
            example="800",
        ),
        Field(
            "confirmed",
            gettext_lazy("More has arrived than this source gives: that is right"),
            ("到位超过计划属实",),
            type=Type.CHOICE,
            choices=yes_or_no,
        ),
    )

    def may_import(self, user: User) -> bool:
        """Who enters facts of projects."""
        return user.can(Ability.UPDATE_OWN) or may_keep_plans(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The sources of all projects that are seen."""
        found = Funding.objects.filter(project__in=visible_projects(user))
        return (row.values for row in _rows(found.order_by("project__code", "source")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The sources of these projects."""
        found = Funding.objects.filter(
            project__in=visible_projects(user),
            project__code__in={str(code) for code, _source in keys},
        )
        return {(row.values["code"], row.values["source"]): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A source that is new is added."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Keep a source as the project's page keeps it."""
        code, source = change.key
        project = subject.reported_on(str(code), by=by)
        if "amount" in change.after and not may_keep_plans(by):
            said = _("What a source gives is the office's to set; enter what has arrived.")
            raise Refused({"amount": [said]})
        old: Any = change.present.values if change.present else {}
        values: Any = {**old, **change.values}
        money = Money(values.get("amount"), values.get("arrived"))
        confirmed = [str(source)] if values.get("confirmed") == "yes" else []
        _keep(project, str(source), money, by=by, at=at, confirmed=confirmed)

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a source out again; the history tells both steps."""
        project: Project = change.present.target.project  # type: ignore[union-attr]
        _keep(project, str(change.key[1]), Money(None), by=by, at=at)

    def built_on(self, change: Change) -> str:
        """The project's last step."""
        return last_step(change.present.target.project) if change.present else ""


def _keep(
    project: Project,
    source: str,
    money: Money,
    *,
    by: User,
    at: datetime,
    confirmed: Sequence[str] = (),
) -> None:
    # Several rows of a file may be the project's: each goes with the version that the last one left.
    version = Project.objects.values_list("version", flat=True).get(pk=project.pk)
    try:
        funding.keep(project, {source: money}, version=version, by=by, at=at, confirmed=confirmed)
    except FundingError as error:
        raise Refused({field: [said] for (_source, field), said in error.errors.items()}) from error


def _rows(found: QuerySet[Funding]) -> Iterable[Present]:
    for row in found.select_related("project"):
        amounts: dict[str, Decimal | None] = {"amount": row.amount, "arrived": row.arrived}
        values: Values = {
            "code": row.project.code,
            "name": row.project.name,
            "source": row.source,
            **amounts,
        }
        yield Present(row, values, row.project.version, row.project.name)
