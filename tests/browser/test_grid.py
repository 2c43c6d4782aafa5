"""The grid of the month under the fingers: keys, a pasted block, rows saved as they are left."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from projects.models import ProgressReport, ReportingPeriod
from tests.browser.people import SignIn
from tests.factories import make_user
from tests.rounds import make_plan, moment, open_rounds, report_of, save

pytestmark = pytest.mark.any_database

PASTE = """(cell, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def reports(settings: object, sign_in: SignIn, reporter: User) -> list[ProgressReport]:
    """Three reports for March, on the first of April."""
    settings.WZ_TODAY = "2024-04-01"
    entries = [
        make_plan(
            reporter.department,
            name=f"网格项目{number}",
            code=f"500101-G{number}",
            entry={"position": number},
        )
        for number in (1, 2, 3)
    ]
    open_rounds(3)
    return [report_of(entry, 3) for entry in entries]


@pytest.fixture
def grid(sign_in: SignIn, reporter: User, reports: list[ProgressReport], site: str) -> Page:
    page = sign_in(reporter)
    page.goto(f"{site}/month/2024/3/")
    expect(page.locator("html.js-grid")).to_be_attached()
    return page


def row_of(page: Page, report: ProgressReport) -> Locator:
    return page.locator(f"#row-{report.pk}")


def invested(page: Page, report: ProgressReport) -> Locator:
    return row_of(page, report).locator("[name=invested_ytd]")


def test_a_column_is_filled_in_with_the_keyboard_alone(
    grid: Page, reports: list[ProgressReport]
) -> None:
    first, second, third = reports
    invested(grid, first).focus()
    grid.keyboard.type("1,200")
    grid.keyboard.press("Enter")
    expect(invested(grid, second)).to_be_focused()
    expect(row_of(grid, first).locator(".badge-report-draft")).to_be_visible()
    expect(invested(grid, first)).to_have_value("1200")
    grid.keyboard.type("12o0")
    grid.keyboard.press("ArrowDown")
    expect(invested(grid, third)).to_be_focused()
    expect(row_of(grid, second).locator(".finding-error")).to_contain_text("12o0")
    expect(invested(grid, second)).to_have_value("12o0")
    expect(invested(grid, second)).to_have_attribute("aria-invalid", "true")
    expect(grid.locator("[data-announce]")).to_contain_text("Not saved")

    grid.keyboard.press("ArrowUp")
    grid.keyboard.type("0.03亿元")  # what stood there was selected
    grid.keyboard.press("Tab")
    expect(row_of(grid, second).locator("[name=physical_progress]")).to_be_focused()
    grid.keyboard.type("35")
    grid.keyboard.press("Enter")
    expect(row_of(grid, second).locator(".badge-report-draft")).to_be_visible()
    expect(grid.locator(".month-row[data-unsaved]")).to_have_count(0)
    expect(grid.locator("[data-count=draft]")).to_have_text("2")
    second.refresh_from_db()
    assert (second.invested_ytd, second.physical_progress) == (Decimal(300), Decimal(35))
    second = ProgressReport.objects.get(pk=second.pk)
    assert second.version == 1


def test_escape_takes_back_what_was_typed(grid: Page, reports: list[ProgressReport]) -> None:
    invested(grid, reports[0]).focus()
    grid.keyboard.type("77")
    expect(grid.locator(".month-row[data-unsaved]")).to_have_count(1)
    grid.keyboard.press("Escape")
    expect(invested(grid, reports[0])).to_have_value("")
    expect(grid.locator(".month-row[data-unsaved]")).to_have_count(0)


def test_a_block_is_spread_over_the_rows_below_and_saved(
    grid: Page, reports: list[ProgressReport]
) -> None:
    block = '12,000\t30%\tAccelerated\t"二层\n封顶"\n９０\t5\t\t桩基\n80\t7\t没有的状态\t第三行\n1\t1\t\t多出的一行\n'
    invested(grid, reports[0]).focus()
    invested(grid, reports[0]).evaluate(PASTE, block)
    expect(grid.locator("[data-count=draft]")).to_have_text("3")
    expect(grid.locator(".month-row[data-unsaved]")).to_have_count(0)
    expect(grid.locator("[data-note]")).to_contain_text("没有的状态")
    expect(grid.locator("[data-note]")).to_contain_text("1")
    saved = [ProgressReport.objects.get(pk=report.pk) for report in reports]
    assert [report.invested_ytd for report in saved] == [12_000, 90, 80]
    assert [report.physical_progress for report in saved] == [30, 5, 7]
    assert [report.narrative for report in saved] == ["二层\n封顶", "桩基", "第三行"]
    assert [report.status for report in saved] == ["accelerated", "started", "started"]


def test_words_beside_two_figures_go_where_words_belong(
    grid: Page, reports: list[ProgressReport]
) -> None:
    invested(grid, reports[1]).evaluate(PASTE, "10\t2\t主体施工\n20\t3\t装修")
    expect(grid.locator("[data-count=draft]")).to_have_text("2")
    saved = [ProgressReport.objects.get(pk=report.pk) for report in reports]
    assert [report.narrative for report in saved] == ["", "主体施工", "装修"]


def test_two_people_in_one_row_lose_nothing(
    grid: Page, reports: list[ProgressReport], reporter: User
) -> None:
    report = reports[0]
    colleague = make_user(department=reporter.department)
    save(report, colleague, invested=250)
    invested(grid, report).fill("260")
    grid.keyboard.press("Enter")
    row = row_of(grid, report)
    expect(row).to_contain_text(colleague.name)
    expect(row.locator("ins").first).to_have_text("250")
    expect(invested(grid, report)).to_have_value("260")
    row.get_by_role("button", name="Write mine over it").click()
    expect(row.locator("ins")).to_have_count(0)
    expect(grid.locator(".month-row[data-unsaved]")).to_have_count(0)
    assert ProgressReport.objects.get(pk=report.pk).invested_ytd == 260


def test_a_round_that_locks_under_the_fingers_keeps_what_was_typed(
    grid: Page, reports: list[ProgressReport]
) -> None:
    period = reports[0].period
    ReportingPeriod.objects.filter(pk=period.pk).update(locked_at=moment(period.locks_on))
    invested(grid, reports[0]).fill("260")
    grid.keyboard.press("Enter")
    expect(row_of(grid, reports[0]).locator(".finding-error")).to_contain_text("locked")
    expect(invested(grid, reports[0])).to_have_value("260")


def test_what_is_still_unsaved_is_saved_before_everything_ready_is_submitted(
    grid: Page, reports: list[ProgressReport]
) -> None:
    row = row_of(grid, reports[0])
    invested(grid, reports[0]).fill("260")
    row.locator("summary").click()
    row.get_by_label("Progress in words").fill("主体施工")
    grid.get_by_role("button", name="Submit all that are ready").click()
    expect(grid.get_by_text("1 report was submitted.")).to_be_visible()
    assert ProgressReport.objects.get(pk=reports[0].pk).state == "submitted"


def test_without_script_a_row_has_its_button(
    sign_in: SignIn, reporter: User, reports: list[ProgressReport], site: str
) -> None:
    page = sign_in(reporter, java_script_enabled=False)
    page.goto(f"{site}/month/2024/3/")
    invested(page, reports[1]).fill("1,200")
    row_of(page, reports[1]).get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Saved: {reports[1].entry.project.name}")).to_be_visible()
    expect(invested(page, reports[1])).to_have_value("1200")


def test_on_a_phone_rows_are_cards_within_the_page(
    sign_in: SignIn, reporter: User, reports: list[ProgressReport], site: str
) -> None:
    page = sign_in(reporter)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/month/2024/3/")
    for row in page.locator("[data-row]").all():
        row.locator("summary").click()
        for cell in row.locator(".cell").all():
            box = cell.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
