"""The administrators' page that dissolves a department into another."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Department, User
from office.clock import now, today
from projects.dissolving import DissolvingError, belongings, dissolve
from projects.forms.dissolving import DissolvingForm
from projects.permissions import may_dissolve_departments


@require_http_methods(["GET", "HEAD", "POST"])
def dissolving_page(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Say what goes over and ask where to; then do it. `context` is the admin site's own."""
    user: User = request.user  # type: ignore[assignment]
    if not may_dissolve_departments(user):
        raise PermissionDenied
    department = get_object_or_404(Department.objects.offered(), pk=pk)
    form = DissolvingForm(request.POST or None, department=department)
    if form.is_valid():
        try:
            return _dissolve(request, department, form, by=user)
        except DissolvingError as error:
            form.add_error("into", str(error))
    context |= {
        "title": gettext_lazy("Dissolve a department"),
        "subtitle": str(department),
        "department": department,
        "belongings": belongings(department, on=today()),
        "form": form,
    }
    return render(request, "admin/accounts/department/dissolve.html", context)


def _dissolve(
    request: HttpRequest, department: Department, form: DissolvingForm, *, by: User
) -> HttpResponse:
    into: Department = form.cleaned_data["into"]
    reason = form.cleaned_data["reason"]
    gone = dissolve(department, into, reason=reason, by=by, on=today(), at=now())
    message = _("%(department)s was dissolved into %(into)s: %(projects)d projects went over.")
    names = {"department": department, "into": into, "projects": gone.projects}
    messages.success(request, message % names)
    return redirect("admin:accounts_department_change", department.pk)
