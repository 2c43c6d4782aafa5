"""Every page, in both languages, wide and narrow: nothing for axe to find, nothing to scroll sideways."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from accounts.models import User
from indicators import questions as indicator_questions
from office.clock import today
from projects import clearing, questions
from projects.models import LightRule, ObstacleKind, Project, ReportAction
from reading.models import ReportReading
from reading.proposals import Unread
from summaries.models import ProgressSummary
from tests.browser.people import SignIn
from tests.reading.readings import (
    commitment,
    evidence,
    found,
    indicator,
    make_reading,
    project,
)
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, step, submit
from tests.summaries.month_summaries import build_month, correct, issue_month
from tests.summaries.months import TODAY, make_months
from tests.worker import Worker, eventually

pytestmark = pytest.mark.any_database

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
LANGUAGES = ("zh-hans", "en")
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}

PAGES = (
    "/",
    "/cockpit/list/?year=2023",
    "/cockpit/indicators/",
    "/cockpit/indicators/?year=2023",
    "/wall/",
    "/plans/",
    "/plans/?year=2023&columns=name&columns=heading&columns=source&sort=-result",
    "/plans/?q=没有这样的项目",
    "/plans/?year=abc",
    "/plans/2024/adopt/",
    "/projects/",
    "/projects/?questioned=yes",
    "/projects/500101-0003/",
    "/projects/500101-0003/status/",
    "/sources/wanzhou-2024/?sentence=20&quote=236",
    "/statements/",
    "/statements/?year=2023&kind=investment",
    "/questions/",
    "/questions/?state=closed",
    "/indicators/2023/",
    "/indicators/2024/",
    "/indicators/2023/good-air-days/",
    "/commitments/2023/",
    "/commitments/2024/",
    "/commitments/2024/?kind=task",
    "/summaries/",
    "/reconciliation/2023/",
    "/reconciliation/2023/count-2023-03/",
    "/open-data/",
    "/open-data/dictionary/",
    "/open-data/lists/",
    "/documents/",
    "/documents/?kind=annual_report",
    "/documents/texts/",
    "/documents/texts/investment-2/",
    "/documents/texts/fields/?q=固定",
    "/readings/",
    "/readings/lint/",
    "/imports/",
    "/imports/new/months/",
    "/accounts/profile/",
    "/accounts/password/",
    "/accounts/tokens/new/",
    "/no/such/page/",
)
ADMIN_PAGES = (
    "/webhooks/",
    "/admin/",
    "/admin/fixtures/",
    "/admin/accounts/user/",
    "/admin/projects/annualplan/",
)


def axe(page: Page) -> list[str]:
    """What axe finds on the page."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{page.url} {violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def walk(page: Page, site: str, paths: tuple[str, ...]) -> list[str]:
    """Faults of the pages: what axe finds, and whether a narrow one scrolls sideways.

    Axe looks at the wide page in Chinese, the office's language, and at the narrow one in English,
    whose words are the longer ones.
    """
    found = []
    for path in paths:
        page.set_viewport_size(WIDE)
        page.goto(f"{site}{path}")
        if page.locator("html").get_attribute("lang") == "zh-hans":
            found += axe(page)
            page.set_viewport_size(NARROW)
        else:
            page.set_viewport_size(NARROW)
            found += axe(page)
        if not fits(page):
            found.append(f"{page.url} scrolls sideways")
    return found


def speak(page: Page, site: str, language: str) -> None:
    """Let the pages that follow be in this language."""
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])


def walk_in_each_language(page: Page, site: str, paths: tuple[str, ...]) -> list[str]:
    """Faults of the pages in the one language and in the other."""
    found = []
    for language in LANGUAGES:
        speak(page, site, language)
        found += walk(page, site, paths)
    return found


def fits(page: Page) -> bool:
    """Whether the page, once it has taken the width it was given, needs no more of it.

    Asked again and again from here: a page with the site's policy refuses to be polled inside.
    """
    for _attempt in range(20):
        if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


@pytest.fixture
def raise_questions(site: str) -> None:
    """The data questions of the report, as the nightly job raises them."""
    questions.refresh([*questions.find(on=today()), *indicator_questions.find()])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("raise_questions")
def test_axe_finds_nothing_on_any_page(
    language: str, sign_in: SignIn, admin: User, site: str
) -> None:
    page = sign_in(admin, language)
    assert page.locator("html").get_attribute("lang") == language
    assert walk(page, site, (*PAGES, *ADMIN_PAGES)) == []


def test_axe_finds_nothing_on_the_desk_of_a_reporting_officer(
    sign_in: SignIn, reporter: User, site: str
) -> None:
    Project.objects.filter(sector="交通").update(department=reporter.department)
    page = sign_in(reporter)
    assert walk_in_each_language(page, site, ("/", "/plans/", "/questions/")) == []


@pytest.fixture
def round_addresses(settings: object, reporter: User, manager: User) -> tuple[str, ...]:
    """The pages of a round in which every state occurs, on its due day, with an obstacle and a photo."""
    settings.WZ_TODAY = "2024-04-05"  # type: ignore[attr-defined]
    entries = [make_plan(reporter.department, code=f"500101-P{n}") for n in range(5)]
    open_rounds(3)
    first, *rest = [report_of(entry, 3) for entry in entries]
    approve(first, reporter, manager)
    step(first, ReportAction.REOPEN, manager, note="口径有误")
    approve(rest[0], reporter, manager, invested=400)
    submit(rest[1], reporter)
    submit(rest[2], reporter)
    step(rest[2], ReportAction.RETURN, manager, note="请补充说明")
    obstacle = clearing.raise_obstacle(
        entries[0].project,
        kind=ObstacleKind.LAND,
        text="红线内两户未签约",
        responsible=reporter.department,
        due_on=date(2024, 5, 1),
        by=reporter,
        on=date(2024, 4, 5),
        at=moment(date(2024, 4, 5)),
    )
    return (
        "/month/2024/3/",
        "/review/",
        "/rounds/",
        "/rounds/2024/3/",
        "/rounds/2024/12/",
        *(f"/reports/{report.pk}/" for report in (first, rest[1])),
        f"/reports/{first.pk}/photos/",
        f"/reports/{first.pk}/judge/",
        f"/projects/{entries[0].project.code}/",
        f"/projects/{entries[0].project.code}/obstacles/new/",
        "/obstacles/",
        obstacle.get_absolute_url(),
        "/lights/",
        f"/lights/{LightRule.objects.get().pk}/",
        "/lights/new/",
        "/inbox/",
        "/plans/?light=green",
    )


def test_axe_finds_nothing_on_the_pages_of_a_round(
    sign_in: SignIn, manager: User, round_addresses: tuple[str, ...], site: str
) -> None:
    page = sign_in(manager)
    assert walk_in_each_language(page, site, round_addresses) == []


def test_axe_finds_nothing_on_the_cockpit_and_the_wall_of_a_month(
    sign_in: SignIn, manager: User, settings: object, site: str
) -> None:
    settings.WZ_TODAY = TODAY  # type: ignore[attr-defined]
    make_months()
    page = sign_in(manager)
    paths = (
        "/",
        "/?year=2024&month=2&rank=late",
        "/?year=2023",
        "/wall/",
        "/plans/?year=2024&month=3&reporting=overdue",
    )
    assert walk_in_each_language(page, site, paths) == []


def test_axe_finds_nothing_on_a_run_and_its_summary(
    sign_in: SignIn, manager: User, worker: Worker, site: str
) -> None:
    page = sign_in(manager)
    page.goto(f"{site}/summaries/")
    page.locator("main form[action$='/build/'] button").click()
    summary = eventually(ProgressSummary.objects.first)
    paths = (summary.runs.get().get_absolute_url(), summary.get_absolute_url(), "/summaries/")
    assert walk_in_each_language(page, site, paths) == []


def test_axe_finds_nothing_on_an_issued_month_that_was_corrected_since(
    sign_in: SignIn, reporter: User, manager: User, site: str
) -> None:
    entry = make_plan(reporter.department, code="500101-P0")
    open_rounds(2)
    approve(report_of(entry, 2), reporter, manager, invested=150)
    issued = issue_month(manager)
    correct(entry, reporter, manager, 180)
    draft = build_month(manager)
    page = sign_in(manager)
    paths = (
        issued.get_absolute_url(),
        draft.get_absolute_url(),
        "/summaries/",
        "/reconciliation/2024/",
        "/reconciliation/2024/money-02-all-none/",
    )
    assert walk_in_each_language(page, site, paths) == []


def test_axe_finds_nothing_at_the_door(site: str, page: Page) -> None:
    assert walk_in_each_language(page, site, ("/accounts/login/",)) == []


def test_axe_finds_nothing_on_the_review_of_a_report_and_the_check_of_a_draft(
    sign_in: SignIn, manager: User, settings: object, tmp_path: Path, site: str
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    says = found(
        project("山城智造园"),
        project("综合能源示范基地", confidence=Decimal("0.5"), doubts=("no_project_word",)),
        indicator("地区生产总值增速", target="6.5以上", actual="7"),
        commitment("口袋公园"),
        unread=(Unread(evidence("某表的一行", 2), "table"),),
    )
    review = make_reading(says, manager)
    draft = make_reading(says, manager, purpose=ReportReading.Purpose.LINT)
    address = review.get_absolute_url()
    rows = [f"{address}rows/{row.pk}/" for row in review.rows.all()[:3]]
    page = sign_in(manager)
    parts = [f"{address}?part={part}" for part in ("missing", "unread", "log")]
    paths = (address, *rows, *parts, draft.get_absolute_url())
    assert walk_in_each_language(page, site, paths) == []
