"""Documents: asked for, watched while a worker is at one, asked for again, taken away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from summaries import wording, workflow
from summaries.document_files import handed_out
from summaries.document_kinds import KINDS, may_ask
from summaries.forms import DocumentForm, KindForm
from summaries.models import DocumentRun
from summaries.permissions import may_see_cockpit, visible_files, visible_runs
from summaries.tasks import build_document

PAGE_SIZE = 20


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Every document that was asked for, the latest first; of one kind, with the form that asks for it."""
    user = request.user
    kind = request.GET.get("kind", "")
    found = visible_runs(user).select_related("asked_by").prefetch_related("files")  # type: ignore[arg-type]
    if kind not in KINDS:
        kind = ""
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(run, wording.asked_for(run.parameters)) for run in page.object_list],
        "query": f"kind={kind}" if kind else "",
        "kind": kind,
        "kinds": [choice for choice in DocumentRun.Kind.choices if choice[0] in KINDS],
        "may_read_texts": may_see_cockpit(user),  # type: ignore[arg-type]
        "form": DocumentForm(kind, user=user) if kind and may_ask(user, kind) else None,  # type: ignore[arg-type]
    }
    return render(request, "summaries/document_list.html", context)


@require_POST
def document_build(request: HttpRequest) -> HttpResponse:
    """Queue a document and go to its page; to the one under way where the same is asked for."""
    asked = KindForm(request.POST)
    if not asked.is_valid():
        messages.error(request, _("There is no such document."))
        return redirect("summaries:document-list")
    kind = asked.cleaned_data["kind"]
    if not may_ask(request.user, kind):  # type: ignore[arg-type]
        raise PermissionDenied
    form = DocumentForm(kind, request.POST, user=request.user)  # type: ignore[arg-type]
    if not form.is_valid():
        return _refused(request, form)
    try:
        run = workflow.ask(
            kind=form.kind,
            parameters=form.parameters,
            department=form.owner,
            region=form.region,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except workflow.RunUnderWayError as under_way:
        messages.info(request, _("This document is already being built."))
        return redirect(under_way.run)
    build_document.delay_on_commit(run.pk)
    return redirect(run)


@require_safe
@never_cache
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a document is; htmx fetches the part that moves every second until the run has ended."""
    run = get_object_or_404(
        visible_runs(request.user).select_related("summary", "asked_by"),  # type: ignore[arg-type]
        pk=pk,
    )
    now = timezone.now()
    context = {
        "run": run,
        "asked_for": wording.asked_for(run.parameters),
        "files": run.files.all(),
        "log": [wording.log_line(event) for event in run.log],
        "under_way": run.state in workflow.UNDER_WAY,
        "lost": workflow.is_lost(run, now=now),
        "may_retry": may_ask(request.user, run.kind) and workflow.may_be_asked_again(run, now=now),  # type: ignore[arg-type]
        "crumbs": [(_("Documents"), reverse("summaries:document-list"))],
    }
    template = "summaries/run_progress.html" if request.htmx else "summaries/document_detail.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed run again."""
    run = get_object_or_404(visible_runs(request.user), pk=pk)  # type: ignore[arg-type]
    if not may_ask(request.user, run.kind):  # type: ignore[arg-type]
        raise PermissionDenied
    try:
        workflow.ask_again(run.pk, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except workflow.NotRetryableError:
        messages.info(request, _("This run is under way or done; there is nothing to run again."))
    except workflow.RunUnderWayError as under_way:
        messages.info(request, _("This document is already being built."))
        return redirect(under_way.run)
    else:
        build_document.delay_on_commit(run.pk)
    return redirect(run)


@require_safe
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, for whoever sees its document; old ones stay."""
    found = get_object_or_404(visible_files(request.user), pk=pk)  # type: ignore[arg-type]
    return handed_out(found)


def _refused(request: HttpRequest, form: DocumentForm) -> HttpResponse:
    """Back to the form with the reason; 404 where it asks about what the person does not see."""
    if form.is_of_a_stranger:
        raise Http404
    messages.error(request, form.refusal)
    return redirect(f"{reverse('summaries:document-list')}?kind={form.kind}")
