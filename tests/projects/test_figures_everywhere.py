"""Every rule of the figures is kept on every way in, and each refusal names its field."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.models import ProgressReport, ReportAction, ReportState
from projects.workflow import InvalidFigures
from tests.factories import signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, step, values

pytestmark = pytest.mark.any_database

A = ReportAction
MARCH = "/month/2024/3/"
LABELS = {
    "invested_ytd": "Invested, year to date",
    "physical_progress": "Physical progress (%)",
    "completed_on": "Completed on",
}


@dataclass(frozen=True)
class Rule:
    """What breaks a rule, the field that is named, words of the message, what mends it."""

    broken: dict[str, Any]
    field: str
    words: str
    mended: dict[str, Any] = field(default_factory=dict)
    is_kept_in_a_draft: bool = True


RULES = {
    "it falls without a stated correction": Rule(
        {"invested_ytd": Decimal(150)}, "invested_ytd", "falls from 200", {"correction": "核减"}
    ),
    "it is above the total investment without a confirmation": Rule(
        {"invested_ytd": Decimal(20_000)},
        "invested_ytd",
        "above the total investment",
        {"confirmed": ["above_total"]},
    ),
    "physical progress is above 100": Rule(
        {"physical_progress": Decimal(101)},
        "physical_progress",
        "between 0 and 100",
        {"physical_progress": Decimal(100)},
        is_kept_in_a_draft=False,
    ),
    "physical progress is below 0": Rule(
        {"physical_progress": Decimal(-1)},
        "physical_progress",
        "between 0 and 100",
        {"physical_progress": Decimal(10)},
        is_kept_in_a_draft=False,
    ),
    "it is completed without a date": Rule(
        {"status": "completed", "physical_progress": Decimal(100)},
        "completed_on",
        "has a date of completion",
        {"completed_on": date(2024, 3, 28)},
    ),
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


@pytest.fixture(autouse=True)
def _on_the_first_of_april(settings):
    settings.WZ_TODAY = "2024-04-01"


@pytest.fixture
def report(reporter, manager) -> ProgressReport:
    """March, after 200 were approved for February; 10,000 is the total investment."""
    entry = make_plan(reporter.department)
    open_rounds(3)
    approve(report_of(entry, 2), reporter, manager, invested=200, on=date(2024, 3, 4))
    return report_of(entry, 3)


def filled(rule: Rule, *, is_mended: bool = False) -> dict[str, Any]:
    return {**values(300), **rule.broken, **(rule.mended if is_mended else {})}


def state_of(report: ProgressReport) -> tuple[str, int]:
    report.refresh_from_db()
    return report.state, report.version


def english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


@every_rule
def test_by_the_workflow(report, reporter, rule):
    action, more = A.SAVE, {"values": filled(rule)}
    if rule.is_kept_in_a_draft:
        step(report, A.SAVE, reporter, values=filled(rule), on=date(2024, 4, 1))
        action, more = A.SUBMIT, {}
    before = state_of(report)
    with pytest.raises(InvalidFigures) as refused:
        step(report, action, reporter, on=date(2024, 4, 1), **more)
    assert list(refused.value.errors) == [rule.field]
    assert state_of(report) == before

    step(report, A.SAVE, reporter, values=filled(rule, is_mended=True), on=date(2024, 4, 1))
    step(report, A.SUBMIT, reporter, on=date(2024, 4, 1))
    assert state_of(report)[0] == ReportState.SUBMITTED


def typed(report: ProgressReport, rule: Rule, **more) -> dict[str, Any]:
    """A row of the grid as the browser sends it."""
    named = {name: "" if value is None else value for name, value in filled(rule, **more).items()}
    report.refresh_from_db()
    return {**named, "version": report.version}


@every_rule
def test_in_a_row_of_the_grid(report, reporter, rule):
    client = english(reporter)
    address, row = f"/reports/{report.pk}/row/", {"X-Grid-Row": "1"}
    response = client.post(address, typed(report, rule), headers=row)
    html = response.content.decode()
    assert response.status_code == (200 if rule.is_kept_in_a_draft else 422)
    assert "data-ready" not in html
    assert f"<strong>{LABELS[rule.field]}</strong>" in html
    assert rule.words in html

    left = client.post(f"{MARCH}submit/")
    assert state_of(report)[0] != ReportState.SUBMITTED
    if rule.is_kept_in_a_draft:
        assert f"<strong>{LABELS[rule.field]}</strong>" in left.content.decode()

    html = client.post(address, typed(report, rule, is_mended=True), headers=row).content.decode()
    assert "data-ready" in html
    client.post(f"{MARCH}submit/")
    assert state_of(report)[0] == ReportState.SUBMITTED


@every_rule
def test_on_the_reports_page(report, reporter, rule):
    if not rule.is_kept_in_a_draft:
        with pytest.raises(InvalidFigures):
            save(report, reporter, on=date(2024, 4, 1), **rule.broken)
        return
    step(report, A.SAVE, reporter, values=filled(rule), on=date(2024, 4, 1))
    version = state_of(report)[1]
    response = english(reporter).post(f"/reports/{report.pk}/submit/", {"version": version})
    assert response.status_code == 422
    assert rule.words in response.content.decode()
    assert state_of(report) == (ReportState.DRAFT, version)


PASTED = {
    "it falls without a stated correction": "150\t10",
    "it is above the total investment without a confirmation": "20000\t10",
    "physical progress is above 100": "300\t101",
    "physical progress is below 0": "300\t-1",
}


@pytest.mark.parametrize("name", PASTED)
def test_in_a_pasted_block(report, reporter, name):
    rule, client = RULES[name], english(reporter)
    block = f"{report.entry.project.code}\t{PASTED[name]}\t桩基"
    response = client.post(f"{MARCH}paste/", {"block": block})
    if not rule.is_kept_in_a_draft:
        assert response.status_code == 422
        (fault,) = response.context["block_errors"]
        assert rule.words in fault
        assert state_of(report) == (ReportState.DUE, 0)
        return
    assert response.status_code == 302
    left = client.post(f"{MARCH}submit/").content.decode()
    assert f"<strong>{LABELS[rule.field]}</strong>" in left
    assert rule.words in left
    assert state_of(report)[0] == ReportState.DRAFT
