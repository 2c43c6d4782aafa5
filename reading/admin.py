"""Readings and their rows in the admin site: to be looked at, never changed."""

from django.contrib import admin

from reading.models import ReadingRow, ReportReading
from summaries.admin import ReadOnlyAdmin


@admin.register(ReportReading)
class ReportReadingAdmin(ReadOnlyAdmin):
    """Readings with their log."""

    list_display = ["id", "title", "name", "purpose", "state", "asked_by", "asked_at", "applied_at"]
    list_filter = ["purpose", "state"]
    list_select_related = ["asked_by"]
    search_fields = ["title", "name", "digest"]
    exclude = ["found"]


@admin.register(ReadingRow)
class ReadingRowAdmin(ReadOnlyAdmin):
    """What was found, and what was decided of it."""

    list_display = ["reading", "position", "kind", "subject", "match", "confidence", "decision"]
    list_filter = ["kind", "match", "decision"]
    list_select_related = ["reading"]
    search_fields = ["subject", "sentence"]
