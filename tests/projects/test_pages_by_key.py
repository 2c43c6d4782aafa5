"""Pages that begin at a row: whatever the order, walking through them gives the list, once."""

from contextlib import contextmanager
from decimal import Decimal
from functools import cmp_to_key
from itertools import chain
from urllib.parse import parse_qs

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from projects.models import AnnualPlan, LatestFigures, Project
from projects.orders import LATEST_ORDERS, PLAN_ORDERS, PROJECT_ORDERS, YEAR_ORDERS
from tests.factories import make_entry, make_project, signed_in
from tests.projects.test_filtered_lists import listed

ENTRY_ORDERS = {**PLAN_ORDERS, **LATEST_ORDERS, **YEAR_ORDERS}
AMOUNTS = st.sampled_from([None, Decimal("0.00"), Decimal("9.50"), Decimal("10.00")])
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "project": st.integers(0, 3),
            "table": st.sampled_from(["", "表3", "表5"]),
            "position": st.sampled_from([None, 1, 2]),
            "planned_investment": AMOUNTS,
            # nothing reported, reported without a figure, a figure
            "latest": st.sampled_from(["none", None, Decimal("-1.50"), Decimal("80.00")]),
        }
    ),
    max_size=12,
)


@contextmanager
def rows_of(entries):
    """So many entries of a few projects of two names; gone again afterwards."""
    with transaction.atomic():
        projects = [
            Project.objects.create(
                code=f"K-{number}",
                name="甲" if number % 2 else "乙",
                category="industry",
                total_investment=None if number == 2 else number % 2,
            )
            for number in range(4)
        ]
        for number, fields in enumerate(entries):
            latest, project = fields["latest"], projects[fields["project"]]
            kept = {k: v for k, v in fields.items() if k not in ("latest", "project")}
            entry = AnnualPlan.objects.create(
                project=project, year=2000 + number, category="industry", **kept
            )
            if latest != "none":
                LatestFigures.objects.create(entry=entry, completion_rate=latest, gap=latest)
        yield
        transaction.set_rollback(True)


def expected(rows, order):
    """The rows as the keys say, sorted here."""

    def compare(one, other):
        for key in order.keys:
            missing = [key.nullable and row[key.lookups[0]] is None for row in (one, other)]
            if all(missing):
                continue
            if any(missing):
                return 1 if missing[0] != key.nulls_first else -1
            left, right = ([row[name] for name in key.lookups] for row in (one, other))
            if left != right:
                return 1 if (left > right) != key.descending else -1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def walked(rows, order, size):
    """All rows, page by page."""
    found = order.read(rows, size)
    page = found
    while len(page) == size:
        page = order.read(rows, size, place=[page[-1][name] for name in order.lookups])
        found = found + page
    return found


ORDERS = [
    (model, order)
    for model, orders in ((AnnualPlan, ENTRY_ORDERS), (Project, PROJECT_ORDERS))
    for one_way in orders.values()
    for order in (one_way, one_way.turned())
]


@pytest.mark.django_db
@settings(
    max_examples=60, phases=[Phase.generate]
)  # to shrink what the database does takes minutes
@given(ENTRIES, st.integers(1, 4), st.sampled_from(ORDERS))
def test_walking_through_the_pages_gives_the_ordered_list(entries, size, ordered):
    model, order = ordered
    with rows_of(entries):
        rows = model.objects.values(*dict.fromkeys(["pk", *order.lookups]))
        wanted = expected(rows, order)
        assert list(order.whole(rows)) == wanted
        assert walked(rows, order, size) == wanted
        assert walked(rows, order.backwards(), size) == wanted[::-1]


@pytest.fixture
def client(manager):
    return signed_in(manager)


@pytest.fixture
def short_pages(monkeypatch, settings):
    """Three rows a page, and lists that are long from eight rows on."""
    monkeypatch.setattr("projects.views.listing.PAGE_SIZE", 3)
    settings.LIST_COUNTED = 7


def page_of(client, address):
    return client.get(address).context["page"]


def all_pages(client, address, link="next_url"):
    """The names of the rows, page by page, from an address on."""
    path = address.split("?")[0]
    pages = []
    while address:
        pages.append(listed(client, address))
        url = getattr(page_of(client, address), link)
        address = path + url if url else ""
    return pages


@pytest.mark.parametrize("count", [7, 8])  # counted, and too long for it
def test_pages_follow_one_another_to_the_last_and_back(client, short_pages, count):
    names = [f"项目{number}" for number in range(count)]
    for name in names:
        make_entry(make_project(name))
    address = "/plans/?year=2024&sort=name"
    pages = all_pages(client, address)
    assert list(chain(*pages)) == names
    first = page_of(client, address)
    assert (first.start, first.end, first.first_url, first.previous_url) == (1, 3, "", "")

    last = page_of(client, f"/plans/{first.last_url}")
    assert [row["cited_name"] for row in last.object_list][-1] == names[-1]
    assert (last.next_url, last.last_url) == ("", "")
    back = all_pages(client, f"/plans/{first.last_url}", "previous_url")
    assert set(chain(*back)) == set(names)
    assert back[-1] == names[:3]
    assert page_of(client, f"/plans/{last.first_url}").start == 1


def test_a_counted_list_says_where_each_page_lies_however_one_came_there(client, short_pages):
    for number in range(7):
        make_entry(make_project(f"项目{number}"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # or the planner goes by what another test has left behind
    first = page_of(client, "/plans/?year=2024&sort=name")
    assert [(each.number, each.is_present) for each in first.numbers] == [
        (1, True),
        (2, False),
        (3, False),
    ]
    second = page_of(client, f"/plans/{first.next_url}")
    last = page_of(client, f"/plans/{second.next_url}")
    by_number = page_of(client, f"/plans/{first.numbers[2].url}")
    from_the_end = page_of(client, f"/plans/{first.last_url}")
    assert (second.start, second.end) == (4, 6)
    assert (last.start, last.end) == (by_number.start, by_number.end) == (7, 7)
    assert (from_the_end.start, from_the_end.end) == (7, 7)
    back = page_of(client, f"/plans/{from_the_end.previous_url}")
    assert (back.start, back.end, back.total.number) == (4, 6, 7)


def test_a_row_that_went_away_between_two_pages_takes_no_other_along(client, short_pages):
    for number in range(9):
        make_entry(make_project(f"项目{number}"))
    first = page_of(client, "/plans/?year=2024&sort=name")
    AnnualPlan.objects.filter(cited_name="项目2").delete()  # the last of the first page
    assert listed(client, f"/plans/{first.next_url}") == ["项目3", "项目4", "项目5"]
    second = page_of(client, f"/plans/{first.next_url}")
    AnnualPlan.objects.filter(cited_name__gt="项目5").delete()
    assert listed(client, f"/plans/{second.next_url}")  # nothing is left there: the last page


@pytest.mark.parametrize(
    "place",
    ["after=nonsense", "before=nonsense", "after=", "page=last", "page=0", f"page={'9' * 30}"],
)
def test_a_place_that_makes_no_sense_gives_a_page(client, short_pages, place):
    for number in range(9):
        make_entry(make_project(f"项目{number}"))
    assert len(listed(client, f"/plans/?year=2024&{place}")) == 3
    assert len(listed(client, f"/plans/?year=2024&sort=sector&{place}")) == 3


def test_a_place_in_another_order_is_none(client, short_pages):
    for number in range(9):
        make_entry(make_project(f"项目{number}"))
    by_name = page_of(client, "/plans/?year=2024&sort=name").next_url
    names = listed(client, f"/plans/{by_name.replace('sort=name', 'sort=code')}")
    assert names == ["项目0", "项目1", "项目2"]


def test_a_long_list_has_about_so_many_rows_until_somebody_counts_them(client, short_pages):
    for number in range(12):
        make_entry(make_project(f"项目{number}"), planned_investment=number)
    answer = client.get("/plans/?year=2024")
    assert "planned" not in answer.context["totals"]
    assert "totals=exact" in answer.content.decode()
    assert "sort=category" not in answer.context["table"]
    assert answer.context["sorted_by"] == "项目名称、年度计划投资（万元）、投资完成率（%）、出处"
    assert "sort=planned_investment" in answer.context["table"]
    assert "sort=planned_investment" not in client.get("/plans/?all=1").context["table"]

    counted = client.get("/plans/?year=2024&totals=exact")
    assert counted.context["totals"]["count"] == 12
    assert counted.context["totals"]["planned"] == Decimal(66)
    remembered = client.get("/plans/?year=2024")
    assert remembered.context["totals"]["planned"] == Decimal(66)
    assert (
        "planned" not in client.get("/plans/?year=2024&category=infrastructure").context["totals"]
    )


def test_what_is_counted_for_one_is_not_told_to_another(manager, reporter, short_pages):
    for number in range(12):
        department = reporter.department if number % 4 else None
        make_entry(make_project(f"项目{number}", department=department), planned_investment=number)
    signed_in(manager).get("/plans/?year=2024&totals=exact")
    assert "planned" not in signed_in(reporter).get("/plans/?year=2024").context["totals"]


def test_an_order_that_a_long_list_has_not_gives_the_usual_one(client, short_pages):
    for number in (3, 1, 2, 4, 5, 6, 7, 8):
        make_entry(make_project(f"项目{number}"), heading=f"{number}")
    usual = listed(client, "/plans/?year=2024")
    assert listed(client, "/plans/?year=2024&sort=heading") == usual == ["项目3", "项目1", "项目2"]
    whole = client.get("/plans/?year=2024&sort=heading&file=csv").getvalue().decode()
    assert whole.index("项目1") < whole.index("项目2") < whole.index("项目3")


def test_entries_without_a_figure_come_last_both_ways(client):
    for amount in (None, Decimal(2), Decimal(1)):
        make_entry(make_project(f"{amount}"), planned_investment=amount)
    assert listed(client, "/plans/?year=2024&sort=planned_investment") == ["1", "2", "None"]
    assert listed(client, "/plans/?year=2024&sort=-planned_investment") == ["2", "1", "None"]


def test_a_page_far_down_takes_as_many_queries_as_one_further_up(client, short_pages):
    for number in range(30):
        make_entry(make_project(f"项目{number:02}"))

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    first = page_of(client, "/plans/?year=2024&sort=name")
    second = page_of(client, f"/plans/{first.next_url}")
    deep = second
    for _ in range(6):
        deep = page_of(client, f"/plans/{deep.next_url}")
    assert queries(f"/plans/{deep.next_url}") == queries(f"/plans/{first.next_url}")
    assert queries(f"/plans/{first.last_url}") <= queries("/plans/?year=2024&sort=name") + 1


def test_the_address_of_a_page_names_the_list_once(client, short_pages):
    for number in range(9):
        make_entry(make_project(f"项目{number}"))
    first = page_of(client, "/plans/?year=2024&sort=name&columns=goal&columns=status&page=1")
    query = parse_qs(first.next_url.lstrip("?"))
    assert set(query) == {"year", "sort", "columns", "after"}
    assert query["columns"] == ["goal", "status"]
