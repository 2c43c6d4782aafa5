"""Adopting a year's plan: the table of the entries that wait for theirs, its preview, the adoption."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from office.clock import now, today
from projects import plan_block, plan_rows
from projects.filters import AdoptionFilter
from projects.forms.plan import AdoptionForm, PlanBlockForm
from projects.models import AnnualPlan
from projects.permissions import may_keep_plans, visible_entries
from projects.plan_rows import Fault, PlanRow
from projects.planning import PlanError, adopt
from projects.schedule_curves import MONTHS, Shape
from projects.views.listing import active_filters

PREVIEWED = 200
"""Rows that a preview shows of a large workbook; the sums are of all."""


@dataclass(slots=True)
class Sheet:
    """What the page shows besides the filters: the rows, the decision, and the preview if any."""

    rows: list[PlanRow]
    form: AdoptionForm
    block: PlanBlockForm = field(default_factory=PlanBlockForm)
    block_faults: Sequence[str] = ()
    preview: dict[str, Any] | None = None
    page: Page | None = None
    notice: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def plan_adopt(request: HttpRequest, year: int) -> HttpResponse:
    """The table; posted, it is previewed, and adopted where it is what the preview showed."""
    entries = kept_entries(request, year)
    if request.method != "POST":
        return _page(request, year, _fresh(request, _waiting(entries)))
    if "block" in request.POST:
        return _page(request, year, _laid(request, _waiting(entries)), status=422)
    rows, form = _typed(request, entries, year)
    plans = plan_rows.adoptions(rows)
    if not form.is_valid() or not plans or any(row.faults for row in rows):
        notice = "" if plans or any(row.faults for row in rows) else _("No row has an amount.")
        return _page(request, year, Sheet(rows, form, notice=notice), status=422)
    seal = plan_rows.seal(plans, form.decision())
    if request.POST.get("step") != "adopt" or request.POST.get("seal") != seal:
        return _page(request, year, Sheet(rows, form, preview=preview_of(rows, seal)))
    try:
        count = adopt(plans, form.decision(), by=request.user, at=now())  # type: ignore[arg-type]
    except PlanError as error:
        for row in rows:
            if row.entry.pk == error.entry_id:
                row.faults.append(Fault("", str(error)))
        return _page(request, year, Sheet(rows, form), status=409)
    say_adopted(request, count)
    return redirect(request.get_full_path())


def kept_entries(request: HttpRequest, year: int) -> QuerySet[AnnualPlan]:
    """A year's entries, for those who keep plans; not found where the reader sees none."""
    entries = visible_entries(request.user).filter(year=year)  # type: ignore[arg-type]
    if not entries.exists():
        raise Http404
    if not may_keep_plans(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    return entries.select_related("project__department").order_by("table", "position", "pk")


def preview_of(rows: Sequence[PlanRow], seal: str) -> dict[str, Any]:
    """What would be adopted: the rows with their months, how many, and their sum in 万元."""
    planned = [row for row in rows if row.adoption is not None]
    amounts = [row.adoption.planned_investment for row in planned if row.adoption is not None]
    return {
        "rows": planned[:PREVIEWED],
        "count": len(planned),
        "total": sum(amounts, Decimal(0)),
        "seal": seal,
        "months": range(1, MONTHS + 1),
    }


def say_adopted(request: HttpRequest, count: int) -> None:
    """Tell how many plans were adopted."""
    said = ngettext("%(count)s plan was adopted.", "%(count)s plans were adopted.", count)
    messages.success(request, said % {"count": count})


def _waiting(entries: QuerySet[AnnualPlan]) -> QuerySet[AnnualPlan]:
    return entries.filter(adopted_on__isnull=True)


def _fresh(request: HttpRequest, waiting: QuerySet[AnnualPlan]) -> Sheet:
    """The table as nobody has typed in it yet."""
    found = AdoptionFilter(request.GET, queryset=waiting, request=request)
    chosen = found.qs if found.is_valid() else waiting.none()
    page = Paginator(chosen, plan_block.MOST_ROWS).get_page(request.GET.get("page"))
    rows = [PlanRow(entry, plan_rows.offered(entry)) for entry in page]
    return Sheet(rows, AdoptionForm(on=today()), page=page)


def _laid(request: HttpRequest, waiting: QuerySet[AnnualPlan]) -> Sheet:
    """The rows that a pasted block names, filled in and not yet read."""
    block = PlanBlockForm(request.POST)
    if not block.is_valid():
        sheet = _fresh(request, waiting)
        sheet.block = block
        return sheet
    try:
        laid = plan_block.lay(block.cleaned_data["block"], waiting)
    except plan_block.BlockError as error:
        sheet = _fresh(request, waiting)
        sheet.block, sheet.block_faults = block, error.messages
        return sheet
    rows = [PlanRow(entry, dict.fromkeys(plan_rows.FIELDS, "") | typed) for entry, typed in laid]
    notice = _("The block stands in the table below; nothing is adopted yet.")
    return Sheet(rows, AdoptionForm(on=today()), notice=notice)


def _typed(
    request: HttpRequest, entries: QuerySet[AnnualPlan], year: int
) -> tuple[list[PlanRow], AdoptionForm]:
    """The rows as they were typed, read, and the decision."""
    form = AdoptionForm(request.POST, on=today())
    form.is_valid()
    keys = [
        int(key) for key in request.POST.getlist("entry")[: plan_block.MOST_ROWS] if _is_key(key)
    ]
    typed = [
        (
            entry,
            {name: request.POST.get(f"{name}-{entry.pk}", "") for name in plan_rows.FIELDS},
        )
        for entry in entries.filter(pk__in=keys)
    ]
    return plan_rows.read(typed, year, spread=form.shape()), form


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _page(request: HttpRequest, year: int, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    found = AdoptionFilter(request.GET, queryset=AnnualPlan.objects.none(), request=request)
    valid = found.is_valid()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "year": year,
        "sheet": sheet,
        "shapes": [(shape.value, shape.label) for shape in Shape],
        "faults": sum(len(row.faults) for row in sheet.rows),
        "filter": found,
        "active": active_filters(found, request.GET) if valid else [],
        "clear_url": request.path,
        "query": query.urlencode(),
        "crumbs": [(_("Plan entries"), f"{reverse('projects:plan-list')}?year={year}")],
    }
    return render(request, "projects/plan_adopt.html", context, status=status)
