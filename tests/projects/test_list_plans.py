"""Which index PostgreSQL walks for the lists' first, last, deep and found pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from office.keyset import sorted_narrowly
from projects.models import AnnualPlan, Project
from projects.orders import LATEST_ORDERS, PLAN_ORDERS, PROJECT_ORDERS, YEAR_ORDERS
from projects.search import matching, matching_entries
from tests.factories import make_region, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]
ROWS = 1500
PROJECTS = """
    INSERT INTO projects_project (code, national_code, name, name_sort, name_pinyin, name_initials, category,
        sector, status, owner_unit, contact, leader, description, total_investment, version, head)
    SELECT '500101-' || lpad(n::text, 6, '0'), '', chr(19968 + n) || chr(21000 + n) || '工程', lpad(n::text, 8, '0'),
        'pinyin' || n, chr(97 + mod(n / 26, 26)) || chr(97 + mod(n, 26)) || 'gc', 'industry', '', 'started', '', '', '', '',
        n, 0, ''
    FROM generate_series(1, %s) AS n
"""
ENTRIES = """
    INSERT INTO projects_annualplan (project_id, year, cited_name, level, category, sector, goal, result,
        planned_investment, position, featured, "table", heading, cited_verb, enters_in, curve, version, head, quote)
    SELECT id, 2024, name, '', 'industry', '', '', '', total_investment, id, false, '表5', '', '', 1, '', 0, '', ''
    FROM projects_project
"""
LATEST = """
    INSERT INTO projects_latestfigures (entry_id, month, completion_rate, gap, light, streak)
    SELECT id, 9, id, id, 'green', 1 FROM projects_annualplan
"""
INDEXES = {
    "": "plan_by_order",
    "source": "plan_by_order",
    "name": "project_by_name",
    "code": "projects_project_code",
    "completion_rate": "latest_by_completion",
    "gap": "latest_by_gap",
    "planned_investment": "plan_by_investment",
}


@pytest.fixture
def long_lists(db):
    """Lists that an index is worth walking for; the planner is told to think little of other ways."""
    with connection.cursor() as cursor:
        cursor.execute(PROJECTS, [ROWS])
        cursor.execute(ENTRIES)
        cursor.execute(LATEST)
        for table in ("projects_project", "projects_annualplan", "projects_latestfigures"):
            cursor.execute(f"ANALYZE {table}")
        for way in ("seqscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")


def plan_of(part, rows):
    return rows.filter(*part.conditions).order_by(*part.ordering)[:51].explain()


def filled(order):
    """The part of a list whose rows have a value of the first key."""
    return order.parts()[-1 if order.keys[0].nulls_first else 0]


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("name", INDEXES)
def test_first_last_and_deep_pages_walk_the_index_of_their_order(long_lists, name, is_turned):
    order = (PLAN_ORDERS | LATEST_ORDERS | YEAR_ORDERS)[name]
    order = order.turned() if is_turned else order
    entries = AnnualPlan.objects.filter(year=2024)
    rows = entries.values("pk", *order.lookups)
    place = list(entries.values_list(*order.lookups).order_by("pk")[ROWS // 2])
    for way in (order, order.backwards()):
        assert INDEXES[name] in plan_of(filled(way), rows)
        for part in way.parts(place):
            plan = plan_of(part, rows)
            assert "Seq Scan on projects_" not in plan, plan
            assert "Index Cond" in plan


@pytest.mark.parametrize(
    ("order", "index"), [("", "project_by_name"), ("total_investment", "project_by_total")]
)
def test_projects_too(long_lists, order, index):
    for way in (PROJECT_ORDERS[order], PROJECT_ORDERS[order].backwards()):
        assert index in plan_of(filled(way), Project.objects.values("pk", *way.lookups))


def test_filtered_pages_walk_the_list_in_its_order(long_lists):
    [part] = PLAN_ORDERS[""].parts()
    for name in ("level", "category", "sector", "goal", "result"):
        rows = AnnualPlan.objects.filter(year=2024, **{name: "completed"}).values("pk")
        assert f"plan_by_{name}" in plan_of(part, rows)


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("工程", "project_name_pairs"),
        ("工", "project_name_pairs"),
        ("abgc", "project_initials_pairs"),
        ("pinyin12", "project_pinyin_begins"),
        ("000123", "project_code_ends"),
        ("500101-0001", "projects_project_code"),
    ],
)
def test_words_are_found_by_their_pairs(long_lists, words, index):
    assert index in Project.objects.filter(matching(words)).order_by().explain()


def test_entries_are_found_by_the_keys_of_few_projects(long_lists):
    name = Project.objects.order_by("pk").values_list("name", flat=True)[700]
    found = AnnualPlan.objects.filter(matching_entries(name[:2]))
    assert [entry.cited_name for entry in found] == [name]
    assert "Index Cond: (project_id" in found.order_by().explain()


def test_few_found_entries_are_sorted_however_evenly_they_seem_to_lie_in_the_list(long_lists):
    [part] = PLAN_ORDERS[""].parts()
    found = AnnualPlan.objects.filter(year=2024).order_by(*part.ordering)
    assert "Sort Key: ((u0.id < 0))" not in sorted_narrowly(found, 0, 51).explain()
    assert "Sort Key: ((u0.id < 0))" in sorted_narrowly(found, 0, 51, unwalked=True).explain()


def test_a_common_word_is_looked_for_along_the_list_without_the_function_of_pairs(
    long_lists, monkeypatch
):
    monkeypatch.setattr("projects.search.FEW", 10)
    [part] = PLAN_ORDERS[""].parts()
    plan = plan_of(part, AnnualPlan.objects.filter(matching_entries("工程"), year=2024))
    assert "plan_by_order" in plan
    assert "text_pairs" not in plan


def test_the_pairs_cost_little_but_more_than_a_comparison(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, procost FROM pg_proc WHERE proname IN ('text_pairs', 'textlike')"
        )
        costs = dict(cursor.fetchall())
    assert costs["textlike"] < costs["text_pairs"] <= 10


def test_a_countys_page_is_sorted_and_not_looked_for_along_the_countrys_list(long_lists):
    county = make_region("500102", name="某县")
    last = Project.objects.order_by("-pk").values("pk")[:100]
    Project.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(region=county)
    client = signed_in(make_user(role=Role.MANAGER, region=county))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/plans/?year=2024")
    assert answer.context["totals"]["count"] == 100
    [page] = [
        query["sql"]
        for query in asked
        if "projects_annualplan" in query["sql"] and "LIMIT 51" in query["sql"]
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert ".id < 0))" in plan  # sorted by what no index is in the order of (see sorted_narrowly)
