"""The nodes of a project's schedule: when they are due and when they were done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from office.clock import now, today
from projects import milestones
from projects.forms.milestones import DATALIST, NodeForms, typed_version
from projects.lifecycle import StaleProjectError
from projects.models import Project
from projects.permissions import may_enter_facts, may_keep_plans, visible_projects


@require_http_methods(["GET", "HEAD", "POST"])
def project_milestones(request: HttpRequest, code: str) -> HttpResponse:
    """Keep all nodes at once; a stale form comes back with what was typed and who was faster."""
    user: User = request.user  # type: ignore[assignment]
    project = get_object_or_404(visible_projects(user).select_related("department"), code=code)
    if not may_enter_facts(user, project):
        raise PermissionDenied
    forms, stale, status = _forms(request, project, user), None, 200
    if request.method == "POST":
        status, version = 422, typed_version(request.POST)
        if version is not None and forms.is_valid():
            try:
                step = milestones.keep(
                    project, forms.nodes(), version=version, by=user, on=today(), at=now()
                )
            except milestones.MilestoneError as error:
                forms.refuse(error)
            except StaleProjectError as error:
                stale, status = error, 409
                project.refresh_from_db()
                forms = _forms(request, project, user)
            else:
                messages.success(request, _("Nodes were saved.") if step else _("Nothing changed."))
                return redirect(project)
    context = {
        "project": project,
        "forms": forms.forms,
        "version": project.version if stale else request.POST.get("version", project.version),
        "stale": stale,
        "datalist": DATALIST,
        "usual_nodes": milestones.USUAL_NODES,
        "may_plan": may_keep_plans(user),
        "crumbs": [(_("Projects"), "/projects/"), (project.name, project.get_absolute_url())],
    }
    return render(request, "projects/project_milestones.html", context, status=status)


def _forms(request: HttpRequest, project: Project, user: User) -> NodeForms:
    return NodeForms(
        milestones.standings(project.milestones.all(), on=today()),
        may_plan=may_keep_plans(user),
        data=request.POST if request.method == "POST" else None,
    )
