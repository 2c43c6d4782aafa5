"""Targets of indicators by workbook: a year's targets, and their revisions with who decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from indicators import setting
from indicators.forms import TargetForm
from indicators.models import Target, TargetRevision
from indicators.permissions import may_keep_indicators, visible_indicators
from office.forms import refused
from office.intake import (
    Change,
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
from office.related import hanging_on

KEY_FIELDS = (
    Field(
        "code",
        gettext_lazy("Indicator code"),
        ("指标编码", "指标代码"),
        required=True,
        type=Type.CODE,
        is_key=True,
        longest=60,
        width=24,
        example="good-air-days",
    ),
    Field("name", gettext_lazy("Indicator"), ("指标", "指标名称"), is_shown=True, width=32),
    Field(
        "year",
        gettext_lazy("Year"),
        ("年度", "年份"),
        required=True,
        type=Type.INTEGER,
        is_key=True,
        example="2024",
        width=8,
    ),
    Field("unit", gettext_lazy("Unit"), ("单位", "计量单位"), is_shown=True, width=10),
)
"""What names a row, and what tells people which it is."""


class Targets(Kind):
    """指标目标."""

    name = "targets"
    label = gettext_lazy("Targets of indicators")
    about = gettext_lazy(
        "New targets of a year; one that is there is revised, with the body that decided."
    )
    scope = "year"
    may_add = True
    fields = (
        *KEY_FIELDS,
        Field("seq", gettext_lazy("Number"), ("序号",), type=Type.INTEGER, width=8),
        Field(
            "binding",
            gettext_lazy("Binding"),
            ("约束性", "是否约束性"),
            type=Type.CHOICE,
            choices=yes_or_no,
        ),
        Field(
            "text",
            gettext_lazy("Target"),
            ("目标", "目标值", "年度目标"),
            longest=100,
            width=24,
            note=gettext_lazy("In the words that are printed, such as 6.5以上 or 340天左右."),
            example="6.5以上",
        ),
        Field(
            "tolerance",
            gettext_lazy("Tolerance of “about”"),
            ("左右的允许范围",),
            type=Type.NUMBER,
        ),
        Field(
            "approved_by",
            gettext_lazy("Approving body"),
            ("审批机关", "批准机关"),
            longest=100,
            note=gettext_lazy("Who revised a target that is there."),
        ),
        Field("approved_on", gettext_lazy("Approved on"), ("批准日期", "审批日期"), type=Type.DAY),
        Field("reason", gettext_lazy("Reason"), ("原因", "调整原因"), width=28),
    )

    def may_import(self, user: User) -> bool:
        """Who keeps indicators."""
        return may_keep_indicators(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The targets of a year in the order of its table."""
        found = Target.objects.filter(indicator__in=visible_indicators(user), year=scope.year)
        return (row.values for row in _rows(found.order_by("position", "pk")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The targets of these indicators and years."""
        found = Target.objects.filter(
            indicator__in=visible_indicators(user),
            indicator__code__in={str(code) for code, _year in keys},
            year__in={year for _code, year in keys},
        )
        return {(row.values["code"], row.values["year"]): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A year that has no target of the indicator gets one."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Set a new target; of one that is there keep what may change, and revise its words."""
        code, year = change.key
        indicator = visible_indicators(by).filter(code=code).first()
        if indicator is None:
            raise Refused({"code": [_("“%(code)s” is no indicator.") % {"code": code}]})
        there = change.present
        target: Target = there.target if there else Target(indicator=indicator, year=year)
        values: dict[str, Any] = {**(there.values if there else {}), **change.values}
        words = values.get("text", "")
        values |= {"indicator": indicator.pk, "binding": values.get("binding") == "yes"}
        values["text"] = target.text if there else words
        form = TargetForm(values, instance=target)
        if not form.is_valid():
            raise refused(form)
        setting.keep(form.instance, change.after.keys() & set(TargetForm.Meta.fields))
        if there and "text" in change.after:
            _revise(target, change)

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a new target out again."""
        target: Target = change.present.target  # type: ignore[union-attr]
        if found := hanging_on(target):
            said = _("There are already: %(what)s.")
            raise Refused({"": [said % {"what": " · ".join(found)}]})
        target.delete()

    def lasting(self, change: Change) -> str:
        """What a body decided stays, and is revised again."""
        if change.before and "text" in change.after:
            return _("A target that was revised is revised again, and not taken back.")
        return ""


def _revise(target: Target, change: Change) -> None:
    values: dict[str, Any] = change.values
    revision = TargetRevision(
        target=target,
        new_text=str(change.after["text"]),
        approved_by=values.get("approved_by") or "",
        approved_on=values.get("approved_on"),
        reason=values.get("reason") or "",
    )
    try:
        setting.revise(revision)
    except ValidationError as error:
        raise Refused(
            {
                ("text" if name == "new_text" else name).replace("__all__", ""): messages
                for name, messages in error.message_dict.items()
            }
        ) from error


def _rows(found: QuerySet[Target]) -> Iterable[Present]:
    found = found.select_related("indicator").prefetch_related("revisions")
    for row in found:
        indicator = row.indicator
        values: Values = {
            "code": indicator.code,
            "name": indicator.name,
            "unit": indicator.unit,
            "year": row.year,
            "seq": row.seq,
            "binding": "yes" if row.binding else "no",
            "text": setting.in_force(row),
            "tolerance": row.tolerance,
        }
        yield Present(row, values, len(row.revisions.all()), indicator.name)
