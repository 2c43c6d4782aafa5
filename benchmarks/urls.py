"""The site's addresses and the floors that its pages are held against."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path

from accounts.models import User
from benchmarks import peers
from office.api.pages import PAGE_SIZE
from office.api.views import reader_of
from projects.api.plans import PlanSerializer
from projects.models import AnnualPlan
from projects.permissions import visible_entries
from projects.views.plans import PlanList
from wzprojects.urls import urlpatterns as site_urls

SHELL, API_FLOOR = "/bench/shell/", "/bench/api-floor/"
LOOKUPS = reader_of(PlanSerializer).lookups


class Shell(PlanList):
    """The list's page with everything but rows."""

    def get_queryset(self, user: User) -> QuerySet[AnnualPlan]:
        return visible_entries(user).none()


def api_floor(request: HttpRequest) -> JsonResponse:
    """The API's rows, as barely as Django can."""
    rows: Any = visible_entries(request.user).order_by("pk").values(*LOOKUPS)  # type: ignore[arg-type]
    return JsonResponse({"results": list(rows[:PAGE_SIZE])})


urlpatterns = [
    *site_urls,
    path("bench/admin/", peers.site.urls),
    path(SHELL.lstrip("/"), Shell.as_view()),
    path(API_FLOOR.lstrip("/"), api_floor),
]
