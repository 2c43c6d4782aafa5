"""Building the summary of a month, and issuing a summary that was built."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from office.clock import now
from summaries import issuing, workflow
from summaries.document_kinds import may_ask
from summaries.forms import IssueForm, MonthForm
from summaries.models import DocumentRun, ProgressSummary
from summaries.permissions import may_issue, visible_summaries
from summaries.tasks import build_document


@require_POST
def month_build(request: HttpRequest) -> HttpResponse:
    """Queue the summary of a month; to the run under way where the same is being built."""
    user: User = request.user  # type: ignore[assignment]
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    if not may_ask(user, kind):
        raise PermissionDenied
    form = MonthForm(request.POST, user=user)
    if not form.is_valid():
        messages.error(request, _("The round of this month has not been opened."))
        return redirect("summaries:summary-list")
    try:
        run = workflow.ask(
            kind=kind,
            parameters=form.parameters,
            region=form.region,
            by=user,
            now=timezone.now(),
        )
    except workflow.RunUnderWayError as under_way:
        messages.info(request, _("This document is already being built."))
        return redirect(under_way.run)
    build_document.delay_on_commit(run.pk)
    return redirect(run)


@require_POST
def summary_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a draft, the first of its year or month or in the place of the one in force."""
    user: User = request.user  # type: ignore[assignment]
    summary = get_object_or_404(visible_summaries(user), pk=pk)
    if not may_issue(user, summary):
        raise PermissionDenied
    form = IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The reason has at most 400 characters."))
        return redirect(summary)
    try:
        issuing.issue(summary.pk, **form.cleaned_data, by=user, at=now())
    except issuing.NotIssuableError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("The summary was issued. From now on it stays as it is."))
    return redirect(summary)


def refusal(error: issuing.NotIssuableError) -> str:
    """Why a summary is not issued."""
    match error:
        case issuing.OldDraftError():
            return _("It was built again since; issue the newer one, or build another.")
        case issuing.AlreadyIssuedError():
            words = _("%(who)s issued %(period)s at %(when)s: read that first.")
            when = timezone.localtime(error.issue.at)
            return words % {
                "who": error.issue.by,
                "period": error.issue.period,
                "when": f"{when:%Y-%m-%d %H:%M}",
            }
        case issuing.SaysTheSameError():
            return _("It says the same as the one that is issued; there is nothing to correct.")
        case issuing.ReasonMissingError():
            return _("Say why a new issue is needed.")
        case issuing.AlteredError():
            return _("Its content does not agree with its digest; build it again.")
    return _("The issue that it was to replace does not exist.")


def issue_form(summary: ProgressSummary) -> IssueForm | None:
    """The form that issues a draft; None where it is issued, or was built again since."""
    if hasattr(summary, "issue"):
        return None
    same = ProgressSummary.objects.filter(
        year=summary.year, month=summary.month, region=summary.region
    )
    if same.filter(pk__gt=summary.pk).exists():
        return None
    latest = issuing.in_force(summary)
    return IssueForm(initial={"replaces": latest.pk if latest else None})
