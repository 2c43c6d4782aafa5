"""Summaries and runs in the admin site: to be looked at, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from summaries.models import (
    DocumentFile,
    DocumentRun,
    NarrativeTemplate,
    ProgressSummary,
    ReconciliationChange,
    SummaryIssue,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProgressSummary)
class ProgressSummaryAdmin(ReadOnlyAdmin):
    """Summaries as they were built."""

    list_display = ["period", "digest", "cut_off", "rule_version", "contains_sample", "built_by"]
    list_filter = ["year", "contains_sample"]
    list_select_related = ["built_by"]
    search_fields = ["digest"]


@admin.register(SummaryIssue)
class SummaryIssueAdmin(ReadOnlyAdmin):
    """What was issued, by whom and when."""

    list_display = ["period", "number", "by", "at", "reason", "digest"]
    list_filter = ["year"]
    list_select_related = ["by"]


@admin.register(DocumentRun)
class DocumentRunAdmin(ReadOnlyAdmin):
    """Runs with their log."""

    list_display = ["id", "kind", "key", "state", "progress", "attempt", "asked_by", "asked_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["asked_by"]


@admin.register(DocumentFile)
class DocumentFileAdmin(ReadOnlyAdmin):
    """Files of documents; they are taken away from the document's own page."""

    list_display = ["name", "format", "size", "digest", "run"]
    list_filter = ["format"]
    list_select_related = ["run"]
    exclude = ["file"]


@admin.register(NarrativeTemplate)
class NarrativeTemplateAdmin(ReadOnlyAdmin):
    """Texts of the annual report; they are edited on their own pages, which keep the history."""

    list_display = ["code", "section", "position", "style", "version"]
    list_filter = ["section"]


@admin.register(ReconciliationChange)
class ReconciliationChangeAdmin(ReadOnlyAdmin):
    """What was added to the lines of the reconciliation."""

    list_display = ["note", "version", "by", "at"]
    list_select_related = ["note", "by"]
