"""What summaries and documents can be narrowed by."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from office.filtering import FilterSet
from projects.filters import ChoiceFilter
from summaries.models import DocumentRun, ProgressSummary

LAST_YEAR = 9999


class SummaryFilter(FilterSet):
    """Filters of the summaries."""

    year = filters.NumberFilter(min_value=1, max_value=LAST_YEAR, label=_("Year"))
    month = filters.NumberFilter(min_value=1, max_value=12, label=_("Month"))
    annual = filters.BooleanFilter(
        field_name="month", lookup_expr="isnull", label=_("Whole years only, or months only")
    )
    draft = filters.BooleanFilter(
        field_name="issue", lookup_expr="isnull", label=_("Drafts only, or issued ones only")
    )

    class Meta:
        model = ProgressSummary
        fields: list[str] = []


class DocumentFilter(FilterSet):
    """Filters of the documents."""

    kind = ChoiceFilter(choices=DocumentRun.Kind.choices, label=_("Kind"))
    state = ChoiceFilter(choices=DocumentRun.State.choices, label=_("State"))

    class Meta:
        model = DocumentRun
        fields: list[str] = []
