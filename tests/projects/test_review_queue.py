"""审核: the queue of submitted reports, and the approval of one or many."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.utils import timezone

from projects.models import (
    Message,
    ProgressReport,
    ReportAction,
    ReportEvent,
    ReportPhoto,
    ReportState,
    StatusChange,
)
from tests.factories import make_department, make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of, save, step, submit

QUEUE, APPROVE = "/review/", "/review/approve/"
IN_TIME, AFTERWARDS = date(2024, 4, 3), date(2024, 4, 8)


@pytest.fixture(autouse=True)
def _after_the_due_day(settings):
    settings.WZ_TODAY = AFTERWARDS.isoformat()


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


@pytest.fixture
def with_february(entry, reporter, manager):
    """The entry with an approved February: 150 万元, 10 %, started."""
    words = "完成桩基施工并开始主体"
    february = report_of(entry, 2)
    approve(february, reporter, manager, invested=150, narrative=words, on=date(2024, 3, 4))
    return entry


def seen(entry):
    """What the box of an entry's March report sends."""
    report = report_of(entry, 3)
    return f"{report.pk}:{report.version}"


def english(user):
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def page(client, query=""):
    return client.get(f"{QUEUE}{query}").content.decode()


def states(*entries):
    return [report_of(entry, 3).state for entry in entries]


# What the queue shows


def test_a_submitted_report_stands_beside_last_month_with_its_differences(
    with_february, reporter, manager
):
    submit(
        report_of(with_february, 3),
        reporter,
        invested=320,
        physical_progress=Decimal("12.5"),
        status="accelerated",
        narrative="完成桩基施工并完成主体",
    )
    html = page(english(manager))
    assert "<del>150.00</del> <ins>320.00</ins>" in html
    assert "170.00" in html
    assert "<del>10.0</del> <ins>12.5</ins>" in html
    assert "<del>Started</del> <ins>Accelerated</ins>" in html
    assert "<del>开始</del><ins>完成</ins>" in html


def test_what_is_as_last_month_is_not_marked(with_february, reporter, manager):
    submit(report_of(with_february, 3), reporter, invested=150, narrative="完成桩基施工并开始主体")
    html = page(english(manager))
    assert "<del>" not in html
    assert "<ins>" not in html


def test_january_is_not_held_against_last_year_s_cumulated_figure(reporter, manager):
    december = make_plan(reporter.department, year=2023)
    open_rounds(12, 2023)
    approve(report_of(december, 12), reporter, manager, invested=900, on=date(2024, 1, 4))
    january = make_plan(None, year=2024)
    january.project = december.project
    january.save()
    open_rounds(1)
    submit(report_of(january, 1), reporter, invested=40, on=date(2024, 1, 31))
    html = page(english(manager))
    assert "40.00" in html
    assert "900.00" not in html


def test_a_long_narrative_is_folded_with_its_differences_inside(with_february, reporter, manager):
    words = "完成桩基施工并开始主体" + "，继续推进各标段土建施工与设备安装" * 8
    submit(report_of(with_february, 3), reporter, invested=320, narrative=words)
    html = page(english(manager))
    assert f"<details><summary>{words[:80]}…</summary>" in html
    assert f"<ins>{words[11:]}</ins></details>" in html


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"invested": 100, "correction": "核减"}, "falls from 150"),
        ({"invested": 900}, "times what was planned"),
        ({"invested": 20000, "confirmed": ["above_total"]}, "above the total investment"),
        ({"invested": 300, "narrative": "完成桩基施工并开始主体"}, "The description is the same"),
        (
            {"invested": 300, "status": "completed", "completed_on": date(2024, 3, 20)},
            "completed with a physical progress",
        ),
    ],
)
def test_what_the_checks_found_is_listed(with_february, reporter, manager, filled, words):
    submit(report_of(with_february, 3), reporter, **filled)
    html = page(english(manager))
    assert words in html
    assert "<strong>Remark</strong>" in html
    assert "Nothing found" not in html


def test_the_reason_of_a_correction_and_what_was_confirmed_stand_beside_the_checks(
    with_february, reporter, manager
):
    report = report_of(with_february, 3)
    submit(report, reporter, invested=20_000, confirmed=["above_total"])
    assert "Confirmed by the reporter" in page(english(manager))
    step(report, ReportAction.RETURN, manager, note="有误")
    submit(report, reporter, invested=120, correction="二月误报", confirmed=[])
    html = page(english(manager))
    assert "二月误报" in html
    assert "Confirmed by the reporter" not in html


def test_a_month_corrected_meanwhile_turns_up_as_an_error(with_february, reporter, manager):
    march, february = report_of(with_february, 3), report_of(with_february, 2)
    submit(march, reporter, invested=160)
    step(february, ReportAction.REOPEN, manager, note="补报", on=february.period.due_on)
    approve(february, reporter, manager, invested=170, correction="补报")
    assert "<strong>Error</strong>" in page(english(manager))


def test_what_approval_would_run_into_is_said_before(entry, reporter, manager, admin):
    submit(report_of(entry, 3), reporter, status="accelerated")
    entry.project.refresh_from_db()
    entry.project.status = "withdrawn"
    entry.project.save()
    html = page(english(manager))
    assert "<strong>Error</strong> Give the reason for this change." in html
    response = english(manager).post(APPROVE, {"report": seen(entry)})
    assert response.status_code == 409
    assert "Give the reason for this change." in response.content.decode()
    assert states(entry) == ["submitted"]


def test_who_submitted_when_and_how_many_photos(entry, reporter, manager):
    report = report_of(entry, 3)
    submit(report, reporter, on=IN_TIME)
    picture = ContentFile(b"", "a.jpg")
    ReportPhoto.objects.bulk_create(
        ReportPhoto(
            report=report,
            year=report.year,
            image=picture.name,
            width=1,
            height=1,
            by=reporter,
            at=timezone.now(),
        )
        for _ in range(3)
    )
    html = page(english(manager))
    assert reporter.name in html
    assert "2024-04-03 10:00" in html
    assert f'href="/reports/{report.pk}/photos/">Photos 3<' in html


def test_only_submitted_reports_wait(entry, reporter, manager):
    save(report_of(entry, 3), reporter)
    html = page(english(manager))
    assert "Nothing waits for review" in html
    assert entry.project.name not in html


def test_what_was_typed_is_text_and_not_markup(with_february, reporter, manager):
    evil = "<script>alert(1)</script>"
    submit(report_of(with_february, 3), reporter, narrative=evil, problems=evil, invested=160)
    html = page(english(manager))
    assert evil not in html
    assert "&lt;script&gt;" in html


# Order, filters


def test_departments_follow_one_another_and_in_each_the_late_come_first(
    entry, reporter, outsider, manager
):
    late = make_plan(reporter.department)
    other = make_plan(outsider.department)
    nobodys = make_plan(None)
    submit(report_of(entry, 3), reporter, on=IN_TIME)
    submit(report_of(late, 3), reporter, on=AFTERWARDS)
    submit(report_of(other, 3), outsider, on=AFTERWARDS)
    submit(report_of(nobodys, 3), make_user(role="admin"), on=AFTERWARDS)
    html = page(english(manager))
    names = [each.project.name for each in (late, entry, other, nobodys)]
    places = [html.index(f">{name}</a>") for name in names]
    assert places == sorted(places)
    assert html.index(reporter.department.name + " <span") < places[0]
    assert html.index("No department <span") < places[3]


def test_the_queue_is_narrowed(entry, reporter, outsider, manager):
    other = make_plan(outsider.department)
    submit(report_of(entry, 3), reporter, on=IN_TIME)
    submit(report_of(other, 3), outsider, on=AFTERWARDS, invested=5000)
    client = english(manager)

    def found(query):
        html = page(client, query)
        return [each.project.name in html for each in (entry, other)]

    assert found("") == [True, True]
    assert found("?late=yes") == [False, True]
    assert found("?late=no") == [True, False]
    assert found("?found=yes") == [False, True]
    assert found("?found=no") == [True, False]
    assert found(f"?department={outsider.department.code}") == [False, True]
    assert found(f"?q={entry.project.code}") == [True, False]
    assert found("?period=2024-03") == [True, True]
    assert found("?period=2024-02") == [False, False]
    assert client.get(f"{QUEUE}?late=perhaps").status_code == 400
    assert client.get(f"{QUEUE}?department=nowhere").status_code == 400


def test_without_a_filter_the_present_round_and_older_ones_wait(entry, reporter, manager, settings):
    submit(report_of(entry, 2), reporter, on=date(2024, 3, 4))
    open_rounds(4)
    submit(report_of(entry, 4), reporter, on=date(2024, 4, 28), invested=900)
    settings.WZ_TODAY = "2024-04-08"  # March is the round that is worked on
    client = english(manager)
    html = page(client)
    assert "2024-02</span>" in html
    assert "2024-04</span>" not in html
    assert "2024-04</span>" in page(client, "?all=1")


def test_departments_below_stand_in_the_branch(entry, reporter, manager):
    below = make_department("500101-JTW-1", parent=reporter.department)
    made = make_plan(below)
    submit(report_of(made, 3), make_user(department=below))
    html = page(english(manager), f"?department={reporter.department.code}")
    assert made.project.name in html


# Who


def test_only_reviewers_come_in(entry, reporter, leader, admin, manager):
    submit(report_of(entry, 3), reporter)
    for person in (reporter, leader):
        client = signed_in(person)
        assert client.get(QUEUE).status_code == 403
        assert client.post(APPROVE, {"report": seen(entry)}).status_code == 403
    assert states(entry) == ["submitted"]
    assert signed_in(admin).get(QUEUE).status_code == 200
    assert signed_in(manager).get(APPROVE).status_code == 405
    assert signed_in(manager).post(QUEUE).status_code == 405


def test_own_work_has_no_box_and_says_why(entry, manager):
    submit(report_of(entry, 3), manager)
    html = page(english(manager))
    assert "somebody else has to approve them" in html
    assert 'name="report"' not in html


def test_a_locked_round_has_no_box_and_says_since_when(entry, reporter, manager, settings):
    submit(report_of(entry, 3), reporter)
    settings.WZ_TODAY = "2024-04-10"
    html = page(english(manager))
    assert "locked since 2024-04-10" in html
    assert 'name="report"' not in html


# Approving


def test_one_is_approved_and_the_page_says_so(entry, reporter, manager):
    submit(report_of(entry, 3), reporter)
    response = english(manager).post(f"{APPROVE}?late=no", {"report": seen(entry)})
    assert (response.status_code, response.url) == (302, f"{QUEUE}?late=no")
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["1 report was approved."]
    assert states(entry) == ["approved"]


def test_many_are_approved_and_those_refused_are_named_with_the_reason(entry, reporter, manager):
    second, own, stale = (make_plan(reporter.department) for _ in range(3))
    for each in (entry, second, stale):
        submit(report_of(each, 3), reporter)
    submit(report_of(own, 3), manager)
    chosen = [seen(each) for each in (own, entry, stale, second)]
    rival = make_user("rival", role="manager")
    step(report_of(stale, 3), ReportAction.RETURN, rival, note="请核对金额")

    response = english(manager).post(APPROVE, {"report": chosen})

    assert response.status_code == 409
    assert states(entry, second, own, stale) == ["approved", "approved", "submitted", "returned"]
    refused = {each.report.entry: each for each in response.context["refused"]}
    assert set(refused) == {own, stale}
    assert "somebody else has to approve" in refused[own].why
    assert rival.name in refused[stale].why
    html = response.content.decode()
    assert "2 reports were approved." in html
    assert "2 reports were not approved" in html
    assert "请核对金额" in html
    assert own.project.name in html
    assert stale.project.name in html


def test_a_round_that_locks_while_the_page_is_open_refuses_in_words(
    entry, reporter, manager, settings
):
    submit(report_of(entry, 3), reporter)
    settings.WZ_TODAY = "2024-04-10"
    response = english(manager).post(APPROVE, {"report": seen(entry)})
    assert response.status_code == 409
    assert "locked since 2024-04-10" in response.context["refused"][0].why
    assert states(entry) == ["submitted"]


def test_a_database_error_at_one_report_leaves_it_as_it_was_and_the_others_approved(
    entry, reporter, manager
):
    broken, third = make_plan(reporter.department), make_plan(reporter.department)
    for each in (entry, broken, third):
        submit(report_of(each, 3), reporter, status="accelerated")
    before = ProgressReport.objects.filter(entry=broken, period__month=3).values().get()

    def fail(execute, sql, params, many, context):
        if "INSERT" in sql and "projects_statuschange" in sql and broken.project_id in params:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    client = english(manager)
    with connection.execute_wrapper(fail):
        response = client.post(APPROVE, {"report": [seen(each) for each in (entry, broken, third)]})

    assert response.status_code == 409
    (refused,) = response.context["refused"]
    assert (refused.report.entry, "database failed" in refused.why) == (broken, True)
    assert states(entry, broken, third) == ["approved", "submitted", "approved"]
    assert ProgressReport.objects.filter(entry=broken, period__month=3).values().get() == before
    assert not StatusChange.objects.filter(project=broken.project).exists()
    assert not ReportEvent.objects.filter(report__entry=broken, action="approve").exists()


def test_what_is_no_report_is_said_and_stops_nothing(entry, reporter, manager):
    submit(report_of(entry, 3), reporter)
    chosen = {"report": ["", "x:1", "999999:1", "1", "１:１", f"{10**30}:1", seen(entry)]}
    response = english(manager).post(APPROVE, chosen)
    assert response.status_code == 302
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == [
        "1 report was approved.",
        "6 of those chosen are no reports that wait here.",
    ]
    assert states(entry) == ["approved"]


def test_nothing_chosen_is_said(entry, manager):
    response = english(manager).post(APPROVE)
    assert response.status_code == 302
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["No report was chosen."]


def test_all_without_findings_are_ticked_without_a_script(entry, reporter, manager):
    jump = make_plan(reporter.department)
    submit(report_of(entry, 3), reporter)
    submit(report_of(jump, 3), reporter, invested=5000)
    client = english(manager)
    assert " checked" not in page(client)
    html = page(client, "?all=1&choose=clean")
    assert html.count(" checked") == 1
    assert f'value="{seen(entry)}"' in html.split(" checked")[0].rpartition("<input")[2]


# Telling the reporter


@pytest.mark.parametrize(
    ("action", "kind"),
    [("approve", "report_approve"), ("return", "report_return"), ("reopen", "report_reopen")],
)
def test_the_reporter_is_told(entry, reporter, manager, action, kind):
    submit(report_of(entry, 3), reporter)
    client = signed_in(manager)
    if action in ("approve", "reopen"):
        client.post(APPROVE, {"report": seen(entry)})
    if action != "approve":
        Message.objects.all().delete()
        report = report_of(entry, 3)
        typed = {"version": report.version, "note": "请核对"}
        client.post(f"/reports/{report.pk}/{action}/", typed)
    message = Message.objects.get(recipient=reporter, channel="inbox")
    assert message.kind == kind
    assert message.params["project"] == entry.project.name
    assert message.url == f"/reports/{report_of(entry, 3).pk}/"


def test_a_report_is_returned_from_its_row_and_the_queue_comes_back(entry, reporter, manager):
    submit(report_of(entry, 3), reporter)
    report = report_of(entry, 3)
    client = english(manager)
    address = f"/reports/{report.pk}/return/?from=queue&amp;late=no"
    assert f'action="{address}"' in page(client, "?late=no")
    typed = {"version": report.version, "note": "请核对"}
    response = client.post(address.replace("&amp;", "&"), typed)
    assert (response.status_code, response.url) == (302, f"{QUEUE}?late=no")
    assert report_of(entry, 3).state == ReportState.RETURNED


def test_the_moment_of_submission_is_local(entry, reporter, manager):
    report = report_of(entry, 3)
    submit(report, reporter)
    at = datetime(2024, 4, 4, 17, 30, tzinfo=timezone.get_fixed_timezone(0))
    ProgressReport.objects.filter(pk=report.pk).update(submitted_at=at)
    assert "2024-04-05 01:30" in page(english(manager))
