"""我的本月: the grid of the month, saved row by row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import schedule
from projects.models import ProgressReport, ReportAction, ReportState
from tests.factories import make_entry, make_project, make_user, signed_in
from tests.rounds import (
    approve,
    make_plan,
    moment,
    open_rounds,
    period_of,
    report_of,
    save,
    step,
    submit,
)

MARCH = "/month/2024/3/"


@pytest.fixture(autouse=True)
def _on_the_first_of_april(settings):
    settings.WZ_TODAY = "2024-04-01"


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


@pytest.fixture
def report(entry):
    return report_of(entry, 3)


def typed(version=0, **fields):
    return {
        "version": str(version),
        "invested_ytd": "300",
        "physical_progress": "25",
        "status": "started",
        "started_on": "2023-03-01",
        "narrative": "主体施工",
        **fields,
    }


def leave_row(client, report, **fields):
    """What the page's script sends when a row is left."""
    return client.post(f"/reports/{report.pk}/row/", typed(**fields), headers={"X-Grid-Row": "1"})


def test_the_grid_shows_own_projects_with_the_last_approved_month_beside(
    entry, reporter, outsider, manager
):
    other = make_plan(outsider.department)
    approve(report_of(entry, 2), reporter, manager, invested="187.5", on=date(2024, 3, 4))
    html = signed_in(reporter).get(MARCH).content.decode()
    assert entry.project.name in html
    assert other.project.name not in html
    assert "187.50" in html


def test_without_a_month_the_present_round_is_shown(report, reporter):
    response = signed_in(reporter).get("/month/")
    assert response.context["period"] == report.period


def test_a_row_is_saved_as_it_is_left(report, reporter):
    response = leave_row(signed_in(reporter), report, invested_ytd="0.03亿元")
    assert response.status_code == 200
    report.refresh_from_db()
    assert (report.state, report.invested_ytd, report.version) == ("draft", Decimal(300), 1)
    assert 'name="version" value="1"' in response.content.decode()


def test_without_the_script_a_row_is_saved_and_the_page_comes_back(report, reporter):
    client = signed_in(reporter)
    response = client.post(f"/reports/{report.pk}/row/", typed())
    assert response.status_code == 302
    assert response.url == f"{MARCH}#row-{report.pk}"


@pytest.mark.parametrize("is_script", [True, False])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("invested_ytd", "12o0"),
        ("invested_ytd", "-5"),
        ("invested_ytd", "1.234"),
        ("physical_progress", "101"),
        ("started_on", "2024-02-30"),
        ("narrative", "长" * 2001),
    ],
)
def test_what_cannot_be_saved_comes_back_as_it_was_typed(report, reporter, field, text, is_script):
    client = signed_in(reporter)
    headers = {"X-Grid-Row": "1"} if is_script else {}
    response = client.post(
        f"/reports/{report.pk}/row/", typed(**{field: text, "problems": "雨"}), headers=headers
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert text in html
    assert "雨" in html
    assert "finding-error" in html
    assert ProgressReport.objects.get(pk=report.pk).version == 0


def test_an_error_names_what_was_typed(report, reporter):
    with translation.override("en"):
        client = signed_in(reporter)
        client.cookies["django_language"] = "en"
        html = leave_row(client, report, invested_ytd="12o0").content.decode()
    assert (
        "<strong>Invested, year to date</strong> “12o0” is not a figure that can be read." in html
    )
    assert f'aria-invalid="true" aria-describedby="e{report.pk}" value="12o0"' in html


def test_a_falling_figure_is_flagged_until_it_is_explained(entry, report, reporter, manager):
    approve(report_of(entry, 2), reporter, manager, invested=200, on=date(2024, 3, 4))
    client = signed_in(reporter)
    html = leave_row(client, report, invested_ytd="150").content.decode()
    assert "finding-error" in html
    assert "data-ready" not in html
    html = leave_row(
        client, report, version=1, invested_ytd="150", correction="核减"
    ).content.decode()
    assert "finding-error" not in html
    assert "finding-warning" in html
    assert "data-ready" in html


def test_a_figure_above_the_total_is_confirmed_by_a_tick(report, reporter):
    client = signed_in(reporter)
    html = leave_row(client, report, invested_ytd="20000").content.decode()
    assert 'name="confirmed" value="above_total"' in html
    assert "data-ready" not in html
    html = leave_row(
        client, report, version=1, invested_ytd="20000", confirmed=["above_total"]
    ).content.decode()
    assert 'value="above_total" checked' in html
    assert "data-ready" in html


def test_the_same_figure_or_words_as_last_month_are_flagged(entry, report, reporter, manager):
    approve(
        report_of(entry, 2), reporter, manager, invested=200, narrative="同上", on=date(2024, 3, 4)
    )
    html = leave_row(
        signed_in(reporter), report, invested_ytd="200", narrative="同上"
    ).content.decode()
    assert "tag-warn" in html
    assert html.count("finding-warning") == 2


def test_the_second_of_two_writers_is_told_who_wrote_what_and_keeps_what_was_typed(
    report, reporter
):
    colleague = make_user(department=reporter.department)
    save(report, colleague, invested=250, on=date(2024, 4, 1))
    client = signed_in(reporter)
    response = leave_row(client, report, invested_ytd="260", problems="我写的")
    html = response.content.decode()
    assert response.status_code == 409
    assert colleague.name in html
    assert "2024-04-01 10:00" in html
    assert "<ins>250</ins>" in html
    assert 'value="260"' in html
    assert "我写的" in html
    assert 'name="version" value="1"' in html
    assert leave_row(client, report, version=1, invested_ytd="260").status_code == 200


def test_a_round_that_locks_while_the_page_is_open_refuses_and_keeps_what_was_typed(
    report, reporter, settings
):
    client = signed_in(reporter)
    client.get(MARCH)
    settings.WZ_TODAY = report.period.locks_on.isoformat()
    response = leave_row(client, report, problems="我写了很久")
    assert response.status_code == 409
    assert "我写了很久" in response.content.decode()
    assert ProgressReport.objects.get(pk=report.pk).version == 0


def test_the_page_says_why_the_round_is_locked_and_for_whom_it_is_open_again(
    report, reporter, manager, settings
):
    settings.WZ_TODAY = report.period.locks_on.isoformat()
    client = signed_in(reporter)
    client.cookies["django_language"] = "en"
    assert "has been locked since 2024-04-10" in client.get(MARCH).content.decode()
    schedule.reopen(
        report.period,
        reporter.department,
        reason="补报",
        until=report.period.locks_on + timedelta(days=2),
        by=manager,
        at=moment(report.period.locks_on),
    )
    html = client.get(MARCH).content.decode()
    assert "open again for" in html
    assert 'name="invested_ytd"' in html


def test_all_that_are_ready_are_submitted_and_the_others_say_what_they_lack(reporter):
    ready, blank, bare = (make_plan(reporter.department) for _ in range(3))
    open_rounds(3)
    client = signed_in(reporter)
    leave_row(client, report_of(ready, 3))
    leave_row(client, report_of(blank, 3), invested_ytd="")
    response = client.post(f"{MARCH}submit/")
    assert report_of(ready, 3).state == ReportState.SUBMITTED
    assert report_of(blank, 3).state == ReportState.DRAFT
    assert [report.entry for report, _why in response.context["left"]] == [blank]
    assert report_of(bare, 3).state == ReportState.DUE


def test_what_a_row_lacks_is_said_by_project_and_field(reporter, entry):
    client = signed_in(reporter)
    client.cookies["django_language"] = "en"
    leave_row(client, report_of(entry, 3), invested_ytd="20000", status="completed")
    html = client.post(f"{MARCH}submit/").content.decode()
    left = html[html.index('id="left"') : html.index("month-bar")]
    assert entry.project.name in left
    assert "<strong>Completed on</strong>" in left
    assert "<strong>Invested, year to date</strong>" in left


def test_submitting_asks_no_more_for_every_row_that_is_not_ready(reporter):
    make_plan(reporter.department)
    open_rounds(3)
    make_plans(12, reporter.department)
    client = signed_in(reporter)
    client.get(MARCH)
    reports = list(ProgressReport.objects.filter(state="due", period__month=3))
    counts = []
    for some in (reports[:2], reports[2:]):
        for report in some:
            save(report, reporter, invested=None, on=date(2024, 4, 1))
        counts.append(queries_of(lambda: client.post(f"{MARCH}submit/")))
    assert counts[0] == counts[1]


def test_returned_and_reopened_rows_are_submitted_again(entry, report, reporter, manager):
    on = date(2024, 4, 1)
    submit(report, reporter, on=on)
    step(report, ReportAction.RETURN, manager, on=on, note="请核实")
    client = signed_in(reporter)
    client.post(f"{MARCH}submit/")
    assert report_of(entry, 3).state == ReportState.SUBMITTED
    step(report, ReportAction.APPROVE, manager, on=on)
    step(report, ReportAction.REOPEN, manager, on=on, note="更正")
    client.post(f"{MARCH}submit/")
    assert report_of(entry, 3).state == ReportState.SUBMITTED


def test_a_manager_sees_all_departments_and_submits_only_the_chosen_one(
    reporter, outsider, manager
):
    ours, theirs = make_plan(reporter.department), make_plan(outsider.department)
    open_rounds(3)
    for entry, maker in ((ours, reporter), (theirs, outsider)):
        save(report_of(entry, 3), maker, on=date(2024, 4, 1))
    client = signed_in(manager)
    html = client.get(MARCH).content.decode()
    assert ours.project.name in html
    assert theirs.project.name in html
    chosen = {"department": str(reporter.department.pk)}
    html = client.get(MARCH, chosen).content.decode()
    assert ours.project.name in html
    assert theirs.project.name not in html
    response = client.post(f"{MARCH}submit/", chosen)
    assert response.url == f"{MARCH}?department={reporter.department.pk}"
    assert report_of(ours, 3).state == ReportState.SUBMITTED
    assert report_of(theirs, 3).state == ReportState.DRAFT


def test_the_states_are_counted_and_the_days_until_due(entry, report, reporter):
    save(report, reporter, on=date(2024, 4, 1))
    response = signed_in(reporter).get(MARCH)
    counted = {state: count for state, _label, count in response.context["counts"]}
    assert (counted["due"], counted["draft"], counted["submitted"]) == (0, 1, 0)
    assert response.context["days_left"] == (report.period.due_on - date(2024, 4, 1)).days


def test_a_row_is_late_once_the_due_day_has_passed(report, reporter, settings):
    client = signed_in(reporter)
    assert b"badge-late" not in client.get(MARCH).content
    settings.WZ_TODAY = (report.period.due_on + timedelta(days=2)).isoformat()
    response = client.get(MARCH)
    assert b"badge-late" in response.content
    assert (response.context["days_left"], response.context["days_over"]) == (0, 2)


def test_a_project_that_enters_later_is_not_listed(reporter, entry):
    later = make_plan(reporter.department, enters_in=7)
    client = signed_in(reporter)
    assert later.project.name not in client.get(MARCH).content.decode()
    assert leave_row(client, report_of(later, 3)).status_code == 404


def test_the_words_and_figures_of_last_month_stand_beside(entry, reporter, manager):
    approve(
        report_of(entry, 2),
        reporter,
        manager,
        invested=150,
        narrative="二月完成桩基。",
        status="accelerated",
        on=date(2024, 3, 4),
    )
    client = signed_in(reporter)
    html = client.get(MARCH).content.decode()
    assert "二月完成桩基。" in html
    assert "150.00" in html
    assert '<option value="accelerated" selected>' in html
    html = leave_row(client, report_of(entry, 3), invested_ytd="180").content.decode()
    assert 'data-part="figure">30.00<' in html


def test_a_tick_stays_when_something_else_in_the_row_is_wrong(report, reporter):
    client = signed_in(reporter)
    leave_row(client, report, invested_ytd="20000")
    response = leave_row(
        client,
        report,
        version=1,
        invested_ytd="20000",
        confirmed=["above_total"],
        completed_on="2024-02-30",
    )
    assert response.status_code == 422
    assert 'value="above_total" checked' in response.content.decode()


def test_months_lead_to_one_another_and_an_old_one_is_read_only(report, reporter, settings):
    settings.WZ_TODAY = (report.period.locks_on + timedelta(days=1)).isoformat()
    html = signed_in(reporter).get(MARCH).content.decode()
    assert 'href="/month/2024/2/"' in html
    assert 'href="/month/2024/4/"' in html
    assert 'name="invested_ytd"' not in html


def test_without_any_round_the_page_says_so(reporter):
    response = signed_in(reporter).get("/month/")
    assert response.status_code == 200
    assert b"data-row" not in response.content


def test_strangers_readers_and_wrong_methods_are_refused(report, reporter, outsider, leader):
    address = f"/reports/{report.pk}/row/"
    assert signed_in(outsider).post(address, typed()).status_code == 404
    assert signed_in(leader).post(address, typed()).status_code == 403
    assert signed_in(leader).get(MARCH).status_code == 403
    assert signed_in(reporter).get(address).status_code == 405
    assert signed_in(reporter).get("/month/2031/3/").status_code == 404
    assert signed_in(reporter).get(f"{MARCH}submit/").status_code == 405
    assert not ProgressReport.objects.exclude(version=0).exists()


def queries_of(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def make_plans(count, department):
    """Many entries with an open report for March, without the ceremony."""
    period = period_of(3)
    entries = [make_entry(make_project(department=department)) for _ in range(count)]
    ProgressReport.objects.bulk_create(
        ProgressReport(
            entry=entry, period=period, year=2024, planned_year=0, planned_ytd=0, state="due"
        )
        for entry in entries
    )


@pytest.mark.django_db
def test_saving_a_row_takes_at_most_ten_queries_however_large_the_grid(reporter):
    one = make_plan(reporter.department)
    open_rounds(3)
    client = signed_in(reporter)
    client.get(MARCH)
    report = report_of(one, 3)
    first = queries_of(lambda: leave_row(client, report))
    make_plans(199, reporter.department)
    assert client.get(MARCH).content.count(b"data-row=") == 200
    later = queries_of(lambda: leave_row(client, report, version=1, invested_ytd="310"))
    assert first == later
    assert first <= 10


@pytest.mark.django_db
def test_the_grid_takes_as_many_queries_for_thirty_projects_as_for_one(reporter):
    make_plan(reporter.department)
    open_rounds(3)
    client = signed_in(reporter)
    client.get(MARCH)
    one = queries_of(lambda: client.get(MARCH))
    make_plans(29, reporter.department)
    for report in ProgressReport.objects.filter(state="due", period__month=3)[:10]:
        save(report, reporter, on=date(2024, 4, 1))
    assert queries_of(lambda: client.get(MARCH)) == one
