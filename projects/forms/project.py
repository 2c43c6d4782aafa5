"""The form of what a project is; its status and dates change with its history (forms/status.py)."""

from typing import Any

from django import forms

from accounts.models import Department, Region
from projects.models import Project


class ProjectForm(forms.ModelForm):
    """A project's facts. Departments and regions are named by their codes."""

    department = forms.ModelChoiceField(
        Department.objects.none(), to_field_name="code", required=False
    )
    region = forms.ModelChoiceField(Region.objects.none(), to_field_name="code", required=False)

    class Meta:
        model = Project
        fields = (
            "code",
            "name",
            "national_code",
            "category",
            "sector",
            "department",
            "region",
            "owner_unit",
            "contact",
            "leader",
            "description",
            "total_investment",
            "planned_start_on",
            "planned_finish_on",
            "statistics_entry_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.offered()  # type: ignore[attr-defined]
        self.fields["region"].queryset = Region.objects.all()  # type: ignore[attr-defined]
