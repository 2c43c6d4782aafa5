"""Importing a year's plans: template down, workbook up, dry run, and the adoption of what was shown."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from office import excel
from office.clock import now, today
from projects import plan_rows, plan_workbook
from projects.forms.plan import ImportForm
from projects.planning import Adoption, Decision, PlanError, adopt
from projects.views.plan_adoption import kept_entries, preview_of, say_adopted

# How long a dry run may be looked at before it is adopted, in seconds.
_PATIENCE = 30 * 60


@require_safe
def plan_template(request: HttpRequest, year: int) -> HttpResponse:
    """The workbook of the entries that wait for their plan."""
    waiting = kept_entries(request, year).filter(adopted_on__isnull=True)
    return HttpResponse(
        plan_workbook.year_template(waiting, year),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="plan-{year}.xlsx"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: HttpRequest, year: int) -> HttpResponse:
    """The form; a workbook is read and shown, and adopted when what was shown is confirmed."""
    entries = kept_entries(request, year)
    if request.method != "POST":
        return _page(request, year, ImportForm(on=today()))
    if token := request.POST.get("seal", ""):
        return _adopt(request, year, token)
    form = ImportForm(request.POST, request.FILES, on=today())
    if not form.is_valid():
        return _page(request, year, form, status=422)
    try:
        rows = excel.read(*form.file(), form.LIMITS)
    except excel.ExcelError as error:
        form.add_error("upload", error.message)
        return _page(request, year, form, status=422)
    reading = plan_workbook.read(rows, entries, year, spread=form.shape())
    plans = plan_rows.adoptions(reading.rows)
    shown: dict[str, Any] = {"faults": reading.faults, "passed_over": reading.passed_over}
    if reading.faults or not plans:
        shown["is_empty"] = not reading.faults
        return _page(request, year, form, shown, status=422)
    token = _keep(request.user, plans, form.decision())  # type: ignore[arg-type]
    return _page(request, year, form, {**shown, "preview": preview_of(reading.rows, token)})


def _adopt(request: HttpRequest, year: int, token: str) -> HttpResponse:
    """Adopt exactly what was looked at."""
    kept = _kept(request.user, token)  # type: ignore[arg-type]
    if kept is None:
        messages.error(request, _("The dry run is too old. Upload the workbook again."))
        return redirect("projects:plan-import", year)
    plans, decision = kept
    try:
        count = adopt(plans, decision, by=request.user, at=now())  # type: ignore[arg-type]
    except PlanError as error:
        messages.error(request, _("Nothing was adopted: %(why)s") % {"why": error})
        return redirect("projects:plan-import", year)
    cache.delete(_key(request.user, token))  # type: ignore[arg-type]
    say_adopted(request, count)
    return redirect(f"{reverse('projects:plan-list')}?year={year}")


def _page(
    request: HttpRequest,
    year: int,
    form: ImportForm,
    shown: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    crumbs = [
        (_("Plan entries"), f"{reverse('projects:plan-list')}?year={year}"),
        (
            _("Adopt the plan of %(year)s") % {"year": year},
            reverse("projects:plan-adopt", args=[year]),
        ),
    ]
    context = {"year": year, "form": form, "crumbs": crumbs, **(shown or {})}
    return render(request, "projects/plan_import.html", context, status=status)


def _key(user: User, token: str) -> str:
    return f"plan-import:{user.pk}:{token[:40]}"


def _keep(user: User, plans: Sequence[Adoption], decision: Decision) -> str:
    """Remember the very plans of a dry run, so that nothing else is adopted afterwards."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(user, token), (list(plans), decision), _PATIENCE)
    return token


def _kept(user: User, token: str) -> tuple[list[Adoption], Decision] | None:
    found: tuple[list[Adoption], Decision] | None = cache.get(_key(user, token))
    return found
