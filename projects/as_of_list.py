"""The day that a page looks back to, and what the list of that day can be narrowed by."""

import datetime
from collections.abc import Iterable
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from projects.as_of import Row
from projects.filters import (
    NOT_STATED,
    BranchFilter,
    ChoiceFilter,
    FilterSet,
    StatedChoiceFilter,
    StoredChoiceFilter,
    plan_sectors,
    year_options,
)
from projects.models import AnnualPlan, Category, Level, Light, Status
from projects.search import matching_entries


class DayForm(forms.Form):
    """A day that lies within the records: from the first step in any history to today."""

    date = forms.DateField(
        label=_("At the end of"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "invalid": _("This is not a date. Write it as in 2024-06-30."),
            "required": _("Choose a day."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, first: datetime.date | None, on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.on = first, on
        self.fields["date"].widget.attrs |= {"max": on.isoformat()}
        if first is not None:
            self.fields["date"].widget.attrs |= {"min": first.isoformat()}

    def clean_date(self) -> datetime.date:
        """Refuse a day of which nothing can be recorded, and say why."""
        day: datetime.date = self.cleaned_data["date"]
        if day > self.on:
            raise forms.ValidationError(
                gettext("This day lies in the future: nothing is recorded of it yet.")
            )
        if self.first is None:
            raise forms.ValidationError(
                gettext("Nothing has been recorded yet: there is nothing to look back to.")
            )
        if day < self.first:
            raise forms.ValidationError(
                gettext("The records begin on %(day)s: how it stood before is not known.")
                % {"day": self.first.isoformat()}
            )
        return day


class AsOfFilter(FilterSet):
    """Filters of the list of a day.

    Status, light and department are those of that day: `then` narrows by them once the rows have
    been taken back. The others do not change, or their changes are not recorded.
    """

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    year = StoredChoiceFilter(options=year_options, name="years", label=_("Year"))
    level = StatedChoiceFilter(choices=Level.choices, label=_("Level"))
    category = ChoiceFilter(choices=Category.choices, label=_("Category"))
    sector = StoredChoiceFilter(options=plan_sectors, name="plan-sectors", label=_("Sector"))
    status = StatedChoiceFilter(choices=Status.choices, method="later", label=_("Status then"))
    department = BranchFilter(tree=Department, method="later", label=_("Department then"))
    region = BranchFilter(field_name="project__region", tree=Region, label=_("Region"))
    light = ChoiceFilter(choices=Light.choices, method="later", label=_("Light then"))

    class Meta:
        model = AnnualPlan
        fields: list[str] = []

    def search(self, queryset: QuerySet[AnnualPlan], name: str, value: str) -> QuerySet[AnnualPlan]:
        return queryset.filter(matching_entries(value))

    def later(self, queryset: QuerySet[AnnualPlan], name: str, value: str) -> QuerySet[AnnualPlan]:
        return queryset

    def then(self, rows: Iterable[Row]) -> list[Row]:
        """Those of the rows that the reader asked for, by how they stood; only of a valid filter."""
        wanted = self.form.cleaned_data
        status, light, code = (wanted[name] for name in ("status", "light", "department"))
        path = Department.objects.values_list("path", flat=True).get(code=code) if code else ""
        return [
            row
            for row in rows
            if (not status or row.then.status == ("" if status == NOT_STATED else status))
            and (not light or row.then.light == light)
            and row.then.department_path.startswith(path)
        ]
