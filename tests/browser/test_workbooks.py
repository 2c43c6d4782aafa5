"""A workbook's way in the browser: template down, filled, up, marked, corrected, previewed, written, taken back."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from exchange.models import ImportRun
from projects.models import AnnualPlan, ReportEvent
from projects.verification import verify
from tests.browser.people import SignIn
from tests.browser.test_every_page import NARROW, axe, fits
from tests.rounds import make_plan, open_rounds, report_of
from tests.worker import Worker

pytestmark = pytest.mark.any_database

DAY = "2024-03-29"


@pytest.fixture
def entries(settings: object, sign_in: SignIn, reporter: User) -> list[AnnualPlan]:
    """Two entries that are asked for in March."""
    settings.WZ_TODAY = DAY  # type: ignore[attr-defined]
    made = [
        make_plan(reporter.department, name=f"桥梁{number}", code=f"500101-B{number}")
        for number in (1, 2)
    ]
    open_rounds(3)
    return made


def column(sheet: openpyxl.worksheet.worksheet.Worksheet, heading: str) -> str:
    """The letters of a column, by its heading."""
    return next(cell.column_letter for cell in sheet[1] if cell.value == heading)


def downloaded(page: Page, name: str) -> openpyxl.Workbook:
    """The workbook behind a link or button."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def bring_in(page: Page, site: str, book: openpyxl.Workbook) -> None:
    """Upload a workbook of monthly figures."""
    out = io.BytesIO()
    book.save(out)
    page.goto(f"{site}/imports/new/months/")
    file = {"name": "三月.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}
    page.get_by_label("Workbook", exact=True).set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Check").click()


def test_the_figures_of_a_month_go_in_by_workbook_and_out_again(
    sign_in: SignIn,
    reporter: User,
    entries: list[AnnualPlan],
    start_worker: Callable[..., Worker],
    site: str,
) -> None:
    start_worker(WZ_TODAY=DAY)
    page = sign_in(reporter)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Workbooks in").click()
    page.get_by_role("link", name="Monthly figures").click()
    book = downloaded(page, "Download the template")
    sheet = book.worksheets[0]
    invested = column(sheet, "Invested, year to date (10,000 yuan)")
    progress = column(sheet, "Physical progress (%)")
    started = column(sheet, "Started on")
    assert [sheet[f"B{row}"].value for row in (2, 3)] == ["桥梁1", "桥梁2"]

    # As an officer fills it in: amounts as text, a percentage that Excel formats, a wrong one.
    sheet[f"{invested}2"], sheet[f"{invested}3"] = "０.０３亿元", "三百"
    sheet[f"{progress}2"], sheet[f"{progress}3"] = 0.25, 120
    sheet[f"{progress}2"].number_format = "0%"
    sheet[f"{started}2"] = "2023年3月1日"
    bring_in(page, site, book)
    expect(page.get_by_text("Has faults")).to_be_visible()
    table = page.get_by_role("table", name="Faults of the workbook")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table).to_contain_text("三百")
    assert axe(page) == []

    marked = downloaded(page, "With its faults marked").worksheets[0]
    assert "三百" in marked[f"{invested}3"].comment.text
    assert "0 and 100" in marked[f"{progress}3"].comment.text
    assert marked[f"{invested}2"].comment is None
    assert not ReportEvent.objects.exists()

    sheet[f"{invested}3"], sheet[f"{progress}3"] = 280, 24
    bring_in(page, site, book)
    expect(page.get_by_text("To be confirmed")).to_be_visible()
    changes = page.get_by_role("table", name="What the workbook does")
    expect(changes).to_contain_text("300")
    expect(changes).to_contain_text("2023-03-01")
    assert not ReportEvent.objects.exists()
    page.set_viewport_size(NARROW)
    assert fits(page)
    assert axe(page) == []

    page.get_by_role("button", name="Write what is shown").click()
    expect(page.get_by_text("Written as a whole")).to_be_visible()
    first, second = (report_of(entry, 3) for entry in entries)
    assert (first.state, first.invested_ytd, first.physical_progress) == ("draft", 300, 25)
    assert (second.invested_ytd, second.physical_progress) == (280, 24)

    page.get_by_text("Take back", exact=True).first.click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Taken back as a whole")).to_be_visible()
    assert report_of(entries[0], 3).invested_ytd is None
    assert [run.state for run in ImportRun.objects.order_by("pk")] == ["faulty", "undone"]
    assert verify().findings == []
