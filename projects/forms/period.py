"""The forms of a round: its days, and its reopening for a department."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from projects.models import ReportingPeriod
from projects.round_keeping import Days


def _day(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


class DaysForm(forms.Form):
    """When a round opens, falls due and is locked; whether that is possible round_keeping says."""

    seen = forms.CharField(widget=forms.HiddenInput)
    opens_on = _day(label=_("Opens on"))
    due_on = _day(
        label=_("Reports due by"), help_text=_("The last day on which a report is in time.")
    )
    locks_on = _day(label=_("Locked from"), help_text=_("From this day on nobody can write."))

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        now = Days.of(period)
        days = {"opens_on": now.opens_on, "due_on": now.due_on, "locks_on": now.locks_on}
        kwargs.setdefault("initial", {**days, "seen": str(now)})
        super().__init__(*args, **kwargs)
        if period.opened_at is not None:
            self.fields["opens_on"].disabled = True
            self.fields["opens_on"].help_text = _("The round is open already.")

    def days(self) -> Days:
        """The days that were typed; only of a valid form."""
        data = self.cleaned_data
        return Days(data["opens_on"], data["due_on"], data["locks_on"])


class ReopenForm(forms.Form):
    """For whom a locked round is opened again, how long and why."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department"),
        help_text=_("The units below it are included."),
    )
    until = _day(label=_("Open until"), help_text=_("The end of this day."))
    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, departments: QuerySet[Department], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["until"].widget.attrs["min"] = on.isoformat()
