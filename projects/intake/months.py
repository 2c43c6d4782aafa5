"""Monthly figures by workbook: saved as drafts, through the rules of the monthly report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Ability
from office.excel import Limits
from office.intake import (
    Change,
    Choices,
    Field,
    Key,
    Kind,
    Present,
    Refusals,
    Refused,
    Scope,
    Type,
    Values,
)
from projects import saving, workflow
from projects.intake import subject
from projects.models import ProgressReport, ReportEvent, ReportState, Status
from projects.permissions import visible_reports


def statuses() -> Choices:
    """What a report may say of a project."""
    return [(value, label) for value, label in Status.choices if value]


def states() -> Choices:
    """Where a report stands."""
    return ReportState.choices


def _words(name: str, label: Any, *also: str) -> Field:
    column: Any = ProgressReport._meta.get_field(name)
    return Field(name, label, also, longest=column.max_length, width=28)


WRITTEN = tuple(name for name in workflow.VALUES if name != "confirmed")
"""What a workbook fills in of a report; what has to be confirmed is confirmed on its page."""


class Months(Kind):
    """月度填报数据: a project's month."""

    name = "months"
    label = gettext_lazy("Monthly figures")
    about = gettext_lazy(
        "Saved as drafts; they are looked at and submitted on the page of the month."
    )
    scope = "month"
    limits = Limits(megabytes=20, unpacked_megabytes=200, rows=60_000, seconds=60)
    fields = (
        subject.CODE,
        subject.NAME,
        Field(
            "month",
            gettext_lazy("Month"),
            ("月份", "填报月份", "所属月份"),
            required=True,
            type=Type.MONTH,
            is_key=True,
            example="2024-03",
            width=10,
        ),
        Field(
            "state",
            gettext_lazy("State of the report"),
            ("填报状态", "月报状态"),
            type=Type.CHOICE,
            choices=states,
            is_shown=True,
            width=10,
        ),
        Field(
            "planned_ytd",
            gettext_lazy("Planned, year to date (10,000 yuan)"),
            ("序时计划(万元)", "序时计划"),
            type=Type.MONEY,
            is_shown=True,
        ),
        Field(
            "invested_ytd",
            gettext_lazy("Invested, year to date (10,000 yuan)"),
            (
                "自年初累计完成投资(万元)",
                "累计完成投资(万元)",
                "自年初累计完成投资",
                "年初至今完成投资",
            ),
            type=Type.MONEY,
            note=gettext_lazy(
                "Cumulated from January, and not the month alone. 0 if there was none."
            ),
            example="1,200.50",
        ),
        Field(
            "physical_progress",
            gettext_lazy("Physical progress (%)"),
            ("形象进度(%)", "形象进度"),
            type=Type.PERCENT,
            example="85%",
        ),
        Field(
            "status",
            gettext_lazy("Status"),
            ("状态", "项目状态", "建设状态"),
            type=Type.CHOICE,
            choices=statuses,
        ),
        Field("started_on", gettext_lazy("Started on"), ("开工日期", "开工时间"), type=Type.DAY),
        Field(
            "completed_on", gettext_lazy("Completed on"), ("竣工日期", "竣工时间"), type=Type.DAY
        ),
        _words(
            "narrative", gettext_lazy("Progress in words"), "进展情况", "形象进度描述", "进度说明"
        ),
        _words("problems", gettext_lazy("Problems"), "存在问题", "问题"),
        _words("next_step", gettext_lazy("Next step"), "下步打算", "下一步工作"),
        _words(
            "correction",
            gettext_lazy("Reason for a correction"),
            "更正原因",
            "更正说明",
            "修正原因",
        ),
    )

    def may_import(self, user: User) -> bool:
        """Who fills in the grid of a month."""
        return user.can(Ability.UPDATE_OWN) or user.can(Ability.UPDATE_ALL)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The reports of a month that are asked for."""
        found = visible_reports(user).filter(year=scope.year, period__month=scope.month)
        asked = found.exclude(state=ReportState.NOT_DUE).order_by(
            "entry__project__department__path", "entry__position", "pk"
        )
        for row in _rows(asked):
            yield row.values

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The reports of these projects and months."""
        codes = {str(code) for code, _month in keys}
        months = {str(month) for _code, month in keys}
        years = {int(month[:4]) for month in months}
        wanted = set(keys)
        found = visible_reports(user).filter(
            entry__project__code__in=codes,
            year__in=years,
            period__month__in={int(month[5:]) for month in months},
        )
        presents = ((_key(row.values), row) for row in _rows(found.order_by()))
        return {key: row for key, row in presents if key in wanted}

    def missing(self, key: Key) -> str:
        """The project has no plan of that year, or is another department's."""
        return _("You have no report of “%(code)s” for %(month)s.") % {
            "code": key[0],
            "month": key[1],
        }

    def write_all(
        self, changes: Sequence[Change], *, by: User, on: date, at: datetime, is_dry: bool
    ) -> Refusals:
        """Save the drafts with a few statements, however many."""
        saves = [
            saving.Save(
                change.present.target,
                change.present.version,
                {name: change.after[name] for name in WRITTEN if name in change.after},
            )
            for change in changes
            if change.present is not None
        ]
        refusals: Refusals = {}
        outcomes = saving.save_all(saves, by=by, on=on, at=at, is_dry=is_dry)
        for place, outcome in enumerate(outcomes):
            changes[place].remarks = list(outcome.remarks)
            changes[place].version = outcome.version
            if isinstance(outcome.refused, workflow.InvalidFigures):
                refusals[place] = Refused(outcome.refused.errors)
            elif outcome.refused is not None:
                refusals[place] = Refused({"": [str(outcome.refused)]})
        return refusals

    def built_on(self, change: Change) -> str:
        """The last step that was taken with the report since."""
        if change.present is None:
            return ""
        steps = ReportEvent.objects.filter(
            report=change.present.target, number__gt=change.version
        ).select_related("by")
        step = steps.order_by("number").last()
        if step is None:
            return ""
        told = {"step": step.get_action_display(), "who": step.by or "—"}
        return _("“%(step)s” by %(who)s came after it.") % told


_COLUMNS = (
    "pk",
    "version",
    "entry__project__code",
    "entry__project__name",
    "period__year",
    "period__month",
    "state",
    "planned_ytd",
    *WRITTEN,
)


def _rows(found: QuerySet[ProgressReport]) -> Iterable[Present]:
    for row in found.values_list(*_COLUMNS):
        pk, version, code, name, year, month, state, planned, *values = row
        yield Present(
            pk,
            {
                "code": code,
                "name": name,
                "month": f"{year}-{month:02d}",
                "state": state,
                "planned_ytd": planned,
                **dict(zip(WRITTEN, values, strict=True)),
            },
            version,
            name,
        )


def _key(values: Values) -> Key:
    return values["code"], values["month"]
