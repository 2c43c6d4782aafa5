"""Building: whole or not at all, once, and the same again from the same data."""

import threading

import pytest
from django.db import connection
from django.utils import timezone, translation

from projects.models import AnnualPlan, Project
from summaries import builder, digest, progress_summary, rollup, workflow
from summaries.models import DocumentRun, ProgressSummary
from tests.factories import make_department


def ask(by, year=2024) -> DocumentRun:
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    return workflow.ask(kind=kind, parameters={"year": year}, by=by, now=timezone.now())


def built(by, year=2024) -> ProgressSummary:
    run = ask(by, year)
    builder.build(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.log
    return run.summary


@pytest.mark.usefixtures("report_loaded")
class TestWithTheReport:
    """On the report's own data."""

    def test_every_part_is_told_and_the_progress_only_grows(self, manager):
        run = ask(manager)
        builder.build(run.pk)
        run.refresh_from_db()
        told = [event["event"] for event in run.log]
        assert told == ["asked", "taken_up", *progress_summary.PARTS, "done"]
        assert len(progress_summary.PARTS) == 8

    def test_the_summary_holds_figures_words_and_digest(self, manager):
        summary = built(manager, 2023)
        assert summary.figures == rollup.figures(rollup.read(2023))
        assert summary.headline in summary.text
        assert summary.digest == digest.of_summary(summary)
        assert summary.built_by == manager
        assert summary.cut_off <= timezone.now()

    def test_twice_from_the_same_data_gives_the_same_digest(self, manager, admin):
        first, second = built(manager), built(admin)
        assert first.pk != second.pk
        assert first.cut_off < second.cut_off
        assert first.digest == second.digest

    def test_whatever_language_is_active_the_words_are_the_office_s(self, manager):
        with translation.override("zh-hans"):
            first = built(manager)
        with translation.override("en"):
            assert built(manager).digest == first.digest

    def test_another_order_of_storage_gives_the_same_digest(self, manager):
        first = built(manager)
        moved = list(AnnualPlan.objects.filter(year=2024).order_by("-pk"))
        AnnualPlan.objects.filter(year=2024).delete()
        for entry in moved:
            entry.pk = None
        AnnualPlan.objects.bulk_create(moved)
        assert built(manager).digest == first.digest

    @pytest.mark.parametrize("change", [{"goal": "completed"}, {"cited_name": "改名"}])
    def test_a_change_gives_another_digest(self, manager, change):
        first = built(manager)
        entry = AnnualPlan.objects.filter(year=2024, goal="started").first()
        AnnualPlan.objects.filter(pk=entry.pk).update(**change)
        assert built(manager).digest != first.digest

    def test_what_no_figure_shows_does_not_change_the_digest(self, manager):
        first = built(manager)
        Project.objects.update(contact="王女士")
        assert built(manager).digest == first.digest

    def test_sample_data_are_told(self, manager):
        assert not built(manager).contains_sample
        make_department("500101-SAM", is_sample=True)
        assert built(manager).contains_sample

    def test_a_changed_summary_no_longer_agrees_with_its_digest(self, manager):
        summary = built(manager)
        summary.figures["projects"]["total"] += 1
        assert digest.of_summary(summary) != summary.digest


def test_a_year_of_which_nothing_is_recorded_fails_and_says_so(manager):
    run = ask(manager, 1999)
    builder.build(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.log[-1]["problem"] == "NothingRecordedError"
    assert not ProgressSummary.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("report_loaded")
def test_two_workers_at_once_build_one_summary(manager):
    run = ask(manager)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            builder.build(run.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("done", 1)
    assert ProgressSummary.objects.count() == 1
