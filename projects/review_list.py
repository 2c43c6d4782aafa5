"""What the review queue can be narrowed by."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from projects.filters import YES, BranchFilter, ChoiceFilter
from projects.models import ProgressReport, Project, ReportingPeriod
from projects.schedule import late
from projects.search import matching

NO = "no"


class ReviewFilter(filters.FilterSet):
    """Filters of the queue; `on` is the business date."""

    q = filters.CharFilter(method="search", label=_("Project"))
    period = ChoiceFilter(method="in_period", label=_("Period"))
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
        opened = ReportingPeriod.objects.filter(opened_at__isnull=False)[:24]
        self.filters["period"].extra["choices"] = [(str(p), str(p)) for p in opened]

    def search(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        return queryset.filter(entry__project__in=Project.objects.filter(matching(value)))

    def in_period(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        year, _mark, month = value.partition("-")
        return queryset.filter(period__year=year, period__month=month)

    def is_late(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        wanted = late(self.on)
        return queryset.filter(wanted if value == YES else ~wanted)
