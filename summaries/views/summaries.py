"""Issued summaries: the list, one summary to be read, its figures to be taken away."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from summaries import digest, presentation
from summaries.forms import DocumentForm
from summaries.models import DocumentRun, ProgressSummary
from summaries.permissions import may_build, visible_summaries

PAGE_SIZE = 20


@require_safe
def summary_list(request: HttpRequest) -> HttpResponse:
    """Every issued summary, the latest first."""
    user: User = request.user  # type: ignore[assignment]
    found = visible_summaries(user).select_related("built_by").defer("figures", "text")
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": DocumentForm(kind, user=user) if may_build(user) else None,
    }
    return render(request, "summaries/summary_list.html", context)


@require_safe
def summary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One summary: its words as issued, its figures in the reader's language, how to verify it."""
    summary = _visible(request, pk)
    others = visible_summaries(request.user).filter(year=summary.year).exclude(pk=pk)  # type: ignore[arg-type]
    context = {
        "summary": summary,
        "figures": summary.figures,
        "page": presentation.of_summary(summary),
        "intact": digest.of_summary(summary) == summary.digest,
        "same": others.filter(digest=summary.digest).order_by("-built_at").first(),
        "newer": others.filter(pk__gt=pk).exclude(digest=summary.digest).order_by("-pk").first(),
        "crumbs": [(_("Summaries"), "/summaries/")],
    }
    return render(request, "summaries/summary_detail.html", context)


@require_safe
def summary_json(request: HttpRequest, pk: int) -> HttpResponse:
    """What the digest is computed over, and what it leaves out, as a file."""
    summary = _visible(request, pk)
    content = digest.content_of(summary) | {
        "digest": summary.digest,
        "cut_off": summary.cut_off,
        "built_at": summary.built_at,
        "contains_sample_data": summary.contains_sample,
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"summary-{summary.year}-{summary.digest[:12]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _visible(request: HttpRequest, pk: int) -> ProgressSummary:
    found = visible_summaries(request.user).select_related("built_by")  # type: ignore[arg-type]
    return get_object_or_404(found, pk=pk)
