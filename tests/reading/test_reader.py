from datetime import timedelta

import pytest
from django.utils import timezone

from office import runs
from reading import reader, tasks, workflow
from reading.models import ReadingRow, ReportReading
from tests.factories import make_region

pytestmark = pytest.mark.any_database

TEXT = """关于山城区2024年国民经济和社会发展计划执行情况及2025年计划草案的报告
山城区发展和改革委员会
一、2024年国民经济和社会发展计划执行情况
完成工业投资80亿元、同比增长6.7%。
三、2025年重点工作
表1  2025年重点项目
竣工山城智造园、江北水厂一期等项目。
"""
NOW = timezone.now()


@pytest.fixture(autouse=True)
def region(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return make_region()


def asked(manager, text: str = TEXT, name: str = "报告.txt") -> ReportReading:
    purpose = ReportReading.Purpose.REVIEW
    return workflow.ask(name=name, content=text.encode(), purpose=purpose, by=manager, now=NOW)


def state(run) -> str:
    run.refresh_from_db()
    return run.state


def test_a_report_is_read_into_rows_and_its_header(manager):
    run = asked(manager)
    tasks.read_report(run.pk)
    assert state(run) == "ready"
    assert (run.year, run.progress) == (2025, 100)
    assert "2025年计划草案" in run.title
    assert [event["event"] for event in run.log] == [
        "asked",
        "taken_up",
        "extracted",
        "recognised",
        "read",
    ]
    assert run.rows.exists()


def test_a_message_delivered_twice_reads_once(manager):
    run = asked(manager)
    tasks.read_report(run.pk)
    rows = list(run.rows.values_list("pk", flat=True))
    tasks.read_report(run.pk)
    assert list(run.rows.values_list("pk", flat=True)) == rows
    run.refresh_from_db()
    assert run.attempt == 1


@pytest.mark.parametrize(
    ("name", "text"), [("报告.txt", "今天天气很好。\n"), ("报告.docx", "not an archive")]
)
def test_what_is_no_report_fails_with_the_reason_and_can_be_asked_for_again(manager, name, text):
    run = asked(manager, text, name)
    tasks.read_report(run.pk)
    assert state(run) == "failed"
    assert run.log[-1]["message"]
    assert not ReadingRow.objects.exists()
    workflow.ask_again(run.pk, by=manager, now=NOW)
    assert state(run) == "queued"


def test_a_file_that_is_gone_fails_the_run_and_not_the_worker(manager):
    run = asked(manager)
    run.file.storage.delete(run.file.name)
    tasks.read_report(run.pk)
    assert state(run) == "failed"


def test_a_killed_worker_leaves_a_run_that_can_be_run_again(manager):
    run = asked(manager)
    workflow.claim(run.pk, now=NOW)
    later = NOW + runs.PATIENCE + timedelta(seconds=1)
    assert workflow.fail_lost(now=NOW) == 0
    assert workflow.fail_lost(now=later) == 1
    assert state(run) == "failed"
    workflow.ask_again(run.pk, by=manager, now=later)
    reader.read(run.pk)
    assert (state(run), run.attempt) == ("ready", 2)


def test_a_slow_worker_stores_nothing_after_its_run_was_taken_over(manager):
    run = asked(manager)
    slow = workflow.claim(run.pk, now=NOW)
    workflow.claim(run.pk, now=NOW + runs.PATIENCE + timedelta(seconds=1))
    with pytest.raises(runs.ClaimLostError):
        workflow.finish(slow, reader.recognise(TEXT), now=NOW)
    assert not ReadingRow.objects.exists()


def test_the_name_on_the_disk_is_not_the_uploaded_one(manager):
    run = asked(manager, name="../../etc/报告.txt")
    assert ".." not in run.file.name
    assert run.file.storage.exists(run.file.name)


def test_what_was_read_before_is_replaced_and_not_added_to(manager):
    run = asked(manager)
    found = reader.recognise(TEXT)
    workflow.keep(run, found)
    count = run.rows.count()
    workflow.keep(run, found)
    assert run.rows.count() == count
