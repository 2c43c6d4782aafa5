"""Monthly reports: read with their history, saved, and taken through their steps."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.scopes import Scope
from office.api.etags import respond
from office.api.problems import Problem
from office.api.rows import plain
from office.api.views import RowDetail, RowList, RowSerializer, StrictSerializer
from office.api.writing import IF_MATCH, Seen, seen_version
from office.clock import now, today
from office.keyset import Order
from projects import workflow
from projects.figures import Code
from projects.models import (
    Light,
    ProgressReport,
    ReopenGrant,
    ReportAction,
    ReportEvent,
    Status,
)
from projects.permissions import visible_reports
from projects.report_list import ReportFilter
from projects.schedule import door
from projects.tasks import ask_for_refresh

FORBIDDEN = (workflow.Refusal.NOT_YOURS, workflow.Refusal.OWN_WORK)
STEPS = {
    ReportAction.SUBMIT.value: Scope.REPORT,
    ReportAction.APPROVE.value: Scope.REVIEW,
    ReportAction.RETURN.value: Scope.REVIEW,
    ReportAction.REOPEN.value: Scope.REVIEW,
}
"""The steps of the report's page, and the scope that each takes."""


class ReportSerializer(RowSerializer):
    """月报. Money in 10,000 yuan (万元), cumulated from January; null is not reported, not zero."""

    entry = serializers.IntegerField(source="entry_id", help_text=gettext_lazy("The plan entry."))
    project = serializers.CharField(
        source="entry.project.code", help_text=gettext_lazy("Code of the project.")
    )
    name = serializers.CharField(source="entry.project.name")
    department = serializers.CharField(source="entry.project.department.code", allow_null=True)
    year = serializers.IntegerField(source="period.year")
    month = serializers.IntegerField(source="period.month")
    light = serializers.ChoiceField(Light.choices, source="light.shown", allow_null=True)
    light_computed = serializers.ChoiceField(
        Light.choices, source="light.computed", allow_null=True
    )
    gap = serializers.DecimalField(
        18,
        2,
        source="light.gap",
        allow_null=True,
        help_text=gettext_lazy("Schedule gap in percentage points."),
    )
    submitted_by = serializers.CharField(source="submitted_by.name", allow_null=True)
    reviewed_by = serializers.CharField(source="reviewed_by.name", allow_null=True)
    version = serializers.IntegerField(
        help_text=gettext_lazy("Steps so far; a write says which version it has seen.")
    )

    class Meta:
        model = ProgressReport
        fields = [
            "id",
            "entry",
            "project",
            "name",
            "department",
            "year",
            "month",
            "state",
            "version",
            "planned_year",
            "planned_ytd",
            "invested_ytd",
            "physical_progress",
            "status",
            "started_on",
            "completed_on",
            "narrative",
            "problems",
            "next_step",
            "correction",
            "confirmed",
            "approved_invested_ytd",
            "approved_physical_progress",
            "approved_status",
            "light",
            "light_computed",
            "gap",
            "first_submitted_on",
            "submitted_by",
            "submitted_at",
            "reviewed_by",
            "reviewed_at",
        ]
        read_only_fields = fields
        extra_kwargs = {"confirmed": {"help_text": gettext_lazy("Codes of confirmed findings.")}}


class ReportEventSerializer(RowSerializer):
    """One step in a report's history, with the values that it changed."""

    by = serializers.CharField(source="by.name", allow_null=True)

    class Meta:
        model = ReportEvent
        fields = ["number", "action", "old_state", "new_state", "by", "at", "note"]
        fields += ["before", "after"]


class ReportDetailSerializer(ReportSerializer):
    """A report with its history."""

    COMPUTED = ("events",)

    events = ReportEventSerializer(many=True)

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "events"]
        read_only_fields = fields


class WordsField(serializers.CharField):
    """Words of several lines; a line break is one sign, whoever sends it."""

    def to_internal_value(self, data: Any) -> str:
        words: str = super().to_internal_value(data)
        return words.replace("\r\n", "\n")


def _words(name: str) -> WordsField:
    column: Any = ProgressReport._meta.get_field(name)
    return WordsField(required=False, allow_blank=True, max_length=column.max_length)


class ReportFigures(Seen, StrictSerializer):
    """The figures that a save changes; those left out stay. Whether they hold says the workflow."""

    invested_ytd = serializers.DecimalField(
        30,
        None,
        required=False,
        allow_null=True,
        help_text=gettext_lazy("10,000 yuan since January; null is blank."),
    )
    physical_progress = serializers.DecimalField(
        30, None, required=False, allow_null=True, help_text="%"
    )
    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    started_on = serializers.DateField(required=False, allow_null=True)
    completed_on = serializers.DateField(required=False, allow_null=True)
    narrative = _words("narrative")
    problems = _words("problems")
    next_step = _words("next_step")
    correction = _words("correction")
    confirmed = serializers.ListField(
        child=serializers.ChoiceField([code.value for code in Code]),
        required=False,
        max_length=len(Code),
        help_text=gettext_lazy("Codes of findings that you confirm."),
    )


class ReportStep(Seen, StrictSerializer):
    """A step with a report: the version that was looked at, and a note."""

    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=400,
        help_text=gettext_lazy("Why; required to return and to reopen."),
    )


class OfferSerializer(serializers.Serializer):
    """A step that the report's state knows, and whether you may take it now."""

    action = serializers.ChoiceField(ReportAction.choices)
    allowed = serializers.BooleanField()
    refusal = serializers.ChoiceField(
        [refusal.value for refusal in workflow.Refusal], allow_null=True
    )
    why = serializers.CharField(allow_blank=True, help_text=gettext_lazy("Why not."))
    needs_note = serializers.BooleanField()


def events_of(events: Iterable[ReportEvent]) -> list[dict[str, Any]]:
    """Steps as the API tells them; the events come with `by`."""
    names = ReportEventSerializer.Meta.fields
    return [
        {name: plain(getattr(event, name)) for name in names}
        | {"by": event.by.name if event.by else None}
        for event in events
    ]


class ReportList(RowList):
    """月报: the monthly reports of the projects that you see."""

    title = gettext_lazy("Monthly reports")
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    orders = {"id": Order.by("pk")}

    def get_rows(self) -> QuerySet[Any]:
        return visible_reports(self.request.user)

    def get_filterset(self, data: Any, rows: QuerySet[Any]) -> Any:
        return ReportFilter(data, queryset=rows, request=self.request, on=today())


class ReportDetail(RowDetail):
    """A monthly report with its history."""

    title = gettext_lazy("A monthly report")
    serializer_class = ReportDetailSerializer
    write_scope = Scope.REPORT
    versioned = True

    def get_rows(self) -> QuerySet[Any]:
        return visible_reports(self.request.user)

    def complete(self, row: dict[str, Any]) -> None:
        events = ReportEvent.objects.filter(report=row["id"]).select_related("by")
        row["events"] = events_of(events.order_by("number"))

    @extend_schema(
        operation_id="reports_save",
        summary=gettext_lazy("Save figures of a report"),
        request=ReportFigures,
        responses=ReportDetailSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, pk: int) -> Any:
        """Save figures of a draft, as the grid of the month does."""
        get_object_or_404(self.get_rows(), pk=pk)
        typed = ReportFigures(data=request.data)
        typed.is_valid(raise_exception=True)
        values = dict(typed.validated_data)
        version, is_header = seen_version(request, values.pop("version", None))
        if "confirmed" in values:
            values["confirmed"] = sorted(set(values["confirmed"]))
        perform(request, pk, ReportAction.SAVE, version, is_header=is_header, values=values)
        return self.answer(request)


class ReportStepView(APIView):
    """Submit, approve, return or reopen a report."""

    @property
    def write_scope(self) -> Scope | None:
        """Reporting and reviewing are trusted apart."""
        return STEPS.get(self.kwargs["action"])

    @extend_schema(
        operation_id="reports_step",
        summary=gettext_lazy("Submit, approve, return or reopen a report"),
        request=ReportStep,
        responses=ReportDetailSerializer,
        parameters=[
            IF_MATCH,
            OpenApiParameter("action", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(STEPS)),
        ],
    )
    def post(self, request: Request, pk: int, action: str) -> Any:
        """Take the step; the answer is the report after it."""
        get_object_or_404(visible_reports(request.user), pk=pk)
        if action not in STEPS:
            raise Http404
        typed = ReportStep(data=request.data)
        typed.is_valid(raise_exception=True)
        version, is_header = seen_version(request, typed.validated_data.get("version"))
        note = typed.validated_data.get("note", "")
        perform(request, pk, ReportAction(action), version, is_header=is_header, note=note)
        ask_for_refresh()
        detail = ReportDetail(kwargs={"pk": pk})
        detail.request = request
        return detail.answer(request)


class ReportOffers(APIView):
    """The steps that a report's state knows, each with why you may not take it."""

    title = gettext_lazy("The steps that you may take with a report")

    @extend_schema(operation_id="reports_steps", responses=OfferSerializer(many=True))
    def get(self, request: Request, pk: int) -> Any:
        found = visible_reports(request.user).select_related("period", "entry__project__department")
        report: ProgressReport = get_object_or_404(found, pk=pk)
        grants = ReopenGrant.objects.filter(period=report.period_id).select_related("department")
        entrance = door(report.period, report.entry.project.department, on=today(), grants=grants)
        makers = workflow.makers_of([pk])[pk]
        offers = workflow.offers(report, user=request.user, entrance=entrance, makers=makers)
        body = [
            {
                "action": offer.action.value,
                "allowed": offer.is_allowed,
                "refusal": offer.refusal.value if offer.refusal else None,
                "why": offer.why,
                "needs_note": offer.transition.needs_note,
            }
            for offer in offers
        ]
        return respond(request, body)


def perform(
    request: Request,
    pk: int,
    action: ReportAction,
    version: int,
    *,
    is_header: bool,
    **what: Any,
) -> ReportEvent | None:
    """workflow.perform for the sender; raises Problem where it refuses, naming fields and people."""
    try:
        return workflow.perform(
            pk, action, version=version, by=request.user, on=today(), at=now(), **what
        )
    except workflow.InvalidFigures as error:
        raise Problem(422, "invalid_figures", str(error), errors=error.errors) from error
    except workflow.WorkflowError as error:
        status = 403 if error.refusal in FORBIDDEN else 409
        raise Problem(status, error.refusal.value, str(error)) from error
    except workflow.StaleReportError as error:
        raise Problem(
            412 if is_header else 409,
            "stale",
            str(error),
            version=error.report.version,
            state=error.report.state,
            newer=events_of(error.events),
        ) from error
