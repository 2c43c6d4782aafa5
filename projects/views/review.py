"""审核: the queue of submitted reports, and the approval of one or many of them."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from office.counting import counted
from office.key_pages import Page, Pages, Total, counted_page
from projects import report_page, reviewing, workflow
from projects.models import ProgressReport, ReportAction
from projects.permissions import may_review, visible_reports
from projects.review_list import NOW, ReviewFilter
from projects.reviewing import ORDER
from projects.schedule import late
from projects.tasks import ask_for_refresh
from projects.views.listing import active_filters
from projects.views.review_page import queue_html

PAGE_SIZE = 20
"""Reports on a page: so many one reads, with their words and last month's, before one approves them."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A report that was not approved, why, and what somebody else did with it meanwhile."""

    report: ProgressReport
    why: str
    steps: list[report_page.Step]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the queue: its reports, how many wait in all and in each of its departments.

    `looked_through` is how many reports were read where the checks decide and not all were; else 0.
    """

    rows: list[reviewing.Waiting]
    page: Page | None
    totals: dict[str, Any]
    departments: dict[int | None, reviewing.Held]
    looked_through: int = 0


_NOTHING = Shown([], None, {}, {})


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
    kept = _without(query, "from", "choose", "totals")
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
    kept = _without(query, "choose", "totals")
    filterset = ReviewFilter(
        query,
        queryset=reviewing.waiting(visible_reports(user), on=on),
        request=request,
        on=on,
    )
    is_valid = filterset.is_valid()
    shown = _shown(filterset, user, query) if is_valid else _NOTHING
    choose = query.get("choose") == "clean"
    context = {
        "filter": filterset,
        "active": active_filters(filterset, kept) if is_valid else [],
        "clear_url": f"{request.path}?all=1",
        "page": shown.page,
        "totals": shown.totals,
        "looked_through": shown.looked_through,
        "clean": sum(row.is_clean and not row.why_not for row in shown.rows),
        "queue": queue_html(
            request, shown.rows, shown.departments, query=kept.urlencode(), choose_clean=choose
        ),
        "refused": refused,
        "query": kept.urlencode(),
    }
    return render(
        request, "projects/review_queue.html", context, status=status if is_valid else 400
    )


def _shown(filterset: ReviewFilter, user: User, query: QueryDict) -> Shown:
    """The page of the queue that is asked for: only its own reports are read."""
    found, most = filterset.qs, settings.LIST_COUNTED
    total = counted(found, up_to=most)
    is_short = total.is_exact and total.number <= most
    totals: dict[str, Any] = {"count": total.number, "is_exact": total.is_exact}
    if is_short or query.get("totals") == "exact":
        totals = _totals(filterset)
    else:
        totals["is_open"] = True
    place = _without(query, "choose")
    if filterset.finds is not None:
        return _looked_through(filterset, user, place, totals, 0 if is_short else most)
    page = Pages(
        found,
        ORDER,
        Total(totals["count"], totals["is_exact"]),
        place,
        fields=("pk",),
        sort="",
        size=PAGE_SIZE,
        countable=most,
    ).page()
    rows = reviewing.queue([each["pk"] for each in page.object_list], user=user, on=filterset.on)
    held = reviewing.in_departments(found, {row.department_id for row in rows})
    return Shown(rows, page, totals, held)


def _looked_through(
    filterset: ReviewFilter, user: User, query: QueryDict, totals: dict[str, Any], most: int
) -> Shown:
    """Those in which the checks find something, or nothing: known only once the reports are read.

    Of a long queue the first `most` are looked through, of any other (0) all.
    """
    looked = ORDER.whole(filterset.qs).values_list("pk", flat=True)
    keys = list(looked[:most] if most else looked)
    found = {
        row.report.pk: row
        for row in reviewing.queue(keys, user=user, on=filterset.on)
        if row.is_clean != filterset.finds
    }
    reports = filterset.qs.filter(pk__in=found)
    page = counted_page(
        ORDER.whole(reports), Total(len(found)), query, fields=("pk",), size=PAGE_SIZE
    )
    rows = [found[each["pk"]] for each in page.object_list]
    held = reviewing.in_departments(reports, {row.department_id for row in rows})
    return Shown(rows, page, totals, held, most)


def _totals(filterset: ReviewFilter) -> dict[str, Any]:
    sums = filterset.qs.order_by().aggregate(
        count=Count("pk"),
        late=Count("pk", filter=late(filterset.on)),
        departments=Count("entry__project__department", distinct=True),
        older=Count("pk", filter=Q(period__locked_at__isnull=False)),
    )
    return {**sums, "is_exact": True}


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
