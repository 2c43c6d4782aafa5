"""Home: the cockpit for those who see the whole office, one's own projects for the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from office.clock import today
from summaries import cockpit, desk, rollup
from summaries.permissions import may_see_cockpit, visible_summaries


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page, by role."""
    user = request.user
    if not may_see_cockpit(user):  # type: ignore[arg-type]
        return render(request, "summaries/desk.html", {"desk": desk.read(user, on=today())})  # type: ignore[arg-type]
    years = rollup.years()
    if not years:
        return render(request, "summaries/cockpit_empty.html")
    asked = request.GET.get("year")
    year = next((year for year in years if str(year) == asked), years[0])
    latest = visible_summaries(user).filter(year=year).defer("figures", "text")  # type: ignore[arg-type]
    context = {"cockpit": cockpit.read(year, user), "years": years, "summary": latest.first()}  # type: ignore[arg-type]
    return render(request, "summaries/cockpit.html", context)
