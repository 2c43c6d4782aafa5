"""数据存疑: the data questions, explained and opened again."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.scopes import Scope
from office.api.views import RowDetail, RowList, RowSerializer, StrictSerializer
from projects import questions
from projects.models import DataQuestion
from projects.permissions import may_answer, visible_questions
from projects.question_list import QuestionFilter


class QuestionSerializer(RowSerializer):
    """数据存疑: one contradiction that the system found."""

    COMPUTED = ("title", "kind_label")

    title = serializers.CharField(help_text=_("What it says, in the reader's language."))
    kind_label = serializers.CharField()
    project = serializers.CharField(source="project.code", allow_null=True)
    params = serializers.JSONField(help_text=_("The words and figures of its title."))
    answered_by = serializers.CharField(source="answered_by.name", allow_null=True)

    class Meta:
        model = DataQuestion
        fields = [
            "id",
            "kind",
            "kind_label",
            "title",
            "year",
            "project",
            "params",
            "state",
            "explanation",
            "answered_by",
            "answered_at",
            "raised_at",
        ]
        read_only_fields = fields


class Explanation(StrictSerializer):
    """What settles a question."""

    explanation = serializers.CharField(max_length=400)


def shown(request: Request) -> QuerySet[DataQuestion]:
    """The questions that the page shows this person."""
    return visible_questions(request.user).exclude(state=DataQuestion.State.GONE)


def word(row: dict[str, Any]) -> None:
    """Put a question's kind and title into the reader's language."""
    row["kind_label"] = questions.kind_label(row["kind"])
    row["title"] = questions.title(DataQuestion(kind=row["kind"], params=row["params"]))


class QuestionList(RowList):
    """数据存疑: questions about projects that you see, and about the report itself."""

    title = _("Data questions")
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter

    def get_rows(self) -> QuerySet[Any]:
        return shown(self.request)

    def enrich(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            word(row)


class QuestionDetail(RowDetail):
    """One data question."""

    title = _("A data question")
    serializer_class = QuestionSerializer

    def get_rows(self) -> QuerySet[Any]:
        return shown(self.request)

    def complete(self, row: dict[str, Any]) -> None:
        word(row)


class QuestionAnswer(APIView):
    """Explaining a question."""

    write_scope = Scope.KEEP

    @extend_schema(
        operation_id="questions_answer",
        summary=_("Explain and close a data question"),
        request=Explanation,
        responses=QuestionSerializer,
    )
    def post(self, request: Request, pk: int) -> Any:
        """Close it with the explanation that settles it."""
        question = _kept(request, pk)
        typed = Explanation(data=request.data)
        typed.is_valid(raise_exception=True)
        questions.close(question, explanation=typed.validated_data["explanation"], by=request.user)
        return _detail(request, pk)


class QuestionReopen(APIView):
    """Opening a question again."""

    write_scope = Scope.KEEP

    @extend_schema(
        operation_id="questions_reopen",
        summary=_("Open a data question again"),
        request=None,
        responses=QuestionSerializer,
    )
    def post(self, request: Request, pk: int) -> Any:
        """Open it again; its explanation stays to be read."""
        questions.reopen(_kept(request, pk))
        return _detail(request, pk)


def _kept(request: Request, pk: int) -> DataQuestion:
    question: DataQuestion = get_object_or_404(shown(request).select_related("project"), pk=pk)
    if not may_answer(request.user, question):
        raise PermissionDenied
    return question


def _detail(request: Request, pk: int) -> Any:
    detail = QuestionDetail(kwargs={"pk": pk})
    detail.request = request
    return detail.answer(request)
