"""A monthly report with its history, and the steps that may be taken with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from office.clock import now, today
from projects import report_page, reviewing, workflow
from projects.forms.review import StepForm
from projects.models import ProgressReport, ReopenGrant, ReportAction
from projects.obstacle_list import in_order, shown
from projects.permissions import (
    may_raise_obstacles,
    may_review,
    visible_obstacles,
    visible_projects,
    visible_reports,
)
from projects.reporting import known
from projects.schedule import Door, door, is_late
from projects.tasks import ask_for_refresh
from projects.views.review import queue_address

DONE = {
    ReportAction.SUBMIT: gettext_lazy("The report was submitted."),
    ReportAction.APPROVE: gettext_lazy("The report was approved."),
    ReportAction.RETURN: gettext_lazy("The report was returned."),
    ReportAction.REOPEN: gettext_lazy("The report was reopened."),
}
"""The steps of this page; figures are saved in the grid."""

FORBIDDEN = (workflow.Refusal.NOT_YOURS, workflow.Refusal.OWN_WORK)


@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All of one report: its figures beside last month's, checks, photos, history, next steps."""
    return _page(request, _visible(request, pk))


@require_POST
def report_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take one step; what is refused comes back with the reason and the note that was typed."""
    report = _visible(request, pk)
    if action not in DONE:
        raise Http404
    form, status, stale = StepForm(request.POST), 422, None
    if form.is_valid():
        try:
            workflow.perform(
                pk,
                ReportAction(action),
                version=form.cleaned_data["version"],
                by=request.user,  # type: ignore[arg-type]
                on=today(),
                at=now(),
                note=form.cleaned_data["note"],
            )
        except workflow.InvalidFigures as error:
            form.refuse(error.errors)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
            status = 403 if error.refusal in FORBIDDEN else 409
        except workflow.StaleReportError as error:
            stale, status = error, 409
        else:
            ask_for_refresh()
            messages.success(request, DONE[ReportAction(action)])
            return redirect(queue_address(request.GET) if _is_from_queue(request) else report)
        report = _visible(request, pk)
    return _page(request, report, form=form, tried=action, stale=stale, status=status)


def _page(
    request: HttpRequest,
    report: ProgressReport,
    *,
    form: StepForm | None = None,
    tried: str = "",
    stale: workflow.StaleReportError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The report's page; `form` is what was typed for the step `tried`, which was not taken."""
    user: User = request.user  # type: ignore[assignment]
    on, project, period, beside = today(), report.entry.project, report.period, known(report)
    entrance = _door(report)
    makers = workflow.makers_of([report.pk])[report.pk]
    offers = workflow.offers(report, user=user, entrance=entrance, makers=makers)
    light = getattr(report, "light", None)
    obstacles = visible_obstacles(user).filter(report=report).select_related("responsible")
    offered = {offer.action.value for offer in offers if offer.is_allowed}
    typed = str(form["note"].value() or "") if form else ""
    context: dict[str, Any] = {
        "report": report,
        "project": project,
        "last": beside.last,
        "figures": report_page.figures(report, beside),
        "is_being_corrected": report_page.is_being_corrected(report),
        "words": report_page.words(report, beside),
        "findings": reviewing.findings(report, beside, on=on) if report.version else [],
        "light": light,
        "light_words": report_page.light_words(light) if light else "",
        "may_judge": may_review(user) and light is not None,
        "photos": report.photos.all(),
        "obstacles": shown(in_order(obstacles), projects=visible_projects(user), on=on),
        "may_raise": may_raise_obstacles(user, project),
        "events": report_page.events(report),
        "is_late": is_late(report, on=on),
        "entrance": entrance,
        "offers": [offer for offer in offers if offer.action in DONE],
        "may_save": ReportAction.SAVE in offered,
        "form": form,
        "tried": tried,
        "typed": typed,
        "is_typed_lost": bool(typed) and tried not in offered,
        "stale": stale,
        "newer": report_page.steps(stale.events) if stale else [],
        "query": request.GET.urlencode(),
        "grid_url": reverse("projects:my-month-of", args=[period.year, period.month]),
        "crumbs": _crumbs(request, report),
    }
    return render(request, "projects/report_detail.html", context, status=status)


def _door(report: ProgressReport) -> Door:
    grants = ReopenGrant.objects.filter(period=report.period_id).select_related("department")
    return door(report.period, report.entry.project.department, on=today(), grants=grants)


def _crumbs(request: HttpRequest, report: ProgressReport) -> list[tuple[str, str]]:
    project = report.entry.project
    if _is_from_queue(request):
        return [(_("Review"), queue_address(request.GET))]
    return [
        (_("Projects"), reverse("projects:project-list")),
        (project.name, project.get_absolute_url()),
    ]


def _is_from_queue(request: HttpRequest) -> bool:
    """Whether a reviewer came here out of the queue, and goes back there."""
    return request.GET.get("from") == "queue" and may_review(request.user)  # type: ignore[arg-type]


def _visible(request: HttpRequest, pk: int) -> ProgressReport:
    found = visible_reports(request.user).select_related(  # type: ignore[arg-type]
        "period",
        "entry__project__department",
        "submitted_by",
        "reviewed_by",
        "light__rule",
        "light__judged_by",
    )
    return get_object_or_404(found, pk=pk)
