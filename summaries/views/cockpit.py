"""The cockpit's further pages, and the wall screen: for those who see the whole office."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Region, User
from accounts.permissions import visible_regions
from office import replica
from office.clock import now, today
from summaries import cockpit_indicators, cockpit_list, month_reading, rollup, wall
from summaries.permissions import may_see_cockpit, visible_summaries

View = Callable[[HttpRequest], HttpResponse]


def for_the_whole_office(view: View) -> View:
    """A page of those who see everything; the others are refused."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not may_see_cockpit(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return view(request)

    return guarded


def place_asked(request: HttpRequest, user: User) -> Region | None:
    """The region asked for; 404 where it lies outside this person's bounds, None where none is.

    One's own is all that one sees: None as well.
    """
    code = request.GET.get("region", "")
    found = get_object_or_404(visible_regions(user), code=code) if code else None
    return None if found is not None and found.pk == user.region_id else found


def list_url(year: int) -> str:
    """The page of a year's list."""
    return f"{reverse('summaries:cockpit-list')}?year={year}"


def list_page(request: HttpRequest) -> HttpResponse:
    """The year's list; the caller has asked who sees it."""
    user: User = request.user  # type: ignore[assignment]
    years = rollup.years()
    if not years:
        return render(request, "summaries/cockpit_empty.html")
    year = _year(request, years)
    latest = visible_summaries(user).filter(year=year, month=None).defer("figures", "text")
    context = {"page": cockpit_list.read(year, user), "years": years, "summary": latest.first()}
    return render(request, "summaries/cockpit/list.html", context)


@require_safe
@for_the_whole_office
@replica.reader
def year_list(request: HttpRequest) -> HttpResponse:
    """The year's list: goals, results, statuses, carry-overs, questions."""
    return list_page(request)


@require_safe
@for_the_whole_office
@replica.reader
def indicators(request: HttpRequest) -> HttpResponse:
    """Targets, commitments and the report's figures of a year."""
    years = rollup.years()
    if not years:
        return render(request, "summaries/cockpit_empty.html")
    page = cockpit_indicators.read(_year(request, years))
    return render(request, "summaries/cockpit/indicators.html", {"page": page, "years": years})


@require_safe
@for_the_whole_office
@replica.reader
def wall_screen(request: HttpRequest) -> HttpResponse:
    """The latest settled month for a screen in a meeting room; it fetches itself again."""
    user: User = request.user  # type: ignore[assignment]
    choice = month_reading.choose(on=today())
    place = place_asked(request, user)
    found = wall.read(choice, user, on=today(), at=now(), place=place) if choice else None
    response = render(request, "summaries/wall.html", {"wall": found, "read_at": now()})
    response["Cache-Control"] = "no-store"
    return response


def _year(request: HttpRequest, years: list[int]) -> int:
    """The year asked for where there is anything of it, else the latest."""
    asked = request.GET.get("year")
    return next((year for year in years if str(year) == asked), years[0])
