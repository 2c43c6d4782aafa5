"""审核: the queue of submitted reports, and the approval of one or many of them."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from office.clock import now, today
from projects import report_page, reviewing, workflow
from projects.models import ProgressReport, ReportAction
from projects.permissions import may_review, visible_reports
from projects.review_list import NOW, ReviewFilter
from projects.schedule import late
from projects.tasks import ask_for_refresh
from projects.views.listing import active_filters
from projects.views.review_page import queue_html

PAGE_SIZE = 500
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A report that was not approved, why, and what somebody else did with it meanwhile."""

    report: ProgressReport
    why: str
    steps: list[report_page.Step]


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Submitted reports by department and lateness, each beside last month's."""
    _let_in(request)
    return _page(request)


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve the reports that are ticked, each on its own; those refused are named with the reason.

    Each comes with the version that was looked at, as "id:version".
    """
    user = _let_in(request)
    chosen = request.POST.getlist("report")
    seen = _seen(chosen)
    found = visible_reports(user).select_related("entry__project", "period").in_bulk(seen)
    answers = [_approve(found[pk], seen[pk], by=user) for pk in seen if pk in found]
    refused = [answer for answer in answers if answer is not None]
    if approved := len(answers) - len(refused):
        ask_for_refresh()
        said = ngettext(
            "%(count)s report was approved.", "%(count)s reports were approved.", approved
        )
        messages.success(request, said % {"count": approved})
    if unknown := len(set(chosen)) - len(found):
        said = ngettext(
            "%(count)s of those chosen is no report that waits here.",
            "%(count)s of those chosen are no reports that wait here.",
            unknown,
        )
        messages.warning(request, said % {"count": unknown})
    if not chosen:
        messages.warning(request, _("No report was chosen."))
    if refused:
        return _page(request, refused=refused, status=409)
    return redirect(queue_address(request.GET))


def queue_address(query: QueryDict) -> str:
    """The address of the queue as it was narrowed."""
    kept = _without(query, "from", "choose")
    return reverse("projects:review-queue") + (f"?{kept.urlencode()}" if kept else "")


def _approve(report: ProgressReport, version: int, *, by: User) -> Refused | None:
    """Approve one report in its own transaction; None where that went well."""
    try:
        workflow.perform(
            report.pk, ReportAction.APPROVE, version=version, by=by, on=today(), at=now()
        )
    except workflow.StaleReportError as error:
        return Refused(report, str(error), report_page.steps(error.events))
    except (workflow.WorkflowError, workflow.InvalidFigures) as error:
        return Refused(report, str(error), [])
    except DatabaseError:
        logger.exception("approving report %s", report.pk)
        why = _("The database failed; nothing of this approval was applied. Try again.")
        return Refused(report, why, [])
    return None


def _page(
    request: HttpRequest, *, refused: Collection[Refused] = (), status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    on, query = today(), request.GET or QueryDict(f"period={NOW}")
    kept = _without(query, "page", "choose")
    filterset = ReviewFilter(
        query,
        queryset=reviewing.waiting(visible_reports(user), on=on),
        request=request,
        on=on,
    )
    is_valid = filterset.is_valid()
    rows, page = _rows(filterset, user, query) if is_valid else ([], None)
    choose = query.get("choose") == "clean"
    context = {
        "filter": filterset,
        "active": active_filters(filterset, kept) if is_valid else [],
        "clear_url": f"{request.path}?all=1",
        "page": page,
        "totals": _totals(filterset) if is_valid else {},
        "clean": sum(row.is_clean and not row.why_not for row in rows),
        "queue": queue_html(request, rows, query=kept.urlencode(), choose_clean=choose),
        "refused": refused,
        "query": kept.urlencode(),
    }
    return render(
        request, "projects/review_queue.html", context, status=status if is_valid else 400
    )


def _rows(
    filterset: ReviewFilter, user: User, query: QueryDict
) -> tuple[list[reviewing.Waiting], Page]:
    """A page of the queue. What the checks find is known only once the reports are read."""
    on, number = today(), query.get("page")
    if filterset.finds is None:
        page: Page = Paginator(filterset.qs, PAGE_SIZE).get_page(number)
        return reviewing.queue(page.object_list, user=user, on=on), page
    found = [
        row
        for row in reviewing.queue(filterset.qs, user=user, on=on)
        if row.is_clean != filterset.finds
    ]
    page = Paginator(found, PAGE_SIZE).get_page(number)
    return list(page.object_list), page


def _totals(filterset: ReviewFilter) -> dict[str, int]:
    return filterset.qs.order_by().aggregate(
        late=Count("pk", filter=late(filterset.on)),
        departments=Count("entry__project__department", distinct=True),
        older=Count("pk", filter=Q(period__locked_at__isnull=False)),
    )


def _seen(chosen: list[str]) -> dict[int, int]:
    """The versions that were looked at, by report; what is no such pair is left out."""
    pairs = (each.partition(":") for each in chosen)
    return {
        int(pk): int(version)
        for pk, _mark, version in pairs
        if _is_number(pk) and _is_number(version)
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _let_in(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not may_review(user):
        raise PermissionDenied
    return user


def _without(query: QueryDict, *names: str) -> Any:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest
