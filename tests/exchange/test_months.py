from decimal import Decimal

import pytest

from exchange.models import ImportRun
from projects.models import ProgressReport, ReportEvent
from projects.verification import verify
from tests.exchange.bringing import Task, check, faults, go_on, log, rows_of, written
from tests.rounds import approve, make_plan, open_rounds, report_of, save, submit

State = ImportRun.State
HEAD = ["项目编码", "项目名称", "月份", "自年初累计完成投资（万元）", "形象进度（%）", "进展情况"]


@pytest.fixture(autouse=True)
def _today(settings):
    settings.WZ_TODAY = "2024-03-29"


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def row(entry, invested=300, month="2024-03", progress=25, words="主体施工"):
    return [entry.project.code, entry.project.name, month, invested, progress, words]


class TestWriting:
    def test_figures_are_saved_as_drafts_with_their_histories(self, reporter, entry):
        run = written(reporter, "months", HEAD, row(entry))

        report = report_of(entry, 3)
        assert run.state == State.WRITTEN
        assert (report.state, report.invested_ytd, report.physical_progress) == ("draft", 300, 25)
        event = ReportEvent.objects.get(report=report)
        assert (event.action, event.by, event.after["narrative"]) == ("save", reporter, "主体施工")
        assert verify().findings == []

    def test_the_dry_run_changes_nothing(self, reporter, entry):
        before = list(ProgressReport.objects.order_by("pk").values())
        run = check(reporter, "months", HEAD, row(entry))

        assert run.state == State.READY
        assert list(ProgressReport.objects.order_by("pk").values()) == before
        assert not ReportEvent.objects.exists()
        assert rows_of(run, "changed")[0]["after"]["invested_ytd"] == "300"

    def test_what_is_so_already_is_left(self, reporter, entry):
        save(report_of(entry, 3), reporter, invested=300, physical_progress=Decimal(25))
        run = check(reporter, "months", HEAD[:5], row(entry)[:5])

        assert (run.counts["left"], run.counts["changed"]) == (1, 0)

    def test_a_column_that_the_file_has_not_stays(self, reporter, entry):
        save(report_of(entry, 3), reporter, invested=100)
        written(reporter, "months", HEAD[:4], row(entry)[:4])

        report = report_of(entry, 3)
        assert (report.invested_ytd, report.narrative) == (300, "完成投资100万元。")


class TestTakingBack:
    def test_what_was_written_goes_back_as_a_whole_and_both_steps_stay(self, reporter, entry):
        save(report_of(entry, 3), reporter, invested=100)
        run = go_on(written(reporter, "months", HEAD, row(entry)), Task.UNDO)

        report = report_of(entry, 3)
        assert run.state == State.UNDONE
        assert (report.invested_ytd, report.narrative) == (100, "完成投资100万元。")
        assert report.version == 3
        assert verify().findings == []

    def test_not_where_something_was_built_on_it(self, reporter, entry):
        run = written(reporter, "months", HEAD, row(entry))
        submit(report_of(entry, 3), reporter, invested=300, physical_progress=Decimal(25))
        go_on(run, Task.UNDO)

        assert run.state == State.WRITTEN
        assert log(run)[-1] == "undo_refused"
        assert entry.project.name in run.log[-1]["why"]
        assert "Submit" in run.log[-1]["why"]
        assert report_of(entry, 3).state == "submitted"


class TestOvertaken:
    def test_what_was_changed_since_the_preview_is_looked_at_again(self, reporter, entry):
        run = check(reporter, "months", HEAD, row(entry))
        save(report_of(entry, 3), reporter, invested=120)
        go_on(run, Task.WRITE)

        assert run.state == State.STALE
        assert report_of(entry, 3).invested_ytd == 120
        assert go_on(run, Task.CHECK).state == State.READY
        assert rows_of(run, "changed")[0]["before"]["invested_ytd"] == "120.00"
        assert go_on(run, Task.WRITE).state == State.WRITTEN


class TestFaults:
    def test_every_fault_of_every_row_is_told_with_its_cell(self, reporter, entry):
        other = make_plan(reporter.department)
        run = check(
            reporter,
            "months",
            HEAD,
            row(entry, invested="许多", progress=120),
            row(other, invested=-5, progress=120),
            ["500101-XXXX", "", "2024-03", 1, 1, ""],
            [entry.project.code, "别的项目", "2024-01", 1, 1, ""],
        )

        assert run.state == State.FAULTY
        assert [address for address, _message in faults(run)] == [
            "D2",
            "A4",
            "B5",
            "E2",
            "D3",
            "E3",
        ]
        assert not ReportEvent.objects.exists()

    def test_somebody_elses_project_is_as_good_as_none(self, outsider, entry):
        run = check(outsider, "months", HEAD, row(entry))

        assert faults(run) == [("A2", f"You have no report of “{entry.project.code}” for 2024-03.")]

    def test_who_does_not_report_brings_no_figures_in(self, leader, entry):
        run = check(leader, "months", HEAD, row(entry))

        assert faults(run)[0][1] == "Your role does not bring in this kind of workbook."

    def test_a_round_that_is_locked_takes_nothing(self, reporter, entry, settings):
        settings.WZ_TODAY = "2024-05-20"
        run = check(reporter, "months", HEAD, row(entry))

        assert faults(run)[0][0] == "A2"
        assert "locked" in faults(run)[0][1]

    def test_the_same_month_stands_once(self, reporter, entry):
        run = check(reporter, "months", HEAD, row(entry), row(entry))

        assert faults(run) == [("A3", "The same is in row 2 already.")]

    def test_totals_are_refused_or_skipped_as_told(self, reporter, entry):
        table = [HEAD, row(entry), ["合 计", None, None, 300]]
        assert faults(check(reporter, "months", *table)) == [("A3", "This is a row of totals.")]
        assert check(reporter, "months", *table, skips_totals=True).counts["totals"] == 1

    def test_a_fall_is_a_remark_of_the_draft(self, reporter, manager, entry):
        approve(report_of(entry, 2), reporter, manager, invested=200)
        run = check(reporter, "months", HEAD, row(entry, invested=150))

        assert run.counts["remarks"] == 1
        assert "falls from 200" in rows_of(run, "changed")[0]["remarks"][0]
