"""A person makes a token, a program uses it, and the reference is read and tried without the network."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.people import SignIn
from tests.programs import Program

pytestmark = pytest.mark.any_database


def test_a_token_is_made_used_and_revoked_and_the_reference_tried(
    sign_in: SignIn, site: str, reporter: User
) -> None:
    page = sign_in(reporter, "en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{site}/accounts/profile/")
    page.get_by_role("link", name="New API token").click()
    page.get_by_label("What it is for").fill("Data exchange")
    page.get_by_label("Save and submit monthly reports").check()
    page.get_by_role("button", name="Make the token").click()
    secret = page.locator("#token").inner_text()
    assert Program(secret).read("me/")["scopes"] == ["read", "report"]

    page.get_by_role("link", name="Reference of the API").click()
    page.locator(".opblock-tag[data-tag=reports]").click()
    expect(page.get_by_text("Save figures of a report")).to_be_visible()
    page.locator(".opblock-tag[data-tag=me]").click()
    me = page.locator("#operations-me-me")
    me.locator("button").first.click()
    me.get_by_role("button", name="Try it out").click()
    me.get_by_role("button", name="Execute").click()
    expect(me.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(me.locator(".live-responses-table")).to_contain_text('"username": "reporter"')
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(f"{site}/accounts/profile/")
    page.locator("summary", has_text="Revoke").click()
    page.locator(".confirm-body").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    assert Program(secret).get("/api/v1/me/").status_code == 401

    own = urlsplit(site).netloc
    others = {urlsplit(url).netloc for url in asked if url.startswith("http")} - {own}
    assert others == set()
