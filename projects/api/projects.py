"""Projects: the list, and one with its money, nodes, years and mentions."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from office.api.rows import plain
from office.api.views import RowDetail, RowList, RowSerializer
from projects.filters import ProjectFilter, listed
from projects.models import AnnualPlan, Funding, Light, Milestone, Project, ProjectMention
from projects.orders import PROJECT_ORDERS
from projects.permissions import visible_projects


class ProjectSerializer(RowSerializer):
    """重点项目. Money is in 10,000 yuan (万元)."""

    department = serializers.CharField(
        source="department.code", allow_null=True, help_text=_("Code of the department.")
    )
    department_name = serializers.CharField(source="department.name", allow_null=True)
    region = serializers.CharField(
        source="region.code", allow_null=True, help_text=_("Code of the region.")
    )
    region_name = serializers.CharField(source="region.name", allow_null=True)
    light = serializers.ChoiceField(
        Light.choices,
        allow_null=True,
        allow_blank=True,
        help_text=_("Of the latest plan; empty where none was judged."),
    )
    open_questions = serializers.IntegerField(help_text=_("Data questions that are open."))
    version = serializers.IntegerField(help_text=_("Steps in the project's history."))

    class Meta:
        model = Project
        fields = [
            "code",
            "national_code",
            "name",
            "category",
            "sector",
            "status",
            "department",
            "department_name",
            "region",
            "region_name",
            "owner_unit",
            "contact",
            "leader",
            "total_investment",
            "planned_start_on",
            "planned_finish_on",
            "started_on",
            "completed_on",
            "statistics_entry_on",
            "light",
            "open_questions",
            "version",
        ]
        read_only_fields = fields


class FundingSerializer(RowSerializer):
    """资金来源, in 10,000 yuan."""

    class Meta:
        model = Funding
        fields = ["source", "amount", "arrived"]


class MilestoneSerializer(RowSerializer):
    """A node of the schedule."""

    class Meta:
        model = Milestone
        fields = ["kind", "name", "due_on", "done_on"]


class YearSerializer(RowSerializer):
    """The project's place in one year's list."""

    class Meta:
        model = AnnualPlan
        fields = ["id", "year", "goal", "result"]


class MentionSerializer(RowSerializer):
    """What a report's text says, in the source's own verb."""

    class Meta:
        model = ProjectMention
        fields = ["year", "verb", "status", "text"]


class ProjectDetailSerializer(ProjectSerializer):
    """A project with what hangs on it."""

    COMPUTED = ("lists", "funding", "milestones", "entries", "mentions")

    parent = serializers.CharField(source="parent.code", allow_null=True)
    predecessor = serializers.CharField(source="predecessor.code", allow_null=True)
    lists = serializers.ListField(child=serializers.CharField(), help_text=_("Codes of lists."))
    funding = FundingSerializer(many=True)
    milestones = MilestoneSerializer(many=True)
    entries = YearSerializer(many=True)
    mentions = MentionSerializer(many=True)

    class Meta(ProjectSerializer.Meta):
        fields = [
            *ProjectSerializer.Meta.fields,
            "description",
            "parent",
            "predecessor",
            "lists",
            "funding",
            "milestones",
            "entries",
            "mentions",
        ]
        read_only_fields = fields


class ProjectList(RowList):
    """项目库: every project that you see, once, whatever years it was listed in."""

    title = _("Projects")
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    orders = {name: PROJECT_ORDERS[name] for name in ("code", "name")}

    def get_rows(self) -> QuerySet[Any]:
        return listed(visible_projects(self.request.user))


class ProjectDetail(RowDetail):
    """A project with its money, nodes, years and what the report says of it."""

    title = _("A project")
    serializer_class = ProjectDetailSerializer
    lookup_field = "code"

    def get_rows(self) -> QuerySet[Any]:
        return listed(visible_projects(self.request.user))

    def complete(self, row: dict[str, Any]) -> None:
        project = visible_projects(self.request.user).get(**self.key)
        row["lists"] = list(project.lists.values_list("code", flat=True))
        for name, serializer in (
            ("funding", FundingSerializer),
            ("milestones", MilestoneSerializer),
            ("entries", YearSerializer),
            ("mentions", MentionSerializer),
        ):
            found = getattr(project, name).values(*serializer.Meta.fields)
            row[name] = [{key: plain(value) for key, value in each.items()} for each in found]
