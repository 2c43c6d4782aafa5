"""Issued summaries: the list, one summary to be read, its figures to be taken away."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from summaries import digest, issued_page, issuing, presentation, rollup
from summaries.forms import DocumentForm, MonthForm
from summaries.models import DocumentRun, ProgressSummary
from summaries.permissions import may_build, may_issue, may_see_drift, visible_summaries
from summaries.views.issues import issue_form

PAGE_SIZE = 20
YEARS = 3
"""So many years stand in the grid of what is issued."""


@require_safe
def summary_list(request: HttpRequest) -> HttpResponse:
    """What is issued month by month; every summary, the latest first."""
    user: User = request.user  # type: ignore[assignment]
    visible = visible_summaries(user)
    found = visible.select_related("built_by", "issue__by", "region").defer(
        "figures", "text", "histories"
    )
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    context = {
        "grid": issued_page.grid(visible.filter(region=user.region), rollup.years()[:YEARS]),
        "months": range(1, 13),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": DocumentForm(kind, user=user) if may_build(user) else None,
        "month_form": MonthForm(user=user) if may_build(user) else None,
    }
    return render(request, "summaries/summary_list.html", context)


@require_safe
def summary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One summary: its words and figures as issued, what differs by now, how to verify it."""
    user: User = request.user  # type: ignore[assignment]
    summary = _visible(request, pk)
    sees_drift = may_see_drift(user, summary)
    context = {
        "summary": summary,
        "figures": summary.figures,
        "paragraphs": summary.text.splitlines(),
        "issue_form": issue_form(summary) if may_issue(user, summary) else None,
        "crumbs": [(_("Summaries"), "/summaries/")],
        **_standing(summary, user),
    }
    if summary.month is None:
        context["page"] = presentation.of_summary(summary)
        context["drift"] = issued_page.year_drift(summary) if sees_drift else None
        return render(request, "summaries/summary_detail.html", context)
    context["headings"], context["rows"] = issued_page.figure_table(summary.figures)
    context["drift"] = issued_page.month_drift(summary) if sees_drift else None
    return render(request, "summaries/month_detail.html", context)


def _standing(summary: ProgressSummary, user: User) -> dict[str, object]:
    """Whether a summary is issued and whole, and which others there are of its year or month."""
    others = visible_summaries(user).filter(
        year=summary.year, month=summary.month, region=summary.region
    )
    others = others.exclude(pk=summary.pk).defer("figures", "text", "histories")
    issue = getattr(summary, "issue", None)
    return {
        "issue": issue,
        "in_force": issuing.in_force(summary),
        "intact": digest.of_summary(summary) == summary.digest,
        "issue_intact": issue is None or issuing.is_intact(issue),
        "same": others.filter(digest=summary.digest).order_by("-built_at").first(),
        "newer": others.filter(pk__gt=summary.pk)
        .exclude(digest=summary.digest)
        .order_by("-pk")
        .first(),
    }


@require_safe
def summary_json(request: HttpRequest, pk: int) -> HttpResponse:
    """What the digest is computed over, and what it leaves out, as a file."""
    summary = _visible(request, pk)
    content = digest.content_of(summary) | {
        "digest": summary.digest,
        "cut_off": summary.cut_off,
        "built_at": summary.built_at,
        "contains_sample_data": summary.contains_sample,
        "issue": _issue(summary),
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"summary-{summary.period}-{summary.digest[:12]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _issue(summary: ProgressSummary) -> dict[str, object] | None:
    issue = getattr(summary, "issue", None)
    if issue is None:
        return None
    names = ("number", "reason", "at", "digest")
    return {"by": str(issue.by), **{name: getattr(issue, name) for name in names}}


def _visible(request: HttpRequest, pk: int) -> ProgressSummary:
    found = visible_summaries(request.user).select_related(  # type: ignore[arg-type]
        "built_by",
        "region",
        "issue__by",
        "issue__region",
        "issue__replaces__summary",
        "issue__replaces__by",
    )
    return get_object_or_404(found, pk=pk)
