"""Results of indicators by workbook: what was measured of a year, in words and as a number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from indicators import recording
from indicators.forms import ObservationForm
from indicators.intake.targets import KEY_FIELDS
from indicators.models import Area, Indicator, Observation, Target
from indicators.permissions import may_keep_indicators, visible_indicators
from indicators.wording import plain
from office.forms import refused
from office.intake import Change, Choices, Field, Key, Kind, Present, Refused, Scope, Type, Values


def statuses() -> Choices:
    """How certain a result is."""
    return Observation.Status.choices


class Observations(Kind):
    """指标完成值."""

    name = "observations"
    label = gettext_lazy("Results of indicators")
    about = gettext_lazy(
        "What was measured of a year, for the indicators that have a target in it."
    )
    scope = "year"
    may_add = True
    fields = (
        *KEY_FIELDS,
        Field("status", gettext_lazy("Status"), ("状态",), type=Type.CHOICE, choices=statuses),
        Field(
            "value",
            gettext_lazy("Result as a number"),
            ("完成值", "完成数", "实际值"),
            type=Type.NUMBER,
            note=gettext_lazy("In the indicator's own unit."),
            example="336",
        ),
        Field(
            "text",
            gettext_lazy("Result in words"),
            ("完成情况", "文字表述"),
            longest=100,
            note=gettext_lazy("As it will be printed; empty for the number itself."),
        ),
        Field(
            "growth", gettext_lazy("Growth over last year"), ("同比增长", "增速"), type=Type.NUMBER
        ),
        Field(
            "growth_unit", gettext_lazy("Unit of growth"), ("增速单位",), longest=20, example="%"
        ),
        Field(
            "note",
            gettext_lazy("Reason given"),
            ("原因说明", "未完成原因", "备注"),
            width=28,
            note=gettext_lazy("Why the target was missed, for instance."),
        ),
    )

    def may_import(self, user: User) -> bool:
        """Who keeps indicators."""
        return may_keep_indicators(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """A row for each target of a year, with its result where there is one."""
        targets = Target.objects.filter(indicator__in=visible_indicators(user), year=scope.year)
        results = {row.key[0]: row.values for row in _keyed(_annual(user).filter(year=scope.year))}
        for target in targets.select_related("indicator").order_by("position", "pk"):
            indicator = target.indicator
            yield results.get(indicator.code, _named(indicator, scope.year))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The results of these indicators and years."""
        found = _annual(user).filter(
            indicator__code__in={str(code) for code, _year in keys},
            year__in={year for _code, year in keys},
        )
        return {row.key: row.present for row in _keyed(found)}

    def missing(self, key: Key) -> str:
        """A year that has no result of the indicator gets one."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Record a result as the indicator's page does."""
        code, year = change.key
        visible = visible_indicators(by).filter(code=code)
        indicator = visible.filter(targets__year=year).first()
        if indicator is None:
            said = (
                _("“%(code)s” has no target in %(year)s.")
                if visible
                else _("“%(code)s” is no indicator.")
            )
            raise Refused({"code": [said % {"code": code, "year": year}]})
        there = change.present
        instance = there.target if there else Observation(indicator=indicator, year=year)
        values: dict[str, Any] = {**(there.values if there else {}), **change.values}
        values["status"] = values.get("status") or Observation.Status.FINAL
        if not values.get("text") and "value" not in change.after and there:
            values["text"] = there.target.text
        form = ObservationForm(values, instance=instance)
        if not form.is_valid():
            raise refused(form)
        _record(indicator, year, form.cleaned_data, by=by)

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """A new result becomes one that is not released: the steps of the history stay."""
        result: Observation = change.present.target  # type: ignore[union-attr]
        blank = dict.fromkeys(recording.FIELDS, "") | {"value": None, "growth": None}
        figures = blank | {"status": Observation.Status.NOT_RELEASED}
        _record(result.indicator, result.year, figures, by=by)

    def built_on(self, change: Change) -> str:
        """Who changed the result last."""
        if change.present is None:
            return ""
        last = change.present.target.changes.select_related("by").order_by("at", "pk").last()
        return _("%(who)s changed it since.") % {"who": last.by} if last else ""


class _Keyed:
    """A result with the key of its row."""

    def __init__(self, row: Observation, steps: int) -> None:
        self.values = _values(row)
        self.key: Key = (self.values["code"], self.values["year"])
        self.present = Present(row, self.values, steps, row.indicator.name)


def _annual(user: User) -> QuerySet[Observation]:
    """The district's results of whole years."""
    return Observation.objects.filter(
        indicator__in=visible_indicators(user), month=None, area=Area.DISTRICT
    )


def _keyed(found: QuerySet[Observation]) -> Iterable[_Keyed]:
    rows = found.select_related("indicator").prefetch_related("changes").order_by()
    return (_Keyed(row, len(row.changes.all())) for row in rows)


def _values(row: Observation) -> Values:
    is_number = row.value is not None and row.text == plain(row.value)
    return {
        **_named(row.indicator, row.year),
        "status": row.status,
        "value": row.value,
        "text": "" if is_number else row.text,
        "growth": row.growth,
        "growth_unit": row.growth_unit,
        "note": row.note,
    }


def _named(indicator: Indicator, year: int) -> Values:
    return {
        "code": indicator.code,
        "name": indicator.name,
        "year": year,
        "unit": indicator.unit,
    }


def _record(
    indicator: Indicator, year: int, figures: Mapping[str, Decimal | str | None], *, by: User
) -> None:
    try:
        recording.record(indicator, year, figures, by=by)
    except ValidationError as error:
        raise Refused({"": error.messages}) from error
