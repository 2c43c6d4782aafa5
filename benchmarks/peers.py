"""What Django itself offers for the same work: an admin site that shows what our pages show.

The list of plan entries has the columns that ours has without being asked, and its filters of one
choice, so that both pages say as much; its rows are read by one statement, with the related ones joined.
The monthly grid's is edited in place.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from projects.admin import AnnualPlanAdmin
from projects.models import AnnualPlan, ProgressReport
from projects.models.source import sentence_address
from projects.views.listing import PAGE_SIZE

EDITABLE = ("invested_ytd", "physical_progress", "status", "narrative", "problems", "next_step")


class ListedEntries(admin.ModelAdmin):
    """The plan list's default columns (projects.tables.PlanTable), of the same tables."""

    list_display = (
        "cited_name",
        "year",
        "category",
        "goal",
        "result",
        "status",
        "department",
        "planned_investment",
        "completion_rate",
        "light",
        "source",
    )
    list_filter = (
        "year",
        "level",
        "category",
        "sector",
        "goal",
        "result",
        "project__status",
        "latest__light",
    )
    list_select_related = ("project__department", "latest", "sentence__document")
    search_fields = AnnualPlanAdmin.search_fields
    list_per_page = PAGE_SIZE

    @admin.display(description="status", ordering="project__status")
    def status(self, entry: AnnualPlan) -> str:
        """Where the project is now, in words."""
        return entry.project.get_status_display()

    @admin.display(description="department", ordering="project__department__path")
    def department(self, entry: AnnualPlan) -> str:
        """The responsible department's name."""
        return entry.project.department.name if entry.project.department else ""

    @admin.display(description="completion rate", ordering="latest__completion_rate")
    def completion_rate(self, entry: AnnualPlan) -> Any:
        """Percent of the year's plan."""
        return getattr(_latest(entry), "completion_rate", None)

    @admin.display(description="light", ordering="latest__light")
    def light(self, entry: AnnualPlan) -> str:
        """The light of the last judged month, in words."""
        found = _latest(entry)
        return found.get_light_display() if found else ""

    @admin.display(description="source", ordering="table")
    def source(self, entry: AnnualPlan) -> str:
        """The table that names the entry, leading to its sentence."""
        sentence = entry.sentence
        if sentence is None:
            return entry.table
        page = sentence.document.get_absolute_url()
        return format_html(
            '<a href="{}">{}</a>',
            sentence_address(page, sentence.number, entry.quote),
            entry.table,
        )


def _latest(entry: AnnualPlan) -> Any:
    """What is in force of an entry, None where nothing is yet: joined, so it asks nothing."""
    return getattr(entry, "latest", None)


class EditableReports(admin.ModelAdmin):
    """The same rows and fields as the grid's, editable in the list."""

    list_display = ("entry", "planned_ytd", "state", *EDITABLE)
    list_editable = EDITABLE
    list_filter = ("state", "period")
    list_per_page = 500
    list_select_related = ("entry__project", "period")

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """The rows of one department may be asked for without a filter that lists them all."""
        return True


class Peers(admin.AdminSite):
    """An admin site for those who enter the real one."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.has_module_perms("projects"))


site = Peers(name="peers")
site.register(AnnualPlan, ListedEntries)
site.register(ProgressReport, EditableReports)
