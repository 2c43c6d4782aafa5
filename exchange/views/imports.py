"""Imports: templates down, workbooks up, the dry run, the writing of what was looked at, the way back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exchange import template_book, wording, workflow
from exchange.forms import ScopeForm, UploadForm
from exchange.kinds import KINDS, offered
from exchange.models import ImportFile, ImportPage, ImportRun
from exchange.permissions import may_decide, visible_runs
from exchange.preview import PAGE_ROWS
from exchange.tasks import run_import
from office import runs
from office.clock import today
from office.intake import Kind

RUNS_A_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Group = ImportPage.Group


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """What a person may bring in, and what they have brought in."""
    runs = visible_runs(request.user).select_related("by")  # type: ignore[arg-type]
    page = Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": offered(request.user),  # type: ignore[arg-type]
        "rows": [(run, KINDS[run.kind].label) for run in page.object_list],
        "page": page,
    }
    return render(request, "exchange/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, name: str) -> HttpResponse:
    """A kind's page: its template, and the form that takes the filled one."""
    kind = _offered(request, name)
    form = UploadForm(kind=kind)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kind=kind)
        if form.is_valid():
            upload = form.cleaned_data["upload"]
            run = workflow.ask(
                kind=kind.name,
                name=upload.name or "",
                data=upload.read(),
                by=request.user,  # type: ignore[arg-type]
                language=get_language() or "",
                now=timezone.now(),
                skips_totals=form.cleaned_data["skips_totals"],
            )
            run_import.delay_on_commit(run.pk)
            return redirect(run)
    initial = {"year": today().year, "month": today().month, **request.GET.dict()}
    context = {
        "kind": kind,
        "form": form,
        "scope_form": ScopeForm(initial=initial, kind=kind, on=today()),
        "crumbs": _crumbs(),
    }
    return render(request, "exchange/import_new.html", context, status=422 if form.errors else 200)


@require_safe
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    """A kind's template, filled with the rows that this person sees."""
    kind = _offered(request, name)
    form = ScopeForm(request.GET, kind=kind, on=today())
    if not form.is_valid():
        raise Http404
    content = template_book.filled(kind, request.user, form.scope())  # type: ignore[arg-type]
    return _file(content, f"{kind.name}.xlsx")


@require_safe
@never_cache
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is and what it would do; htmx fetches it anew while a worker is at it."""
    run = get_object_or_404(visible_runs(request.user).select_related("by"), pk=pk)  # type: ignore[arg-type]
    kind, now = KINDS[run.kind], timezone.now()
    group = _group(request, run)
    page = _page(request, run, group)
    context: dict[str, Any] = {
        "run": run,
        "kind": kind,
        "log": [wording.log_line(event) for event in run.log],
        "under_way": run.state in runs.UNDER_WAY,
        "lost": runs.is_lost(run, now=now),
        "offered": workflow.offered(run, now=now) if may_decide(request.user, run) else (),  # type: ignore[arg-type]
        "files": run.files.defer("content"),
        "row_groups": [(each, each.label, run.counts.get(each, 0)) for each in Group],
        "group": group,
        "page": page,
        "rows": _rows(run, kind, group, page),
        "crumbs": _crumbs(),
    }
    template = "exchange/run.html" if request.htmx else "exchange/import_detail.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
def import_step(request: HttpRequest, pk: int, task: str) -> HttpResponse:
    """Ask a worker for the next step of an import."""
    run = get_object_or_404(visible_runs(request.user), pk=pk)  # type: ignore[arg-type]
    if task not in ImportRun.Task.values:
        raise Http404
    if not may_decide(request.user, run):  # type: ignore[arg-type]
        raise PermissionDenied
    try:
        workflow.ask_for(run.pk, ImportRun.Task(task), by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except workflow.NotNowError:
        messages.info(request, _("The import has moved on meanwhile: this is how it stands now."))
    else:
        run_import.delay_on_commit(run.pk)
    return redirect(run)


@require_safe
def import_file(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """The workbook as it was given, or with its faults marked."""
    run = get_object_or_404(visible_runs(request.user), pk=pk)  # type: ignore[arg-type]
    file = get_object_or_404(ImportFile, run=run, role=role)
    return _file(bytes(file.content), file.name)


def _offered(request: HttpRequest, name: str) -> Kind:
    """The kind of this name; 404 where there is none that this person may bring in."""
    kind = KINDS.get(name)
    if kind is None or not kind.may_import(request.user):
        raise Http404
    return kind


def _group(request: HttpRequest, run: ImportRun) -> str:
    """The rows that are looked at: those asked for, else the first that there are any of."""
    asked = request.GET.get("rows", "")
    if asked in Group.values:
        return asked
    return next((each.value for each in Group if run.counts.get(each)), "")


def _page(request: HttpRequest, run: ImportRun, group: str) -> Page | None:
    count = run.counts.get(group, 0)
    if not count:
        return None
    return Paginator(range(count), PAGE_ROWS).get_page(request.GET.get("page"))


def _rows(run: ImportRun, kind: Kind, group: str, page: Page | None) -> list[Any]:
    """The rows of a page: one row of the database, however many there are."""
    kept = run.pages.filter(group=group, number=page.number).first() if page else None
    if kept is None or group == Group.FAULT:
        return kept.rows if kept else []
    return [(row, list(wording.cells(kind, row))) for row in kept.rows]


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Workbooks in"), reverse("exchange:import-list"))]


def _file(content: bytes, name: str) -> HttpResponse:
    kind = XLSX if name.lower().endswith(".xlsx") else "application/octet-stream"
    response = HttpResponse(content, content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
