"""中期调整: revising an adopted plan from a month on, old beside new before it is saved."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from office.clock import now, today
from office.paste import PasteError
from projects import plan_history, plan_rows, planning
from projects.forms.plan import RevisionForm
from projects.models import AnnualPlan, PlanRevision
from projects.permissions import may_keep_plans, visible_entries
from projects.plan_rows import MONTH_FIELDS, Fault
from projects.schedule_curves import Curve


@require_http_methods(["GET", "HEAD", "POST"])
def plan_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; posted, old and new are shown, and saved where they are what was shown."""
    entry = _adopted(request, pk)
    old = planning.months_of(entry)
    if request.method != "POST":
        return _page(request, entry, old, _form(entry), _typed_months(old))
    form = _form(entry, request.POST)
    typed = {name: request.POST.get(name, "").strip() for name in MONTH_FIELDS}
    if not form.is_valid():
        return _page(request, entry, old, form, typed, status=422)
    if form.cleaned_data["version"] != entry.version:
        return _stale(request, entry, typed)
    curve, faults = _read(entry, old, form, typed)
    if faults:
        return _page(request, entry, old, form, typed, faults=faults, status=422)
    seal = _seal(form.cleaned_data, curve)
    if request.POST.get("step") != "save" or request.POST.get("seal") != seal:
        shown = {"seal": seal, **_old_and_new(entry, old, form.cleaned_data, curve)}
        return _page(request, entry, old, form, typed, preview=shown)
    try:
        _save(request, entry, form, curve)
    except planning.PlanError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, entry, old, form, typed, status=409)
    except planning.StalePlanError:
        return _stale(request, _adopted(request, pk), typed)
    messages.success(request, _("The plan was revised."))
    return redirect(entry)


def _adopted(request: HttpRequest, pk: int) -> AnnualPlan:
    """The entry, for those who keep plans; not found before its plan is adopted."""
    queryset = visible_entries(request.user).select_related("project__department")  # type: ignore[arg-type]
    entry = get_object_or_404(queryset, pk=pk)
    if not may_keep_plans(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    if entry.adopted_on is None:
        raise Http404
    return entry


def _form(entry: AnnualPlan, data: Mapping[str, Any] | None = None) -> RevisionForm:
    months = planning.revisable_months(entry.year, on=today())
    first_open = next((each.month for each in months if not each.refused), None)
    return RevisionForm(
        data,
        on=today(),
        months=months,
        goal_is_stated=bool(entry.goal),
        initial={
            "version": entry.version,
            "from_month": first_open,
            "planned_investment": plan_rows.text_of(entry.planned_investment),
            "goal": entry.goal,
        },
    )


def _typed_months(old: Curve) -> dict[str, str]:
    return {name: plan_rows.text_of(amount) for name, amount in zip(MONTH_FIELDS, old, strict=True)}


def _read(
    entry: AnnualPlan, old: Curve, form: RevisionForm, typed: Mapping[str, str]
) -> tuple[Curve, list[Fault]]:
    """The revised months, or what is wrong with them, each at its field."""
    data, faults, months = form.cleaned_data, [], None
    if data["spread"] == RevisionForm.TYPED:
        months = []
        for month, name in enumerate(MONTH_FIELDS, start=1):
            try:
                amount = plan_rows.amount_of(typed[name])
            except PasteError as error:
                said = _("“%(text)s” is not a figure that can be read.")
                faults.append(Fault(name, said % {"text": error.text[:40]}))
                continue
            is_kept = amount is None and month < data["from_month"]
            months.append(old[month - 1] if is_kept else amount)
    if faults:
        return (), faults
    try:
        curve = planning.revised_curve(
            entry, old, data["planned_investment"], from_month=data["from_month"], months=months
        )
    except planning.PlanError as error:
        return (), [Fault(plan_rows.field_of(each), each.message) for each in error.problems]
    return curve, []


def _old_and_new(
    entry: AnnualPlan, old: Curve, data: Mapping[str, Any], curve: Curve
) -> dict[str, Any]:
    before = {
        "planned_investment": entry.planned_investment,
        "goal": entry.goal,
        "months": old,
    }
    after = {
        "planned_investment": data["planned_investment"],
        "goal": data["goal"] or entry.goal,
        "months": curve,
    }
    return {
        "changes": plan_history.changes(before, after),
        "months": plan_history.months(before, after),
    }


def _seal(data: Mapping[str, Any], curve: Curve) -> str:
    """What was shown, in short."""
    shown = [data[name] for name in sorted(data)]
    return hashlib.sha256(repr((shown, curve)).encode()).hexdigest()


def _save(
    request: HttpRequest, entry: AnnualPlan, form: RevisionForm, curve: Curve
) -> PlanRevision:
    data = form.cleaned_data
    return planning.revise_plan(
        entry.pk,
        form.decision(),
        from_month=data["from_month"],
        version=data["version"],
        by=request.user,  # type: ignore[arg-type]
        at=now(),
        planned_investment=data["planned_investment"],
        months=curve,
        goal=data["goal"] or None,
    )


def _stale(request: HttpRequest, entry: AnnualPlan, typed: Mapping[str, str]) -> HttpResponse:
    """The form as it was typed, ready to be sent again, and what was decided meanwhile."""
    seen = request.POST.get("version", "")
    newer = entry.revisions.filter(number__gt=int(seen)).select_related("by").order_by("number")
    data = request.POST.copy()
    data["version"] = str(entry.version)
    form = _form(entry, data)
    form.is_valid()
    decided = plan_history.told(newer)
    present = planning.months_of(entry)
    return _page(request, entry, present, form, typed, newer=decided, status=409)


def _page(
    request: HttpRequest,
    entry: AnnualPlan,
    old: Curve,
    form: RevisionForm,
    typed: Mapping[str, str],
    *,
    faults: list[Fault] | None = None,
    preview: dict[str, Any] | None = None,
    newer: list[plan_history.Told] | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong = {fault.field for fault in faults or []}
    context = {
        "entry": entry,
        "form": form,
        "months": [
            (month, name, typed[name], name in wrong, old[month - 1])
            for month, name in enumerate(MONTH_FIELDS, start=1)
        ],
        "faults": faults or [],
        "preview": preview,
        "newer": newer or [],
        "crumbs": [(entry.project.name, entry.get_absolute_url())],
    }
    return render(request, "projects/plan_revise.html", context, status=status)
