"""Power cuts, a broker that goes away, a rebuild in between, a thousand approvals: no cell is wrong."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections
from django.db.models import F

from accounts.roles import Role
from projects import lifecycle, workflow
from projects.models import AnnualPlan, EntryMark, ProgressReport, Project, ReportAction
from projects.planning import Adoption, adopt
from projects.schedule_curves import spread_evenly
from projects.tasks import ask_for_refresh
from scripts.servers import valkey
from scripts.supervisor import end, ended_with_us
from summaries import keeping
from summaries.models import ProgressCell
from summaries.tasks import rebuild_cells, refresh_cells
from tests.factories import make_department, make_user
from tests.rounds import DECISION, approve, make_plan, moment, open_rounds, report_of, submit
from tests.summaries.by_hand import assert_cells_are_right, stored
from tests.summaries.stalling import end_stalled_writers, held, is_held, stalled
from tests.worker import app, at_broker, eventually

pytestmark = pytest.mark.django_db(transaction=True)
CELLS = ProgressCell._meta.db_table
NOW = moment(date(2024, 3, 1))


def person():
    return make_user(role=Role.MANAGER)


@pytest.fixture
def entry():
    """An adopted entry among others, two open months, cells that are right."""
    made = make_plan(make_department(), entry={"goal": "started"})
    make_plan(make_department())
    open_rounds(2)
    keeping.refresh(at=NOW)
    return made


def in_thread(act, *arguments):
    """Run with a database connection of its own, and give that back."""
    try:
        return act(*arguments)
    finally:
        connections.close_all()


def test_a_worker_killed_in_the_middle_of_a_refresh_leaves_cells_and_marks_as_they_were(
    entry, start_worker
):
    before = stored()
    approve(report_of(entry, 1), person(), person(), invested=90)
    marks = keeping.waiting()
    first = start_worker()
    with stalled(CELLS, "INSERT"):
        refresh_cells.delay()
        eventually(first.is_busy)
        time.sleep(0.5)
        first.kill()
        end_stalled_writers()
        assert stored() == before
    assert keeping.waiting() == marks

    start_worker()
    refresh_cells.delay()
    eventually(lambda: not keeping.waiting())
    assert_cells_are_right()


def test_a_worker_killed_in_the_middle_of_a_rebuild_leaves_the_cells_whole(entry, start_worker):
    before = stored()
    approve(report_of(entry, 1), person(), person(), invested=90)  # else there is nothing to write
    marks = keeping.waiting()
    first = start_worker()
    with stalled(CELLS, "UPDATE"):
        rebuild_cells.delay(2024)
        eventually(first.is_busy)
        time.sleep(0.5)
        first.kill()
        end_stalled_writers()
        assert stored() == before
    assert keeping.waiting() == marks
    keeping.rebuild(2024, at=NOW)
    assert stored() != before
    assert_cells_are_right()


def test_a_broker_that_is_killed_and_comes_back_empty_loses_no_change(
    entry, start_worker, tmp_path
):
    broker = valkey(tmp_path / "valkey", keep=False)

    def send() -> None:
        at_broker(broker.url).send_task(refresh_cells.name)

    server = serve(broker)
    try:
        start_worker(REDIS_URL=broker.url)
        approve(report_of(entry, 1), person(), person(), invested=90)
        send()
        eventually(lambda: not keeping.waiting())
        assert_cells_are_right()

        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        approve(report_of(entry, 2), person(), person(), invested=180)
        assert keeping.waiting()

        server = serve(broker)
        send()
        eventually(lambda: not keeping.waiting(), seconds=60)
        assert_cells_are_right()
    finally:
        end(server, signal.SIGTERM, patience=10)


def serve(broker):
    """Start the broker and wait until it answers."""
    process = subprocess.Popen(ended_with_us(broker.program.command), text=True)
    eventually(broker.answers)
    return process


def test_a_change_stands_though_the_broker_does_not_answer(entry, monkeypatch, caplog):
    nobody = app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", nobody.Pool(1))
    submit(report_of(entry, 1), person(), invested=90)
    ask_for_refresh()
    assert "_send_refresh" in caplog.text
    assert keeping.waiting()


def test_a_report_approved_while_a_rebuild_runs_is_counted_by_the_next_refresh(entry):
    maker, checker = person(), person()
    submit(report_of(entry, 1), maker, invested=90)
    with ThreadPoolExecutor(1) as pool:
        with held(CELLS):
            rebuilding = pool.submit(in_thread, rebuild)
            eventually(is_held)
            report = report_of(entry, 1)
            workflow.perform(
                report.pk,
                ReportAction.APPROVE,
                version=report.version,
                by=checker,
                on=report.period.due_on,
                at=moment(report.period.due_on),
            )
        rebuilding.result()
    keeping.refresh(at=NOW)
    assert_cells_are_right()
    assert ProgressCell.objects.get(month=1, goal="started").invested_ytd == 90


def rebuild() -> None:
    keeping.rebuild(2024, at=NOW)


def refresh() -> None:
    keeping.refresh(at=NOW)


def test_a_project_that_moves_while_its_report_is_approved_is_counted_in_its_new_place(entry):
    other = make_department("500101-SLJ")
    maker, checker = person(), person()
    submit(report_of(entry, 1), maker, invested=90)

    def move(_n: int) -> None:
        for department in (other, entry.project.department, other):
            lifecycle.move(entry.project_id, department, reason="改革", by=checker, at=NOW)

    with ThreadPoolExecutor(4) as pool:
        moving = pool.submit(in_thread, move, 1)
        refreshing = [pool.submit(in_thread, refresh) for _n in range(2)]
        approving = pool.submit(in_thread, approve_one, report_of(entry, 1), checker)
        for done in (moving, approving, *refreshing):
            done.result()
    keeping.refresh(at=NOW)
    assert_cells_are_right()


def approve_one(report: ProgressReport, by) -> None:
    workflow.perform(
        report.pk,
        ReportAction.APPROVE,
        version=report.version,
        by=by,
        on=date(2024, 2, 5),
        at=moment(date(2024, 2, 5)),
    )


THOUSAND, PLANNED = 1000, Decimal(1200)


def submitted_reports(count: int) -> list[ProgressReport]:
    """So many submitted reports of January, written at once."""
    departments = [make_department(f"500101-D{number}") for number in range(20)]
    maker = person()
    projects = Project.objects.bulk_create(
        Project(
            code=f"500101-T{number:04}",
            name=f"项目{number}",
            name_sort=f"{number:04}",
            category="industry",
            status="started",
            started_on=date(2023, 3, 1),
            department=departments[number % len(departments)],
            total_investment=10_000,
        )
        for number in range(count)
    )
    entries = AnnualPlan.objects.bulk_create(
        AnnualPlan(project=project, year=2024, category="industry", goal="started")
        for project in projects
    )
    adopt(
        [Adoption(entry.pk, PLANNED, spread_evenly(PLANNED)) for entry in entries],
        DECISION,
        by=maker,
        at=NOW,
    )
    open_rounds(1)
    reports = ProgressReport.objects.filter(period__month=1)
    reports.update(
        state="submitted",
        status="started",
        started_on=date(2023, 3, 1),
        invested_ytd=F("planned_ytd") - 10,
        submitted_by=maker,
        submitted_at=NOW,
        first_submitted_on=date(2024, 2, 1),
    )
    return list(reports)


def test_a_thousand_approvals_while_workers_refresh_and_a_year_is_rebuilt(start_worker):
    reports = submitted_reports(THOUSAND)
    checker = person()
    rebuild()
    start_worker()

    def approve_and_ask(report: ProgressReport) -> None:
        approve_one(report, checker)
        ask_for_refresh()

    with ThreadPoolExecutor(4) as pool:
        approvals = [pool.submit(in_thread, approve_and_ask, report) for report in reports]
        rebuilds = [pool.submit(in_thread, rebuild) for _n in range(2)]
        for done in (*approvals, *rebuilds):
            done.result()
    eventually(lambda: not EntryMark.objects.exists(), seconds=60)
    assert ProgressReport.objects.filter(state="approved").count() == THOUSAND
    assert_cells_are_right()
