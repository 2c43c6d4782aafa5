"""The portfolio and a project as they stood on a date."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from office import replica
from office.clock import today
from projects import as_of, as_of_page
from projects.as_of_list import AsOfFilter, DayForm
from projects.filters import plan_years
from projects.models import Project
from projects.permissions import visible_entries, visible_projects
from projects.views.listing import PAGE_SIZE, active_filters

DAY_FIELDS = ("date", "page", "year", "all")
"""What another day does not carry along: the year's list follows the day."""


@require_safe
@replica.reader
def portfolio_as_of(request: HttpRequest) -> HttpResponse:
    """The list of a year's entries as they stood at the end of a day, beside how they stand now."""
    user: User = request.user  # type: ignore[assignment]
    form, query = _day_form(request)
    keep = [(n, v) for n, values in query.lists() if n not in DAY_FIELDS for v in values]
    context: dict[str, Any] = {"form": form, "keep": keep}
    status = 400
    if form.is_valid():
        day = form.cleaned_data["date"]
        if "all" not in query and "year" not in query:
            query["year"], query["all"] = _year(day), "1"
        filterset = AsOfFilter(query, queryset=visible_entries(user), request=request)
        context |= {
            "day": day,
            "filter": filterset,
            "query": _query(query),
            "keep_day": [("date", day.isoformat()), ("all", "1")],
        }
        if filterset.is_valid():
            status = 200
            rows = filterset.then(as_of.read(filterset.qs, day))
            lines = [as_of_page.line(row) for row in rows]
            context |= {
                "totals": as_of_page.totals(rows, lines),
                "page": Paginator(lines, PAGE_SIZE).get_page(query.get("page")),
                "active": active_filters(filterset, query),
                "clear_url": f"?date={day.isoformat()}&all=1",
            }
    return render(request, "projects/portfolio_as_of.html", context, status=status)


@require_safe
@replica.reader
def project_as_of(request: HttpRequest, code: str) -> HttpResponse:
    """A project as it stood at the end of a day, beside how it stands now."""
    user: User = request.user  # type: ignore[assignment]
    project = get_object_or_404(visible_projects(user), code=code)
    form, query = _day_form(request)
    context: dict[str, Any] = {"project": project, "form": form}
    if form.is_valid():
        context |= _project_context(project, form.cleaned_data["date"])
    context["crumbs"] = [
        (_("As it stood"), f"{reverse('projects:portfolio-as-of')}?{_query(query)}"),
        (project.name, project.get_absolute_url()),
    ]
    status = 200 if form.is_valid() else 400
    return render(request, "projects/project_as_of.html", context, status=status)


def _project_context(project: Project, day: date) -> dict[str, Any]:
    entries = project.entries.order_by("year")
    rows = as_of.read(entries, day)
    listed = [row for row in rows if row.entry.year <= day.year][-1:] or rows[:1]
    row = listed[0] if listed else as_of.read_unlisted(project, day)
    then, now = as_of.belongings(project, day)
    return {
        "day": day,
        "row": row,
        "facts": as_of_page.facts(row, is_listed=bool(listed)),
        "months": as_of_page.months(row),
        "money": as_of_page.money(then, now),
        "nodes": as_of_page.nodes(then, now, day=day, on=today()),
        "obstacles": as_of_page.obstacles(then, now),
        "steps_since": project.changes.filter(at__gte=as_of.end_of(day)).count(),
    }


def _day_form(request: HttpRequest) -> tuple[DayForm, QueryDict]:
    """The day that the address names; without one the end of last month, or the first on record."""
    query, on, first = request.GET.copy(), today(), as_of.first_record()
    if "date" not in query:
        last_month = on.replace(day=1) - timedelta(days=1)
        query["date"] = max(last_month, first or last_month).isoformat()
    return DayForm(query, first=first, on=on), query


def _year(day: date) -> str:
    """The year of the day where it has a plan, else the latest that has one; "" is all."""
    years = plan_years()
    return str(day.year if day.year in years else years[0]) if years else ""


def _query(query: QueryDict) -> str:
    rest = query.copy()
    rest.pop("page", None)
    return rest.urlencode()
