"""Indicators and commitments in the admin site."""

from django.contrib import admin
from django.http import HttpRequest

from indicators.models import (
    Commitment,
    Indicator,
    Measure,
    Observation,
    ObservationChange,
    Target,
    TargetRevision,
)


class TargetRevisionInline(admin.TabularInline):
    model = TargetRevision
    extra = 0
    raw_id_fields = ("sentence",)


class MeasureInline(admin.StackedInline):
    model = Measure
    extra = 0
    raw_id_fields = ("sentence",)


@admin.register(Indicator)
class IndicatorAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "unit", "direction", "parent", "counts_in_total", "department")
    list_filter = ("direction", "counts_in_total", "department")
    list_select_related = ("parent", "department")
    search_fields = ("name", "code")
    autocomplete_fields = ("parent", "renamed_from")


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):
    list_display = (
        "indicator",
        "year",
        "seq",
        "text",
        "binding",
        "comparator",
        "value",
        "base_year",
    )
    list_filter = ("year", "binding", "comparator")
    list_select_related = ("indicator",)
    search_fields = ("indicator__name", "indicator__code", "text")
    autocomplete_fields = ("indicator",)
    raw_id_fields = ("sentence",)
    # Read out of the words when the target is saved.
    readonly_fields = ("comparator", "value", "base_year")
    inlines = (TargetRevisionInline,)


@admin.register(Observation)
class ObservationAdmin(admin.ModelAdmin):
    list_display = ("indicator", "year", "month", "area", "status", "text", "value", "growth")
    list_filter = ("year", "area", "status")
    list_select_related = ("indicator",)
    search_fields = ("indicator__name", "indicator__code", "text")
    autocomplete_fields = ("indicator",)
    raw_id_fields = ("sentence",)


@admin.register(ObservationChange)
class ObservationChangeAdmin(admin.ModelAdmin):
    """Written when a result is entered on its page; looked at here, never edited."""

    list_display = ("at", "observation", "by", "before", "after")
    list_select_related = ("observation__indicator", "by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Commitment)
class CommitmentAdmin(admin.ModelAdmin):
    list_display = ("title", "code", "year", "kind", "heading", "department")
    list_filter = ("year", "kind", "department")
    list_select_related = ("department",)
    search_fields = ("title", "code", "text")
    raw_id_fields = ("sentence",)
    inlines = (MeasureInline,)
