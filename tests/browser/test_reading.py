"""An officer has next year's report read, reviews it row by row, writes it, and finds it on the site."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from projects.models import AnnualPlan, SourceDocument
from reading.models import ReadingRow, ReportReading
from tests.browser.people import SignIn
from tests.worker import Worker

pytestmark = pytest.mark.any_database

SEED = site_settings.FIXTURES_DIR / "source" / "wanzhou-2024.txt"


@pytest.fixture(autouse=True)
def reader(settings: object, start_worker: Callable[..., Worker], tmp_path: Path) -> Worker:
    """A worker that finds the uploaded files where the site keeps them."""
    settings.MEDIA_ROOT = str(tmp_path / "media")  # type: ignore[attr-defined]
    return start_worker(MEDIA_ROOT=str(tmp_path / "media"))


@pytest.fixture
def next_year(tmp_path: Path) -> Path:
    """The same report a year later, with a project that nobody knows and one that bears another name."""
    words = SEED.read_text(encoding="utf-8")
    for year in (2024, 2023, 2022):
        words = words.replace(f"{year}年", f"{year + 1}年")
    words = words.replace("综合能源基地、", "综合能源示范基地、滨江数字产业园、")
    path = tmp_path / "report-2025.txt"
    path.write_text(words, encoding="utf-8")
    return path


def row(page: Page, subject: str) -> Locator:
    """A proposal of the page, by what it is called; it stays the same while it is edited."""
    heading = page.get_by_role("heading", name=subject, exact=True)
    found = page.locator("[data-row]", has=heading).first
    return page.locator(f"#{found.get_attribute('id')}")


def test_a_report_is_read_reviewed_written_and_found_on_the_site(
    sign_in: SignIn, manager: User, site: str, next_year: Path
) -> None:
    page = sign_in(manager)
    page.get_by_role("link", name="Reading of reports").click()
    page.locator("input[type=file]").set_input_files(next_year)
    page.get_by_role("button", name="Read", exact=True).click()
    # The page that shows the progress becomes the review by itself.
    expect(page.get_by_role("heading", name="What the report was found to say")).to_be_visible(
        timeout=60_000
    )

    page.get_by_label("Words").fill("滨江数字产业园")
    page.get_by_role("button", name="Apply").click()
    new = row(page, "滨江数字产业园")
    expect(new).to_contain_text("New")
    expect(new.locator("mark")).to_have_text("滨江数字产业园")
    page.wait_for_load_state()  # the keys are a script's
    # The key of the row in which the focus is.
    new.get_by_role("button", name="Accept").focus()
    page.keyboard.press("e")
    new.get_by_label("Sector").fill("数字产业")
    new.get_by_role("button", name="Keep the correction").click()
    expect(new).to_contain_text("Corrected")

    page.goto(f"{page.url.partition('?')[0]}?match=renamed&kind=project&q=综合能源示范基地")
    renamed = row(page, "综合能源示范基地")
    expect(renamed.locator("del")).to_have_text("综合能源基地")
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(renamed).to_contain_text("Accepted")
    expect(page.locator("#counts")).to_contain_text("2 accepted")

    page.get_by_role("button", name=re.compile("Accept all sure ones")).click()
    page.locator("#counts summary").click()
    page.get_by_role("button", name="Write to the records").click()
    expect(page.get_by_text(re.compile("rows changed the records"))).to_be_visible(timeout=60_000)

    reading = ReportReading.objects.get()
    assert (reading.state, reading.applied_by) == ("applied", manager)
    page.goto(f"{site}/plans/?year=2025&q=综合能源示范基地")
    page.locator("table.data tbody a.cite").first.click()
    expect(page.locator("mark")).to_have_text("综合能源示范基地")
    assert SourceDocument.objects.get(year=2025).code in page.url
    assert AnnualPlan.objects.get(year=2025, project__name="滨江数字产业园").sector == "数字产业"
    assert AnnualPlan.objects.get(year=2024, cited_name="综合能源基地").project.name == (
        "综合能源示范基地"
    )
    assert ReadingRow.objects.filter(decision="corrected", values={"sector": "数字产业"}).exists()


def test_a_draft_with_a_wrong_figure_is_told_where_it_is_wrong(
    sign_in: SignIn, manager: User, site: str, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.txt"
    words = SEED.read_text(encoding="utf-8")
    draft.write_text(words.replace("同比增长15.6%", "同比增长16.5%", 1), encoding="utf-8")
    page = sign_in(manager)
    page.goto(f"{site}/readings/lint/")
    page.locator("input[type=file]").set_input_files(draft)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".headline")).to_contain_text("not agree", timeout=60_000)
    found = page.locator("table.data tbody tr").first
    expect(found).to_contain_text("16.5")
    expect(found).to_contain_text("15.6")
    expect(found.locator("mark")).to_contain_text("16.5")
