"""A whole monthly round in the browser, from its opening by the clock to a reopening after its lock."""

import re
from collections.abc import Callable

import pytest
from django.db.models import Q
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from projects import tasks
from projects.models import AnnualPlan, ReportingPeriod
from tests.browser.people import SignIn
from tests.browser.test_grid import PASTE
from tests.rounds import make_plan, report_of
from tests.worker import Worker, eventually

BLOCK = (
    "310\t26%\tAccelerated\t桩基全部完成\n20\t3\tStarted\t场平施工\n29o\t24\tStarted\t主体二层\n"
)


@pytest.fixture
def entries(sign_in: SignIn, reporter: User) -> list[AnnualPlan]:
    """Three entries with 1,200 万元 for the year: 300 are planned to the end of March."""
    return [
        make_plan(
            reporter.department,
            name=f"轮次项目{number}",
            code=f"500101-R{number}",
            entry={"position": number},
        )
        for number in (1, 2, 3)
    ]


@pytest.fixture
def at_day(settings: object, start_worker: Callable[..., Worker]) -> Callable[[str], None]:
    """A function that lets it be a day: for the site, and for the worker of the night before."""

    def turn(day: str) -> None:
        settings.WZ_TODAY = day  # type: ignore[attr-defined]
        night = start_worker(WZ_TODAY=day)
        tasks.open_and_lock_periods.delay()
        waiting = Q(opens_on__lte=day, opened_at=None) | Q(locks_on__lte=day, locked_at=None)
        eventually(lambda: not ReportingPeriod.objects.filter(waiting).exists())
        night.stop()

    return turn


def row(page: Page, entry: AnnualPlan) -> Locator:
    """The entry's row in the grid of March."""
    return page.locator(f"#row-{report_of(entry, 3).pk}")


def states(entries: list[AnnualPlan]) -> list[str]:
    return [report_of(entry, 3).state for entry in entries]


def take(page: Page, button: str, note: str = "") -> None:
    """Take a step on a report's page, with its note where it needs one."""
    form = page.locator(".steps form", has=page.get_by_role("button", name=button, exact=True))
    if note:
        form.get_by_label("Note").fill(note)
    form.get_by_role("button", name=button, exact=True).click()


def test_a_round_from_its_opening_to_its_reopening(
    sign_in: SignIn,
    reporter: User,
    manager: User,
    entries: list[AnnualPlan],
    at_day: Callable[[str], None],
    site: str,
) -> None:
    first, second, third = entries

    # The clock opens the round; the officer enters it by pasting a block, and submits.
    at_day("2024-03-27")
    assert states(entries) == ["due", "due", "due"]
    officer = sign_in(reporter)
    officer.get_by_role("link", name="Report 2024-03").click()
    expect(officer.locator("html.js-grid")).to_be_attached()
    officer.locator("[data-row] [name=invested_ytd]").first.evaluate(PASTE, BLOCK)
    expect(officer.locator("[data-count=draft]")).to_have_text("2")
    wrong = row(officer, third)
    expect(wrong.locator(".finding-error")).to_contain_text("29o")
    wrong.locator("[name=invested_ytd]").fill("290")
    officer.keyboard.press("Enter")
    expect(officer.locator("[data-count=draft]")).to_have_text("3")
    officer.get_by_role("button", name="Submit all that are ready").click()
    expect(officer.get_by_text("3 reports were submitted.")).to_be_visible()

    # The manager returns one with a note and approves the others at once.
    reviewer = sign_in(manager)
    reviewer.goto(f"{site}/review/")
    line = reviewer.locator("tr", has=reviewer.get_by_role("link", name=second.project.name))
    line.locator(".review-return summary").click()
    line.get_by_label("What has to be put right").fill("请核实金额")
    line.get_by_role("button", name="Return").click()
    expect(reviewer.get_by_text("The report was returned.")).to_be_visible()
    reviewer.get_by_role("link", name="Choose all without findings").click()
    reviewer.get_by_role("button", name="Approve those chosen").click()
    expect(reviewer.get_by_text("2 reports were approved.")).to_be_visible()
    assert states(entries) == ["approved", "returned", "approved"]

    # The officer is told, corrects, submits again; it is approved on its own page.
    officer.goto(f"{site}/inbox/")
    expect(officer.locator("main")).to_contain_text("请核实金额")
    officer.get_by_role("link", name=re.compile(second.project.name)).first.click()
    officer.get_by_role("link", name="Enter figures").click()
    row(officer, second).locator("[name=invested_ytd]").fill("200")
    officer.keyboard.press("Enter")
    expect(officer.locator(".month-row[data-unsaved]")).to_have_count(0)
    officer.goto(f"{site}{report_of(second, 3).get_absolute_url()}")
    take(officer, "Submit")
    expect(officer.get_by_text("The report was submitted.")).to_be_visible()
    reviewer.goto(officer.url)
    take(reviewer, "Approve")
    expect(reviewer.get_by_text("The report was approved.")).to_be_visible()

    # Lights, status and history follow: 8.33 points behind is green, 300 planned, 310 done ahead.
    reviewer.goto(f"{site}/plans/?year=2024&light=green&q=轮次项目")
    expect(reviewer.locator("table.data tbody tr")).to_have_count(3)
    reviewer.goto(f"{site}{first.project.get_absolute_url()}")
    expect(reviewer.locator("#progress").locator("xpath=ancestor::section")).to_contain_text(
        "103.33%"
    )
    history = reviewer.locator("section", has=reviewer.get_by_role("heading", name="History"))
    expect(history).to_contain_text("Accelerated")
    reviewer.goto(f"{site}/projects/?status=accelerated&q=轮次项目")
    expect(reviewer.locator("table.data tbody tr")).to_have_count(1)
    expect(reviewer.locator("table.data tbody tr")).to_contain_text(first.project.name)

    # The clock locks the round while a grid stands open: what is typed is refused, and stays.
    reviewer.goto(f"{site}{report_of(third, 3).get_absolute_url()}")
    take(reviewer, "Reopen", note="核减重复计量")
    officer.goto(f"{site}/month/2024/3/")
    at_day("2024-04-10")
    cell = row(officer, third).locator("[name=invested_ytd]")
    cell.fill("280")
    officer.keyboard.press("Enter")
    expect(row(officer, third).locator(".finding-error")).to_contain_text("locked since 2024-04-10")
    expect(cell).to_have_value("280")
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.goto(f"{site}/month/2024/3/")
    expect(officer.get_by_text("The round has been locked since 2024-04-10.")).to_be_visible()
    expect(officer.locator("[data-row] [name=invested_ytd]")).to_have_count(0)

    # Reopened for the department it is corrected; the approved figure is in force until then.
    reviewer.goto(f"{site}/rounds/2024/3/")
    reviewer.locator("summary", has_text="Open again for a department").click()
    reviewer.get_by_label("Department", exact=True).select_option(label=str(reporter.department))
    reviewer.get_by_label("Reason", exact=True).fill("审计核减")
    reviewer.get_by_label("Open until", exact=True).fill("2024-04-12")
    reviewer.get_by_role("button", name="Open the round again").click()
    expect(reviewer.get_by_text("is open again for").first).to_be_visible()
    officer.goto(f"{site}/month/2024/3/")
    expect(officer.get_by_text("open again for").first).to_be_visible()
    row(officer, third).locator("[name=invested_ytd]").fill("280")
    row(officer, third).locator("summary").first.click()
    officer.get_by_label("Reason for a correction").first.fill("审计核减10万元")
    officer.get_by_role("heading", level=1).click()
    expect(officer.locator("[data-announce]")).to_contain_text("Saved")
    assert report_of(third, 3).approved_invested_ytd == 290
    officer.goto(f"{site}{report_of(third, 3).get_absolute_url()}")
    take(officer, "Submit")
    reviewer.goto(officer.url)
    take(reviewer, "Approve")
    expect(reviewer.get_by_text("The report was approved.")).to_be_visible()

    third_report = report_of(third, 3)
    assert third_report.approved_invested_ytd == 280
    assert [event.action for event in third_report.events.order_by("number")] == [
        "save",
        "submit",
        "approve",
        "reopen",
        "save",
        "submit",
        "approve",
    ]
