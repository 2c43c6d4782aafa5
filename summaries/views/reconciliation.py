"""对账: published against computed, self-reported against statistics and funds; the reasons."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from office import workbook
from office.clock import now, today
from summaries import reconciliation, reconciliation_sheets, reconciling
from summaries.forms import ReconciliationForm
from summaries.models import ReconciliationNote
from summaries.permissions import may_reconcile, may_see_everything, visible_cells
from summaries.reconciliation import Published, ThreeFigures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The latest year that the report states results of."""
    _reader(request)
    years = reconciliation.years()
    if not years:
        return render(request, "summaries/reconciliation_empty.html")
    return redirect("summaries:reconciliation", years[0])


@require_safe
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """Both tables of a year, the second of a month."""
    user = _reader(request)
    found = _read(request, user, year)
    context = {
        **found,
        "published": reconciliation_sheets.published_rows(found["published"]),
        "three": reconciliation_sheets.three_rows(found["three"]),
        "years": reconciliation.years(),
        "may_write": may_reconcile(user),
    }
    return render(request, "summaries/reconciliation.html", context)


@require_safe
def export(request: HttpRequest, year: int, file_format: str) -> HttpResponse:
    """The same two tables as a workbook, or one after the other as .csv."""
    found = _read(request, _reader(request), year)
    sheets = reconciliation_sheets.sheets(year, found["month"], found["published"], found["three"])
    if file_format == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        csv.writer(response).writerows(reconciliation_sheets.lines(sheets))
    else:
        book = reconciliation_sheets.book(year, sheets)
        content = workbook.write(book, reconciliation_sheets.colophon(now(), on=today()))
        response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="reconciliation-{year}.{file_format}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """One line: what was added to it, by whom; the form that adds."""
    user = _reader(request)
    found = _line(request, user, year, key)
    note = found.note or ReconciliationNote(year=year, key=key)
    is_money = isinstance(found, ThreeFigures)
    stale = None
    if request.method == "POST":
        if not may_reconcile(user):
            raise PermissionDenied
        form = ReconciliationForm(request.POST, is_money=is_money)
        if form.is_valid():
            try:
                reconciling.keep(year, key, **form.cleaned_data, by=user, at=now())
            except reconciling.StaleNoteError as error:
                stale = error
                form = form.again(error.change.version if error.change else 0)
            else:
                messages.success(request, _("What you added is kept."))
                return redirect(_back(request, year, found))
    else:
        form = ReconciliationForm.of(note, is_money=is_money)
    context = {
        "year": year,
        "title": reconciliation_sheets.title(found),
        "form": form if may_reconcile(user) else None,
        "note": note,
        "stale": stale,
        "changes": note.changes.select_related("by") if note.pk else [],
        "crumbs": [(_("Reconciliation"), _back(request, year, found))],
    }
    status = 409 if stale else 400 if form.errors else 200
    return render(request, "summaries/reconciliation_line.html", context, status=status)


def _reader(request: HttpRequest) -> User:
    """Whoever sees the whole office; to others there is no such page."""
    user: User = request.user  # type: ignore[assignment]
    if not may_see_everything(user):
        raise Http404
    return user


def _read(request: HttpRequest, user: User, year: int) -> dict[str, Any]:
    if year not in reconciliation.years():
        raise Http404
    cells = visible_cells(user)
    months = reconciliation.months(cells, year)
    asked = request.GET.get("month", "")
    last = months[-1] if months else None
    month = int(asked) if asked in map(str, range(1, 13)) else last
    return {
        "year": year,
        "month": month,
        "months": months,
        "last": last,
        "published": reconciliation.published(cells, year, last),
        "three": reconciliation.three_figures(cells, year, month) if month else [],
    }


def _line(request: HttpRequest, user: User, year: int, key: str) -> Published | ThreeFigures:
    """The line that the key names; the month stands in the key."""
    if year not in reconciliation.years():
        raise Http404
    cells = visible_cells(user)
    month = reconciliation.month_of(key)
    lines: list[Published] | list[ThreeFigures]
    if month:
        lines = reconciliation.three_figures(cells, year, month)
    else:
        months = reconciliation.months(cells, year)
        lines = reconciliation.published(cells, year, months[-1] if months else None)
    for found in lines:
        if found.key == key:
            return found
    raise Http404


def _back(request: HttpRequest, year: int, found: Published | ThreeFigures) -> str:
    address = reverse("summaries:reconciliation", args=[year])
    month = reconciliation.month_of(found.key)
    return f"{address}?month={month}#{found.key}" if month else f"{address}#{found.key}"
