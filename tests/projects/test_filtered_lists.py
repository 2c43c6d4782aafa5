"""The lists of plan entries and of projects: filters, totals, order, columns, search, saved views."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AnnualPlan, Project, SavedView
from projects.tables import PlanTable, ProjectTable
from tests.factories import make_department, make_entry, make_project, signed_in


def listed(client, address):
    """Names of the rows that a list shows, in their order."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [
        row.split("</a>")[0].split(">")[-1]
        for row in answer.context["table"].split('<th scope="row"')[1:]
    ]


@pytest.fixture
def client(manager):
    return signed_in(manager)


def test_without_a_query_the_latest_year_stands_in_the_order_of_the_report(client, report_loaded):
    answer = client.get("/plans/")
    assert answer.context["totals"]["count"] == 111
    first = listed(client, "/plans/")
    tables = AnnualPlan.objects.filter(year=2024).order_by("table", "position")
    assert first == list(tables.values_list("cited_name", flat=True))[:50]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("year=2023", {"year": 2023}),
        ("category=ecology", {"category": "ecology"}),
        ("sector=交通", {"sector": "交通"}),
        ("goal=started&year=2024", {"goal": "started", "year": 2024}),
        ("result=completed", {"result": "completed"}),
        ("goal=none", {"goal": ""}),
        ("level=none", {"level": ""}),
        ("status=completed", {"project__status": "completed"}),
        ("region=500000", {}),
        ("q=高铁", {"cited_name__contains": "高铁"}),
    ],
)
def test_a_filter_finds_what_the_words_mean_and_totals_count_it(
    client, report_loaded, query, condition
):
    totals = client.get(f"/plans/?{query}").context["totals"]
    expected = list(AnnualPlan.objects.filter(**condition))
    assert totals["count"] == len(expected) > 0
    goals = {stage: count for field, stage, _label, count in totals["stages"] if field == "goal"}
    for stage, count in goals.items():
        assert count == sum(entry.goal == stage for entry in expected)
    assert totals["planned"] is None  # the report states no entry's money: missing, not zero


def test_carried_over_entries_were_in_the_list_of_the_year_before(client, report_loaded):
    assert client.get("/plans/?year=2024&carried=yes").context["totals"]["count"] == 16
    assert client.get("/plans/?year=2024&carried=no").context["totals"]["count"] == 95


def test_money_is_summed_and_bounded(client):
    for amount in ("100.5", "300", None):
        make_entry(planned_investment=amount and Decimal(amount))
    assert client.get("/plans/").context["totals"]["planned"] == Decimal("400.5")
    assert client.get("/plans/?investment_min=100.6").context["totals"]["count"] == 1
    assert client.get("/plans/?investment_max=300").context["totals"]["count"] == 2


@pytest.mark.parametrize(
    "address",
    [
        "/plans/?year=abc",
        "/plans/?category=nonsense",
        "/plans/?investment_min=ten",
        "/projects/?status=nonsense",
        "/projects/?department=nowhere",
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_finds_nothing(client, address):
    make_entry()
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.context["totals"]["count"] == 0
    assert answer.context["filter"].form.errors


@pytest.mark.parametrize("page", ["999999", "x", "-1", "0", ""])
def test_a_page_that_is_not_there_gives_one_that_is(client, page):
    make_entry()
    assert len(listed(client, f"/plans/?page={page}&year=2024")) == 1


@pytest.mark.parametrize("rest", ["sort=nonsense", "columns=nonsense", "q='%22%3C", "sort=-"])
def test_hostile_addresses_give_a_page(client, rest):
    make_entry()
    for path in ("/plans/", "/projects/"):
        assert client.get(f"{path}?{rest}").status_code in (200, 400)


@pytest.mark.parametrize(
    "name", [n for n, c in PlanTable.base_columns.items() if c.orderable is not False]
)
def test_entries_sort_by_every_offered_column_both_ways(client, name):
    for number in (3, 1, 2):
        make_entry(
            make_project(
                f"项目{number}",
                total_investment=number,
                status=["", "started", "completed", "withdrawn"][number],
            ),
            planned_investment=number,
        )
    up = listed(client, f"/plans/?sort={name}")
    down = listed(client, f"/plans/?sort=-{name}")
    assert sorted(up) == sorted(down) == ["项目1", "项目2", "项目3"]
    if name in ("name", "status", "planned_investment", "total_investment"):
        assert up == ["项目1", "项目2", "项目3"] == down[::-1]


@pytest.mark.parametrize(
    "name", [n for n, c in ProjectTable.base_columns.items() if c.orderable is not False]
)
def test_projects_sort_by_every_offered_column_both_ways(client, name):
    for number in (10, 9):
        make_project(f"水库{number}号")
    assert sorted(listed(client, f"/projects/?sort={name}")) == ["水库10号", "水库9号"]
    assert sorted(listed(client, f"/projects/?sort=-{name}")) == ["水库10号", "水库9号"]


def test_names_sort_by_pinyin_and_numbers_by_size(client):
    for name in ("重庆路", "安置房10号楼", "安置房9号楼", "北滨公园"):
        make_project(name)
    assert listed(client, "/projects/?sort=name") == [
        "安置房9号楼",
        "安置房10号楼",
        "北滨公园",
        "重庆路",
    ]


@pytest.mark.parametrize(
    "words",
    ["田港", "港", "xintian", "XTG", "tge", "500101-77", "7777", "新田 二期", "xintianganger"],
)
def test_a_project_is_found_by_part_of_its_name_code_or_pinyin(client, words):
    make_entry(make_project("新田港二期", code="500101-7777"))
    make_entry(make_project("密溪沟污水处理厂", code="500101-8888"))
    for path in ("/projects/", "/plans/"):
        assert listed(client, f"{path}?q={words}") == ["新田港二期"]


@pytest.mark.parametrize("words", ["港田", "新港", "田港 污水", "%", "_", "tx", "anger", "101-77"])
def test_words_that_stand_in_no_name_find_nothing(client, words):
    make_entry(make_project("新田港二期", code="500101-7777"))
    for path in ("/projects/", "/plans/"):
        assert listed(client, f"{path}?q={words}") == []


@pytest.mark.parametrize("few", [500, 1])  # found by their keys, or one entry after the other
def test_an_entry_is_found_by_what_its_table_calls_it(client, monkeypatch, few):
    monkeypatch.setattr("projects.search.FEW", few)
    make_entry(make_project("新田港二期"), cited_name="新田作业区续建")
    make_entry(make_project("新田港一期"))
    make_entry(make_project("新田镇水厂"))
    assert listed(client, "/plans/?q=作业区") == ["新田作业区续建"]
    assert sorted(listed(client, "/plans/?q=新田港")) == ["新田作业区续建", "新田港一期"]
    assert len(listed(client, "/plans/?q=新田")) == 3


def test_found_entries_are_counted_and_paged_like_any_others(client):
    for number in range(60):
        make_entry(make_project(f"新田镇{number + 1}号水厂"), goal="started", position=60 - number)
    make_entry(make_project("龙驹镇水厂"))
    first = client.get("/plans/?q=新田镇")
    assert first.context["totals"]["count"] == 60
    shown = [row["cited_name"] for row in first.context["page"].object_list]
    assert shown[0] == "新田镇60号水厂"
    last = client.get(f"/plans/{first.context['page'].next_url}")
    shown += [row["cited_name"] for row in last.context["page"].object_list]
    assert shown == [f"新田镇{number}号水厂" for number in range(60, 0, -1)]


def test_staff_see_their_own_departments_rows_and_nobody_elses(reporter, outsider):
    mine = make_project("渝万高铁", department=reporter.department)
    make_entry(mine)
    for path in ("/plans/", "/projects/"):
        assert listed(signed_in(reporter), path) == ["渝万高铁"]
        assert listed(signed_in(outsider), path) == []
    assert signed_in(outsider).get(f"/projects/{mine.code}/").status_code == 404
    assert signed_in(reporter).get(f"/projects/{mine.code}/").status_code == 200


def test_columns_are_those_that_were_chosen(client):
    make_entry()
    table = client.get("/plans/?columns=heading").context["table"]
    assert table.count('<th scope="col"') == 2
    assert "sort=heading" in table


def test_a_saved_view_is_ones_own_and_its_address_is_for_everybody(manager, leader, reporter):
    make_entry(make_project(department=make_department("500101-FGW")), goal="started")
    query = "year=2024&goal=started&columns=heading&page=3&q="
    fields = {"page": "plans", "name": "开工", "query": query}
    answer = signed_in(manager).post("/views/save/", fields)
    view = SavedView.objects.get()
    assert answer.url == view.get_absolute_url() == "/plans/?year=2024&goal=started&columns=heading"
    signed_in(manager).post("/views/save/", {**fields, "query": "year=2024"})
    assert SavedView.objects.get().query == "year=2024"
    assert len(listed(signed_in(leader), view.get_absolute_url())) == 1
    assert listed(signed_in(reporter), view.get_absolute_url()) == []
    assert signed_in(leader).post(f"/views/{view.pk}/delete/").status_code == 404
    assert signed_in(manager).get(f"/views/{view.pk}/delete/").status_code == 405
    signed_in(manager).post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "address", ["/plans/", "/projects/", "/questions/", "/statements/", "/projects/{code}/"]
)
def test_thirty_rows_take_as_many_queries_as_one(client, address, manager):
    project = make_project("第一个")
    make_entry(project)
    address = address.format(code=project.code)

    def queries():
        client.get(address)  # options are remembered
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    one = queries()
    for number in range(29):
        make_entry(make_project(f"另一个{number}"))
        make_entry(project, year=1990 + number)
    assert queries() == one


@pytest.mark.parametrize(
    "path", ["/plans/", "/projects/", "/sources/", "/statements/", "/questions/"]
)
def test_lists_are_read_and_nothing_else(client, path):
    assert client.post(path).status_code == 405
    assert client.delete(path).status_code == 405


def test_a_project_page_shows_what_is_missing_as_missing(client):
    project = make_project("新田港二期")
    make_entry(project)
    text = client.get(f"/projects/{project.code}/").content.decode()
    assert "—" in text
    assert "0.00" not in text
    assert Project.objects.get().total_investment is None
