"""Each persona does its job from signing in to the end, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.models import User
from projects.models import Project, ProjectList, SavedView, StatusChange
from summaries.models import DocumentRun, ProgressSummary
from tests.browser.people import SignIn
from tests.worker import Worker, eventually


@pytest.fixture
def own_project(sign_in: SignIn, reporter: User) -> Project:
    """A project of the reporter's department that the report calls accelerated."""
    project = Project.objects.get(name="成达万高铁")
    Project.objects.filter(pk=project.pk).update(department=reporter.department)
    return project


def test_staff_update_a_status_and_see_it_in_the_history(
    sign_in: SignIn, reporter: User, own_project: Project
) -> None:
    page = sign_in(reporter)
    page.get_by_role("link", name=own_project.name).first.click()
    page.get_by_role("link", name="Update status").click()
    status = page.get_by_label("New status")
    assert "Withdrawn" in status.inner_text()
    assert "Accelerated" not in status.inner_text()  # it is accelerated already

    status.select_option(label="Started (going back)")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the reason for this change.")).to_be_visible()

    page.get_by_label("Reason").fill("隧道塌方，重新组织施工")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The status was changed.")).to_be_visible()
    history = page.locator("section", has=page.get_by_role("heading", name="History"))
    expect(history).to_contain_text("隧道塌方，重新组织施工")
    expect(history).to_contain_text(reporter.name)
    change = StatusChange.objects.get()
    assert (change.old_status, change.new_status, change.by) == ("accelerated", "started", reporter)


def test_a_stale_form_says_who_was_faster_and_keeps_what_was_typed(
    sign_in: SignIn, reporter: User, manager: User, own_project: Project, site: str
) -> None:
    slow = sign_in(reporter)
    slow.goto(f"{site}/projects/{own_project.code}/status/")
    quick = sign_in(manager)
    quick.goto(slow.url)
    quick.get_by_label("New status").select_option(label="Suspended")
    quick.get_by_label("Reason").fill("资金未到位")
    quick.get_by_role("button", name="Save").click()
    expect(quick.get_by_text("The status was changed.")).to_be_visible()

    slow.get_by_label("New status").select_option(label="Started (going back)")
    slow.get_by_label("Reason").fill("我写了很久的原因")
    slow.get_by_role("button", name="Save").click()
    expect(slow.get_by_role("alert").first).to_contain_text(manager.name)
    expect(slow.get_by_label("Reason")).to_have_value("我写了很久的原因")
    slow.get_by_label("New status").select_option("started")
    slow.get_by_role("button", name="Save").click()
    expect(slow.get_by_text("The status was changed.")).to_be_visible()


def test_a_manager_filters_saves_the_filter_and_drills_from_the_cockpit(
    sign_in: SignIn, manager: User, site: str
) -> None:
    page = sign_in(manager)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Plan entries").click()
    # The columns bear the same names as the filters.
    filters = page.locator(".filters")
    filters.get_by_label("Year", exact=True).select_option("2024")
    filters.get_by_label("Category").select_option("infrastructure")
    filters.get_by_label("Goal").select_option("started")
    page.get_by_role("button", name="Apply").click()
    rows = page.locator("table.data tbody tr")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("万州机场航空口岸开放基础设施")

    page.locator("summary", has_text="Views").click()
    page.get_by_label("Save the present view as").fill("基础设施开工")
    page.get_by_role("button", name="Save", exact=True).click()
    view = SavedView.objects.get()
    assert (view.user, view.name) == (manager, "基础设施开工")
    page.goto(f"{site}/plans/")
    page.locator("summary", has_text="Views").click()
    page.get_by_role("link", name="基础设施开工").click()
    expect(rows).to_have_count(20)

    page.goto(f"{site}/?year=2024")
    page.locator("summary", has_text="Data table").first.click()
    table = page.locator("figure.chart table").first
    cell = table.locator("tr", has_text="Infrastructure").get_by_role("link", name="20", exact=True)
    cell.click()
    assert "category=infrastructure" in page.url
    assert "goal=started" in page.url
    expect(rows).to_have_count(20)


def test_a_citation_leads_to_the_marked_words_in_the_report(sign_in: SignIn, manager: User) -> None:
    page = sign_in(manager)
    page.goto(f"{page.url}plans/?year=2023")
    name = page.locator("table.data tbody tr").first.locator("th").inner_text()
    page.locator("table.data tbody tr").first.locator("a.cite").click()
    expect(page.locator("mark")).to_have_text(name)


def test_an_administrator_tries_and_loads_a_fixture(
    sign_in: SignIn, admin: User, site: str, tmp_path: Path
) -> None:
    file = tmp_path / "lists.json"
    rows = [{"code": "shuangcheng", "name": "成渝双城重大项目"}]
    file.write_text(
        json.dumps({"model": "projects.projectlist", "rows": [{**rows[0], "nome": "x"}]})
    )
    page = sign_in(admin)
    page.goto(f"{site}/admin/fixtures/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("dry run", re.IGNORECASE)).click()
    expect(page.locator("#content")).to_contain_text("nome")
    assert not ProjectList.objects.exists()

    file.write_text(json.dumps({"model": "projects.projectlist", "rows": rows}))
    page.goto(f"{site}/admin/fixtures/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("dry run", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Dry run: nothing was written")).to_be_visible()
    assert not ProjectList.objects.exists()
    page.get_by_role("button", name="Load this").click()
    page.wait_for_load_state()
    assert ProjectList.objects.get().name == "成渝双城重大项目"


def test_a_leader_reads_everything_and_is_refused_every_write(
    sign_in: SignIn, leader: User, own_project: Project, site: str
) -> None:
    page = sign_in(leader)
    page.goto(f"{site}/projects/{own_project.code}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(own_project.name)
    expect(page.get_by_role("link", name="Update status")).to_have_count(0)
    cookies = page.context.cookies(site)
    csrf = next(cookie["value"] for cookie in cookies if cookie["name"] == "csrftoken")
    for path, fields in (
        (f"/projects/{own_project.code}/status/", {"status": "started", "version": "0"}),
        ("/documents/build/", {"kind": "progress_summary", "year": "2023"}),
    ):
        answer = page.request.post(
            f"{site}{path}",
            form={**fields, "csrfmiddlewaretoken": csrf},
            headers={"Referer": f"{site}/"},
        )
        assert answer.status == 403, path
    page.goto(f"{site}/admin/")
    assert page.url == f"{site}/admin/login/?next=/admin/" or page.get_by_text("403").count()
    assert not StatusChange.objects.exists()
    assert not DocumentRun.objects.exists()


def test_a_summary_is_built_by_the_worker_while_the_page_shows_progress(
    sign_in: SignIn, manager: User, worker: Worker, site: str
) -> None:
    page = sign_in(manager)
    page.goto(f"{site}/summaries/")
    page.get_by_label("Year", exact=True).select_option("2023")
    page.get_by_role("button", name="Build the year").click()
    page.wait_for_url(re.compile(r"/documents/\d+/$"))
    # The page fetches its moving part by itself until the run has ended.
    page.get_by_role("link", name="Read the summary").click(timeout=30_000)
    summary = eventually(ProgressSummary.objects.first)
    expect(page.locator("main")).to_contain_text(summary.digest)
    expect(page.locator("main")).to_contain_text("25")
    assert DocumentRun.objects.get().progress == 100
