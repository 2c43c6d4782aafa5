"""Imports in the admin site: looked at; they change on their own pages."""

from django.contrib import admin

from exchange.models import ImportRun
from projects.admin import ReadOnly


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, admin.ModelAdmin):
    """Who brought in what, and what became of it."""

    list_display = ("asked_at", "name", "kind", "state", "by", "written_at", "undone_at")
    list_filter = ("state", "kind")
    list_select_related = ("by",)
    search_fields = ("name", "digest")
