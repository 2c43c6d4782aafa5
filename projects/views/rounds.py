"""月调度: the rounds, who has not reported, days, reminders and reopenings."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Department, User
from accounts.permissions import in_bounds, visible_departments
from office.clock import now, today
from projects import reminding, round_keeping, round_status
from projects.forms.period import DaysForm, ReopenForm
from projects.models import ReportingPeriod
from projects.permissions import may_run_rounds, may_set_rounds, visible_grants, visible_reports

DEPARTMENTS_A_PAGE = 50


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """The rounds of a year: days, state, and what was reported of what the reader sees."""
    years = list(
        ReportingPeriod.objects.order_by("-year").values_list("year", flat=True).distinct()
    )
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else today().year
    if years and year not in years:
        year = years[0]
    reports = visible_reports(request.user)  # type: ignore[arg-type]
    rounds = round_status.rounds_of(year, reports, on=today())
    return render(
        request,
        "projects/period_list.html",
        {"years": years[::-1], "year": year, "rounds": rounds},
    )


@require_safe
def period_detail(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One round: whether and why it is open to the reader, who has not reported, what was decided."""
    return _page(request, _period(year, month))


@require_POST
def period_dates(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Move a round's days."""
    period = _set(request, year, month)
    form = DaysForm(request.POST, period=period)
    if form.is_valid():
        try:
            round_keeping.change_days(
                period.pk,
                form.days(),
                seen=form.cleaned_data["seen"],
                by=request.user,  # type: ignore[arg-type]
                on=today(),
                at=now(),
            )
        except round_keeping.RoundError as error:
            form.add_error(error.field or None, str(error))
        except round_keeping.StaleRoundError as stale:
            return _stale(request, stale)
        else:
            messages.success(request, _("The dates of the round were changed."))
            return redirect(period)
    return _page(request, period, days_form=form)


@require_POST
def period_lock(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Lock a round now."""
    period = _set(request, year, month)
    try:
        round_keeping.lock_now(period.pk, on=today(), at=now())
    except round_keeping.RoundError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The round is locked."))
    return redirect(period)


@require_POST
def period_remind(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Remind the departments that were marked, or all, of what they still have to report."""
    period = _kept(request, year, month)
    marked = [int(pk) for pk in request.POST.getlist("department") if pk.isdecimal()]
    if not marked and "all" not in request.POST:
        messages.error(request, _("Mark at least one department."))
        return redirect(period)
    within = visible_departments(request.user)  # type: ignore[arg-type]
    reminded = reminding.remind_asked(
        period,
        within if "all" in request.POST else within.filter(pk__in=marked),
        by=request.user,  # type: ignore[arg-type]
        on=today(),
        at=now(),
    )
    if reminded:
        words = ngettext(
            "%(count)s person was reminded.", "%(count)s people were reminded.", reminded
        )
        messages.success(request, words % {"count": reminded})
    else:
        messages.warning(
            request, _("Nobody was reminded: everybody concerned had a reminder today already.")
        )
    return redirect(period)


@require_POST
def period_reopen(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Open a locked round again for one department."""
    period = _kept(request, year, month)
    departments = _reopened(request.user, period)  # type: ignore[arg-type]
    form = ReopenForm(request.POST, departments=departments, on=today())
    if form.is_valid():
        try:
            grant = round_keeping.reopen_for(
                period.pk,
                form.cleaned_data["department"],
                reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"],
                by=request.user,  # type: ignore[arg-type]
                on=today(),
                at=now(),
            )
        except round_keeping.RoundError as error:
            form.add_error(error.field or None, str(error))
        else:
            words = _("The round is open again for %(department)s until %(until)s.")
            messages.success(
                request, words % {"department": grant.department, "until": grant.until}
            )
            return redirect(period)
    return _page(request, period, reopen_form=form)


def _page(
    request: HttpRequest,
    period: ReportingPeriod,
    *,
    days_form: DaysForm | None = None,
    reopen_form: ReopenForm | None = None,
    stale: str = "",
) -> HttpResponse:
    user, on = request.user, today()
    grants = list(visible_grants(user).filter(period=period).select_related("department", "by"))  # type: ignore[arg-type]
    reports = visible_reports(user)  # type: ignore[arg-type]
    total = round_status.totals(period, reports, on=on)
    counted = round_status.counts_by_department(period, reports, on=on)
    page = Paginator(counted, DEPARTMENTS_A_PAGE).get_page(request.GET.get("page"))
    standings = round_status.standings(period, reports, list(page), on=on, grants=grants)
    context: dict[str, Any] = {
        "period": period,
        "total": total,
        "page": page,
        "standings": standings,
        "may_remind": may_run_rounds(user)  # type: ignore[arg-type]
        and any(standing.may_be_reminded for standing in standings),
        "grants": [(grant, grant.until >= on) for grant in grants],
        "why": round_status.words(period, user, on=on, grants=grants),  # type: ignore[arg-type]
        "stale": stale,
        "crumbs": [(_("Monthly rounds"), f"{reverse('projects:period-list')}?year={period.year}")],
    }
    if may_run_rounds(user):  # type: ignore[arg-type]
        context |= _tools(user, period, total.state, days_form, reopen_form)  # type: ignore[arg-type]
    return render(request, "projects/period_detail.html", context, status=409 if stale else 200)


def _tools(
    user: User,
    period: ReportingPeriod,
    state: round_status.RoundState,
    days_form: DaysForm | None,
    reopen_form: ReopenForm | None,
) -> dict[str, Any]:
    """What those who run the rounds have besides on the page."""
    is_locked = state == round_status.RoundState.LOCKED
    departments = _reopened(user, period)
    return {
        "may_run": True,
        **(_setting(period, state, days_form) if may_set_rounds(user) else {}),
        "reopen_form": reopen_form
        or (ReopenForm(departments=departments, on=today()) if is_locked else None),
    }


def _setting(
    period: ReportingPeriod, state: round_status.RoundState, days_form: DaysForm | None
) -> dict[str, Any]:
    """What those have besides who set the rounds for all regions."""
    is_locked = state == round_status.RoundState.LOCKED
    return {
        "days_form": days_form or (DaysForm(period=period) if period.locked_at is None else None),
        "may_lock": state == round_status.RoundState.OVERDUE
        or (is_locked and not period.locked_at),
    }


def _reopened(user: User, period: ReportingPeriod) -> QuerySet[Department]:
    """The departments that this person may reopen the round for."""
    return round_status.departments_asked(period).filter(in_bounds(user, "region"))


def _stale(request: HttpRequest, error: round_keeping.StaleRoundError) -> HttpResponse:
    """The days as they were typed, ready to be sent again over those that somebody else set."""
    typed = request.POST.copy()
    typed["seen"] = str(round_keeping.Days.of(error.period))
    form = DaysForm(typed, period=error.period)
    return _page(request, error.period, days_form=form, stale=str(error))


def _period(year: int, month: int) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod, year=year, month=month)


def _set(request: HttpRequest, year: int, month: int) -> ReportingPeriod:
    """The round, for those who set it for all regions."""
    period = _period(year, month)
    if not may_set_rounds(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    return period


def _kept(request: HttpRequest, year: int, month: int) -> ReportingPeriod:
    """The round, for those who run the rounds."""
    period = _period(year, month)
    if not may_run_rounds(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    return period
