"""A monthly report's page: figures beside last month's, history in words, the next steps."""

from datetime import date
from decimal import Decimal

import pytest

from projects.models import ReportAction
from tests.factories import make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, step, submit


@pytest.fixture(autouse=True)
def _on_the_due_day(settings):
    settings.WZ_TODAY = "2024-04-05"


@pytest.fixture
def report(reporter):
    entry = make_plan(reporter.department)
    open_rounds(3)
    return report_of(entry, 3)


def in_english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def test_the_history_says_who_did_what_in_words(report, reporter, manager):
    save(report, reporter, invested=250, problems="用地未交")
    step(report, ReportAction.SUBMIT, reporter)
    step(report, ReportAction.RETURN, manager, note="请核对金额")
    html = in_english(reporter).get(f"/reports/{report.pk}/").content.decode()
    assert "Physical progress (%)" in html
    assert "<ins>用地未交</ins>" in html
    assert "请核对金额" in html
    assert manager.name in html
    assert "invested_ytd" not in html


def test_steps_that_may_not_be_taken_say_why(report, manager):
    submit(report, manager)
    html = in_english(manager).get(f"/reports/{report.pk}/").content.decode()
    assert "somebody else has to approve them" in html


def test_figures_in_force_stand_beside_their_correction(report, reporter, manager):
    approve(report, reporter, manager, invested=300)
    step(report, ReportAction.REOPEN, manager, note="核减")
    save(report, reporter, invested=280)
    response = in_english(reporter).get(f"/reports/{report.pk}/")
    line = next(each for each in response.context["figures"] if each.in_force == "300")
    assert line.now == "280"


def test_a_missing_note_comes_back_with_the_page(report, reporter, manager):
    submit(report, reporter)
    report.refresh_from_db()
    response = in_english(manager).post(
        f"/reports/{report.pk}/return/", {"version": report.version, "note": " "}
    )
    assert response.status_code == 422
    assert "Say why." in response.content.decode()


def test_a_stale_step_keeps_the_note_and_shows_what_happened(report, reporter, manager):
    submit(report, reporter)
    report.refresh_from_db()
    version = report.version
    other = make_user(role="manager")
    step(report, ReportAction.RETURN, other, note="重报")
    submit(report, reporter, invested=120)
    response = in_english(manager).post(
        f"/reports/{report.pk}/return/", {"version": version, "note": "我写的意见"}
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert "我写的意见" in html
    assert other.name in html


def test_a_locked_round_says_since_when(report, reporter, manager, settings):
    submit(report, reporter)
    report.refresh_from_db()
    settings.WZ_TODAY = "2024-04-10"
    response = in_english(manager).post(
        f"/reports/{report.pk}/approve/", {"version": report.version}
    )
    assert response.status_code == 409
    assert "locked since 2024-04-10" in response.content.decode()


def test_a_stranger_finds_no_page_and_a_leader_only_reads(report, outsider, leader):
    assert signed_in(outsider).get(f"/reports/{report.pk}/").status_code == 404
    assert signed_in(leader).get(f"/reports/{report.pk}/").status_code == 200
    typed = {"version": 0}
    assert signed_in(leader).post(f"/reports/{report.pk}/submit/", typed).status_code == 409


def test_the_light_says_its_reason(report, reporter, manager):
    approve(report, reporter, manager, invested=Decimal(10), on=date(2024, 4, 5))
    html = in_english(reporter).get(f"/reports/{report.pk}/").content.decode()
    assert "badge-light-yellow" in html
    assert "Behind schedule" in html
