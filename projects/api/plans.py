"""Plan entries: the years' lists, as they are and as a month's reports tell them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from office.api.rows import plain
from office.api.views import RowDetail, RowList, RowSerializer
from office.keyset import Order
from projects.filters import PlanFilter
from projects.models import AnnualPlan, Light, PlanRevision, ProgressReport, ReportState, Status
from projects.orders import PLAN_ORDERS
from projects.permissions import visible_entries


class EntrySerializer(RowSerializer):
    """What both lists say of an entry. Money is in 10,000 yuan (万元)."""

    project = serializers.CharField(
        source="project.code", help_text=gettext_lazy("Code of the project.")
    )
    name = serializers.CharField(
        source="cited_name", help_text=gettext_lazy("As that year's table writes it.")
    )
    status = serializers.ChoiceField(
        Status.choices,
        source="project.status",
        allow_blank=True,
        help_text=gettext_lazy("Where the project is now; empty where nobody says."),
    )
    department = serializers.CharField(source="project.department.code", allow_null=True)
    department_name = serializers.CharField(source="project.department.name", allow_null=True)
    region = serializers.CharField(source="project.region.code", allow_null=True)

    class Meta:
        model = AnnualPlan
        fields = [
            "id",
            "project",
            "name",
            "year",
            "level",
            "category",
            "sector",
            "goal",
            "result",
            "status",
            "department",
            "department_name",
            "region",
        ]


class PlanSerializer(EntrySerializer):
    """年度计划: an entry of a year's list with its latest figures."""

    total_investment = serializers.DecimalField(16, 2, source="project.total_investment")
    reported_month = serializers.IntegerField(
        source="latest.month",
        allow_null=True,
        help_text=gettext_lazy("The last approved month; the figures are cumulated to its end."),
    )
    planned_ytd = serializers.DecimalField(16, 2, source="latest.planned_ytd", allow_null=True)
    invested_ytd = serializers.DecimalField(16, 2, source="latest.invested_ytd", allow_null=True)
    physical_progress = serializers.DecimalField(
        4, 1, source="latest.physical_progress", allow_null=True, help_text="%"
    )
    completion_rate = serializers.DecimalField(
        18, 2, source="latest.completion_rate", allow_null=True, help_text="%"
    )
    on_schedule_rate = serializers.DecimalField(
        18, 2, source="latest.on_schedule_rate", allow_null=True, help_text="%"
    )
    gap = serializers.DecimalField(
        18,
        2,
        source="latest.gap",
        allow_null=True,
        help_text=gettext_lazy("Schedule gap in percentage points."),
    )
    light = serializers.ChoiceField(
        Light.choices, source="latest.light", allow_null=True, allow_blank=True
    )
    streak = serializers.IntegerField(
        source="latest.streak", allow_null=True, help_text=gettext_lazy("Months in this light.")
    )
    source_document = serializers.CharField(source="sentence.document.code", allow_null=True)
    source_sentence = serializers.IntegerField(source="sentence.number", allow_null=True)
    version = serializers.IntegerField(help_text=gettext_lazy("Decisions in the entry's history."))

    class Meta(EntrySerializer.Meta):
        fields = [
            *EntrySerializer.Meta.fields,
            "planned_investment",
            "invested_before",
            "total_investment",
            "enters_in",
            "adopted_on",
            "reported_month",
            "planned_ytd",
            "invested_ytd",
            "physical_progress",
            "completion_rate",
            "on_schedule_rate",
            "gap",
            "light",
            "streak",
            "table",
            "heading",
            "position",
            "source_document",
            "source_sentence",
            "quote",
            "version",
        ]
        read_only_fields = fields


class PlanOfMonthSerializer(EntrySerializer):
    """An entry as a month's report tells it; figures in force, cumulated from January."""

    report = serializers.IntegerField(
        source="in_month.pk",
        allow_null=True,
        help_text=gettext_lazy("The monthly report; null where the plan was not adopted."),
    )
    state = serializers.ChoiceField(ReportState.choices, source="in_month.state", allow_null=True)
    first_submitted_on = serializers.DateField(
        source="in_month.first_submitted_on", allow_null=True
    )
    planned_investment = serializers.DecimalField(16, 2, source="month_planned", allow_null=True)
    planned_ytd = serializers.DecimalField(16, 2, source="in_month.planned_ytd", allow_null=True)
    invested_ytd = serializers.DecimalField(16, 2, source="month_invested", allow_null=True)
    completion_rate = serializers.DecimalField(
        20, 6, source="month_completion", allow_null=True, help_text="%"
    )
    on_schedule_rate = serializers.DecimalField(
        18, 2, source="in_month.light.rate", allow_null=True, help_text="%"
    )
    gap = serializers.DecimalField(
        18,
        2,
        source="in_month.light.gap",
        allow_null=True,
        help_text=gettext_lazy("Schedule gap in percentage points."),
    )
    light = serializers.ChoiceField(Light.choices, source="in_month.light.shown", allow_null=True)

    class Meta(EntrySerializer.Meta):
        fields = [
            *EntrySerializer.Meta.fields,
            "report",
            "state",
            "first_submitted_on",
            "planned_investment",
            "planned_ytd",
            "invested_ytd",
            "completion_rate",
            "on_schedule_rate",
            "gap",
            "light",
        ]
        read_only_fields = fields


class MonthSerializer(RowSerializer):
    """One of an entry's twelve months, cumulated from January."""

    month = serializers.IntegerField(source="period.month")

    class Meta:
        model = ProgressReport
        fields = ["id", "month", "state", "planned_ytd", "approved_invested_ytd"]


class DecisionSerializer(RowSerializer):
    """The adoption of an entry's plan, or a revision."""

    class Meta:
        model = PlanRevision
        fields = [
            "number",
            "action",
            "from_month",
            "approved_by",
            "approved_on",
            "reason",
            "before",
            "after",
        ]


class PlanDetailSerializer(PlanSerializer):
    """An entry with its months and the decisions that made its plan."""

    COMPUTED = ("months", "decisions")

    months = MonthSerializer(many=True)
    decisions = DecisionSerializer(many=True)

    class Meta(PlanSerializer.Meta):
        fields = [*PlanSerializer.Meta.fields, "months", "decisions"]
        read_only_fields = fields


ORDERS = {"id": Order.by("pk"), "name": PLAN_ORDERS["name"]}


class PlanList(RowList):
    """年度计划: the entries of the years' lists that you see, with their latest figures."""

    title = gettext_lazy("Plan entries")
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    orders = ORDERS

    def get_rows(self) -> QuerySet[Any]:
        return visible_entries(self.request.user)


class PlanOfMonthList(RowList):
    """The year's list as a month's reports tell it; `year` and `month` are required."""

    title = gettext_lazy("Plan entries as a month tells them")
    serializer_class = PlanOfMonthSerializer
    filterset_class = PlanFilter
    orders = ORDERS

    def get_rows(self) -> QuerySet[Any]:
        missing = [name for name in ("year", "month") if not self.request.query_params.get(name)]
        if missing:
            raise ValidationError({name: _("Say which month is meant.") for name in missing})
        return visible_entries(self.request.user)


class PlanDetail(RowDetail):
    """An entry with its months and the decisions that made its plan."""

    title = gettext_lazy("A plan entry")
    serializer_class = PlanDetailSerializer

    def get_rows(self) -> QuerySet[Any]:
        return visible_entries(self.request.user)

    def complete(self, row: dict[str, Any]) -> None:
        months = ProgressReport.objects.filter(entry=row["id"]).order_by("period__month")
        names = ("id", "period__month", "state", "planned_ytd", "approved_invested_ytd")
        row["months"] = [
            dict(zip(MonthSerializer.Meta.fields, map(plain, values), strict=True))
            for values in months.values_list(*names)
        ]
        decisions = PlanRevision.objects.filter(entry=row["id"]).order_by("number")
        row["decisions"] = [
            {name: plain(value) for name, value in each.items()}
            for each in decisions.values(*DecisionSerializer.Meta.fields)
        ]
