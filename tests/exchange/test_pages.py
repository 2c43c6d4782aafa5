import pytest
from django.utils import timezone

from exchange import running, workflow
from exchange.models import ImportRun
from office import runs
from tests.exchange.bringing import Task, check, go_on, opened
from tests.exchange.test_months import HEAD, row
from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds
from tests.workbooks import make_xlsx, upload

pytestmark = pytest.mark.any_database

FACTS = {"months", "funding", "milestones"}
OFFICE = FACTS | {"projects", "plans", "targets", "observations"}
MAY = {
    "reporter": FACTS,
    "manager": OFFICE,
    "admin": OFFICE | {"users", "departments"},
    "leader": set(),
}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.WZ_TODAY = "2024-03-29"


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def brought(client, kind, data, name="表.xlsx", **more):
    """Upload a file as a browser does, and let a worker look at it."""
    response = client.post(f"/imports/new/{kind}/", {"upload": upload(data, name), **more})
    assert response.status_code == 302, response.content.decode()
    run = ImportRun.objects.latest("pk")
    running.run(run.pk)
    run.refresh_from_db()
    return run


class TestWhoMayBringInWhat:
    @pytest.mark.parametrize("who", MAY)
    @pytest.mark.parametrize("kind", ["months", "projects"])
    def test_each_role_its_kinds_and_404_for_the_others(self, request, who, kind):
        client = signed_in(request.getfixturevalue(who))
        expected = 200 if kind in MAY[who] else 404
        assert client.get(f"/imports/new/{kind}/").status_code == expected
        assert client.post(f"/imports/new/{kind}/").status_code == (422 if expected == 200 else 404)
        address = f"/imports/new/{kind}/template.xlsx?year=2024&month=3"
        assert client.get(address).status_code == expected

    def test_an_unknown_kind_is_none(self, admin):
        assert signed_in(admin).get("/imports/new/secrets/").status_code == 404

    def test_a_run_is_its_owners_and_an_administrator_reads_it(
        self, reporter, outsider, manager, admin, entry
    ):
        run = check(reporter, "months", HEAD, row(entry))
        address = f"/imports/{run.pk}/"
        assert signed_in(reporter).get(address).status_code == 200
        for stranger in (outsider, manager):
            assert signed_in(stranger).get(address).status_code == 404
            assert signed_in(stranger).post(f"{address}write/").status_code == 404
            assert signed_in(stranger).get(f"{address}files/given/").status_code == 404
        assert signed_in(admin).get(address).status_code == 200
        assert signed_in(admin).post(f"{address}write/").status_code == 403

    def test_wrong_methods(self, reporter, entry):
        run = check(reporter, "months", HEAD, row(entry))
        client = signed_in(reporter)
        assert client.get(f"/imports/{run.pk}/write/").status_code == 405
        assert client.post("/imports/").status_code == 405
        assert client.post(f"/imports/{run.pk}/steal/").status_code == 404


class TestAWorkbook:
    def test_it_is_looked_at_written_and_taken_back(self, reporter, entry):
        client = signed_in(reporter)
        run = brought(client, "months", make_xlsx(表=[HEAD, row(entry)]))
        address = f"/imports/{run.pk}/"
        page = client.get(address).content.decode()
        assert entry.project.name in page
        assert "<ins>300</ins>" in page

        client.post(f"{address}write/")
        running.run(run.pk)
        assert f"{address}undo/" in client.get(address).content.decode()
        client.post(f"{address}undo/")
        running.run(run.pk)
        run.refresh_from_db()
        assert run.state == ImportRun.State.UNDONE

    def test_a_step_that_is_not_offered_is_not_taken(self, reporter, entry):
        run = check(reporter, "months", HEAD, row(entry, invested="许多"))
        response = signed_in(reporter).post(f"/imports/{run.pk}/write/", follow=True)

        assert response.status_code == 200
        assert list(response.context["messages"])
        run.refresh_from_db()
        assert run.state == ImportRun.State.FAULTY

    def test_the_fragment_is_fetched_only_while_a_worker_is_at_it(self, reporter, entry):
        client = signed_in(reporter)
        run = check(reporter, "months", HEAD, row(entry))
        assert "hx-trigger" not in client.get(f"/imports/{run.pk}/").content.decode()
        workflow.ask_for(run.pk, Task.WRITE, by=reporter, now=timezone.now())
        page = client.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
        assert "hx-trigger" in page
        assert "<html" not in page

    def test_the_marked_file_is_the_same_file_with_its_cells_marked(self, reporter, entry):
        run = check(reporter, "months", HEAD, row(entry, invested="许多"))
        content = signed_in(reporter).get(f"/imports/{run.pk}/files/marked/").content
        sheet = opened(content)["表"]

        assert sheet["D2"].value == "许多"
        assert sheet["D2"].fill.fgColor.rgb == "FFF4CCCC"
        assert "许多" in sheet["D2"].comment.text
        assert sheet["E2"].comment is None


class TestAreLists:
    @pytest.mark.parametrize("many", [1, 30])
    def test_the_list_costs_the_same_for_any_number_of_runs(
        self, reporter, entry, many, django_assert_num_queries
    ):
        for _ in range(many):
            workflow.ask(
                kind="months",
                name="表.xlsx",
                data=b"",
                by=reporter,
                language="en",
                now=timezone.now(),
                skips_totals=False,
            )
        client = signed_in(reporter)
        client.get("/imports/")
        with django_assert_num_queries(5):
            assert client.get("/imports/").status_code == 200

    @pytest.mark.parametrize("many", [1, 250])
    def test_a_preview_costs_the_same_for_any_number_of_rows(
        self, manager, many, django_assert_num_queries
    ):
        head = ["项目编码", "项目名称", "类别"]
        rows = [[f"500101-N{number:03}", f"项目{number}", "产业发展"] for number in range(many)]
        run = check(manager, "projects", head, *rows)
        client = signed_in(manager)
        client.get(f"/imports/{run.pk}/")
        with django_assert_num_queries(5):
            page = client.get(f"/imports/{run.pk}/").content.decode()
        assert page.count("<ins>") == 3 * min(many, 100)

    def test_the_pages_of_a_preview_follow_one_another(self, manager):
        head = ["项目编码", "项目名称", "类别"]
        rows = [[f"500101-N{number:03}", f"项目{number}", "产业发展"] for number in range(150)]
        run = check(manager, "projects", head, *rows)
        page = signed_in(manager).get(f"/imports/{run.pk}/?rows=added&page=2").content.decode()
        assert "500101-N149" in page
        assert "500101-N099" not in page


def test_what_a_dead_worker_left_is_run_again(reporter, entry):
    run = check(reporter, "months", HEAD, row(entry))
    workflow.ask_for(run.pk, Task.WRITE, by=reporter, now=timezone.now())
    assert runs.claim(ImportRun, run.pk, now=timezone.now()) is not None
    later = timezone.now() + 2 * ImportRun.PATIENCE
    assert runs.fail_lost(ImportRun, now=later) == 1

    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    assert go_on(run, Task.WRITE).state == ImportRun.State.WRITTEN
    assert run.attempt == 3
