"""我的本月: the staff's grid of the month, one row a project."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
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
from projects.views.month_page import grid_html


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
    typed = {name: request.POST.get(name, "") for name in request.POST} if errors else None
    row = month_grid.row(report, user=user, on=today(), typed=typed, errors=errors, newer=newer)
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
    for row in month_grid.rows(_own(user, period), user=user, on=today()):
        if (row.report.state, ReportAction.SUBMIT) not in workflow.TRANSITIONS:
            continue
        why = [] if row.is_ready else month_grid.why_not_ready(row)
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
                why = [str(error)]
        if why:
            left.append((row.report, why))
    said = ngettext(
        "%(count)s report was submitted.", "%(count)s reports were submitted.", submitted
    )
    if submitted:
        messages.success(request, said % {"count": submitted})
    elif not left:
        messages.info(request, _("No report is waiting to be submitted."))
    if left:
        return _page(request, period, left=left)
    return redirect(_address(period))


def _page(
    request: HttpRequest,
    period: ReportingPeriod,
    *,
    instead: month_grid.Row | None = None,
    block: BlockForm | None = None,
    block_errors: list[str] | None = None,
    left: list[tuple[ProgressReport, list[str]]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The grid; `instead` is a row that could not be saved and comes back as it was typed."""
    user: User = request.user  # type: ignore[assignment]
    found = _own(user, period)
    departments = _departments(found) if user.can(Ability.UPDATE_ALL) else []
    chosen = request.GET.get("department", "")
    if chosen.isdecimal() and departments:
        found = found.filter(entry__project__department=int(chosen))
    rows = month_grid.rows(found, user=user, on=today())
    if instead is not None:
        rows = [instead if row.report.pk == instead.report.pk else row for row in rows]
    counts = [
        (state, label, sum(row.report.state == state for row in rows))
        for state, label in ReportState.choices
        if state != ReportState.NOT_DUE
    ]
    grants = ReopenGrant.objects.filter(period=period).select_related("department")
    context = {
        "period": period,
        "grid": grid_html(request, rows, template="month_grid.html"),
        "rows": len(rows),
        "ready": sum(row.is_ready for row in rows),
        "can_edit": any(row.is_editable for row in rows),
        "counts": [count for count in counts if count[2]],
        "entrance": schedule.door(period, user.department, on=today(), grants=grants),
        "days_left": (period.due_on - today()).days,
        "earlier": _beside(period, -1),
        "later": _beside(period, 1),
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
    return month_grid.editable(visible_reports(user).filter(period=period))


def _departments(found: QuerySet[ProgressReport]) -> list[Department]:
    ids = found.order_by().values("entry__project__department")
    return list(Department.objects.filter(pk__in=ids).order_by("path"))


def _period(year: int | None, month: int | None) -> ReportingPeriod | None:
    if year is None or month is None:
        return schedule.current_period(on=today())
    return _named(year, month)


def _named(year: int, month: int) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod, year=year, month=month)


def _beside(period: ReportingPeriod, step: int) -> ReportingPeriod | None:
    """The round of the month before or after."""
    months = period.year * 12 + period.month - 1 + step
    return ReportingPeriod.objects.filter(year=months // 12, month=months % 12 + 1).first()


def _address(period: ReportingPeriod) -> str:
    return reverse("projects:my-month-of", args=[period.year, period.month])


def _saved(report: ProgressReport, event: Any) -> ProgressReport:
    """The report as it was saved, with what the row has read before."""
    if event is None:
        return report
    saved: ProgressReport = event.report
    saved.photo_count = report.photo_count  # type: ignore[attr-defined]
    saved.entry = report.entry
    return saved
