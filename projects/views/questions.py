"""The data questions: listed, explained and closed, opened again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from office.clock import today
from office.file_answers import answer, format_asked
from projects import questions
from projects.forms.question import AnswerForm
from projects.models import DataQuestion
from projects.permissions import may_answer, visible_questions
from projects.questions import taken_away


@require_safe
def question_list(request: HttpRequest) -> HttpResponseBase:
    """Open questions first; narrowed by kind, state and project."""
    user = request.user
    visible = visible_questions(user).exclude(state=DataQuestion.State.GONE)  # type: ignore[arg-type]
    state = request.GET.get("state", DataQuestion.State.OPEN)
    kind = request.GET.get("kind", "")
    found = visible.select_related("project", "sentence__document", "answered_by")
    if state in DataQuestion.State.values:
        found = found.filter(state=state)
    if kind in questions.KINDS:
        found = found.filter(kind=kind)
    if project := request.GET.get("project", ""):
        found = found.filter(project__code=project)
    if (asked := format_asked(request.GET)) is not None:
        rows = taken_away.rows_in_file(found.iterator())
        columns = taken_away.columns_in_file()
        return answer(asked, columns, rows, label=_("Data questions"), on=today())
    counts = (
        visible.filter(state=DataQuestion.State.OPEN)
        .order_by("kind")
        .values_list("kind")
        .annotate(Count("pk"))
    )
    context = {
        "questions": [
            (q, questions.kind_label(q.kind), questions.title(q), may_answer(user, q))  # type: ignore[arg-type]
            for q in found[:500]
        ],
        "counts": [(name, questions.kind_label(name), count) for name, count in counts],
        "state": state,
        "kind": kind,
        "project": project,
        "query": request.GET.urlencode(),
        "states": [c for c in DataQuestion.State.choices if c[0] != DataQuestion.State.GONE],
    }
    return render(request, "projects/question_list.html", context)


@require_POST
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain and close, or open again."""
    visible = visible_questions(request.user).exclude(state=DataQuestion.State.GONE)  # type: ignore[arg-type]
    question = get_object_or_404(visible.select_related("project"), pk=pk)
    if not may_answer(request.user, question):  # type: ignore[arg-type]
        raise PermissionDenied
    if "reopen" in request.POST:
        questions.reopen(question)
        messages.success(request, _("The question is open again."))
        return redirect(_address(question))
    form = AnswerForm(request.POST)
    if form.is_valid():
        questions.close(
            question,
            explanation=form.cleaned_data["explanation"],
            by=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("The question was explained and closed."))
        return redirect("projects:question-list")
    messages.error(request, _("A question is closed with an explanation."))
    return redirect(_address(question))


def _address(question: DataQuestion) -> str:
    return f"{reverse('projects:question-list')}?kind={question.kind}#q{question.pk}"
