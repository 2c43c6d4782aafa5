"""Runs: asked for, watched while the worker is at it, asked for again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from summaries import wording, workflow
from summaries.forms import BuildForm
from summaries.models import DocumentRun
from summaries.permissions import may_build, visible_runs
from summaries.tasks import build_progress_summary


@require_POST
def summary_build(request: HttpRequest) -> HttpResponse:
    """Queue a run for a year and go to its page; to the one under way where there is one."""
    if not may_build(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    form = BuildForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing is recorded of that year."))
        return redirect("summaries:summary-list")
    try:
        run = workflow.ask(
            kind=DocumentRun.Kind.PROGRESS_SUMMARY,
            year=form.cleaned_data["year"],
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except workflow.RunUnderWayError as under_way:
        messages.info(request, _("A summary of this year is already being built."))
        return redirect(under_way.run)
    build_progress_summary.delay_on_commit(run.pk)
    return redirect(run)


@require_safe
@never_cache
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is; htmx fetches the part that moves every second until the run has ended."""
    run = get_object_or_404(
        visible_runs(request.user).select_related("summary", "asked_by"),  # type: ignore[arg-type]
        pk=pk,
    )
    now = timezone.now()
    context = {
        "run": run,
        "log": [wording.log_line(event) for event in run.log],
        "under_way": run.state in workflow.UNDER_WAY,
        "lost": workflow.is_lost(run, now=now),
        "may_retry": may_build(request.user) and workflow.may_be_asked_again(run, now=now),  # type: ignore[arg-type]
        "crumbs": [(_("Summaries"), "/summaries/")],
    }
    template = "summaries/run_progress.html" if request.htmx else "summaries/run_detail.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
def run_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed run again."""
    run = get_object_or_404(visible_runs(request.user), pk=pk)  # type: ignore[arg-type]
    if not may_build(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    try:
        workflow.ask_again(run.pk, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except workflow.NotRetryableError:
        messages.info(request, _("This run is under way or done; there is nothing to run again."))
    except workflow.RunUnderWayError as under_way:
        messages.info(request, _("A summary of this year is already being built."))
        return redirect(under_way.run)
    else:
        build_progress_summary.delay_on_commit(run.pk)
    return redirect(run)
