"""审核: the queue of submitted reports."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from office.clock import now, today
from office.tables import Address
from projects import reviewing, workflow
from projects.models import ProgressReport, ReportAction, ReportState, Status
from projects.permissions import may_review, visible_reports
from projects.review_list import ReviewFilter
from projects.views.listing import active_filters

LONGEST = 500
"""Reports on one page."""


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Submitted reports by department and lateness, each beside last month's."""
    return _page(request)


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve the reports that are ticked, each on its own; those refused are named with the reason.

    Each comes with the version that was looked at, as "id:version".
    """
    user = _reviewer(request)
    approved, refused = 0, []
    seen = _seen(request.POST.getlist("report"))
    visible = visible_reports(user).select_related("entry__project").in_bulk(seen)
    for pk, report in visible.items():
        try:
            workflow.perform(
                pk, ReportAction.APPROVE, version=seen[pk], by=user, on=today(), at=now()
            )
            approved += 1
        except (
            workflow.WorkflowError,
            workflow.InvalidFigures,
            workflow.StaleReportError,
        ) as error:
            refused.append((report, str(error)))
    if approved:
        said = ngettext(
            "%(count)s report was approved.", "%(count)s reports were approved.", approved
        )
        messages.success(request, said % {"count": approved})
    if refused:
        return _page(request, refused=refused, status=409)
    if not approved:
        messages.warning(request, _("No report was chosen."))
    return redirect(_address(request))


def _page(
    request: HttpRequest,
    *,
    refused: list[tuple[ProgressReport, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = _reviewer(request)
    visible = visible_reports(user)
    filterset = ReviewFilter(request.GET, queryset=reviewing.waiting(visible), on=today())
    is_valid = filterset.is_valid()
    found = list(filterset.qs[: LONGEST + 1]) if is_valid else []
    rows = reviewing.queue(found[:LONGEST], user=user, on=today())
    context = {
        "filter": filterset,
        "active": active_filters(filterset, request.GET) if is_valid else [],
        "clear_url": request.path,
        "rows": len(rows),
        "has_more": len(found) > LONGEST,
        "late": sum(row.is_late for row in rows),
        "clean": sum(row.is_clean for row in rows),
        "queue": _html(rows),
        "refused": refused or [],
        "states": _others(visible),
        "query": request.GET.urlencode(),
    }
    if not is_valid:
        status = 400
    return render(request, "projects/review_queue.html", context, status=status)


def _html(rows: list[reviewing.Waiting]) -> SafeString:
    report_url = reverse("projects:report-detail", args=[0]).rpartition("0")
    photos_url = reverse("projects:report-photos", args=[0]).rpartition("0")
    context = {
        "rows": rows,
        "words": _words(),
        "statuses": {value or "": str(label) for value, label in Status.choices},
        "project_url": Address("projects:project-detail").of,
        "report_url": report_url,
        "photos_url": photos_url,
    }
    return SafeString(get_template("review_rows.html", using="jinja2").render(context))


def _words() -> dict[str, str]:
    return {
        "caption": _("Reports that wait for review, in 10,000 yuan"),
        "choose": _("Choose"),
        "project": _("Project"),
        "invested": _("Invested, year to date"),
        "figure": _("This month"),
        "planned": _("Planned to date"),
        "progress": _("Physical progress (%)"),
        "status": _("Status"),
        "checks": _("Checks"),
        "narrative": _("Progress in words"),
        "submitted": _("Submitted"),
        "late": _("Late"),
        "clean": _("Nothing found"),
        "correction": _("Reason for a correction"),
        "photos": _("Photos"),
        "open": _("Open"),
        "own": _("Your own work"),
        "from": _("before"),
        "no_department": _("No department"),
    }


def _others(visible: Any) -> list[tuple[str, int]]:
    """How many reports of open rounds are in other hands."""
    labels = dict(ReportState.choices)
    counts = (
        visible.exclude(state__in=(ReportState.NOT_DUE, ReportState.APPROVED))
        .order_by("state")
        .values_list("state")
        .annotate(Count("pk"))
    )
    return [(str(labels[state]), count) for state, count in counts]


def _seen(chosen: list[str]) -> dict[int, int]:
    """The versions that were looked at, by report; what is no such pair is passed over."""
    pairs = (each.partition(":") for each in chosen)
    return {
        int(pk): int(version)
        for pk, _mark, version in pairs
        if pk.isascii() and pk.isdecimal() and version.isascii() and version.isdecimal()
    }


def _reviewer(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not may_review(user):
        raise PermissionDenied
    return user


def _address(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("projects:review-queue") + (f"?{query}" if query else "")
