"""Documents that were built, and their files."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from office.api.etags import is_known, not_modified
from office.api.views import RowDetail, RowList, RowSerializer
from summaries.document_files import handed_out
from summaries.filters import DocumentFilter
from summaries.models import DocumentFile, DocumentRun
from summaries.permissions import visible_files, visible_runs


class FileSerializer(RowSerializer):
    """One file of a document."""

    url = serializers.CharField(help_text=_("Where it is taken from."))

    class Meta:
        model = DocumentFile
        fields = ["id", "format", "name", "size", "digest", "url"]


class DocumentSerializer(RowSerializer):
    """A document: what was asked for, how far it is, its files."""

    COMPUTED = ("files",)

    kind = serializers.ChoiceField(DocumentRun.Kind.choices)
    department = serializers.CharField(
        source="department.code", allow_null=True, help_text=_("Null for the whole office's.")
    )
    asked_by = serializers.CharField(source="asked_by.name")
    files = FileSerializer(many=True)

    class Meta:
        model = DocumentRun
        fields = [
            "id",
            "kind",
            "parameters",
            "department",
            "state",
            "progress",
            "asked_by",
            "asked_at",
            "finished_at",
            "cut_off",
            "rule_version",
            "contains_sample",
            "digest",
            "files",
        ]
        read_only_fields = fields


def add_files(rows: list[dict[str, Any]]) -> None:
    """Give each document its files, in one query."""
    by_run: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    names = ("id", "format", "name", "size", "digest")
    for found in DocumentFile.objects.filter(run__in=by_run).values("run_id", *names):
        address = reverse("api:document-file", args=[found["id"]])
        by_run[found.pop("run_id")].append({**found, "url": address})
    for row in rows:
        row["files"] = by_run[row["id"]]


class DocumentList(RowList):
    """Documents that were asked for: all, or those made for your department."""

    title = _("Documents")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter

    def get_rows(self) -> QuerySet[Any]:
        return visible_runs(self.request.user)

    def enrich(self, rows: list[dict[str, Any]]) -> None:
        add_files(rows)


class DocumentDetail(RowDetail):
    """One document."""

    title = _("A document")
    serializer_class = DocumentSerializer

    def get_rows(self) -> QuerySet[Any]:
        return visible_runs(self.request.user)

    def complete(self, row: dict[str, Any]) -> None:
        add_files([row])


class File(APIView):
    """The file itself, for whoever sees its document."""

    title = _("A file of a document")

    @extend_schema(
        operation_id="documents_file", responses={(200, "application/*"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, pk: int) -> Any:
        found: DocumentFile = get_object_or_404(visible_files(request.user), pk=pk)
        tag = f'"{found.digest}"'
        if is_known(request, tag):
            return not_modified(tag)
        response = handed_out(found)
        response["ETag"] = tag
        return response
