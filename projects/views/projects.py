"""The list of projects, a project's page, and the change of its status."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from office.clock import now, today
from projects import arrival, lifecycle, milestones, plan_history, progress_chart
from projects.filters import ProjectFilter, listed
from projects.forms.status import StatusForm
from projects.models import AnnualPlan, DataQuestion, Project, SavedView, Status
from projects.obstacle_list import in_order, shown
from projects.orders import PROJECT_ORDERS
from projects.permissions import (
    may_answer_questions,
    may_enter_facts,
    may_keep_plans,
    may_update_status,
    visible_obstacles,
    visible_projects,
    visible_questions,
)
from projects.questions import title
from projects.tables import ProjectTable
from projects.views.listing import ListPage


class ProjectList(ListPage):
    """项目库: every project once, whatever years it was listed in."""

    filterset_class = ProjectFilter
    table_class = ProjectTable
    template_name = "projects/project_list.html"
    page_name = SavedView.Page.PROJECTS
    orders = PROJECT_ORDERS

    def get_queryset(self, user: User) -> QuerySet[Project]:
        return listed(visible_projects(user))

    def get_totals(self, queryset: QuerySet[Project]) -> dict[str, Any]:
        statuses = {
            f"status_{status}": Count("pk", filter=Q(status=status))
            for status, _label in Status.choices
            if status
        }
        found = queryset.order_by().aggregate(
            count=Count("pk"),
            not_stated=Count("pk", filter=Q(status="")),
            total=Sum("total_investment"),
            total_of=Count("total_investment"),
            **statuses,
        )
        found["statuses"] = [
            (status, label, found[f"status_{status}"])
            for status, label in Status.choices
            if status and found[f"status_{status}"]
        ]
        return found

    def enrich(self, rows: list[dict[str, Any]]) -> None:
        years: dict[int, list[str]] = defaultdict(list)
        entries = AnnualPlan.objects.filter(project__in=[row["pk"] for row in rows])
        for project, year in entries.order_by("year").values_list("project", "year"):
            years[project].append(str(year))
        for row in rows:
            row["years"] = "、".join(years[row["pk"]])


@require_safe
def project_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Facts, the years side by side, what the report says of it, questions, history."""
    project = _visible(request.user, code)  # type: ignore[arg-type]
    entries = list(
        project.entries.select_related("sentence__document")
        .prefetch_related("revisions__by")
        .order_by("year")
    )
    questions = visible_questions(request.user).filter(project=project)  # type: ignore[arg-type]
    progress = progress_chart.read(project, on=today())
    funding = list(project.funding.all())
    totals = arrival.totals((row.amount, row.arrived) for row in funding)
    context = {
        "project": project,
        "entries": entries,
        "plans": plan_history.adopted(entries),
        "may_keep": may_keep_plans(request.user),  # type: ignore[arg-type]
        "mentions": project.mentions.select_related("sentence__document"),
        "funding": funding,
        "totals": totals,
        "beyond": totals.beyond(project.total_investment) if totals else None,
        "milestones": milestones.standings(project.milestones.all(), on=today()),
        "lists": project.lists.all(),
        "obstacles": shown(
            in_order(
                visible_obstacles(request.user)  # type: ignore[arg-type]
                .filter(project=project)
                .select_related("responsible")
            ),
            projects=visible_projects(request.user),  # type: ignore[arg-type]
            on=today(),
        ),
        "changes": project.changes.select_related("by__department"),
        "questions": [
            (question, title(question))
            for question in questions.exclude(state=DataQuestion.State.GONE)
        ],
        "successors": project.successors.all(),
        "progress": progress,
        "chart": progress_chart.chart(progress) if progress else None,
        "may_update": may_update_status(request.user, project),  # type: ignore[arg-type]
        "may_enter": may_enter_facts(request.user, project),  # type: ignore[arg-type]
        "may_answer": may_answer_questions(request.user),  # type: ignore[arg-type]
        "crumbs": [(_("Projects"), "/projects/")],
    }
    return render(request, "projects/project_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_status(request: HttpRequest, code: str) -> HttpResponse:
    """Change the status; a stale form comes back with what was typed and who changed what."""
    project = _visible(request.user, code)  # type: ignore[arg-type]
    if not may_update_status(request.user, project):  # type: ignore[arg-type]
        raise PermissionDenied
    form = StatusForm(request.POST or None, project=project)
    stale = None
    if form.is_valid():
        try:
            lifecycle.change_status(
                project,
                form.update(),
                version=form.cleaned_data["version"],
                by=request.user,  # type: ignore[arg-type]
                on=today(),
                at=now(),
            )
        except lifecycle.TransitionError as error:
            form.add_error(error.field, str(error))
        except lifecycle.StaleProjectError as error:
            stale = error
        else:
            messages.success(request, _("The status was changed."))
            return redirect(project)
    if stale is not None:
        form = _with_present_version(request, project)
    return render(
        request,
        "projects/project_status.html",
        {"project": project, "form": form, "stale": stale},
        status=409 if stale else 200,
    )


def _with_present_version(request: HttpRequest, project: Project) -> StatusForm:
    """The form as it was typed, ready to be sent again over what the other person did."""
    project.refresh_from_db()
    typed = request.POST.copy()
    typed["version"] = str(project.version)
    return StatusForm(typed, project=project)


def _visible(user: User, code: str) -> Project:
    queryset = visible_projects(user).select_related(
        "department", "region", "parent", "predecessor"
    )
    return get_object_or_404(queryset, code=code)
