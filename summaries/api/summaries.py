"""Progress summaries: as they were built, and that they were issued."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from office.api.etags import encode, is_known, not_modified, respond, tag_of
from office.api.rows import plain
from office.api.views import RowDetail, RowList, RowSerializer
from summaries.filters import SummaryFilter
from summaries.models import ProgressSummary
from summaries.permissions import visible_summaries


class SummarySerializer(RowSerializer):
    """进展摘要 of a year, or of a month; without an issue it is a draft."""

    built_by = serializers.CharField(source="built_by.name")
    issue = serializers.IntegerField(
        source="issue.number", allow_null=True, help_text=_("Counted from 1; null for a draft.")
    )
    issued_by = serializers.CharField(source="issue.by.name", allow_null=True)
    issued_at = serializers.DateTimeField(source="issue.at", allow_null=True)
    replaces = serializers.IntegerField(
        source="issue.replaces.summary_id",
        allow_null=True,
        help_text=_("The summary that this issue corrects."),
    )
    reason = serializers.CharField(
        source="issue.reason", allow_null=True, help_text=_("Why a new issue was needed.")
    )

    class Meta:
        model = ProgressSummary
        fields = [
            "id",
            "year",
            "month",
            "cut_off",
            "rule_version",
            "headline",
            "digest",
            "contains_sample",
            "built_by",
            "built_at",
            "issue",
            "issued_by",
            "issued_at",
            "replaces",
            "reason",
        ]
        read_only_fields = fields


class SummaryDetailSerializer(SummarySerializer):
    """A summary with its figures and words; the words are Chinese, the office's language."""

    figures = serializers.JSONField()

    class Meta(SummarySerializer.Meta):
        fields = [*SummarySerializer.Meta.fields, "text", "figures"]
        read_only_fields = fields


class SummaryList(RowList):
    """Issued summaries, and for those who see the whole office the drafts."""

    title = _("Summaries")
    serializer_class = SummarySerializer
    filterset_class = SummaryFilter

    def get_rows(self) -> QuerySet[Any]:
        return visible_summaries(self.request.user)


class SummaryDetail(RowDetail):
    """One summary with its figures."""

    title = _("A summary")
    serializer_class = SummaryDetailSerializer

    def get_rows(self) -> QuerySet[Any]:
        return visible_summaries(self.request.user)

    def answer(self, request: Request) -> Any:
        """What is written once is known by its digests: its figures need not be read for a 304."""
        stamp = ("digest", "issue__digest", "built_by__name", "issue__by__name")
        found = self.get_rows().filter(**self.key).values_list(*stamp).first()
        if found is None:
            raise Http404
        tag = tag_of(encode([plain(value) for value in found]))
        if is_known(request, tag):
            return not_modified(tag)
        return respond(request, self.read(), tag=tag)
