"""Where a project's money comes from and what of it has arrived."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from office.clock import now
from projects import funding
from projects.arrival import totals
from projects.forms.funding import FundingForm
from projects.lifecycle import StaleProjectError
from projects.models import Project
from projects.permissions import may_enter_facts, may_keep_plans, visible_projects


@require_http_methods(["GET", "HEAD", "POST"])
def project_funding(request: HttpRequest, code: str) -> HttpResponse:
    """Enter all sources at once; a stale form comes back with what was typed and who was faster."""
    user: User = request.user  # type: ignore[assignment]
    project = get_object_or_404(visible_projects(user).select_related("department"), code=code)
    if not may_enter_facts(user, project):
        raise PermissionDenied
    form, stale, status = _form(request, project, user), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                step = funding.keep(
                    project,
                    form.entered(),
                    version=form.cleaned_data["version"],
                    by=user,
                    at=now(),
                    confirmed=form.confirmed(),
                )
            except funding.FundingError as error:
                form.refuse(error)
            except StaleProjectError as error:
                stale, status = error, 409
                form = _form(request, project, user, is_stale=True)
            else:
                messages.success(
                    request, _("Funding was saved.") if step else _("Nothing changed.")
                )
                return redirect(project)
    rows = list(project.funding.all())
    found = totals((row.amount, row.arrived) for row in rows)
    context = {
        "project": project,
        "form": form,
        "stale": stale,
        "totals": found,
        "beyond": found.beyond(project.total_investment) if found else None,
        "may_plan": may_keep_plans(user),
        "crumbs": [(_("Projects"), "/projects/"), (project.name, project.get_absolute_url())],
    }
    return render(request, "projects/project_funding.html", context, status=status)


def _form(
    request: HttpRequest, project: Project, user: User, *, is_stale: bool = False
) -> FundingForm:
    """The form as it was typed; after somebody else's step ready to be sent again over it."""
    typed = request.POST.copy() if request.method == "POST" else None
    if is_stale and typed is not None:
        project.refresh_from_db()
        typed["version"] = str(project.version)
    return FundingForm(
        typed,
        stored={row.source: row for row in project.funding.all()},
        version=project.version,
        may_plan=may_keep_plans(user),
    )
