"""The figures of a year against a plain recomputation, and the report's own counts."""

import json
import threading
from collections import defaultdict

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from projects.models import AnnualPlan, Category, Stage
from summaries import rollup
from summaries.carryover import Entry
from tests.factories import make_entry, make_project

pytestmark = pytest.mark.usefixtures("db")


def figures(year):
    return rollup.figures(rollup.read(year))


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("year", [2023, 2024])
def test_the_groups_are_those_of_a_plain_recomputation(year):
    named = defaultdict(list)
    for entry in AnnualPlan.objects.filter(year=year).order_by("table", "position"):
        key = (entry.category, entry.sector, entry.goal, entry.result)
        named[key].append((entry.project.code, entry.cited_name))
    found = figures(year)["projects"]
    assert {
        (group["category"], group["sector"], group["goal"], group["result"]): [
            (project["code"], project["name"]) for project in group["projects"]
        ]
        for group in found["groups"]
    } == named
    assert found["total"] == sum(map(len, named.values()))
    for field, place in (("goals", 2), ("results", 3)):
        counts = defaultdict(int)
        for key, names in named.items():
            if key[place]:
                counts[key[place]] += len(names)
        assert found[field] == counts


@pytest.mark.usefixtures("report_loaded")
def test_what_became_of_2023_is_that_of_a_plain_recomputation():
    before = {e.project_id: e for e in AnnualPlan.objects.filter(year=2023)}
    now = {e.project_id: e for e in AnnualPlan.objects.filter(year=2024)}
    found = figures(2024)["carry_overs"]
    assert found["total"] == len(before) == 53
    assert found["new"] == len(now.keys() - before.keys())
    assert found["outcomes"] == {
        "finished": sum(e.result == "completed" and k not in now for k, e in before.items()),
        "continued": sum(e.result != "completed" and k in now for k, e in before.items()),
        "relisted": sum(e.result == "completed" and k in now for k, e in before.items()),
        "absent": sum(e.result != "completed" and k not in now for k, e in before.items()),
    }


@pytest.mark.usefixtures("report_loaded")
def test_the_report_s_own_contradiction_is_found():
    (row,) = [row for row in figures(2024)["carry_overs"]["rows"] if row["goes_back"]]
    assert row["name"] == "年加工15万吨菜籽"
    assert (row["result"], row["goal_now"], row["outcome"]) == (
        "completed",
        "accelerated",
        "relisted",
    )


@pytest.mark.usefixtures("report_loaded")
def test_phases_are_never_merged():
    rows = {row["name"]: row for row in figures(2024)["carry_overs"]["rows"]}
    first = rows["苎溪河流域综合治理（一期）"]
    assert first["outcome"] == "absent"
    assert [phase["name"] for phase in first["later_phases"]] == ["苎溪河流域综合治理（二期）"]


@pytest.mark.usefixtures("report_loaded")
def test_a_named_list_is_never_mistaken_for_a_stated_count():
    rows = {row["code"]: row for row in figures(2024)["stated_counts"]}
    stated = [(row["stated"], row["comparator"], row["named"]) for row in rows.values()]
    assert (45, "ge", 9) in stated
    assert (22, "ge", 8) in stated
    assert (18, "eq", 5) in stated
    municipal = [row for row in figures(2023)["stated_counts"] if row["stated"] == 53]
    assert [row["named"] for row in municipal] == [None]


@pytest.mark.usefixtures("report_loaded")
def test_the_indicators_are_counted_as_the_report_counts_them():
    found = figures(2023)["indicators"]
    counts = [found[name] for name in ("total", "pending", "met", "below", "unjudged")]
    assert counts == [25, 2, 20, 3, 0]
    assert [
        (row["name"], row["gap"], row["gap_unit"])
        for row in found["rows"]
        if row["verdict"] == "below" and row["counted"]
    ] == [
        ("空气质量优良天数", "-4", "天"),
        ("实际使用外资", "-376", "万美元"),
        ("全体居民人均可支配收入增速", "-1.4", "个百分点"),
    ]


@pytest.mark.usefixtures("report_loaded")
def test_targets_of_a_year_without_results_are_all_pending():
    found = figures(2024)["indicators"]
    assert (found["total"], found["binding"], found["pending"]) == (34, 4, 34)


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("year", [2023, 2024])
def test_commitments_add_up(year):
    for kind in figures(year)["commitments"]:
        assert kind["total"] == len(kind["rows"])
        for field in ("measures", "met", "below", "pending", "unjudged", "unstated"):
            assert kind[field] == sum(row[field] for row in kind["rows"])
        parts = ("met", "below", "pending", "unjudged", "unstated")
        assert kind["measures"] == sum(kind[part] for part in parts)


@pytest.mark.usefixtures("report_loaded")
def test_the_figures_survive_storage_as_json():
    found = figures(2023)
    assert json.loads(json.dumps(found)) == found


def test_numbers_lose_the_zeros_that_a_database_adds():
    from_the_report = [("71.9000", "71.9"), ("1500.0000", "1500"), ("0.0120", "0.012"), ("0", "0")]
    for stored, shown in from_the_report:
        assert rollup.plain(rollup.Decimal(stored)) == shown
    assert rollup.plain(None) == ""


def test_a_year_of_which_nothing_is_recorded_is_empty():
    assert rollup.read(1999).is_empty
    assert rollup.years() == []


def test_tables_are_ordered_by_number_not_by_letter():
    for table, name in (("表10", "后"), ("表9", "前"), ("", "表外")):
        make_entry(make_project(name), 2024, table=table, position=1, goal=Stage.STARTED)
    (group,) = figures(2024)["projects"]["groups"]
    assert [project["name"] for project in group["projects"]] == ["前", "后", "表外"]


def test_reading_takes_the_same_number_of_queries_for_1_and_for_30_rows(
    django_assert_num_queries, django_assert_max_num_queries
):
    make_entry(year=2024, goal=Stage.STARTED)
    with django_assert_max_num_queries(30) as first:
        figures(2024)
    for year in (2023, 2024):
        for _ in range(30):
            make_entry(year=year, goal=Stage.STARTED)
    with django_assert_num_queries(len(first)):
        figures(2024)


entries = st.builds(
    Entry,
    code=st.uuids().map(str),
    name=st.text(max_size=5),
    year=st.just(2024),
    category=st.sampled_from(Category.values),
    sector=st.sampled_from(["", "交通", "水利"]),
    goal=st.sampled_from(["", *Stage.values]),
    result=st.sampled_from(["", *Stage.values]),
    table=st.just("表5"),
    order=st.tuples(st.integers(1, 3), st.integers(1, 9), st.text(max_size=3)),
)


@given(st.lists(entries))
def test_any_list_is_grouped_without_loss_whatever_its_order(listed):
    found = rollup.projects(listed)
    codes = [project["code"] for group in found["groups"] for project in group["projects"]]
    assert sorted(codes) == sorted(entry.code for entry in listed)
    keys = [
        tuple(group[k] for k in ("category", "sector", "goal", "result"))
        for group in found["groups"]
    ]
    assert len(keys) == len(set(keys))
    unique = {entry.order for entry in listed}
    if len(unique) == len(listed):
        assert rollup.projects(listed[::-1]) == found


@pytest.mark.django_db(transaction=True)
def test_a_change_made_while_the_year_is_read_is_not_half_in():
    make_entry(year=2024)

    def add() -> None:
        try:
            make_entry(year=2024)
        finally:
            connection.close()

    other = threading.Thread(target=add)
    with rollup.snapshot():
        assert AnnualPlan.objects.count() == 1
        other.start()
        other.join(timeout=1)  # PostgreSQL lets it write; SQLite makes it wait
        assert AnnualPlan.objects.count() == 1
    other.join()
    assert AnnualPlan.objects.count() == 2
