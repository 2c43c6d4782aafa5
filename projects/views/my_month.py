"""我的本月: the staff's grid of the month, one row a project."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Department, User
from accounts.roles import Ability
from office.clock import now, today
from projects import month_block, month_grid, schedule, workflow
from projects.forms.report import BlockForm, ReportForm
from projects.models import ProgressReport, ReopenGrant, ReportAction, ReportingPeriod, ReportState
from projects.permissions import may_report, visible_reports
from projects.tasks import ask_for_refresh
from projects.views.month_page import grid_html, words_of

COUNTED = (
    ReportState.DUE,
    ReportState.DRAFT,
    ReportState.RETURNED,
    ReportState.REOPENED,
    ReportState.SUBMITTED,
    ReportState.APPROVED,
)


@require_safe
def my_month(
    request: HttpRequest, year: int | None = None, month: int | None = None
) -> HttpResponse:
    """The grid of a month: of the present round where none is named."""
    period = _period(year, month)
    if period is None:
        return render(request, "projects/my_month_empty.html")
    return _page(request, period)


@require_POST
def save_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a row as it is left; what cannot be saved comes back as it was typed, with the reason."""
    user: User = request.user  # type: ignore[assignment]
    report = get_object_or_404(month_grid.editable(visible_reports(user)), pk=pk)
    if not may_report(user, report.entry.project):
        raise PermissionDenied
    form = ReportForm(request.POST)
    errors: dict[str, Any] = {}
    newer: list[Any] = []
    status = 200
    if not form.is_valid():
        errors, status = form.errors, 422
    else:
        try:
            event = workflow.perform(
                pk,
                ReportAction.SAVE,
                version=form.cleaned_data["version"],
                by=user,
                on=today(),
                at=now(),
                values=form.values(),
            )
        except workflow.InvalidFigures as error:
            errors, status = error.errors, 422
        except workflow.WorkflowError as error:
            errors, status = {"": [str(error)]}, 409
        except workflow.StaleReportError as error:
            errors, newer, status = {"": [str(error)]}, error.events, 409
            report.version = error.report.version
            report.state = error.report.state
        else:
            report = _saved(report, event)
    row = month_grid.row(
        report,
        user=user,
        on=today(),
        typed=request.POST.dict() if errors else None,
        errors=errors,
        newer=newer,
        confirmed=request.POST.getlist("confirmed"),
    )
    if request.headers.get("X-Grid-Row"):
        html = grid_html(request, [row], template="month_rows.html")
        return HttpResponse(html, status=status)
    if errors:
        return _page(request, report.period, instead=row, status=status)
    messages.success(request, _("Saved: %(project)s.") % {"project": report.entry.project})
    return redirect(f"{_address(report.period)}#row-{pk}")


@require_POST
def paste_block(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Save the rows of a pasted block, all or none."""
    period = _named(year, month)
    form = BlockForm(request.POST)
    errors: list[str] = []
    if form.is_valid():
        own = _own(request.user, period)  # type: ignore[arg-type]
        try:
            count = month_block.save(
                form.cleaned_data["block"],
                own,
                by=request.user,  # type: ignore[arg-type]
                on=today(),
                at=now(),
            )
        except month_block.BlockError as error:
            errors = error.messages
        else:
            said = ngettext("%(count)s row was saved.", "%(count)s rows were saved.", count)
            messages.success(request, said % {"count": count})
            return redirect(_address(period))
    return _page(request, period, block=form, block_errors=errors, status=422)


@require_POST
def submit_ready(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Submit every row that is ready, and say what the others lack."""
    user: User = request.user  # type: ignore[assignment]
    period = _named(year, month)
    submitted, left = 0, []
    chosen = request.POST.get("department", "")
    for row in month_grid.rows(_of(_own(user, period), chosen), user=user, on=today()):
        if (row.report.state, ReportAction.SUBMIT) not in workflow.TRANSITIONS:
            continue
        why = [(words_of(found.field), found.message) for found in row.missing]
        if not row.is_editable:
            why = [("", row.entrance.words)]
        if row.is_ready:
            try:
                workflow.perform(
                    row.report.pk,
                    ReportAction.SUBMIT,
                    version=row.report.version,
                    by=user,
                    on=today(),
                    at=now(),
                )
                submitted += 1
            except (
                workflow.WorkflowError,
                workflow.InvalidFigures,
                workflow.StaleReportError,
            ) as error:
                why = [("", str(error))]
        if why:
            left.append((row.report, why))
    said = ngettext(
        "%(count)s report was submitted.", "%(count)s reports were submitted.", submitted
    )
    if submitted:
        ask_for_refresh()
        messages.success(request, said % {"count": submitted})
    elif not left:
        messages.info(request, _("No report is waiting to be submitted."))
    if left:
        return _page(request, period, left=left, chosen=chosen)
    return redirect(_address(period, chosen))


def _page(
    request: HttpRequest,
    period: ReportingPeriod,
    *,
    instead: month_grid.Row | None = None,
    block: BlockForm | None = None,
    block_errors: list[str] | None = None,
    left: list[tuple[ProgressReport, list[tuple[str, str]]]] | None = None,
    chosen: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The grid; `instead` is a row that could not be saved and comes back as it was typed."""
    user: User = request.user  # type: ignore[assignment]
    found = _own(user, period)
    departments = _departments(found) if user.can(Ability.UPDATE_ALL) else []
    chosen = request.GET.get("department", "") if chosen is None else chosen
    rows = month_grid.rows(_of(found, chosen), user=user, on=today())
    if instead is not None:
        rows = [instead if row.report.pk == instead.report.pk else row for row in rows]
    states = Counter(row.report.state for row in rows)
    days = (period.due_on - today()).days
    earlier, later = _beside(period)
    context = {
        "period": period,
        "grid": grid_html(request, rows, template="month_grid.html"),
        "rows": len(rows),
        "ready": sum(row.is_ready for row in rows),
        "late": sum(row.is_late for row in rows),
        "can_edit": any(row.is_editable for row in rows),
        "counts": [(state, state.label, states[state]) for state in COUNTED],
        "doors": _doors(rows, period, user),
        "days_left": max(days, 0),
        "days_over": max(-days, 0),
        "earlier": earlier,
        "later": later,
        "departments": departments,
        "chosen": chosen,
        "pasted": block or BlockForm(),
        "block_errors": block_errors or [],
        "left": left or [],
        "crumbs": [(_("Monthly rounds"), reverse("projects:period-list"))],
    }
    return render(request, "projects/my_month.html", context, status=status)


def _own(user: User, period: ReportingPeriod) -> QuerySet[ProgressReport]:
    """The reports of the round that this person may write; nobody's for who may not write."""
    if not (user.can(Ability.UPDATE_OWN) or user.can(Ability.UPDATE_ALL)):
        raise PermissionDenied
    return month_grid.editable(visible_reports(user).filter(year=period.year, period=period))


def _of(found: QuerySet[ProgressReport], department: str) -> QuerySet[ProgressReport]:
    """Those of one department, where one is chosen."""
    if not department.isdecimal():
        return found
    return found.filter(entry__project__department=int(department))


def _doors(rows: list[month_grid.Row], period: ReportingPeriod, user: User) -> list[schedule.Door]:
    """Why the round is open or closed, once for all departments of which the same is true."""
    found = list(dict.fromkeys(row.entrance for row in rows))
    if found:
        return found
    grants = ReopenGrant.objects.filter(period=period).select_related("department")
    return [schedule.door(period, user.department, on=today(), grants=grants)]


def _departments(found: QuerySet[ProgressReport]) -> list[Department]:
    ids = found.order_by().values("entry__project__department")
    return list(Department.objects.filter(pk__in=ids).order_by("path"))


def _period(year: int | None, month: int | None) -> ReportingPeriod | None:
    if year is None or month is None:
        return schedule.current_period(on=today())
    return _named(year, month)


def _named(year: int, month: int) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod, year=year, month=month)


def _beside(period: ReportingPeriod) -> tuple[ReportingPeriod | None, ReportingPeriod | None]:
    """The rounds of the month before and of the month after; one query."""
    months = period.year * 12 + period.month - 1
    named = [(number // 12, number % 12 + 1) for number in (months - 1, months + 1)]
    (before, after) = [Q(year=year, month=month) for year, month in named]
    found = {
        (each.year, each.month): each for each in ReportingPeriod.objects.filter(before | after)
    }
    return found.get(named[0]), found.get(named[1])


def _address(period: ReportingPeriod, department: str = "") -> str:
    address = reverse("projects:my-month-of", args=[period.year, period.month])
    return f"{address}?department={department}" if department.isdecimal() else address


def _saved(report: ProgressReport, event: Any) -> ProgressReport:
    """The report as it was saved, with what the row has read before."""
    if event is None:
        return report
    saved: ProgressReport = event.report
    saved.photo_count = report.photo_count  # type: ignore[attr-defined]
    saved.entry = report.entry
    return saved
