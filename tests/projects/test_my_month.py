"""我的本月: the grid of the month, saved row by row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import schedule
from projects.models import ProgressReport, ReportState
from tests.factories import make_user, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, save

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
    assert "“12o0” is not a figure that can be read." in html


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


@pytest.mark.django_db
def test_saving_a_row_takes_at_most_ten_queries_however_large_the_grid(reporter):
    one = make_plan(reporter.department)
    open_rounds(3)
    client = signed_in(reporter)
    client.get(MARCH)
    report = report_of(one, 3)
    first = queries_of(lambda: leave_row(client, report))
    for _ in range(20):
        make_plan(reporter.department)
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
    for _ in range(29):
        make_plan(reporter.department)
    assert queries_of(lambda: client.get(MARCH)) == one


BLOCK = "项目\t投资\t形象进度\t进展\n{a}\t1,200\t30%\t“封顶”\n{b}\t0.5亿元\t\t桩基\n"


def paste(client, block):
    return client.post(f"{MARCH}paste/", {"block": block})


def test_a_pasted_block_is_saved_row_by_row(reporter):
    first, second = make_plan(reporter.department), make_plan(reporter.department)
    open_rounds(3)
    block = BLOCK.format(a=first.project.code, b=second.project.name)
    assert paste(signed_in(reporter), block).status_code == 302
    one, two = report_of(first, 3), report_of(second, 3)
    assert (one.invested_ytd, one.physical_progress, one.status) == (1200, 30, "started")
    assert (two.invested_ytd, two.physical_progress, two.narrative) == (5000, None, "桩基")


def test_a_block_with_faults_saves_nothing_and_comes_back_with_all_of_them(reporter, outsider):
    own, foreign = make_plan(reporter.department), make_plan(outsider.department)
    open_rounds(3)
    block = "\n".join(
        (
            f"{own.project.code}\t100",
            f"{own.project.code}\t200",
            f"{foreign.project.code}\t100",
            "没有这个项目\t1",
            f"{own.project.name}\tabc\t300",
        )
    )
    response = paste(signed_in(reporter), block)
    errors = response.context["block_errors"]
    assert response.status_code == 422
    assert own.project.code in response.content.decode()
    assert [error for error in errors if foreign.project.code in error]
    assert [error for error in errors if "没有这个项目" in error]
    assert [error for error in errors if "abc" in error]
    assert report_of(own, 3).version == 0


def test_a_figure_that_cannot_be_true_takes_the_whole_block_back(reporter):
    first, second = make_plan(reporter.department), make_plan(reporter.department)
    open_rounds(3)
    block = f"{first.project.code}\t100\n{second.project.code}\t100\t130"
    response = paste(signed_in(reporter), block)
    assert len(response.context["block_errors"]) == 1
    assert second.project.name in response.context["block_errors"][0]
    assert report_of(first, 3).version == 0
