"""What the list of monthly reports can be narrowed by."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from projects.filters import NO, YES, BranchFilter, ChoiceFilter, FilterSet
from projects.models import ProgressReport, Project, ReportState
from projects.schedule import late
from projects.search import matching

LAST_YEAR = 9999


class ReportFilter(FilterSet):
    """Filters of the monthly reports; `on` is the business date."""

    q = filters.CharFilter(method="search", label=_("Project"))
    project = filters.CharFilter(field_name="entry__project__code", label=_("Code of the project"))
    entry = filters.NumberFilter(
        field_name="entry_id", min_value=1, max_value=2**63 - 1, label=_("Plan entry")
    )
    year = filters.NumberFilter(
        field_name="year", min_value=1, max_value=LAST_YEAR, label=_("Year")
    )
    month = filters.NumberFilter(
        field_name="period__month", min_value=1, max_value=12, label=_("Month")
    )
    state = ChoiceFilter(choices=ReportState.choices, label=_("State"))
    department = BranchFilter(
        field_name="entry__project__department", tree=Department, label=_("Department")
    )
    late = ChoiceFilter(
        choices=[(YES, _("Late only")), (NO, _("In time only"))],
        method="is_late",
        label=_("Lateness"),
    )

    class Meta:
        model = ProgressReport
        fields: list[str] = []

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def search(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        return queryset.filter(entry__project__in=Project.objects.filter(matching(value)))

    def is_late(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        wanted = late(self.on)
        return queryset.filter(wanted if value == YES else ~wanted)
