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
from projects import report_page, workflow
from projects.forms.review import StepForm
from projects.models import ProgressReport, ReopenGrant, ReportAction
from projects.permissions import may_report, may_review, visible_obstacles, visible_reports
from projects.reporting import known
from projects.schedule import door, is_late

STEPS = (ReportAction.SUBMIT, ReportAction.APPROVE, ReportAction.RETURN, ReportAction.REOPEN)
"""The steps of this page; figures are saved in the grid."""


@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All of one report: its figures beside last month's, checks, photos, history, next steps."""
    return _page(request, _visible(request, pk))


@require_POST
def report_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take one step; what is refused comes back with the reason and the note that was typed."""
    report = _visible(request, pk)
    if action not in STEPS:
        raise Http404
    form = StepForm(request.POST)
    status, stale = 422, None
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
            for name, found in error.errors.items():
                for message in found:
                    form.add_error("note" if name == "note" else None, message)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
            status = 403 if error.refusal in FORBIDDEN else 409
        except workflow.StaleReportError as error:
            stale, status = error, 409
        else:
            messages.success(request, DONE[ReportAction(action)])
            if request.POST.get("next") == "queue" and may_review(request.user):  # type: ignore[arg-type]
                return redirect("projects:review-queue")
            return redirect(report)
        report = _visible(request, pk)
    return _page(request, report, form=form, tried=action, stale=stale, status=status)


FORBIDDEN = (workflow.Refusal.NOT_YOURS, workflow.Refusal.OWN_WORK)

DONE = {
    ReportAction.SUBMIT: gettext_lazy("The report was submitted."),
    ReportAction.APPROVE: gettext_lazy("The report was approved."),
    ReportAction.RETURN: gettext_lazy("The report was returned."),
    ReportAction.REOPEN: gettext_lazy("The report was reopened."),
}


def _page(
    request: HttpRequest,
    report: ProgressReport,
    *,
    form: StepForm | None = None,
    tried: str = "",
    stale: workflow.StaleReportError | None = None,
    status: int = 200,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    grants = ReopenGrant.objects.filter(period=report.period_id).select_related("department")
    entrance = door(report.period, report.entry.project.department, on=today(), grants=grants)
    makers = workflow.makers_of([report.pk])[report.pk]
    offers = workflow.offers(report, user=user, entrance=entrance, makers=makers)
    beside = known(report)
    light = getattr(report, "light", None)
    obstacles = visible_obstacles(user).filter(report=report).select_related("responsible")
    context: dict[str, Any] = {
        "report": report,
        "project": report.entry.project,
        "figures": report_page.figures(report, beside),
        "words": report_page.words(report, beside),
        "problems": report_page.problems(report, beside),
        "light": light,
        "light_words": report_page.light_words(light) if light else "",
        "photos": report.photos.all(),
        "obstacles": obstacles,
        "events": report_page.events(report),
        "entrance": entrance,
        "is_late": is_late(report, on=today()),
        "offers": [offer for offer in offers if offer.action in STEPS],
        "may_save": any(o.action == ReportAction.SAVE and o.is_allowed for o in offers),
        "may_report": may_report(user, report.entry.project),
        "may_judge": may_review(user) and light is not None,
        "form": form,
        "tried": tried,
        "stale": report_page.steps(stale.events) if stale else None,
        "stale_words": str(stale) if stale else "",
        "grid_url": reverse("projects:my-month-of", args=[report.period.year, report.period.month]),
        "crumbs": [
            (_("Projects"), reverse("projects:project-list")),
            (report.entry.project.name, report.entry.project.get_absolute_url()),
        ],
    }
    return render(request, "projects/report_detail.html", context, status=status)


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
