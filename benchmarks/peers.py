"""What Django itself offers for the monthly grid: an admin site whose change list is edited in place."""

from django.contrib import admin
from django.http import HttpRequest

from projects.models import ProgressReport

EDITABLE = ("invested_ytd", "physical_progress", "status", "narrative", "problems", "next_step")


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
site.register(ProgressReport, EditableReports)
