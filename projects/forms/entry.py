"""The form of an entry's place in a year's list; its plan is adopted and revised (forms/plan.py)."""

from django import forms

from projects.models import AnnualPlan


class EntryForm(forms.ModelForm):
    """What a year's list says of a project before its plan is adopted."""

    class Meta:
        model = AnnualPlan
        fields = (
            "project",
            "year",
            "level",
            "category",
            "sector",
            "goal",
            "planned_investment",
            "invested_before",
            "enters_in",
        )
