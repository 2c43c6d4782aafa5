"""The year's plan as a workbook: template down, filled, dry run with every fault, one adoption."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from office.excel import read
from projects.models import AnnualPlan, PlanRevision, ProgressReport
from projects.planning import months_of
from tests.factories import make_department, make_entry, make_project, make_user, signed_in
from tests.rounds import make_plan
from tests.workbooks import make_xlsx, upload

pytestmark = pytest.mark.django_db
PAGE, TEMPLATE = "/plans/2024/import/", "/plans/2024/template/"
MONTHS = [f"{month}月" for month in range(1, 13)]
HEAD = ["项目编码", "项目名称", "计划投资（万元）", "入库月份", *MONTHS]
CURVE = [10 * month for month in range(1, 13)]


@pytest.fixture(autouse=True)
def _in_january(settings):
    settings.WZ_TODAY = "2024-01-20"


@pytest.fixture
def entries(reporter):
    return [
        make_entry(
            make_project(f"项目乙{n}", code=f"500101-B{n}", department=reporter.department),
            position=n,
        )
        for n in (1, 2)
    ]


@pytest.fixture
def client(manager, entries):
    return signed_in(manager)


def send(client, data, name="plan.xlsx", **decision):
    fields = {
        "approved_by": "区人民政府",
        "approved_on": "2024-01-15",
        "spread": "even",
        **decision,
    }
    return client.post(PAGE, {**fields, "upload": upload(data, name)})


def dry_run(client, *lines, head=HEAD, **decision):
    return send(client, make_xlsx(计划=[head, *lines]), **decision)


def confirm(client, response):
    return client.post(PAGE, {"seal": response.context["preview"]["seal"]})


def places(response):
    return [fault.address for fault in response.context["faults"]]


class TestWhoMay:
    @pytest.mark.parametrize("address", [PAGE, TEMPLATE])
    def test_strangers_find_nothing_and_readers_may_not(self, entries, reporter, leader, address):
        stranger = make_user(department=make_department("500101-XYZ"))
        assert signed_in(stranger).get(address).status_code == 404
        for reader in (reporter, leader):
            assert signed_in(reader).get(address).status_code == 403
        assert signed_in(leader).post(PAGE, {}).status_code == 403

    def test_other_methods_are_refused(self, client):
        assert client.delete(PAGE).status_code == 405
        assert client.post(TEMPLATE).status_code == 405

    def test_what_one_looked_at_another_does_not_adopt(self, client, admin):
        shown = dry_run(client, ["500101-B1", None, 120])
        response = confirm(signed_in(admin), shown)
        assert response.status_code == 302
        assert PlanRevision.objects.count() == 0


class TestTheTemplate:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_prefilled_and_read_back_once_it_is_filled(self, client, entries, language):
        AnnualPlan.objects.filter(pk=entries[0].pk).update(planned_investment=120, enters_in=7)
        make_plan(name="已批")
        client.cookies["django_language"] = language
        response = client.get(TEMPLATE)
        assert response["Content-Disposition"].endswith('"plan-2024.xlsx"')
        found = [row for row in read("a.xlsx", response.content) if row.sheet == "2024"]
        assert [cell.text for cell in found[1].cells] == ["500101-B1", "项目乙1", "120", "7"]
        assert len(found) == 3
        with translation.override(language):
            filled = [[cell.value for cell in row.cells] for row in found[:2]]
        shown = send(client, make_xlsx(计划=filled))
        assert shown.context["preview"]["count"] == 1

    def test_takes_as_many_queries_for_one_row_as_for_thirty(self, client):
        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get(TEMPLATE)
            return len(found)

        one = queries()
        for _ in range(30):
            make_entry(make_project(department=make_department()))
        assert queries() == one


class TestAGoodWorkbook:
    def test_is_shown_first_and_then_adopted_as_it_was_shown(self, client, entries, manager):
        shown = dry_run(
            client,
            ["500101-B2", "项目乙2", "0.12亿元", 7, *[None] * 12],
            ["500101-B1", "项目乙1", 120, None, *CURVE],
        )
        assert (shown.context["preview"]["count"], shown.context["preview"]["total"]) == (2, 1320)
        assert ProgressReport.objects.count() == 0
        response = confirm(client, shown)
        assert response.status_code == 302
        assert list(months_of(entries[0])) == CURVE
        assert months_of(entries[1])[5:8] == (0, 200, 400)
        assert {each.by for each in PlanRevision.objects.all()} == {manager}

    def test_may_have_its_columns_in_any_order_below_a_title(self, client, entries):
        lines = [["2024年计划"], ["计划投资", "项目代码", "12月"], [120, "500101-B1", None]]
        confirm(client, send(client, make_xlsx(计划=lines)))
        assert months_of(entries[0])[0] == 10

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_may_be_a_csv_file(self, client, entries, encoding):
        text = '项目编码,计划投资（万元）,入库月份\r\n500101-B1,"１,２００",1\r\n'
        confirm(client, send(client, text.encode(encoding), "计划.csv"))
        entries[0].refresh_from_db()
        assert entries[0].planned_investment == 1200

    def test_names_a_curve_by_the_words_of_the_template(self, client, entries):
        head = ["项目编码", "计划投资", "曲线"]
        for words in ("Evenly", "even"):
            shown = dry_run(client, ["500101-B1", 120, words], head=head)
            assert shown.context["preview"]["rows"][0].adoption.shape == "even"

    def test_leaves_out_rows_without_an_amount(self, client, entries):
        shown = dry_run(client, ["500101-B1", None, 120], ["500101-B2", "项目乙2", None])
        assert shown.context["preview"]["count"] == 1

    def test_is_adopted_once(self, client, entries):
        shown = dry_run(client, ["500101-B1", None, 120])
        confirm(client, shown)
        assert confirm(client, shown).status_code == 302
        assert PlanRevision.objects.count() == 1

    def test_of_which_an_entry_was_adopted_meanwhile_adopts_nothing(self, client, entries):
        first = dry_run(client, ["500101-B1", None, 120])
        second = dry_run(client, ["500101-B1", None, 130], ["500101-B2", None, 60])
        confirm(client, first)
        confirm(client, second)
        assert PlanRevision.objects.count() == 1

    def test_of_many_rows_shows_the_first_and_the_sum_of_all(self, client):
        codes = [make_entry().project.code for _ in range(201)]
        shown = dry_run(client, *[[code, None, 10] for code in codes]).context["preview"]
        assert (len(shown["rows"]), shown["count"], shown["total"]) == (200, 201, 2010)

    def test_says_which_sheets_were_not_read(self, client):
        shown = send(client, make_xlsx(计划=[HEAD, ["500101-B1", None, 1]], 附注=[["x"]]))
        assert shown.context["passed_over"] == ["附注"]

    def test_takes_as_many_queries_for_one_row_as_for_thirty(self, client, entries):
        def queries(codes):
            data = make_xlsx(计划=[["项目编码", "计划投资"], *[[code, 120] for code in codes]])
            with CaptureQueriesContext(connection) as found:
                send(client, data, spread="season")
            return len(found)

        queries(["500101-B1"])
        one = queries(["500101-B1"])
        units = [make_department(f"500101-D{number}") for number in range(30)]
        more = [make_entry(make_project(department=unit)) for unit in units]
        assert queries([entry.project.code for entry in more]) == one


class TestFaults:
    def test_of_every_row_are_told_with_their_cells(self, client, entries):
        response = dry_run(
            client,
            ["500101-B1", "项目乙2", "12o0", 13, *CURVE],
            ["500101-B2", None, 120, None, 10, 5, *CURVE[2:]],
            ["500101-B2", None, 120],
            ["没有的", None, 120],
            [None, None, 120],
        )
        assert response.status_code == 422
        assert set(places(response)) == {"B2", "C2", "D2", "F3", "A4", "A5", "A6"}
        assert {fault.sheet for fault in response.context["faults"]} == {"计划"}
        html = response.content.decode()
        for words in ("12o0", "没有的", "项目乙1"):
            assert words in html
        assert "preview" not in response.context
        assert PlanRevision.objects.count() == 0

    def test_unknown_columns_are_refused_by_name(self, client, entries):
        response = dry_run(client, ["500101-B1", 5, "x"], head=["项目编码", "计划投资", "备注"])
        (fault,) = response.context["faults"]
        assert (fault.address, "备注" in fault.message) == ("C1", True)

    def test_money_in_another_unit_by_its_heading_is_not_guessed(self, client):
        head = ["项目编码", "项目名称", "计划投资（亿元）"]
        response = dry_run(client, ["500101-B1", "项目乙1", 5], head=head)
        assert "C1" in places(response)

    def test_an_entry_that_is_adopted_already_is_one(self, client):
        code = make_plan().project.code
        assert places(dry_run(client, [code, None, 5])) == ["A2"]

    def test_a_workbook_without_amounts_adopts_nothing_and_says_so(self, client):
        response = dry_run(client, ["500101-B1", "项目乙1", None])
        assert response.context["is_empty"]

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"", "plan.xlsx"),
            (b"PK\x03\x04", "plan.xlsx"),
            (b"x", "plan.pdf"),
            (b"<html>", "plan.xls"),
            (b"a" * (5 * 1024 * 1024 + 1), "plan.csv"),
        ],
    )
    def test_files_that_are_no_workbook_are_refused_at_the_field(self, client, data, name):
        response = send(client, data, name)
        assert response.status_code == 422
        assert "upload" in response.context["form"].errors

    @pytest.mark.parametrize("decision", [{"approved_by": ""}, {"approved_on": "2024-02-30"}])
    def test_an_incomplete_decision_is_told(self, client, decision):
        response = dry_run(client, ["500101-B1", None, 5], **decision)
        assert set(response.context["form"].errors) == set(decision)

    def test_a_dry_run_that_is_too_old_adopts_nothing(self, client):
        response = client.post(PAGE, {"seal": "gone"}, follow=True)
        assert PlanRevision.objects.count() == 0
        assert list(response.context["messages"])
