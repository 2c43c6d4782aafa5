"""The table of plans under the fingers: a pasted block, keys, preview and adoption."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from projects.models import AnnualPlan
from projects.planning import months_of
from tests.browser.people import SignIn
from tests.browser.test_grid import PASTE
from tests.factories import make_entry, make_project

pytestmark = pytest.mark.any_database

TWELVE = "\t".join(str(10 * month) for month in range(1, 13))


@pytest.fixture
def entries(settings: object, sign_in: SignIn) -> list[AnnualPlan]:
    """Two entries of a year that the report has no others of."""
    settings.WZ_TODAY = "2030-01-20"
    return [
        make_entry(
            make_project(f"计划项目{number}", code=f"500101-P{number}"), 2030, position=number
        )
        for number in (1, 2)
    ]


@pytest.fixture
def plans(sign_in: SignIn, manager: User, entries: list[AnnualPlan], site: str) -> Page:
    page = sign_in(manager)
    page.goto(f"{site}/plans/2030/adopt/")
    return page


def cell(page: Page, entry: AnnualPlan, column: str) -> Locator:
    return page.locator(f"#row-{entry.pk} [data-column={column}]")


def decide(page: Page) -> None:
    page.get_by_label("Approving body").fill("区人民政府")
    page.get_by_label("Approved on").fill("2030-01-15")


def test_a_block_is_pasted_previewed_and_adopted(plans: Page, entries: list[AnnualPlan]) -> None:
    first, second = entries
    block = f"120\t{TWELVE}\n１２０\t{TWELVE}\n999\t{TWELVE}\n"
    cell(plans, first, "planned_investment").evaluate(PASTE, block)
    expect(cell(plans, first, "month_1")).to_have_value("10")
    expect(cell(plans, second, "month_12")).to_have_value("120")
    expect(cell(plans, first, "enters_in")).to_have_value("")
    expect(plans.locator("[data-note]")).to_contain_text("999")
    decide(plans)
    plans.get_by_role("button", name="Preview").click()
    expect(plans.get_by_role("heading", name="Preview")).to_be_visible()
    plans.get_by_role("button", name="Adopt 2 plans").click()
    expect(plans.get_by_text("2 plans were adopted.")).to_be_visible()
    assert (
        list(months_of(first)) == list(months_of(second)) == [10 * month for month in range(1, 13)]
    )


def test_fourteen_columns_have_the_month_of_entry(plans: Page, entries: list[AnnualPlan]) -> None:
    cell(plans, entries[1], "planned_investment").evaluate(PASTE, f"120\t7\t{TWELVE}")
    expect(cell(plans, entries[1], "enters_in")).to_have_value("7")
    expect(cell(plans, entries[1], "month_12")).to_have_value("120")


def test_months_alone_are_pasted_from_their_first_cell(
    plans: Page, entries: list[AnnualPlan]
) -> None:
    cell(plans, entries[0], "month_1").evaluate(PASTE, f"{TWELVE}\n")
    expect(cell(plans, entries[0], "month_12")).to_have_value("120")


def test_enter_moves_down_the_column_and_sends_nothing(
    plans: Page, entries: list[AnnualPlan]
) -> None:
    cell(plans, entries[0], "planned_investment").fill("120")
    plans.keyboard.press("Enter")
    expect(cell(plans, entries[1], "planned_investment")).to_be_focused()
    plans.keyboard.press("Shift+Enter")
    expect(cell(plans, entries[0], "planned_investment")).to_be_focused()
    expect(plans.get_by_role("heading", name="Preview")).to_have_count(0)


def test_without_script_a_plan_is_adopted_too(
    sign_in: SignIn, manager: User, entries: list[AnnualPlan], site: str
) -> None:
    page = sign_in(manager, java_script_enabled=False)
    page.goto(f"{site}/plans/2030/adopt/")
    cell(page, entries[0], "planned_investment").fill("0.12亿元")
    decide(page)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Adopt 1 plan").click()
    expect(page.get_by_text("1 plan was adopted.")).to_be_visible()
    assert months_of(entries[0])[-1] == 1200


def test_on_a_phone_rows_are_cards_within_the_page(plans: Page, entries: list[AnnualPlan]) -> None:
    plans.set_viewport_size({"width": 390, "height": 800})
    for each in plans.locator("[data-row] input[data-column]").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert plans.evaluate("document.documentElement.scrollWidth") <= 390
