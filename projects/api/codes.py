"""The code lists: what the codes of rows mean, in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Region
from accounts.roles import Role
from accounts.scopes import Scope
from office.api.etags import respond
from projects.models import (
    Category,
    Comparator,
    DataQuestion,
    Funding,
    Level,
    Light,
    Milestone,
    ObstacleAction,
    ObstacleKind,
    ObstacleLevel,
    ObstacleState,
    PlanAction,
    ProjectList,
    ReportAction,
    ReportState,
    Stage,
    Status,
)
from projects.questions import KINDS, kind_label

CHOICES: dict[str, Any] = {
    "category": Category,
    "comparator": Comparator,
    "funding_source": Funding.Source,
    "level": Level,
    "light": Light,
    "milestone_kind": Milestone.Kind,
    "obstacle_action": ObstacleAction,
    "obstacle_kind": ObstacleKind,
    "obstacle_level": ObstacleLevel,
    "obstacle_state": ObstacleState,
    "plan_action": PlanAction,
    "question_state": DataQuestion.State,
    "region_level": Region.Level,
    "report_action": ReportAction,
    "report_state": ReportState,
    "role": Role,
    "scope": Scope,
    "stage": Stage,
    "status": Status,
}


class CodeSerializer(serializers.Serializer):
    """One code and its word."""

    code = serializers.CharField()
    label = serializers.CharField()


class CodeListSerializer(serializers.Serializer):
    """A code list."""

    name = serializers.CharField()
    codes = CodeSerializer(many=True)


class CodeLists(APIView):
    """The code lists by name; the lists that projects are entered in stand under `project_list`."""

    title = _("Code lists")

    @extend_schema(operation_id="codes", responses=CodeListSerializer(many=True))
    def get(self, request: Request) -> Any:
        body = {
            name: [
                {"code": str(code), "label": str(label)} for code, label in choices.choices if code
            ]
            for name, choices in CHOICES.items()
        }
        body["question_kind"] = [{"code": kind, "label": kind_label(kind)} for kind in KINDS]
        lists = ProjectList.objects.order_by("code").values_list("code", "name")
        body["project_list"] = [{"code": code, "label": name} for code, name in lists]
        found = [{"name": name, "codes": codes} for name, codes in sorted(body.items())]
        return respond(request, found)
