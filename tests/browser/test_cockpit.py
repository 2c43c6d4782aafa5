"""Charts saved as picture and data, and the wall screen that fetches itself again, in a real browser."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from summaries import keeping
from tests.browser.people import SignIn
from tests.rounds import make_plan
from tests.summaries.months import TODAY, make_months

pytestmark = pytest.mark.any_database

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def months(site: str, settings: object) -> None:
    settings.WZ_TODAY = TODAY  # type: ignore[attr-defined]
    make_months()


def saved(page: Page, button: str, folder: Path) -> Path:
    """What a button of the page's first chart saves."""
    with page.expect_download() as download:
        page.locator("figure.chart").first.locator(f"[data-chart-save={button}]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.usefixtures("months")
def test_a_chart_is_saved_as_a_picture_and_as_its_data(
    sign_in: SignIn, manager: User, tmp_path: Path
) -> None:
    page = sign_in(manager)
    picture = saved(page, "png", tmp_path)
    assert picture.name.startswith("Planned, invested and projected, 2024")
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_size > 10_000
    lines = saved(page, "csv", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Month,Planned to date,Invested to date,At the pace so far"
    assert len(lines) == 13
    assert lines[1] == "1,2.30,1.61,"
    assert lines[12].split(",")[2] == ""


@pytest.mark.usefixtures("months")
def test_the_keyboard_reaches_a_chart_s_data_and_the_rows_behind_it(
    sign_in: SignIn, manager: User
) -> None:
    page = sign_in(manager)
    chart = page.locator("figure.chart").first
    chart.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(chart.locator("table")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/?year=2024&month=1")


@pytest.mark.usefixtures("months")
def test_a_chart_is_printed_with_its_data(sign_in: SignIn, manager: User) -> None:
    page = sign_in(manager)
    page.emulate_media(media="print")
    chart = page.locator("figure.chart").first
    expect(chart.locator("table")).to_be_visible()
    expect(chart.locator("canvas").first).to_be_visible()
    expect(chart.locator("[data-chart-save=png]")).to_be_hidden()


@pytest.mark.usefixtures("months")
def test_the_wall_shows_what_has_changed_without_being_touched(
    sign_in: SignIn, manager: User, site: str
) -> None:
    page = sign_in(manager)
    page.clock.install()
    page.goto(f"{site}/wall/")
    projects = page.locator(".wall-card dd").first
    listed = int(projects.inner_text())
    make_plan(planned=10_000, code="500101-M7")
    keeping.rebuild(2024, at=timezone.now())
    page.clock.run_for(61_000)
    expect(projects).to_have_text(str(listed + 1))
    expect(page.locator("#wall-stale")).to_be_hidden()


@pytest.mark.usefixtures("months")
def test_the_wall_outlives_a_server_that_is_away_and_says_that_it_is_stale(
    sign_in: SignIn, manager: User, site: str
) -> None:
    page = sign_in(manager)
    page.clock.install()
    page.goto(f"{site}/wall/")
    read_at = page.locator(".wall-read time").inner_text()
    page.route("**/wall/", lambda route: route.abort())
    page.clock.run_for(61_000)
    expect(page.locator("#wall-stale")).to_contain_text("has not answered for 1 minutes")
    assert page.locator(".wall-read time").inner_text() == read_at
    page.unroute("**/wall/")
    page.clock.run_for(61_000)
    expect(page.locator("#wall-stale")).to_be_hidden()
    expect(page.locator(".wall-headline")).to_be_visible()


@pytest.mark.usefixtures("months")
def test_the_wall_says_when_its_sign_in_has_ended(
    sign_in: SignIn, manager: User, site: str
) -> None:
    page = sign_in(manager)
    page.clock.install()
    page.goto(f"{site}/wall/")
    page.context.clear_cookies(name="sessionid")
    page.clock.run_for(61_000)
    expect(page.locator("#wall-stale")).to_be_visible()
    expect(page.locator("#wall-stale")).to_contain_text("the sign-in has ended")
    expect(page.locator(".wall-headline")).to_be_visible()


@pytest.mark.usefixtures("months")
def test_the_wall_turns_from_scene_to_scene(sign_in: SignIn, manager: User, site: str) -> None:
    page = sign_in(manager)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install()
    page.goto(f"{site}/wall/")
    scenes = page.locator(".wall-scene")
    expect(scenes.nth(0)).to_be_visible()
    expect(scenes.nth(1)).to_be_hidden()
    page.clock.run_for(20_500)
    expect(scenes.nth(1)).to_be_visible()
    expect(scenes.nth(0)).to_be_hidden()
