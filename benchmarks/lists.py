"""The plan list and the API's beside Django admin's change list, the page without rows, and bare SQL.

Ours is held against an admin that shows the same columns and offers the same choices (peers.py). The
site's own, with nine columns of one table, stands beside them for who wants to know.
"""

import re
from html import unescape

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from benchmarks import urls
from benchmarks.findings import Findings
from benchmarks.ground import YEAR, person
from benchmarks.peers import ListedEntries
from benchmarks.probes import Probe, bare, measure, page, statements
from office.api.pages import PAGE_SIZE as API_PAGE
from projects.models import AnnualPlan, Category, Stage
from projects.views.listing import PAGE_SIZE
from tests.programs import ROOT

SUBJECT = "lists"
ROW, ADMIN_ROW = (b'<th scope="row"', PAGE_SIZE), (b'class="action-select"', PAGE_SIZE)
HEAD, ADMIN_HEAD = (
    re.compile(rb'<th scope="col"'),
    re.compile(rb'<th scope="col" class="[^"]*column-'),
)
WORD = "污水"
SEARCHES = {"two characters": "龙驹", "two characters, common": WORD, "initials": "ljz"}
SHELL, FIRST, FILTER, LAST, API = "shell", "list", "list, filter", "list, last page", "API"
ADMIN, ADMIN_FILTER, ADMIN_SORT, ADMIN_DEEP = (
    "admin",
    "admin, filter",
    "admin, sorted",
    "admin, deep page",
)
TEXT, ADMIN_TEXT = "list, filter and text", "admin, filter and text"
SITES_ADMIN = "the site's own admin, nine columns"
SQL = "bare SQL of the list"


def run(findings: Findings, entries: int, rounds: int) -> None:
    """Measure all of it at the size that is laid out."""
    client = Client()
    client.force_login(person("admin"))
    admin.site.get_model_admin(AnnualPlan).list_per_page = PAGE_SIZE
    see_the_same(client)
    probes = [*ours(client), *admins(client, entries), *programs(client)]
    findings.add(SUBJECT, entries, measure(probes, rounds))
    hold(findings, entries)


def ours(client: Client) -> list[Probe]:
    """Our list's pages, the page without rows and the list's own statement."""
    plans = f"{reverse('projects:plan-list')}?year={YEAR}"
    first = page(client, plans, holds=ROW)
    html = first().decode()
    filtered = f"{plans}&category={Category.INDUSTRY}&goal={Stage.STARTED}"
    code = AnnualPlan.objects.order_by("-position").values_list("project__code", flat=True)[0]
    searches = {**SEARCHES, "code": code}
    return [
        Probe(SHELL, page(client, f"{urls.SHELL}?year={YEAR}", holds=(ROW[0], 0))),
        Probe(SQL, bare(page_statement(statements(first)))),
        Probe(FIRST, first),
        Probe(FILTER, page(client, filtered)),
        Probe(TEXT, page(client, f"{plans}&category={Category.INDUSTRY}&q={WORD}")),
        Probe(LAST, page(client, last_page(html, plans))),
        *(
            Probe(f"list, sorted by {name}", page(client, f"{plans}&sort={name}", holds=ROW))
            for name in offered_sorts(html)
        ),
        *(
            Probe(f"list, search: {name}", page(client, f"{plans}&q={text}"))
            for name, text in searches.items()
        ),
    ]


def admins(client: Client, entries: int) -> list[Probe]:
    """Django admin's change list of the same columns, and the site's own."""
    changes = reverse("peers:projects_annualplan_changelist")
    of_category = f"{changes}?year__exact={YEAR}&category__exact={Category.INDUSTRY}"
    filtered = f"{of_category}&goal__exact={Stage.STARTED}"
    by_amount = ListedEntries.list_display.index("planned_investment") + 1
    deep = max(entries // PAGE_SIZE, 1)
    return [
        Probe(ADMIN, page(client, changes, holds=ADMIN_ROW)),
        Probe(ADMIN_FILTER, page(client, filtered)),
        Probe(ADMIN_TEXT, page(client, f"{of_category}&q={WORD}")),
        Probe(ADMIN_SORT, page(client, f"{changes}?o={by_amount}", holds=ADMIN_ROW)),
        Probe(ADMIN_DEEP, page(client, f"{changes}?p={deep}", holds=ADMIN_ROW)),
        Probe(
            SITES_ADMIN,
            page(client, reverse("admin:projects_annualplan_changelist"), holds=ADMIN_ROW),
        ),
    ]


def see_the_same(client: Client) -> None:
    """End the run where the page and the one that it is held against show not as much as one another."""
    ours = client.get(reverse("projects:plan-list"), {"year": YEAR}).content
    theirs = client.get(reverse("peers:projects_annualplan_changelist")).content
    shown = len(HEAD.findall(ours)), len(ADMIN_HEAD.findall(theirs))
    if shown[0] != shown[1]:
        raise SystemExit(f"The list shows {shown[0]} columns, the admin {shown[1]}.")


def programs(client: Client) -> list[Probe]:
    """The API's first page and the same rows as barely as Django can."""
    first = f"{ROOT}plans/?page_size={API_PAGE}"
    return [
        Probe("API floor", page(client, urls.API_FLOOR)),
        Probe(API, page(client, first)),
        Probe("API, filter", page(client, f"{first}&year={YEAR}&category={Category.INDUSTRY}")),
    ]


def hold(findings: Findings, entries: int) -> None:
    """The goals of lists."""

    def time(name: str) -> float:
        return findings.middle(SUBJECT, name, entries)

    names = [name for name, found in findings.times[SUBJECT].items() if entries in found]
    sort = max((name for name in names if "sorted by" in name), key=time)
    search = max((name for name in names if "search" in name), key=time)
    beside = {FIRST: ADMIN, FILTER: ADMIN_FILTER, sort: ADMIN_SORT, LAST: ADMIN_DEEP}
    said = {sort: "list, slowest sort"}
    for name, peer in beside.items():
        findings.hold(f"{said.get(name, name)} / {peer}", entries, time(name) / time(peer), 0.2)
    for name, peer in {TEXT: ADMIN_TEXT, FIRST: SITES_ADMIN}.items():
        findings.hold(f"{name} / {peer}", entries, time(name) / time(peer))
    for name in beside:
        findings.hold(f"{said.get(name, name)} / shell", entries, time(name) / time(SHELL), 3)
    if entries >= 100_000:
        most = 1.5 if entries < 1_000_000 else 3
        name = f"list, slowest search / list (at {entries:,})"
        findings.hold(name, entries, time(search) / time(FIRST), most)
    findings.hold("API / API floor", entries, time(API) / time("API floor"), 1.5)


def hold_growth(findings: Findings) -> None:
    """The largest size against the smallest: a page costs the same however long the list."""
    times = findings.times.get(SUBJECT, {})
    sizes = sorted(times.get(FIRST, {}))
    if len(sizes) < 2:
        return
    for name, found in times.items():
        is_full = name.startswith("list") and "search" not in name and name != TEXT
        if is_full and sizes[0] in found:
            ratio = found[sizes[-1]][0] / found[sizes[0]][0] if sizes[-1] in found else None
            if ratio is not None:
                findings.hold(f"{name}: at {sizes[-1]:,} / at {sizes[0]:,}", sizes[-1], ratio, 1.3)


def offered_sorts(html: str) -> list[str]:
    """The columns that the page offers to sort by."""
    return sorted({name.lstrip("-") for name in re.findall(r"[?&;]sort=(-?\w+)", html)})


def last_page(html: str, address: str) -> str:
    """The address of the list's last page, as the first page links to it."""
    links = [unescape(link) for link in re.findall(r'href="([^"]*[?&;]page=\w+[^"]*)"', html)]
    if not links:
        return address
    last = [link for link in links if "page=last" in link]
    link = last[0] if last else max(links, key=page_number)
    return link if link.startswith("/") else address.partition("?")[0] + link


def page_number(address: str) -> int:
    """The number of the page that an address names."""
    found = re.search(r"[?&]page=(\d+)", address)
    return int(found[1]) if found else 0


def page_statement(asked: list[str]) -> list[str]:
    """Of a page's statements the one that reads its rows."""
    reading = [sql for sql in asked if "projects_annualplan" in sql and "LIMIT" in sql]
    return [max(reading, key=len)]
