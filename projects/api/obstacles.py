"""清障: obstacles read, raised, and taken through the steps of clearing."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Department
from accounts.scopes import Scope
from office.api.etags import respond
from office.api.problems import Problem
from office.api.rows import plain
from office.api.views import RowDetail, RowList, RowSerializer, StrictSerializer
from office.api.writing import IF_MATCH, Seen, seen_version
from office.clock import now, today
from office.keyset import Order
from projects import clearing
from projects.forms.obstacle import TEXT_LENGTH
from projects.models import (
    Obstacle,
    ObstacleAction,
    ObstacleEvent,
    ObstacleKind,
    ObstacleLevel,
    ProgressReport,
)
from projects.obstacle_list import ObstacleFilter
from projects.permissions import (
    may_raise_obstacles,
    visible_obstacles,
    visible_projects,
    visible_reports,
)

STEPS = [action.value for action in ObstacleAction if action != ObstacleAction.RAISE]


class ObstacleSerializer(RowSerializer):
    """清障问题: what stands in a project's way, and who has to clear it."""

    project = serializers.CharField(
        source="project.code", help_text=gettext_lazy("Code of the project.")
    )
    project_name = serializers.CharField(source="project.name")
    responsible = serializers.CharField(
        source="responsible.code", help_text=gettext_lazy("Code of the department.")
    )
    responsible_name = serializers.CharField(source="responsible.name")
    raised_by = serializers.CharField(source="raised_by.name")
    version = serializers.IntegerField(
        help_text=gettext_lazy("Steps so far; a write says which version it has seen.")
    )

    class Meta:
        model = Obstacle
        fields = [
            "id",
            "project",
            "project_name",
            "kind",
            "text",
            "level",
            "responsible",
            "responsible_name",
            "due_on",
            "state",
            "raised_by",
            "raised_on",
            "level_due_on",
            "cleared_on",
            "version",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "level": {"help_text": gettext_lazy("1 department, 2 district leader, 3 city.")}
        }


class ObstacleEventSerializer(RowSerializer):
    """One step in clearing an obstacle; nobody's where the clock took it."""

    by = serializers.CharField(source="by.name", allow_null=True)

    class Meta:
        model = ObstacleEvent
        fields = ["number", "action", "by", "at", "note", "before", "after"]


class ObstacleDetailSerializer(ObstacleSerializer):
    """An obstacle with its history."""

    COMPUTED = ("events",)

    events = ObstacleEventSerializer(many=True)

    class Meta(ObstacleSerializer.Meta):
        fields = [*ObstacleSerializer.Meta.fields, "events"]
        read_only_fields = fields


class DepartmentCode(serializers.CharField):
    """The code of a department that still exists."""

    def to_internal_value(self, data: Any) -> Department:
        code = super().to_internal_value(data)
        found = None
        if code.isascii() and code.isprintable():
            found = Department.objects.offered().filter(code=code).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such department."))
        department: Department = found
        return department

    def run_validators(self, value: Any) -> None:
        """The code was looked up: there is nothing left to ask."""


class NewObstacle(StrictSerializer):
    """A new obstacle; what it must hold besides is clearing's to say."""

    kind = serializers.ChoiceField(ObstacleKind.choices)
    text = serializers.CharField(max_length=TEXT_LENGTH)
    level = serializers.ChoiceField(ObstacleLevel.choices, required=False)
    responsible = DepartmentCode(help_text=gettext_lazy("Code of the department."))
    due_on = serializers.DateField()
    report = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text=gettext_lazy("The monthly report that it comes out of."),
    )


class ObstacleStep(Seen, StrictSerializer):
    """A step with an obstacle; a move says where to, a move or a reopening perhaps a new day."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LENGTH)
    responsible = DepartmentCode(
        required=False, help_text=gettext_lazy("Code of the department that it moves to.")
    )
    due_on = serializers.DateField(required=False, allow_null=True)


class ObstacleOffer(serializers.Serializer):
    """A step that the obstacle's state knows, and whether you may take it."""

    action = serializers.ChoiceField(ObstacleAction.choices)
    allowed = serializers.BooleanField()
    refusal = serializers.ChoiceField(
        [refusal.value for refusal in clearing.Refusal], allow_null=True
    )
    why = serializers.CharField(allow_blank=True, help_text=gettext_lazy("Why not."))
    needs_note = serializers.BooleanField()


class ObstacleList(RowList):
    """清障: the obstacles of the projects that you see, and those that your department has to clear."""

    title = gettext_lazy("Obstacles")
    serializer_class = ObstacleSerializer
    filterset_class = ObstacleFilter
    orders = {"id": Order.by("pk"), "due_on": Order.by("due_on", "pk")}

    def get_rows(self) -> QuerySet[Any]:
        return visible_obstacles(self.request.user)

    def get_filterset(self, data: Any, rows: QuerySet[Any]) -> Any:
        return ObstacleFilter(data, queryset=rows, request=self.request, on=today())


class ObstacleDetail(RowDetail):
    """An obstacle with its history."""

    title = gettext_lazy("An obstacle")
    serializer_class = ObstacleDetailSerializer
    versioned = True

    def get_rows(self) -> QuerySet[Any]:
        return visible_obstacles(self.request.user)

    def complete(self, row: dict[str, Any]) -> None:
        events = ObstacleEvent.objects.filter(obstacle=row["id"]).select_related("by")
        row["events"] = [_event(event) for event in events.order_by("number")]


class ObstacleRaise(APIView):
    """Raising an obstacle of a project."""

    write_scope = Scope.OBSTACLES

    @extend_schema(
        operation_id="obstacles_raise",
        summary=gettext_lazy("Raise an obstacle"),
        request=NewObstacle,
        responses={201: ObstacleDetailSerializer},
    )
    def post(self, request: Request, code: str) -> Any:
        """Raise an obstacle, out of one of the project's monthly reports or on its own."""
        if "\x00" in code:
            raise Http404
        found = visible_projects(request.user).select_related("department")
        project = get_object_or_404(found, code=code)
        if not may_raise_obstacles(request.user, project):
            raise PermissionDenied
        typed = NewObstacle(data=request.data)
        typed.is_valid(raise_exception=True)
        values = dict(typed.validated_data)
        reports = visible_reports(request.user).filter(entry__project=project)
        pk = values.pop("report", None)
        report: ProgressReport | None = None if pk is None else reports.filter(pk=pk).first()
        if pk is not None and report is None:
            raise serializers.ValidationError({"report": _("There is no such report.")})
        level = ObstacleLevel(values.pop("level", ObstacleLevel.DEPARTMENT))
        try:
            obstacle = clearing.raise_obstacle(
                project, **values, level=level, report=report, by=request.user, on=today(), at=now()
            )
        except clearing.ClearingError as error:
            raise Problem(403, error.refusal.value, str(error)) from error
        except clearing.InvalidStepError as error:
            raise Problem(422, "invalid", str(error), errors=error.errors) from error
        response = _detail(request, obstacle.pk)
        response.status_code = 201
        return response


class ObstacleStepView(APIView):
    """Replying, clearing, escalating, moving, opening again."""

    write_scope = Scope.OBSTACLES

    @extend_schema(
        operation_id="obstacles_step",
        summary=gettext_lazy("Take a step with an obstacle"),
        request=ObstacleStep,
        responses=ObstacleDetailSerializer,
        parameters=[
            IF_MATCH,
            OpenApiParameter("action", OpenApiTypes.STR, OpenApiParameter.PATH, enum=STEPS),
        ],
    )
    def post(self, request: Request, pk: int, action: str) -> Any:
        """Take the step; the answer is the obstacle after it."""
        get_object_or_404(visible_obstacles(request.user), pk=pk)
        if action not in STEPS:
            raise Http404
        typed = ObstacleStep(data=request.data)
        typed.is_valid(raise_exception=True)
        values = dict(typed.validated_data)
        version, is_header = seen_version(request, values.pop("version", None))
        try:
            clearing.act(
                pk,
                ObstacleAction(action),
                version=version,
                **values,
                by=request.user,
                on=today(),
                at=now(),
            )
        except clearing.InvalidStepError as error:
            raise Problem(422, "invalid", str(error), errors=error.errors) from error
        except clearing.ClearingError as error:
            status = 403 if error.refusal is clearing.Refusal.NOT_YOURS else 409
            raise Problem(status, error.refusal.value, str(error)) from error
        except clearing.StaleObstacleError as error:
            raise Problem(
                412 if is_header else 409,
                "stale",
                str(error),
                version=error.obstacle.version,
                state=error.obstacle.state,
                newer=[_event(event) for event in error.events],
            ) from error
        return _detail(request, pk)


class ObstacleOffers(APIView):
    """The steps that an obstacle's state knows, each with why you may not take it."""

    title = gettext_lazy("The steps that you may take with an obstacle")

    @extend_schema(operation_id="obstacles_steps", responses=ObstacleOffer(many=True))
    def get(self, request: Request, pk: int) -> Any:
        found = visible_obstacles(request.user).select_related("project__department", "responsible")
        obstacle: Obstacle = get_object_or_404(found, pk=pk)
        body = [
            {
                "action": offer.action.value,
                "allowed": offer.is_allowed,
                "refusal": offer.refusal.value if offer.refusal else None,
                "why": offer.why,
                "needs_note": offer.transition.needs_note,
            }
            for offer in clearing.offers(obstacle, user=request.user)
        ]
        return respond(request, body)


def _detail(request: Request, pk: int) -> Any:
    detail = ObstacleDetail(kwargs={"pk": pk})
    detail.request = request
    return detail.answer(request)


def _event(event: ObstacleEvent) -> dict[str, Any]:
    names = ObstacleEventSerializer.Meta.fields
    told = {name: plain(getattr(event, name)) for name in names}
    return told | {"by": event.by.name if event.by else None}
