"""Home: the cockpit for those who see the whole office, one's own projects for the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from office import replica
from office.clock import today
from summaries import cockpit, desk, month_reading, rollup
from summaries.permissions import may_see_cockpit
from summaries.ranking import RankBy
from summaries.standings import Order
from summaries.views.cockpit import list_page, list_url, place_asked

LONGEST_NUMBER = 4
"""Digits of a page's number."""


@require_safe
@replica.reader
def home(request: HttpRequest) -> HttpResponse:
    """The first page, by role; the year's list where there is no month to show yet."""
    user: User = request.user  # type: ignore[assignment]
    if not may_see_cockpit(user):
        return render(request, "summaries/desk.html", {"desk": desk.read(user, on=today())})
    year, month = request.GET.get("year", ""), request.GET.get("month", "")
    choice = month_reading.choose(year=year, month=month, on=today())
    if choice is None:
        return list_page(request)
    if year and year != str(choice.year) and year in map(str, rollup.years()):
        return redirect(list_url(int(year)))
    place = place_asked(request, user)
    page = cockpit.read(choice, user, on=today(), order=_order(request), place=place)
    return render(
        request, "summaries/cockpit/month.html", {"page": page, "ranks": RankBy.__members__}
    )


def _order(request: HttpRequest) -> Order:
    """How the rankings are asked for; what cannot be read is as good as not asked."""
    rank = request.GET.get("rank", "")
    by = RankBy(rank) if rank in list(RankBy) else RankBy.COMPLETION
    return Order(by, _page(request, "departments"), _page(request, "regions"))


def _page(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else 1
