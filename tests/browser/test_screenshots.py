"""The pictures of docs/screenshots: `make screenshots` keeps them, any other run only looks at them."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from indicators import questions as indicator_questions
from office.clock import today
from projects import questions
from summaries import keeping
from tests.browser.people import SignIn
from tests.demo_site import demo

__all__ = ["demo"]

pytestmark = pytest.mark.any_database

SIZES = {"": {"width": 1440, "height": 900}, "-phone": {"width": 390, "height": 844}}
SHOTS = {
    "cockpit": "/",
    "plan-entries": "/plans/?year=2024&category=infrastructure&goal=started",
    "project": "/projects/500101-0003/",
    "indicators": "/indicators/2023/",
    "commitments": "/commitments/2024/?kind=task",
    "questions": "/questions/",
    "imports": "/imports/",
    "source": "/sources/wanzhou-2024/?sentence=353&quote=2024年农村公路#s353",
}


@pytest.mark.screenshots
def test_the_main_pages_have_their_pictures(
    sign_in: SignIn, manager: User, site: str, demo: None, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    keeping.rebuild(today().year, at=timezone.now())
    questions.refresh([*questions.find(on=today()), *indicator_questions.find()])
    page = sign_in(manager, "zh-hans")
    for name, path in SHOTS.items():
        for suffix, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(f"{site}{path}")
            page.wait_for_timeout(500)  # charts draw themselves after the page is there
            picture = folder / f"{name}{suffix}.png"
            page.screenshot(path=picture)
            assert picture.stat().st_size > 20_000, f"{name} looks empty"
