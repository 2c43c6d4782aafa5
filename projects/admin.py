"""Reference data and facts of the projects in the admin site."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.clock import now
from projects import cell_marks, registering
from projects.models import (
    AnnualPlan,
    DataQuestion,
    Funding,
    Message,
    Milestone,
    PlanRevision,
    PlanStatement,
    Project,
    ProjectList,
    ProjectMention,
    ReopenGrant,
    ReportingPeriod,
    SourceDocument,
    StatedAmount,
    StatusChange,
)
from projects.questions import KINDS, kind_label


class ReadOnly:
    """Rows that the system writes by itself: looked at, never edited by hand."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class FundingInline(ReadOnly, admin.TabularInline):
    """Entered on the project's page, which keeps the history."""

    model = Funding
    extra = 0


class MilestoneInline(ReadOnly, admin.TabularInline):
    """Entered on the project's page, which keeps the history."""

    model = Milestone
    extra = 0


class PlanRevisionInline(ReadOnly, admin.TabularInline):
    """What was decided of an entry; the plan pages write it, and the history with it."""

    model = PlanRevision
    fields = ("number", "action", "from_month", "approved_by", "approved_on", "reason", "by", "at")
    readonly_fields = fields  # the number and its like are nobody's to edit
    extra = 0


class Counted(admin.ModelAdmin):
    """Rows that the cells count by: whatever is done with them here is marked."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        with cell_marks.moving(lambda: cell_marks.entries_of(obj)):
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with cell_marks.moving(lambda: cell_marks.entries_of(obj)):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for row in queryset:
                self.delete_model(request, row)


class KeepsHistory(admin.ModelAdmin):
    """Rows with a history; somebody may be taking a step with one while its form is open."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Of a row that exists write what was changed, and nothing of its history."""
        columns = {field.name for field in self.opts.concrete_fields}
        obj.save(update_fields=columns.intersection(form.changed_data) if change else None)


@admin.register(Project)
class ProjectAdmin(Counted, KeepsHistory):
    list_display = ("code", "name", "category", "sector", "status", "department")
    list_filter = ("category", "status", "department")
    list_select_related = ("department",)
    search_fields = ("code", "name", "name_pinyin", "name_initials")
    autocomplete_fields = ("parent", "predecessor", "lists")
    # Status and its dates change on the project's page, which keeps the history.
    readonly_fields = ("status", "started_on", "completed_on")
    inlines = (FundingInline, MilestoneInline)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As every project is kept: another department is a step of its history."""
        registering.keep(
            obj,
            form.changed_data,
            reason=gettext("Changed in the administration"),
            by=request.user,  # type: ignore[arg-type]
            at=now(),
        )


@admin.register(AnnualPlan)
class AnnualPlanAdmin(Counted, KeepsHistory):
    list_display = (
        "cited_name",
        "year",
        "category",
        "sector",
        "goal",
        "result",
        "planned_investment",
        "table",
        "position",
    )
    list_filter = ("year", "category", "goal", "result", "level")
    search_fields = ("cited_name", "project__name", "project__code")
    autocomplete_fields = ("project",)
    raw_id_fields = ("sentence",)
    inlines = (PlanRevisionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An adopted plan is revised on its page, which keeps the history."""
        return AnnualPlan.IN_HISTORY if obj is not None and obj.adopted_on else ()


@admin.register(PlanStatement)
class PlanStatementAdmin(admin.ModelAdmin):
    list_display = ("code", "year", "table", "goal", "comparator", "count", "text")
    list_filter = ("year", "category", "goal")
    raw_id_fields = ("sentence",)


@admin.register(StatedAmount)
class StatedAmountAdmin(admin.ModelAdmin):
    list_display = ("code", "year", "kind", "subject", "value", "unit", "growth")
    list_filter = ("year", "kind")
    raw_id_fields = ("sentence",)


@admin.register(ProjectMention)
class ProjectMentionAdmin(admin.ModelAdmin):
    list_display = ("code", "year", "project", "verb", "text")
    list_filter = ("year",)
    list_select_related = ("project",)
    autocomplete_fields = ("project",)
    raw_id_fields = ("sentence",)


@admin.register(ProjectList)
class ProjectListAdmin(admin.ModelAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(SourceDocument)
class SourceDocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "title", "issuer", "year")


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "project", "old_status", "new_status", "by", "reason")
    list_select_related = ("project", "by")


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(ReadOnly, admin.ModelAdmin):
    """Days are changed on the round's page, which tells the people."""

    list_display = ("__str__", "opens_on", "due_on", "locks_on", "opened_at", "locked_at")
    list_filter = ("year",)


@admin.register(ReopenGrant)
class ReopenGrantAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "period", "department", "until", "reason", "by")
    list_filter = ("period__year",)
    list_select_related = ("period", "department", "by")


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    """The outbox: which e-mails wait, and why."""

    list_display = (
        "created_at",
        "recipient",
        "channel",
        "kind",
        "sent_at",
        "read_at",
        "attempts",
        "retry_at",
        "error",
    )
    list_filter = ("channel", "kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient",)
    search_fields = ("recipient__username", "recipient__name", "recipient__email")


class KindFilter(admin.SimpleListFilter):
    """The kinds of questions by what they are called; stored are their codes."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind_label(kind)) for kind in KINDS]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DataQuestion]
    ) -> QuerySet[DataQuestion]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(DataQuestion)
class DataQuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("kind_in_words", "key", "state", "project", "explanation")
    list_filter = ("state", KindFilter)
    list_select_related = ("project",)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, question: DataQuestion) -> str:
        return kind_label(question.kind)
