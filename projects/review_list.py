"""What the review queue can be narrowed by."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from projects.filters import (
    NO,
    YES,
    BranchFilter,
    ChoiceFilter,
    FilterSet,
    StoredChoiceFilter,
)
from projects.models import ProgressReport, Project, ReportingPeriod
from projects.schedule import current_period, late
from projects.search import matching

NOW = "now"
MOST_PERIODS = 24


def _periods() -> list[tuple[str, Any]]:
    opened = ReportingPeriod.objects.filter(opened_at__isnull=False)[:MOST_PERIODS]
    return [(NOW, _("Present and older")), *((str(period), str(period)) for period in opened)]


class ReviewFilter(FilterSet):
    """Filters of the queue; `on` is the business date.

    Whether anything was found is asked of the reports themselves, not of the database: see `finds`.
    """

    q = filters.CharFilter(method="search", label=_("Project"))
    period = StoredChoiceFilter(
        options=_periods, name="periods of the queue", method="in_period", label=_("Period")
    )
    department = BranchFilter(
        field_name="entry__project__department", tree=Department, label=_("Department")
    )
    late = ChoiceFilter(
        choices=[(YES, _("Late only")), (NO, _("In time only"))],
        method="is_late",
        label=_("Lateness"),
    )
    found = ChoiceFilter(
        choices=[(YES, _("With findings")), (NO, _("Without findings"))],
        method="as_they_are",
        label=_("Checks"),
    )

    class Meta:
        model = ProgressReport
        fields: list[str] = []

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    @property
    def finds(self) -> bool | None:
        """Whether reports with findings are asked for; None where both are."""
        chosen = self.form.cleaned_data["found"]
        return None if not chosen else chosen == YES

    def search(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        return queryset.filter(entry__project__in=Project.objects.filter(matching(value)))

    def in_period(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        if value != NOW:
            year, _mark, month = value.partition("-")
            return queryset.filter(year=year, period__month=month)
        present = current_period(on=self.on)
        if present is None:
            return queryset
        earlier = Q(year=present.year, period__month__lte=present.month)
        return queryset.filter(Q(year__lt=present.year) | earlier)

    def is_late(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        wanted = late(self.on)
        return queryset.filter(wanted if value == YES else ~wanted)

    def as_they_are(
        self, queryset: QuerySet[ProgressReport], name: str, value: str
    ) -> QuerySet[ProgressReport]:
        return queryset
