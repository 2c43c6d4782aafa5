"""The form of what a project is; its status and dates change with its history (forms/status.py)."""

from typing import Any

from django import forms

from accounts.models import Department, Region, User
from accounts.permissions import in_bounds, nameable_departments, works_everywhere
from projects.models import Project


class ProjectForm(forms.ModelForm):
    """A project's facts. Departments and regions are named by their codes, within the bounds of `by`."""

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

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments: Any = self.fields["department"]
        departments.queryset = nameable_departments(by).offered()
        regions: Any = self.fields["region"]
        regions.queryset = Region.objects.filter(in_bounds(by, "pk"))
        regions.required = not works_everywhere(by)

    def clean(self) -> dict[str, Any]:
        """A new project that names no place is where its department is."""
        data = super().clean() or self.cleaned_data
        if self.instance._state.adding and not data.get("region") and data.get("department"):
            data["region"] = data["department"].region
        return data
