"""The page of a year's commitments."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.factories import signed_in
from tests.indicators.factories import make_commitment, make_measure
from tests.indicators.pages import tables
from tests.projects import report_parser

pytestmark = pytest.mark.any_database

ADDRESS = reverse("indicators:commitment-list", args=[2024])


def page(user: User, address: str = ADDRESS) -> str:
    response = signed_in(user).get(address, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def items(html: str, table: int = 0) -> list[list[str]]:
    """Title and words of a table's commitments, without headings."""
    return [row[:2] for row in tables(html)[table][1:] if len(row) > 1]


@pytest.mark.parametrize(
    ("year", "kind", "table"),
    [(2023, "livelihood", "表2"), (2024, "consumption", "表7"), (2024, "business", "表8")],
)
def test_the_three_tables_stand_as_the_report_prints_them(report_loaded, leader, year, kind, table):
    address = reverse("indicators:commitment-list", args=[year])
    assert items(page(leader, f"{address}?kind={kind}")) == report_parser.grid(table, 2)


def test_the_tasks_stand_under_their_headings(report_loaded, leader):
    rows = tables(page(leader, f"{ADDRESS}?kind=task"))[0][1:]
    headings = [row[0] for row in rows if len(row) == 1]
    assert headings[:3] == [
        "二（二）主要发展目标",
        "三（一）坚定不移工业强区",
        "三（一）大力发展现代服务业",
    ]
    assert len(rows) - len(headings) == 94


def test_a_task_shows_its_numbers_with_verdict_and_source(report_loaded, leader):
    html = page(leader, f"{ADDRESS}?q=规上工业产值")
    assert "<strong>750亿元</strong>" in html
    assert "badge-verdict-pending" in html
    assert html.count('class="cite"') == 3


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=business", 5),
        ("heading=三（三）着力提升科创水平", 6),
        ("q=劳动者港湾", 1),
        ("q=口袋公园 劳动者", 1),
        ("verdict=met", 0),
        ("verdict=pending", 92),
    ],
)
def test_the_list_is_narrowed(report_loaded, leader, query, count):
    html = page(leader, f"{ADDRESS}?{query}")
    assert sum(len(items(html, n)) for n in range(len(tables(html)))) == count


def test_the_promise_that_was_kept_is_found_by_its_verdict(report_loaded, leader):
    address = reverse("indicators:commitment-list", args=[2023])
    assert len(items(page(leader, f"{address}?verdict=met"))) == 3


@pytest.mark.parametrize("query", ["kind=other", "verdict=other", "heading=other"])
def test_an_unknown_choice_is_refused(report_loaded, leader, query):
    assert signed_in(leader).get(f"{ADDRESS}?{query}").status_code == 400


def test_the_commitments_open_with_the_latest_year(report_loaded, leader):
    response = signed_in(leader).get(reverse("indicators:commitment-latest"))
    assert response["location"] == ADDRESS


def test_without_any_commitment_the_page_says_so(leader):
    assert "Nothing is recorded yet" in page(leader, reverse("indicators:commitment-latest"))


def test_a_year_without_commitments_is_not_found(report_loaded, leader):
    assert signed_in(leader).get("/commitments/1999/").status_code == 404


@pytest.mark.parametrize("person", ["reporter", "outsider", "manager", "admin", "leader"])
def test_everybody_who_signs_in_reads_them(report_loaded, request, person):
    assert "规上工业产值" in page(request.getfixturevalue(person))


def test_a_stranger_signs_in_first(db):
    assert Client().get(ADDRESS)["location"].startswith(reverse("accounts:login"))


def test_the_page_is_only_read(report_loaded, manager):
    assert signed_in(manager).post(ADDRESS).status_code == 405


def test_the_page_takes_as_many_queries_for_thirty_commitments_as_for_one(leader):
    client = signed_in(leader)
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            make_measure(make_commitment(), text="10个", unit="个")
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_commitments_are_taken_away_as_they_are_filtered(leader):
    promised = make_commitment("修路", heading="交通")
    make_measure(
        promised, subject="公路", text="100公里以上", comparator="ge", value=100, unit="公里"
    )
    make_measure(promised, subject="桥梁", text="3座")
    make_commitment("种树", kind="livelihood")
    browser = signed_in(leader)

    def rows(**query: str) -> list[list[str]]:
        answer = browser.get(ADDRESS, {"file": "csv", **query})
        body = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(body)))[1:]

    assert len(rows()) == 3
    assert [row[2] for row in rows(kind="livelihood")] == ["种树"]
    assert [row[2:3] + row[4:6] for row in rows(kind="task")] == [
        ["修路", "公路", "100公里以上"],
        ["修路", "桥梁", "3座"],
    ]
    workbook = browser.get(ADDRESS, {"file": "xlsx"})
    assert b"".join(workbook).startswith(b"PK")
    workbook.close()
