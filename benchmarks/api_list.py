"""How long an API list page takes beside the floor, and a deep page beside the first.

    python -m benchmarks.api_list [--entries 10000] [--rounds 60] [--profile]

The floor is a bare view behind the same middlewares: the same query of the same hundred rows, and
json.dumps with Django's encoder. Asked for in turn, round after round, in this process: the floor,
the API with the same session, the API with a token, a page in the middle and the last, a filtered page beside a floor that
has the filter too, and an answer that the reader has already. A database and a broker are made for the
run and thrown away; TEST_DATABASE=postgresql measures on PostgreSQL.
"""

import argparse
import cProfile
import logging
import os
import pstats
import sys
from statistics import median
from time import perf_counter, process_time
from typing import Any

from tests import ground

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE", "postgresql")
ground.prepare()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.urls import path  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.scopes import Scope  # noqa: E402
from benchmarks.list_page import YEAR, make_data  # noqa: E402
from benchmarks.pages import WARM_UP, print_header, print_pages, print_ratios  # noqa: E402
from office.api.pages import PAGE_SIZE  # noqa: E402
from office.api.views import reader_of  # noqa: E402
from projects.api.plans import PlanSerializer  # noqa: E402
from projects.filters import PlanFilter  # noqa: E402
from projects.permissions import visible_entries  # noqa: E402
from tests.programs import ROOT, make_token  # noqa: E402
from wzprojects.urls import urlpatterns as site_urls  # noqa: E402

LOOKUPS = reader_of(PlanSerializer).lookups
GOALS = {
    "API / floor": 1.5,
    "API with a token / floor": 1.5,
    "filtered API / filtered floor": 1.5,
    "page in the middle / first page": 1.2,
    "last page / first page": 1.2,
}
FILTER = f"year={YEAR}&category=industry"


def floor(request: HttpRequest) -> JsonResponse:
    """The same rows, as barely as Django can."""
    rows = visible_entries(request.user).order_by("pk").values(*LOOKUPS)
    return JsonResponse({"results": list(rows[:PAGE_SIZE])})


def filtered_floor(request: HttpRequest) -> JsonResponse:
    """The same, through the page's filter."""
    found = PlanFilter(request.GET, queryset=visible_entries(request.user))
    rows = found.qs.order_by("pk").values(*LOOKUPS)
    return JsonResponse({"results": list(rows[:PAGE_SIZE])})


urlpatterns = [*site_urls, path("floor/", floor), path("filtered-floor/", filtered_floor)]


class Page:
    """A page to be measured: an address, who asks, what is expected."""

    def __init__(self, client: Client, address: str, status: int = 200, **headers: str) -> None:
        self.client, self.address, self.status, self.headers = client, address, status, headers

    def fetch(self) -> Any:
        """The response; one that is not what is measured ends the run."""
        response = self.client.get(self.address, headers=self.headers)
        if response.status_code != self.status:
            sys.exit(f"{self.address} answered {response.status_code}.")
        if self.status == 200 and len(response.json()["results"]) != PAGE_SIZE:
            sys.exit(f"{self.address}: not {PAGE_SIZE} rows.")
        return response


def pages(user: User, entries: int) -> dict[str, Page]:
    """What is asked for in turn."""
    browser, program = Client(), Client()
    browser.force_login(user)
    _token, secret = make_token(user, Scope.READ)
    program = Client(headers={"authorization": f"Bearer {secret}"})
    first = f"{ROOT}plans/?page_size={PAGE_SIZE}"
    last, middle = first, first
    for number in range(1, entries // PAGE_SIZE):
        last = browser.get(last).json()["next"].removeprefix("http://testserver")
        if number == entries // PAGE_SIZE // 2:
            middle = last
    tag = browser.get(first)["ETag"]
    return {
        "floor": Page(browser, "/floor/"),
        "API": Page(browser, first),
        "API with a token": Page(program, first),
        "page in the middle": Page(browser, middle),
        "last page": Page(browser, last),
        "filtered floor": Page(browser, f"/filtered-floor/?{FILTER}"),
        "filtered API": Page(browser, f"{first}&{FILTER}"),
        "known already (304)": Page(browser, first, 304, **{"if-none-match": tag}),
    }


def measure(asked: dict[str, Page], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, all pages in every round."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(-WARM_UP, rounds):
        for name, page in asked.items():
            start = perf_counter()
            response = page.client.get(page.address, headers=page.headers)
            elapsed = (perf_counter() - start) * 1000
            assert response.status_code == page.status
            if number >= 0:
                taken[name].append(elapsed)
    return taken


def queries(page: Page) -> int:
    """How many queries the page makes."""
    with CaptureQueriesContext(connection) as captured:
        page.fetch()
    return len(captured)


def profile(page: Page, rounds: int) -> None:
    """Print where the time of a page goes."""
    profiler = cProfile.Profile(process_time)
    profiler.enable()
    for _ in range(rounds):
        page.fetch()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--profile", action="store_true", help="show where the API's time goes")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    settings.ROOT_URLCONF = "benchmarks.api_list"
    settings.API_RATES = {"read": "1000000/hour", "write": "1/hour"}
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        asked = pages(make_data(options.entries), options.entries)
        if options.profile:
            profile(asked["API"], options.rounds)
            return 0
        asked["API with a token"].fetch()  # the first use of a day is written down
        counts = {name: queries(page) for name, page in asked.items()}
        taken = measure(asked, options.rounds)
        print_header(
            f"{options.entries:,} entries, {PAGE_SIZE} rows a page, {options.rounds} rounds"
        )
        print_pages(taken, counts)
        middle = {name: median(times) for name, times in taken.items()}
        ratios = {
            "API / floor": middle["API"] / middle["floor"],
            "API with a token / floor": middle["API with a token"] / middle["floor"],
            "filtered API / filtered floor": middle["filtered API"] / middle["filtered floor"],
            "page in the middle / first page": middle["page in the middle"] / middle["API"],
            "last page / first page": middle["last page"] / middle["API"],
        }
        return 0 if print_ratios(ratios, GOALS) else 1
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
