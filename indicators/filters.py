"""What a year's indicators and commitments can be narrowed by."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.evaluation import Verdict
from indicators.models import Area, Commitment, Indicator, Measure, Observation
from indicators.rows import CommitmentRow, Row
from indicators.wording import VERDICTS
from office.filtering import FilterSet

LAST_YEAR = 9999
BINDING = [("yes", _("Binding")), ("no", _("Expected"))]


class IndicatorFilter(FilterSet):
    """Filters of a year's indicators; verdicts are judged, so their rows come along."""

    verdict = filters.ChoiceFilter(
        choices=list(VERDICTS.items()),
        method="with_verdict",
        label=_("Verdict"),
        empty_label=_("All"),
    )
    binding = filters.ChoiceFilter(
        choices=BINDING, method="with_attribute", label=_("Attribute"), empty_label=_("All")
    )
    q = filters.CharFilter(field_name="name", lookup_expr="contains", label=_("Name"))

    class Meta:
        model = Indicator
        fields: list[str] = []

    def __init__(
        self,
        data: Mapping[str, Any],
        queryset: QuerySet[Indicator],
        *,
        table: Sequence[Row],
    ) -> None:
        super().__init__(data, queryset)
        self.table = table

    def with_verdict(
        self, queryset: QuerySet[Indicator], name: str, value: str
    ) -> QuerySet[Indicator]:
        return queryset.filter(code__in=[row.code for row in self.table if row.verdict == value])

    def with_attribute(
        self, queryset: QuerySet[Indicator], name: str, value: str
    ) -> QuerySet[Indicator]:
        wanted = value == "yes"
        return queryset.filter(code__in=[row.code for row in self.table if row.binding == wanted])


class CommitmentFilter(filters.FilterSet):
    """Filters of a year's commitments."""

    kind = filters.ChoiceFilter(
        choices=Commitment.Kind.choices, label=_("Kind"), empty_label=_("All")
    )
    heading = filters.ChoiceFilter(label=_("Heading"), empty_label=_("All"))
    verdict = filters.ChoiceFilter(
        choices=list(VERDICTS.items()),
        method="with_verdict",
        label=_("Verdict"),
        empty_label=_("All"),
    )
    q = filters.CharFilter(method="with_words", label=_("Words"))

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(
        self,
        data: Mapping[str, Any],
        queryset: QuerySet[Commitment],
        *,
        listed: Sequence[CommitmentRow],
    ) -> None:
        super().__init__(data, queryset)
        self.listed = listed
        headings = dict.fromkeys(row.heading for row in listed if row.heading)
        self.filters["heading"].extra["choices"] = [(each, each) for each in headings]

    def with_verdict(
        self, queryset: QuerySet[Commitment], name: str, value: str
    ) -> QuerySet[Commitment]:
        verdict = Verdict(value)
        return queryset.filter(code__in=[row.code for row in self.listed if row.has(verdict)])

    def with_words(
        self, queryset: QuerySet[Commitment], name: str, value: str
    ) -> QuerySet[Commitment]:
        for word in value.split():
            measured = Exists(
                Measure.objects.filter(commitment=OuterRef("pk"), subject__contains=word)
            )
            queryset = queryset.filter(Q(title__contains=word) | Q(text__contains=word) | measured)
        return queryset


class ObservationFilter(FilterSet):
    """Filters of what was measured."""

    indicator = filters.CharFilter(field_name="indicator__code", label=_("Code of the indicator"))
    year = filters.NumberFilter(min_value=1, max_value=LAST_YEAR, label=_("Year"))
    month = filters.NumberFilter(min_value=1, max_value=12, label=_("Month"))
    area = filters.ChoiceFilter(choices=Area.choices, label=_("Area"))
    annual = filters.BooleanFilter(
        field_name="month", lookup_expr="isnull", label=_("Whole years only, or months only")
    )

    class Meta:
        model = Observation
        fields: list[str] = []
