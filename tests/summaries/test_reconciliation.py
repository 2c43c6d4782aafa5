"""What the report states stands beside what the system computes; three sources of one investment."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from office import excel
from projects.models import Funding, PlanStatement, StatedAmount
from summaries import keeping, reconciliation, reconciling
from summaries.models import ProgressCell, ReconciliationChange, ReconciliationNote
from tests.factories import make_entry, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.any_database

AT = moment(date(2024, 3, 6))
MONEY = "money-02-level-municipal"


@pytest.fixture
def entries(reporter, outsider, manager):
    """Two municipal entries and a district one; February approved of one municipal and the district one."""
    municipal = {"level": "municipal", "category": "industry"}
    road = make_plan(reporter.department, planned=120_000, entry=municipal, total_investment=None)
    rail = make_plan(reporter.department, planned=60_000, entry=municipal, total_investment=None)
    dam = make_plan(
        outsider.department,
        planned=90_000,
        entry={"level": "district", "category": "ecology"},
        total_investment=None,
    )
    open_rounds(2)
    approve(report_of(road, 2), reporter, manager, invested=15_000)
    approve(report_of(dam, 2), outsider, manager, invested=7_000)
    keeping.refresh(at=timezone.now())
    return road, rail, dam


@pytest.fixture
def stated(db):
    """What a report says of the lists of 2024."""
    StatedAmount.objects.create(
        code="amount-1",
        year=2024,
        kind="investment",
        subject="完成投资",
        scope="市级重点项目",
        value=Decimal("1.6"),
        unit="亿元",
        count=2,
        completion_rate=Decimal(10),
        text="2个市级重点项目完成投资1.6亿元",
    )
    PlanStatement.objects.create(
        code="count-1", year=2024, level="municipal", count=3, text="3个市级重点项目"
    )
    PlanStatement.objects.create(code="count-2", year=2024, count=9, text="9个项目开工建设")


def keep(by, key=MONEY, version=0, **values):
    values = {"reason": "", "statistics": None, **values}
    return reconciling.keep(2024, key, version=version, by=by, at=AT, **values)


def published():
    return {
        line.key: line for line in reconciliation.published(ProgressCell.objects.all(), 2024, 2)
    }


def three():
    return {
        line.key: line for line in reconciliation.three_figures(ProgressCell.objects.all(), 2024, 2)
    }


def test_an_amount_stands_beside_the_sum_of_the_approved_reports(entries, stated):
    line = published()["amount-1_value"]
    assert (line.published, line.computed, line.unit) == (Decimal("1.6"), Decimal("1.5"), "亿元")
    assert line.difference == Decimal("-0.1")
    assert line.percent == Decimal("-6.25")


def test_a_rate_differs_by_percentage_points_and_has_no_share(entries, stated):
    line = published()["amount-1_rate"]
    assert line.computed == Decimal("12.5")  # 15,000 of the 120,000 planned where a figure is known
    assert (line.difference, line.percent) == (Decimal("2.5"), None)


def test_a_count_stands_beside_the_entries_of_its_level(entries, stated):
    line = published()["count-1"]
    assert (line.published, line.computed, line.difference) == (3, 2, -1)


def test_where_the_system_has_no_data_nothing_is_computed_and_never_zero(stated, manager):
    make_entry()
    found = {
        line.key: line for line in reconciliation.published(ProgressCell.objects.all(), 2024, None)
    }
    assert {line.computed for line in found.values()} == {None}
    assert {line.difference for line in found.values()} == {None}
    page = signed_in(manager).get("/reconciliation/2024/")
    assert page.status_code == 200
    assert [row.computed for row in page.context["published"]] == ["—"] * len(found)


def test_the_report_s_own_statements_stand_with_their_sources(report_loaded, manager):
    response = signed_in(manager).get("/reconciliation/2023/")
    rows = {row.line.key: row for row in response.context["published"]}
    keys = {"count-2023-03": "53", "count-2023-04": "182", "amount-2023-06_value": "71.9"}
    keys |= {"amount-2023-06_rate": "117", "amount-2023-07_value": "160.8"}
    keys |= {"amount-2023-07_rate": "105", "amount-2023-05_value": "256.9"}
    assert {key: rows[key].published for key in keys} == keys
    # The seed names no level and no monthly figure: there is nothing to compute these from.
    assert {rows[key].computed for key in keys} == {"—", "256.9"}
    assert rows["amount-2023-05_value"].computed == "256.9"
    assert rows["amount-2023-05_growth"].computed == "11.6"
    assert all(row.line.fact.sentence for row in rows.values())


def test_three_figures_stand_side_by_side_with_their_differences(entries, manager):
    road, rail, _dam = entries
    Funding.objects.create(project=road.project, source="central", amount=20_000, arrived=9_000)
    Funding.objects.create(project=road.project, source="private", amount=20_000, arrived=1_000)
    Funding.objects.create(project=rail.project, source="central", amount=20_000, arrived=2_000)
    keep(manager, statistics=Decimal(12_000))
    line = three()[MONEY]
    assert (line.entries, line.known, line.reported) == (2, 1, 15_000)
    assert (line.statistics, line.over_statistics, line.over_statistics_percent) == (
        12_000,
        3_000,
        25,
    )
    assert (line.funds, line.over_funds, line.over_funds_percent) == (12_000, 3_000, 25)
    whole = three()["money-02-all-none"]
    assert (whole.reported, whole.funds, whole.statistics) == (22_000, 12_000, None)


def test_what_is_not_known_is_no_zero_in_any_of_the_three(entries):
    line = three()["money-02-level-district"]
    assert (line.reported, line.statistics, line.funds) == (7_000, None, None)
    assert (line.over_statistics, line.over_funds, line.over_funds_percent) == (None, None, None)
    rail = reconciliation.three_figures(ProgressCell.objects.filter(goal="completed"), 2024, 2)
    assert rail == []


def test_a_project_listed_in_two_years_counts_its_funds_once_in_each(entries):
    road = entries[0]
    make_entry(road.project, 2023, level="municipal", category="industry")
    Funding.objects.create(project=road.project, source="central", amount=20_000, arrived=9_000)
    assert three()[MONEY].funds == 9_000


def test_a_reason_is_kept_with_who_wrote_it_and_what_stood_before(entries, stated, manager, admin):
    keep(manager, "count-1", reason="一个项目年中调出")
    keep(admin, "count-1", 1, reason="两个项目年中调出")
    assert keep(admin, "count-1", 2, reason="两个项目年中调出 ").version == 2
    last, first = ReconciliationChange.objects.all()
    assert (first.by, first.before, first.after["reason"]) == (
        manager,
        {"reason": ""},
        "一个项目年中调出",
    )
    assert (last.by, last.before["reason"], last.at) == (admin, "一个项目年中调出", AT)
    assert published()["count-1"].note.reason == "两个项目年中调出"


def test_the_second_of_two_writers_is_told_and_loses_nothing(entries, stated, manager, admin):
    address = "/reconciliation/2024/count-1/"
    first = signed_in(manager).post(address, {"reason": "年中调出", "version": "0"})
    assert first.status_code == 302
    second = signed_in(admin).post(address, {"reason": "口径不同", "version": "0"})
    assert second.status_code == 409
    page = second.content.decode()
    assert "年中调出" in page
    assert "口径不同" in page
    typed = {"reason": "口径不同", "version": second.context["form"]["version"].value()}
    assert signed_in(admin).post(address, typed).status_code == 302
    assert ReconciliationNote.objects.get().reason == "口径不同"


def test_nothing_added_leaves_no_trace(entries, stated, manager):
    assert keep(manager, "count-1") is None
    assert not ReconciliationNote.objects.exists()


def test_the_database_refuses_a_line_twice_and_less_than_nothing(manager):
    keep(manager, statistics=Decimal(1))
    for wrong in ({"key": MONEY}, {"key": "money-03-all-none", "statistics": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReconciliationNote.objects.create(year=2024, **wrong)


@pytest.mark.parametrize("persona", ["reporter", "outsider", "leader", "manager", "admin"])
def test_who_reads_the_reconciliation_and_who_writes_in_it(entries, stated, persona, request):
    client = signed_in(request.getfixturevalue(persona))
    reads = persona in ("leader", "manager", "admin")
    writes = persona in ("manager", "admin")
    for path in ("", "?month=1", "export.xlsx", "export.csv", f"{MONEY}/", "count-1/"):
        status = client.get(f"/reconciliation/2024/{path}").status_code
        assert status == (200 if reads else 404), path
    assert client.get("/reconciliation/").status_code == (302 if reads else 404)
    posted = {"reason": "口径不同", "statistics": "12000", "version": "0"}
    response = client.post(f"/reconciliation/2024/{MONEY}/", posted)
    assert response.status_code == (302 if writes else 403 if reads else 404)
    assert ReconciliationNote.objects.exists() == writes
    listed = '"/reconciliation/"' in client.get("/documents/").content.decode()
    assert listed == reads


@pytest.mark.parametrize(
    "path",
    [
        "1999/",
        "1999/export.csv",
        "1999/count-1/",
        "2024/count-404/",
        "2024/money-13-all-none/",
        "2024/money-02-level-county/",
    ],
)
def test_a_year_or_line_that_does_not_exist_is_not_found(entries, stated, manager, path):
    assert signed_in(manager).get(f"/reconciliation/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "2024/", "2024/export.xlsx", "2024/export.csv"])
def test_reading_is_no_writing(entries, manager, path):
    assert signed_in(manager).post(f"/reconciliation/{path}").status_code == 405


@pytest.mark.parametrize("statistics", ["-1", "1.234", "x"])
def test_an_amount_that_is_none_is_refused_at_its_field(entries, manager, statistics):
    posted = {"reason": "", "statistics": statistics, "version": "0"}
    response = signed_in(manager).post(f"/reconciliation/2024/{MONEY}/", posted)
    assert response.status_code == 400
    assert "statistics" in response.context["form"].errors
    assert not ReconciliationNote.objects.exists()


def test_a_count_takes_no_figure_of_the_statistics_office(entries, stated, manager):
    posted = {"reason": "调出", "statistics": "5", "version": "0"}
    signed_in(manager).post("/reconciliation/2024/count-1/", posted)
    assert ReconciliationNote.objects.get().statistics is None


def test_the_exports_hold_the_unrounded_figures_of_both_tables(entries, stated, manager):
    keep(manager, statistics=Decimal(13_000), reason="统计口径不含设备")
    client = signed_in(manager)
    text = client.get("/reconciliation/2024/export.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    (money,) = [row for row in rows if row and row[-1] == "统计口径不含设备"]
    assert [Decimal(value) for value in money[1:6]] == [2, 1, 15_000, 13_000, 2_000]
    assert Decimal(money[6]) == Decimal(2_000) * 100 / 13_000
    assert money[7:10] == ["", "", ""]
    content = client.get("/reconciliation/2024/export.xlsx").content
    cells = {cell.text for row in excel.read("a.xlsx", content) for cell in row.cells}
    assert {"统计口径不含设备", "3个市级重点项目"} <= cells


def test_the_page_takes_as_many_queries_for_30_statements_as_for_one(
    entries, stated, manager, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(manager)
    client.get("/reconciliation/2024/")
    with django_assert_max_num_queries(25) as first:
        client.get("/reconciliation/2024/")
    for number in range(30):
        PlanStatement.objects.create(code=f"more-{number}", year=2024, count=1, text="一个项目")
        keep(manager, f"more-{number}", reason="口径不同")
    with django_assert_num_queries(len(first)):
        client.get("/reconciliation/2024/")
