"""A monthly report's page: figures beside last month's, checks, history in words, the next steps."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import clearing, colouring
from projects.models import ProgressReport, ReportAction, ReportPhoto
from projects.report_page import CONFIRMED
from tests.factories import make_user, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, save, step, submit

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _on_the_due_day(settings):
    settings.WZ_TODAY = "2024-04-05"


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


@pytest.fixture
def report(entry):
    return report_of(entry, 3)


def in_english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def html_of(user, report, query=""):
    return in_english(user).get(f"/reports/{report.pk}/{query}").content.decode()


def lines_of(user, report):
    response = in_english(user).get(f"/reports/{report.pk}/")
    return {line.label: line for line in response.context["figures"]}


def send(user, report, action, query="", **typed):
    typed.setdefault("version", ProgressReport.objects.get(pk=report.pk).version)
    return in_english(user).post(f"/reports/{report.pk}/{action}/{query}", typed)


# What it shows


def test_all_figures_stand_beside_the_last_approved_month(entry, report, reporter, manager):
    february = {"invested": 150, "narrative": "完成桩基施工"}
    approve(report_of(entry, 2), reporter, manager, on=date(2024, 3, 4), **february)
    words = {"narrative": "完成主体施工", "problems": "用地", "next_step": "封顶"}
    submit(report, reporter, invested=240, physical_progress=Decimal(12), **words)
    lines = lines_of(manager, report)
    shown = {label: (line.before, line.now, line.differs) for label, line in lines.items()}
    assert shown == {
        "Planned for the year": (None, "1,200.00", False),
        "Planned, year to date": ("200.00", "300.00", False),
        "Invested, year to date": ("150.00", "240.00", True),
        "This month": (None, "90.00", False),
        "Completion of the year's plan (%)": (None, "20.00", False),
        "Schedule gap (percentage points)": (None, "-5.00", False),
        "Physical progress (%)": ("10.0", "12.0", True),
        "Status": ("Started", "Started", False),
        "Started on": ("2023-03-01", "2023-03-01", False),
        "Completed on": ("", "", False),
    }
    html = html_of(manager, report)
    assert "Before (2024-02)" in html
    assert "<del>桩基</del><ins>主体</ins>" in html
    assert "用地" in html
    assert "封顶" in html


def test_a_report_that_nobody_touched_has_dashes_and_no_findings(report, leader):
    html = html_of(leader, report)
    assert '<span class="muted">—</span>' in html
    assert "Nothing has been entered yet." in html
    assert "Nobody has touched this report yet." in html
    assert lines_of(leader, report)["Invested, year to date"].now == ""


def test_figures_in_force_stand_beside_their_correction_until_it_is_approved(
    report, reporter, manager
):
    approve(report, reporter, manager, invested=300)
    assert ">In force<" not in html_of(reporter, report)
    step(report, ReportAction.REOPEN, manager, note="核减")
    submit(report, reporter, invested=280)
    line = lines_of(reporter, report)["Invested, year to date"]
    assert (line.now, line.in_force, line.is_corrected) == ("280.00", "300.00", True)
    html = html_of(reporter, report)
    assert "Being corrected to" in html
    assert ">In force<" in html
    assert "<strong>300.00</strong>" in html
    step(report, ReportAction.APPROVE, manager)
    assert "Being corrected to" not in html_of(reporter, report)


def test_an_approved_month_is_not_held_against_what_the_project_became_later(
    entry, report, reporter, manager
):
    february = report_of(entry, 2)
    approve(february, reporter, manager, invested=150, on=date(2024, 3, 4))
    finished = {"status": "completed", "completed_on": date(2024, 3, 28)}
    approve(report, reporter, manager, physical_progress=Decimal(100), invested=300, **finished)
    lines = lines_of(manager, february)
    assert not any(lines[label].differs for label in ("Status", "Started on", "Completed on"))


def test_the_checks_say_how_bad_and_what_was_confirmed(report, reporter, manager):
    submit(report, reporter, invested=20_000, confirmed=["above_total"])
    html = html_of(manager, report)
    assert "<strong>Remark</strong>" in html
    assert "above the total investment" in html
    assert "Confirmed by the reporter" in html


def test_the_history_says_who_did_what_in_words(report, reporter, manager):
    save(report, reporter, invested=250, problems="用地未交", confirmed=["above_total"])
    step(report, ReportAction.SUBMIT, reporter)
    step(report, ReportAction.RETURN, manager, note="请核对金额")
    save(report, reporter, invested=260, status="accelerated", problems="用地未交")
    html = html_of(reporter, report)
    assert "Physical progress (%)" in html
    assert "<ins>用地未交</ins>" in html
    assert "<del>250.00</del>" in html
    assert "<ins>260.00</ins>" in html
    assert "<del>Started</del>" in html
    assert str(CONFIRMED["above_total"]) in html or "is right" in html
    assert "请核对金额" in html
    assert manager.name in html
    for column in ("invested_ytd", "physical_progress", "above_total", "completed_on"):
        assert f">{column}" not in html


def test_the_light_says_its_colour_and_reason_in_words(report, reporter, manager):
    approve(report, reporter, manager, invested=10)
    html = html_of(reporter, report)
    assert "badge-light-yellow" in html
    assert "Behind schedule" in html
    assert "/judge/" not in html
    assert f'href="/reports/{report.pk}/judge/"' in html_of(manager, report)


def test_a_judgement_stands_beside_the_computed_light_with_its_reason(report, reporter, manager):
    approved = approve(report, reporter, manager, invested=10)
    colouring.judge_otherwise(
        report,
        "red",
        reason="资金链断裂",
        version=approved.version,
        by=manager,
        at=moment(report.period.due_on),
    )
    html = html_of(reporter, report)
    assert "badge-light-red" in html
    assert "Computed: Yellow light" in html
    assert "资金链断裂" in html


def test_photos_are_shown_small_and_lead_to_the_picture(report, leader, reporter):
    photo = ReportPhoto(
        report=report, year=report.year, image="a.jpg", width=1, height=1, by=reporter
    )
    photo.caption, photo.at = "三号墩", timezone.now()
    ReportPhoto.objects.bulk_create([photo])
    html = html_of(leader, report)
    assert f'src="/photos/{report.photos.get().pk}/"' in html
    assert 'alt="三号墩"' in html


def test_obstacles_raised_from_the_report_are_listed_and_more_may_be_raised(
    entry, report, reporter, leader
):
    def raise_one(text, **more):
        day = report.period.due_on
        clearing.raise_obstacle(
            entry.project,
            kind="land",
            text=text,
            responsible=reporter.department,
            due_on=date(2024, 5, 1),
            by=reporter,
            on=day,
            at=moment(day),
            **more,
        )

    raise_one("红线内两户未签约", report=report)
    raise_one("另有一事")
    html = html_of(reporter, report)
    assert "红线内两户未签约" in html
    assert "另有一事" not in html
    raising = f"/obstacles/new/?report={report.pk}"
    assert raising in html
    assert raising not in html_of(leader, report)


def test_the_number_of_queries_does_not_grow_with_the_history(report, reporter, manager):
    client = signed_in(manager)
    save(report, reporter)
    client.get(f"/reports/{report.pk}/")
    with CaptureQueriesContext(connection) as short:
        client.get(f"/reports/{report.pk}/")
    for number in range(20):
        save(report, reporter, invested=200 + number)
    with CaptureQueriesContext(connection) as long:
        client.get(f"/reports/{report.pk}/")
    assert len(long) == len(short)


# Steps


def test_steps_that_may_be_taken_are_buttons_and_the_others_say_why(report, manager, reporter):
    submit(report, manager)
    html = html_of(manager, report)
    assert "somebody else has to approve them" in html
    assert f"/reports/{report.pk}/return/" in html
    assert f"/reports/{report.pk}/approve/" not in html
    html = html_of(reporter, report)
    assert "Your role does not take this step." in html
    assert f"/reports/{report.pk}/return/" not in html


def test_who_may_enter_figures_is_led_to_the_grid(report, reporter, leader):
    row = f"/month/2024/3/#row-{report.pk}"
    assert row in html_of(reporter, report)
    assert row not in html_of(leader, report)


def test_a_whole_life_is_lived_on_this_page(report, reporter, manager):
    save(report, reporter, invested=300)
    for action, person, state in (
        ("submit", reporter, "submitted"),
        ("return", manager, "returned"),
        ("submit", reporter, "submitted"),
        ("approve", manager, "approved"),
        ("reopen", manager, "reopened"),
    ):
        response = send(person, report, action, note="说明")
        assert (response.status_code, response.url) == (302, f"/reports/{report.pk}/")
        assert ProgressReport.objects.get(pk=report.pk).state == state


def test_a_reviewer_who_came_from_the_queue_goes_back_to_it(report, reporter, manager):
    submit(report, reporter)
    html = html_of(manager, report, "?from=queue&late=no")
    assert f"/reports/{report.pk}/approve/?from=queue&amp;late=no" in html
    assert 'href="/review/?late=no"' in html
    assert send(manager, report, "approve", "?from=queue&late=no").url == "/review/?late=no"


def test_a_reporter_is_not_sent_to_the_queue(report, reporter):
    save(report, reporter)
    assert send(reporter, report, "submit", "?from=queue").url == f"/reports/{report.pk}/"


@pytest.mark.parametrize("note", ["", "  "])
def test_a_missing_note_is_asked_for_at_its_field(report, reporter, manager, note):
    submit(report, reporter)
    response = send(manager, report, "return", note=note)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Say why." in html
    assert 'aria-describedby="note-return-errors"' in html


def test_a_note_that_is_too_long_comes_back_as_it_was_typed(report, reporter, manager):
    submit(report, reporter)
    response = send(manager, report, "return", note="长" * 401)
    assert response.status_code == 422
    assert "长" * 401 in response.content.decode()
    assert ProgressReport.objects.get(pk=report.pk).state == "submitted"


def test_figures_that_may_not_be_submitted_say_why(report, reporter):
    save(report, reporter, invested=None)
    response = send(reporter, report, "submit")
    assert response.status_code == 422
    assert "enter 0 if there was none" in response.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", str(10**12)])
def test_a_form_without_its_version_is_refused_in_words(report, reporter, version):
    save(report, reporter)
    response = send(reporter, report, "submit", version=version)
    assert response.status_code == 422
    assert "This step was not taken" in response.content.decode()
    assert ProgressReport.objects.get(pk=report.pk).state == "draft"


def test_a_stale_step_keeps_the_note_and_shows_who_did_what(report, reporter, manager):
    submit(report, reporter)
    version = ProgressReport.objects.get(pk=report.pk).version
    other = make_user(role="manager")
    step(report, ReportAction.RETURN, other, note="重报")
    submit(report, reporter, invested=120)
    response = send(manager, report, "return", version=version, note="我写的意见")
    html = response.content.decode()
    assert response.status_code == 409
    notice = html[html.index('role="alert"') : html.index("</section>")]
    assert other.name in notice
    assert "重报" in notice
    assert "120.00" in notice
    assert "我写的意见</textarea>" in html
    assert ProgressReport.objects.get(pk=report.pk).state == "submitted"


def test_a_stale_note_comes_back_where_the_step_is_no_longer_possible(report, reporter, manager):
    submit(report, reporter)
    version = ProgressReport.objects.get(pk=report.pk).version
    other = make_user(role="manager")
    step(report, ReportAction.APPROVE, other)
    response = send(manager, report, "return", version=version, note="我写的意见")
    html = response.content.decode()
    assert response.status_code == 409
    assert "You had written:" in html
    assert "我写的意见" in html
    assert other.name in html
    assert ProgressReport.objects.get(pk=report.pk).state == "approved"


def test_a_locked_round_says_since_when_and_keeps_the_note(report, reporter, manager, settings):
    submit(report, reporter)
    settings.WZ_TODAY = "2024-04-10"
    response = send(manager, report, "return", note="我写的意见")
    html = response.content.decode()
    assert response.status_code == 409
    assert "locked since 2024-04-10" in html
    assert "我写的意见" in html


# Who


def test_a_stranger_finds_no_page_and_a_leader_only_reads(report, reporter, outsider, leader):
    submit(report, reporter)
    assert signed_in(outsider).get(f"/reports/{report.pk}/").status_code == 404
    assert send(outsider, report, "approve").status_code == 404
    assert signed_in(leader).get(f"/reports/{report.pk}/").status_code == 200
    assert send(leader, report, "approve").status_code == 403
    assert send(leader, report, "return", note="x").status_code == 403
    assert ProgressReport.objects.get(pk=report.pk).state == "submitted"


def test_the_page_is_read_and_steps_are_posted(report, manager):
    client = signed_in(manager)
    assert client.post(f"/reports/{report.pk}/").status_code == 405
    assert client.get(f"/reports/{report.pk}/approve/").status_code == 405
    assert client.post(f"/reports/{report.pk}/vanish/").status_code == 404
    assert client.get("/reports/999999/").status_code == 404
