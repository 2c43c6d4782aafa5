"""The page of a year's indicators."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from indicators.models import TargetRevision
from tests.factories import signed_in
from tests.indicators.factories import make_indicator, make_result, make_target
from tests.indicators.pages import body, tables
from tests.projects import report_parser

pytestmark = pytest.mark.any_database

ADDRESS = reverse("indicators:year", args=[2023])


def page(user: User, address: str = ADDRESS) -> str:
    response = signed_in(user).get(address, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("year", "table", "columns"), [(2023, "表1", 4), (2024, "表4", 3)])
def test_the_page_shows_the_table_as_the_report_prints_it(
    report_loaded, leader, year, table, columns
):
    html = page(leader, reverse("indicators:year", args=[year]))
    shown = body(tables(html)[0])
    printed = report_parser.indicator_rows(table)
    assert [row[:columns] for row in shown] == [line[:columns] for line in printed]


def test_the_attribute_of_2024_is_the_last_printed_column(report_loaded, leader):
    shown = body(tables(page(leader, reverse("indicators:year", args=[2024])))[0])
    words = {"约束性": "Binding", "预期性": "Expected"}
    assert [row[4] for row in shown] == [words[r[3]] for r in report_parser.indicator_rows("表4")]


def test_a_shortfall_shows_its_gap_and_the_reason_that_the_report_gives(report_loaded, leader):
    rows = {row[0]: row for row in body(tables(page(leader))[0])}
    assert rows["15"][5:] == [
        "Below expectation",
        "−4天",
        "受年初年尾多雾、静风、少雨气象条件制约，大气扩散条件较差",
    ]


def test_the_count_of_the_year_stands_above_the_table(report_loaded, leader):
    headline = re.search(r'<p class="headline">(.*?)</p>', page(leader), re.DOTALL)[1]
    assert "Of the 25 yearly targets of 2023" in headline
    assert "20 reached or passed the target and 3 fell short" in headline


def test_every_figure_of_the_table_leads_to_its_sentence(report_loaded, leader):
    html = page(leader)
    table = html[html.index("<table") : html.index("</table>")]
    assert table.count('class="cite"') == 27 * 2


def test_the_adjusted_target_is_told_below_the_table(report_loaded, leader):
    html = page(leader)
    assert "the target was adjusted to 8, approved by 区六届人大常委会第十四次会议." in html
    assert "The report does not state the former target." in html


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("verdict=below", ["15", "20", "21"]),
        ("verdict=pending", ["3", "18"]),
        ("binding=yes", ["15", "16", "18", "22"]),
        ("binding=yes&verdict=met", ["16", "22"]),
        ("q=居民", ["21", "", "23"]),
    ],
)
def test_the_table_is_narrowed_by_verdict_attribute_and_name(report_loaded, leader, query, numbers):
    shown = body(tables(page(leader, f"{ADDRESS}?{query}"))[0])
    assert [row[0] for row in shown] == numbers


def test_a_filter_that_nothing_fits_says_so(report_loaded, leader):
    assert "No target fits these filters" in page(leader, f"{ADDRESS}?q=nothing")


def test_an_unknown_verdict_is_refused(report_loaded, leader):
    assert signed_in(leader).get(f"{ADDRESS}?verdict=splendid").status_code == 400


def test_the_indicators_open_with_the_latest_year(report_loaded, leader):
    response = signed_in(leader).get(reverse("indicators:latest"))
    assert (response.status_code, response["location"]) == (302, "/indicators/2024/")


def test_without_any_target_the_page_says_so(leader):
    assert "Nothing is recorded yet" in page(leader, reverse("indicators:latest"))


@pytest.mark.parametrize("year", [1999, 10**12])
def test_a_year_without_targets_is_not_found(report_loaded, leader, year):
    assert signed_in(leader).get(f"/indicators/{year}/").status_code == 404


def test_a_stranger_signs_in_first(db):
    response = Client().get(ADDRESS)
    assert response.status_code == 302
    assert response["location"].startswith(reverse("accounts:login"))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_is_only_read(report_loaded, manager, method):
    assert getattr(signed_in(manager), method)(ADDRESS).status_code == 405


@pytest.mark.parametrize("person", ["reporter", "outsider", "leader"])
def test_only_those_who_keep_indicators_are_offered_the_form(report_loaded, request, person):
    assert "/result/" not in page(request.getfixturevalue(person))


@pytest.mark.parametrize("person", ["manager", "admin"])
def test_those_who_keep_indicators_are_offered_the_form(report_loaded, request, person):
    html = page(request.getfixturevalue(person))
    assert reverse("indicators:observation-edit", args=[2023, "good-air-days"]) in html


def test_the_chart_sets_growth_rates_side_by_side(report_loaded, leader):
    chart = tables(page(leader))[1]
    assert chart[0] == ["Indicator", "Target", "Result"]
    assert chart[1] == ["地区生产总值增速", "6.5以上", "6.9"]


def test_what_a_name_says_is_shown_as_text(leader):
    make_target("<b>10</b>", make_indicator("<script>alert(1)</script>"))
    html = page(leader)
    assert "<script>alert" not in html
    assert "&lt;b&gt;10&lt;/b&gt;" in html


def fill(rows: int) -> None:
    """So many targets with results and revisions, and as many figures of the text."""
    for _ in range(rows):
        target = make_target()
        make_result(target, "12")
        TargetRevision.objects.create(target=target, approved_by="常委会", new_text="8")
        make_result(make_target(year=2022), "3", year=2023)


def test_the_page_takes_as_many_queries_for_thirty_rows_as_for_one(manager):
    client = signed_in(manager)
    counts = []
    for rows in (1, 29):
        fill(rows)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
