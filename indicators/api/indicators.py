"""Indicators, a year's judged targets, and what was measured."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.scopes import Scope
from indicators import recording, scoreboard
from indicators.evaluation import Reason, Verdict
from indicators.filters import IndicatorFilter, ObservationFilter
from indicators.forms import ObservationForm
from indicators.models import Area, Indicator, Observation, TargetComparator
from indicators.permissions import may_keep_indicators, visible_indicators, visible_observations
from office.api.etags import respond
from office.api.problems import Problem
from office.api.views import (
    FilterParameters,
    RowDetail,
    RowList,
    RowSerializer,
    StrictSerializer,
    reader_of,
)
from office.keyset import Order


class IndicatorSerializer(RowSerializer):
    """指标: something measured every year, in one unit."""

    parent = serializers.CharField(
        source="parent.code", allow_null=True, help_text=_("Of a # row: what it is a part of.")
    )
    department = serializers.CharField(source="department.code", allow_null=True)
    renamed_from = serializers.CharField(source="renamed_from.code", allow_null=True)

    class Meta:
        model = Indicator
        fields = [
            "code",
            "name",
            "unit",
            "precision",
            "direction",
            "parent",
            "counts_in_total",
            "department",
            "renamed_from",
        ]
        read_only_fields = fields


class TargetSerializer(serializers.Serializer):
    """A row of a year's table: the target in the report's words, the result, the verdict."""

    code = serializers.CharField(help_text=_("Of the indicator."))
    seq = serializers.IntegerField(allow_null=True, help_text=_("Null for a # row."))
    is_part = serializers.BooleanField()
    counts_in_total = serializers.BooleanField()
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    binding = serializers.BooleanField()
    target_text = serializers.CharField(help_text=_("The report's own words."))
    target_in_force = serializers.CharField(help_text=_("The words of the last revision."))
    comparator = serializers.ChoiceField(TargetComparator.choices, allow_blank=True)
    value = serializers.DecimalField(None, None, allow_null=True)
    base_year = serializers.IntegerField(allow_null=True)
    actual_text = serializers.CharField(allow_blank=True)
    actual = serializers.DecimalField(None, None, allow_null=True)
    status = serializers.ChoiceField(Observation.Status.choices, allow_blank=True)
    growth = serializers.DecimalField(None, None, allow_null=True)
    growth_unit = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    corrected = serializers.BooleanField(help_text=_("People entered the result after the report."))
    verdict = serializers.ChoiceField([verdict.value for verdict in Verdict])
    reason = serializers.ChoiceField([reason.value for reason in Reason], source="judgement.reason")
    gap = serializers.DecimalField(
        None, None, allow_null=True, help_text=_("Actual minus target, in `gap_unit`.")
    )
    gap_unit = serializers.CharField(allow_blank=True, help_text=_("个百分点 between percentages."))


class ObservationSerializer(RowSerializer):
    """What was measured: of a year (month null), or cumulated to a month."""

    indicator = serializers.CharField(source="indicator.code")
    unit = serializers.CharField(source="indicator.unit")

    class Meta:
        model = Observation
        fields = [
            "id",
            "indicator",
            "year",
            "month",
            "area",
            "status",
            "value",
            "unit",
            "text",
            "growth",
            "growth_unit",
            "note",
        ]
        read_only_fields = fields


class Result(StrictSerializer):
    """A year's result, whole: what is left out is empty."""

    status = serializers.ChoiceField(Observation.Status.choices)
    value = serializers.DecimalField(
        30, None, required=False, allow_null=True, help_text=_("In the indicator's own unit.")
    )
    text = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text=_("As it will be printed; empty for the number itself."),
    )
    growth = serializers.DecimalField(30, None, required=False, allow_null=True)
    growth_unit = serializers.CharField(required=False, allow_blank=True, max_length=20)
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=400,
        help_text=_("Why the target was missed, for instance."),
    )


class IndicatorList(RowList):
    """指标: all of them; the report that states them is public."""

    title = _("Indicators")
    serializer_class = IndicatorSerializer
    orders = {"code": Order.by("code")}

    def get_rows(self) -> QuerySet[Any]:
        return visible_indicators(self.request.user)


class IndicatorDetail(RowDetail):
    """One indicator."""

    title = _("An indicator")
    serializer_class = IndicatorSerializer
    lookup_field = "code"

    def get_rows(self) -> QuerySet[Any]:
        return visible_indicators(self.request.user)


class TargetTable(generics.ListAPIView):
    """A year's targets beside what was achieved, judged, in the order of the report's table."""

    title = _("A year's targets, judged")
    serializer_class = TargetSerializer
    filterset_class = IndicatorFilter
    filter_backends = [FilterParameters]
    pagination_class = None

    def get_filterset(self, data: Any, rows: QuerySet[Any]) -> IndicatorFilter:
        """The page's filter; verdicts are judged, so their rows come along."""
        return IndicatorFilter(data, rows, table=self.table)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        year = kwargs["year"]
        self.table = scoreboard.rows(year)
        if not self.table:
            raise Http404
        permitted = visible_indicators(request.user).filter(targets__year=year)
        codes = set(self.filter_queryset(permitted).values_list("code", flat=True))
        rows = [row for row in self.table if row.code in codes]
        return respond(request, TargetSerializer(rows, many=True).data)


class ObservationList(RowList):
    """What was measured, of years and of months, of the district and of the whole city."""

    title = _("What was measured")
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter

    def get_rows(self) -> QuerySet[Any]:
        return visible_observations(self.request.user)


class ResultView(APIView):
    """The district's result of an indicator that has a target in the year."""

    write_scope = Scope.KEEP

    @extend_schema(
        operation_id="results_enter",
        summary=_("Enter or correct a year's result"),
        request=Result,
        responses=ObservationSerializer,
    )
    def put(self, request: Request, year: int, code: str) -> Any:
        """Enter or correct it; what the fields must hold together says the page's own form."""
        if "\x00" in code:
            raise Http404
        found = visible_indicators(request.user).filter(targets__year=year)
        indicator: Indicator = get_object_or_404(found, code=code)
        if not may_keep_indicators(request.user):
            raise PermissionDenied
        typed = Result(data=request.data)
        typed.is_valid(raise_exception=True)
        key = {"indicator": indicator, "year": year, "month": None, "area": Area.DISTRICT}
        instance = Observation.objects.filter(**key).first() or Observation(**key)
        values = {
            name: "" if value is None else value for name, value in typed.validated_data.items()
        }
        form = ObservationForm(values, instance=instance)
        if not form.is_valid():
            errors = {
                "" if name == "__all__" else name: [str(message) for message in found]
                for name, found in form.errors.items()
            }
            raise Problem(422, "invalid", "", errors=errors)
        recording.record(indicator, year, form.cleaned_data, by=request.user)
        reader = reader_of(ObservationSerializer)
        values_of = visible_observations(request.user).filter(**key).values_list(*reader.lookups)
        return respond(request, reader.row(values_of.get()))
