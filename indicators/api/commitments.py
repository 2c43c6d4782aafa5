"""A year's commitments with their measures, judged like targets."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import generics, serializers
from rest_framework.request import Request

from indicators import scoreboard
from indicators.evaluation import Reason, Verdict
from indicators.filters import CommitmentFilter
from indicators.models import Commitment, TargetComparator
from indicators.permissions import visible_commitments
from office.api.etags import respond
from office.api.views import FilterParameters


class MeasureSerializer(serializers.Serializer):
    """One number of a commitment; without a verdict where nothing was promised."""

    subject = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text=_("The report's own words."))
    comparator = serializers.ChoiceField(TargetComparator.choices, allow_blank=True)
    value = serializers.DecimalField(None, None, allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    actual = serializers.DecimalField(None, None, allow_null=True)
    actual_text = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    verdict = serializers.ChoiceField(
        [verdict.value for verdict in Verdict],
        source="judgement.verdict",
        allow_null=True,
        default=None,
    )
    reason = serializers.ChoiceField(
        [reason.value for reason in Reason],
        source="judgement.reason",
        allow_null=True,
        default=None,
    )
    gap = serializers.DecimalField(
        None,
        None,
        source="judgement.gap",
        allow_null=True,
        default=None,
        help_text=_("Actual minus target, in `gap_unit`."),
    )
    gap_unit = serializers.CharField(
        source="judgement.gap_unit", allow_null=True, allow_blank=True, default=None
    )


class CommitmentSerializer(serializers.Serializer):
    """民生实事、重大消费活动、营商环境举措、目标任务, in the report's words."""

    code = serializers.CharField()
    year = serializers.IntegerField()
    kind = serializers.ChoiceField(Commitment.Kind.choices)
    heading = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    text = serializers.CharField(help_text=_("The report's own words."))
    result = serializers.CharField(allow_blank=True)
    measures = MeasureSerializer(many=True)


class CommitmentTable(generics.ListAPIView):
    """A year's commitments by kind, in printed order."""

    title = _("A year's commitments, judged")
    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilter
    filter_backends = [FilterParameters]
    pagination_class = None

    def get_filterset(self, data: Any, rows: QuerySet[Any]) -> CommitmentFilter:
        """The page's filter; verdicts are judged, so their rows come along."""
        return CommitmentFilter(data, rows, listed=self.listed)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        year = kwargs["year"]
        self.listed = scoreboard.commitments(year)
        if not self.listed:
            raise Http404
        permitted = visible_commitments(request.user).filter(year=year)
        codes = set(self.filter_queryset(permitted).values_list("code", flat=True))
        rows = [row for row in self.listed if row.code in codes]
        return respond(request, CommitmentSerializer(rows, many=True).data)
