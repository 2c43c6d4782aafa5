"""Signing in through the browser as one of the personas, on the live site with the report loaded."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from accounts.models import User
from tests.factories import PASSWORD

SignIn = Callable[..., Page]
# Chromium reports every refused request, and those that a test itself breaks off; tests that expect
# one look at what came of it.
LOOKED_AT = ("the server responded with a status of", "net::ERR_FAILED")


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, report_loaded: None) -> str:
    """The address of the site, with every fact of the report in it."""
    return live_server.url


@pytest.fixture
def sign_in(site: str, new_context: CreateContextCallback) -> Iterator[SignIn]:
    """A function that signs a person in, in a browser of their own, and gives the page.

    At the end no page may have written an error to the console (a breach of the page policy does)
    or met an answer of 500.
    """
    troubles: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in LOOKED_AT):
            troubles.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 500:
            troubles.append(f"{response.status} {response.url}")

    def enter(user: User, language: str = "en", **options: object) -> Page:
        context = new_context(**options)
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("response", answered)
        page.goto(f"{site}/accounts/login/")
        page.locator("[name=username]").fill(user.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(f"{site}/")
        return page

    yield enter
    assert troubles == []
