"""An indicator's own page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from indicators import recording
from indicators.models import Area, TargetRevision
from tests.factories import signed_in
from tests.indicators.factories import make_indicator, make_result, make_target
from tests.indicators.pages import tables

pytestmark = pytest.mark.any_database


def address(code: str, year: int = 2023) -> str:
    return reverse("indicators:detail", args=[year, code])


def page(user: User, path: str) -> str:
    response = signed_in(user).get(path, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_targets_and_results_stand_side_by_side(report_loaded, leader):
    rows = {row[0]: row[1:] for row in tables(page(leader, address("foreign-capital-used")))[0]}
    assert rows["Target"] == ["1500", "1500"]
    assert rows["Result"] == ["1124", ""]
    assert rows["Gap"] == ["−376万美元", "—"]
    assert rows["Number in the table"] == ["20", "27"]


def test_a_revision_is_told_with_the_report_s_words(report_loaded, leader):
    html = page(leader, address("general-budget-revenue-growth"))
    assert "一般公共预算收入预期目标经区六届人大常委会第十四次会议批准进行了调整。" in html


def test_a_sub_indicator_leads_to_its_parent_and_back(report_loaded, leader):
    assert address("tax-revenue-growth") in page(leader, address("general-budget-revenue-growth"))
    assert address("general-budget-revenue-growth") in page(leader, address("tax-revenue-growth"))


def test_an_indicator_of_the_text_alone_has_a_page_too(report_loaded, leader):
    assert "1179.4亿元" in page(leader, address("gdp"))


def test_months_and_the_whole_city_stand_apart(leader):
    target = make_target("10")
    make_result(target, "9.1", month=6)
    make_result(target, "8.2", area=Area.CITY)
    html = page(leader, address(target.indicator.code))
    assert tables(html)[1][1:] == [
        ["2023", "—", "Whole city", "8.2", "—"],
        ["2023", "6", "District", "9.1", "—"],
    ]


def test_who_entered_what_is_told(leader, manager):
    target = make_target("10")
    figures = {
        "status": "final",
        "value": None,
        "text": "12",
        "growth": None,
        "growth_unit": "",
        "note": "",
    }
    recording.record(target.indicator, 2023, figures, by=manager)
    html = page(leader, address(target.indicator.code))
    assert manager.name in html
    assert "<ins>12</ins>" in html
    assert "Entered after the report" in html


def test_a_renamed_indicator_names_the_other(leader):
    old = make_indicator("旧名")
    target = make_target("10", make_indicator("新名", renamed_from=old))
    make_target("9", old, year=2022)
    html = page(leader, address(target.indicator.code))
    assert "Renamed from" in html
    assert tables(html)[0][0][1:] == ["2022", "2023"]


@pytest.mark.parametrize(("code", "year"), [("no-such", 2023), ("gdp", 2024)])
def test_an_indicator_or_year_without_any_figure_is_not_found(report_loaded, leader, code, year):
    assert signed_in(leader).get(address(code, year)).status_code == 404


def test_a_stranger_signs_in_first(db):
    response = Client().get(address("gdp"))
    assert response["location"].startswith(reverse("accounts:login"))


def test_the_page_is_only_read(report_loaded, manager):
    assert signed_in(manager).post(address("gdp")).status_code == 405


def test_the_page_takes_as_many_queries_for_thirty_years_as_for_one(leader):
    client, indicator = signed_in(leader), make_indicator()
    counts = []
    for years in (range(2023, 2024), range(1990, 2019)):
        for year in years:
            target = make_target("10", indicator, year=year)
            make_result(target, "12")
            make_result(target, "12", month=6)
            TargetRevision.objects.create(target=target, approved_by="常委会", new_text="8")
        client.get(address(indicator.code))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(indicator.code))
        counts.append(len(queries))
    assert counts[0] == counts[1]
