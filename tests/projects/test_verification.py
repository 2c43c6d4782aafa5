"""verify_audit names exactly what was changed, inserted or removed behind the system's back.

Whoever tampers here writes to the database by SQL, past every rule of ours.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from projects import chains, clearing, colouring, funding, lifecycle, milestones, planning
from projects.lifecycle import StatusUpdate
from projects.models import (
    AuditSeal,
    ObstacleAction,
    ObstacleKind,
    ObstacleLevel,
    ProgressReport,
    ReportAction,
    ReportEvent,
    Status,
)
from projects.planning import Decision
from projects.verification import verify
from tests.factories import make_department
from tests.rounds import (
    approve,
    make_plan,
    moment,
    open_rounds,
    report_of,
    save,
    step,
    submit,
)

A = ReportAction
FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


def sql(statement: str, *params: Any) -> int:
    """Write to the database past all rules; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def found() -> list[tuple[str, str, int | None]]:
    """What the check finds: where, what, and the number of the step or month."""
    return [(each.chain, each.kind.value, each.number) for each in verify().findings]


def fields_found() -> list[tuple[str, str, int | None]]:
    """The values that are not what the histories say: where, which, and at which step."""
    return [(each.chain, each.value.name, each.number) for each in verify().findings if each.value]


@contextmanager
def undone() -> Iterator[None]:
    """What is done to the database inside is taken back: so one life serves many misdeeds."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Life:
    """An ordinary quarter: two projects, all kinds of steps, three seals and a day after them."""

    def __init__(self, reporter, manager, outsider) -> None:
        self.entry = make_plan(reporter.department)
        self.other = make_plan(reporter.department)
        open_rounds(3)
        self.project = self.entry.project
        approve(report_of(self.entry, 1), reporter, manager, invested=90)
        self.report = report_of(self.entry, 2)
        submit(self.report, reporter, invested=180)
        chains.seal(FIRST, at=moment(FIRST))
        step(self.report, A.RETURN, manager, note="请核对")
        submit(self.report, reporter, invested=190, narrative="二月浇筑承台。")
        step(self.report, A.APPROVE, manager)
        self.report.refresh_from_db()
        colouring.judge_otherwise(
            self.report,
            "yellow",
            version=self.report.version,
            reason="现场滞后",
            by=manager,
            at=moment(SECOND),
        )
        planning.revise_plan(
            self.entry.pk,
            Decision("区人大常委会", SECOND, "年中调减"),
            from_month=4,
            version=1,
            by=manager,
            at=moment(SECOND),
            planned_investment=Decimal(1000),
        )
        self.obstacle = clearing.raise_obstacle(
            self.project,
            kind=ObstacleKind.LAND,
            text="三号桥台未交地",
            responsible=outsider.department,
            due_on=date(2024, 5, 1),
            by=reporter,
            on=SECOND,
            at=moment(SECOND),
            report=self.report,
        )
        self.act(ObstacleAction.REPLY, outsider)
        chains.seal(SECOND, at=moment(SECOND))
        self.act(ObstacleAction.CLEAR, reporter)
        self.project.refresh_from_db()
        lifecycle.change_status(
            self.project,
            StatusUpdate(Status.SUSPENDED, "资金未到位", started_on=date(2023, 3, 1)),
            version=self.project.version,
            by=manager,
            on=THIRD,
            at=moment(THIRD),
        )
        step(self.report, A.REOPEN, manager, note="核减")
        chains.seal(THIRD, at=moment(THIRD))
        save(self.report, reporter, invested=185, narrative="二月浇筑承台，核减五万元。")
        save(report_of(self.other, 3), reporter, invested=70)
        for row in (self.report, self.entry, self.other, self.project, self.obstacle):
            row.refresh_from_db()

    def act(self, action: ObstacleAction, by) -> None:
        self.obstacle.refresh_from_db()
        clearing.act(
            self.obstacle.pk,
            action,
            version=self.obstacle.version,
            by=by,
            on=SECOND,
            at=moment(SECOND),
            note="已处理",
        )


@pytest.fixture
def life(reporter, manager, outsider) -> Life:
    return Life(reporter, manager, outsider)


KINDS = {
    "report": ("projects_reportevent", 2),
    "project": ("projects_statuschange", 1),
    "entry": ("projects_planrevision", 1),
    "obstacle": ("projects_obstacleevent", 2),
}
OWNERS = {
    "report": "projects_progressreport",
    "project": "projects_project",
    "entry": "projects_annualplan",
    "obstacle": "projects_obstacle",
}


def owner_of(life: Life, kind: str) -> Any:
    return getattr(life, kind)


def test_an_ordinary_life_is_whole_and_counted(life):
    done = verify()
    assert done.findings == []
    assert done.seals == 3
    assert done.steps == sum(model._default_manager.count() for model in chains.CHAINS)
    assert done.chains == 7
    assert done.unsealed == 2
    last = AuditSeal.objects.latest("day")
    assert done.last_seal == (THIRD, last.digest)


def test_a_changed_step_of_every_history_is_named(life):
    for column, value in [
        ("at", "2024-01-01 00:00:00+00:00"),
        ("after", '{"status": "completed"}'),
    ]:
        for kind in KINDS:
            with undone():
                table, number = KINDS[kind]
                pk = owner_of(life, kind).pk
                assert sql(
                    f"UPDATE {table} SET {column} = %s WHERE {kind}_id = %s AND number = %s",
                    value,
                    pk,
                    number,
                )
                assert found() == [(f"{kind}:{pk}", "changed", number)]


def test_a_digest_that_was_written_over_is_named(life):
    for number in [1, 5, 9]:
        for column in ["previous", "digest"]:
            with undone():
                pk = life.report.pk
                forged = f"UPDATE projects_reportevent SET {column} = %s WHERE report_id = %s AND number = %s"
                assert sql(forged, "f" * 64, pk, number) == 1
                assert found() == [(f"report:{pk}", "changed", number)]


def test_who_took_a_step_cannot_be_changed_unseen(life, admin):
    pk = life.report.pk
    sql(
        "UPDATE projects_reportevent SET by_id = %s WHERE report_id = %s AND number = 3",
        admin.pk,
        pk,
    )
    assert found() == [(f"report:{pk}", "changed", 3)]


def test_a_removed_step_of_every_history_is_named(life):
    for kind in KINDS:
        with undone():
            table, number = KINDS[kind]
            pk = owner_of(life, kind).pk
            assert sql(f"DELETE FROM {table} WHERE {kind}_id = %s AND number = %s", pk, number)
            assert found() == [(f"{kind}:{pk}", "removed", number)]


def test_an_end_that_was_cut_off_is_named(life):
    for kind in KINDS:
        with undone():
            table, number = KINDS[kind]
            owner = owner_of(life, kind)
            assert sql(
                f"DELETE FROM {table} WHERE {kind}_id = %s AND number >= %s", owner.pk, number
            )
            (finding,) = verify().findings
            assert (finding.chain, finding.kind.value) == (f"{kind}:{owner.pk}", "removed")
            assert (finding.number, finding.last) == (number, owner.version)


def test_an_end_that_was_cut_off_with_its_owner_set_back_is_shown_by_the_seal(life):
    for kind in KINDS:
        with undone():
            table, number = KINDS[kind]
            owner = owner_of(life, kind)
            model = next(model for model in chains.CHAINS if kind == model.OWNER)
            before = model._default_manager.filter(**{kind: owner}, number__lt=number).last()
            sql(f"DELETE FROM {table} WHERE {kind}_id = %s AND number >= %s", owner.pk, number)
            sql(
                f"UPDATE {OWNERS[kind]} SET version = %s, head = %s WHERE id = %s",
                number - 1,
                before.digest if before else "",
                owner.pk,
            )
            findings = verify().findings
            assert {each.chain for each in findings} == {f"{kind}:{owner.pk}"}
            # What the steps had done to the row is still there, or else the seal misses them.
            assert {each.kind.value for each in findings} <= {
                "value_changed",
                "tail_gone",
                "chain_gone",
            }


def test_an_end_that_is_cut_off_where_nothing_else_shows_is_shown_by_the_seal(life):
    report = report_of(life.entry, 1)
    last = report.events.get(number=report.version)
    sql("DELETE FROM projects_reportevent WHERE id = %s", last.pk)
    sql(
        "UPDATE projects_progressreport SET version = version - 1, head = %s, state = 'submitted',"
        " reviewed_by_id = NULL, reviewed_at = NULL, approved_invested_ytd = NULL,"
        " approved_physical_progress = NULL, approved_status = '' WHERE id = %s",
        last.previous,
        report.pk,
    )
    assert found() == [(f"report:{report.pk}", "tail_gone", None)]
    assert verify().findings[0].day == FIRST


def copied(table: str, pk: int, **changed: Any) -> None:
    """Insert a copy of a row with other values."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [pk])
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    row |= changed
    del row["id"]
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", *map(_stored, row.values()))


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def test_a_step_inserted_at_the_end_of_every_history_is_named(life):
    for kind in KINDS:
        with undone():
            table, number = KINDS[kind]
            owner = owner_of(life, kind)
            model = next(model for model in chains.CHAINS if kind == model.OWNER)
            like = model._default_manager.get(**{kind: owner}, number=number)
            copied(table, like.pk, number=owner.version + 1, seal_id=None)
            assert found() == [(f"{kind}:{owner.pk}", "inserted", owner.version + 1)]


def test_a_step_inserted_with_a_right_digest_is_named_too(life, manager):
    report = life.report
    event = ReportEvent(action=A.JUDGE, old_state="reopened", new_state="reopened", note="补记")
    chains.link(event, report, by=manager, at=moment(THIRD))
    event.save(force_insert=True)  # and the owner is not told
    assert found() == [(f"report:{report.pk}", "inserted", event.number)]


def test_a_step_pushed_between_two_others_is_named_and_so_are_those_it_moved(life, manager):
    report = life.report
    for number in range(report.version, 3, -1):
        sql(
            "UPDATE projects_reportevent SET number = %s WHERE report_id = %s AND number = %s",
            number + 1,
            report.pk,
            number,
        )
    third = report.events.get(number=3)
    event = ReportEvent(action=A.JUDGE, old_state="returned", new_state="returned", note="补记")
    report.version, report.head = 3, third.digest
    chains.link(event, report, by=manager, at=moment(THIRD))
    event.save(force_insert=True)
    named = found()
    assert named[0] == (f"report:{report.pk}", "inserted", 4)
    assert {kind for _chain, kind, _number in named[1:]} == {"changed"}
    assert {number for _chain, _kind, number in named[1:]} == set(range(5, 11))


def test_a_chain_that_is_gone_as_a_whole_is_named(life):
    pk = life.report.pk
    sql("DELETE FROM projects_reportevent WHERE report_id = %s", pk)
    (finding,) = verify().findings
    assert (finding.chain, finding.number, finding.last) == (f"report:{pk}", 1, 9)


def test_an_obstacle_that_is_gone_with_its_whole_chain_is_shown_by_the_seal(life):
    pk = life.obstacle.pk
    sql("DELETE FROM projects_obstacleevent WHERE obstacle_id = %s", pk)
    sql("DELETE FROM projects_obstacle WHERE id = %s", pk)
    assert found() == [(f"obstacle:{pk}", "chain_gone", None)]
    assert verify().findings[0].day == SECOND


def test_a_report_that_is_gone_with_its_whole_chain_is_missed_by_its_plan_too(life):
    report = report_of(life.entry, 1)
    sql("DELETE FROM projects_reportevent WHERE report_id = %s", report.pk)
    sql("DELETE FROM projects_reportlight WHERE report_id = %s", report.pk)
    sql("DELETE FROM projects_progressreport WHERE id = %s", report.pk)
    assert found() == [
        (f"entry:{life.entry.pk}", "month_removed", 1),
        (f"report:{report.pk}", "chain_gone", None),
    ]


def test_an_untouched_report_that_is_gone_is_missed_by_its_plan(life):
    report = report_of(life.entry, 9)
    sql("DELETE FROM projects_progressreport WHERE id = %s", report.pk)
    assert found() == [(f"entry:{life.entry.pk}", "month_removed", 9)]


def test_a_report_that_was_inserted_is_named(life):
    third = report_of(life.other, 12)
    other_year = open_rounds(1, 2023)
    copied("projects_progressreport", third.pk, period_id=other_year.pk)
    inserted = ProgressReport.objects.latest("pk")
    assert found() == [(f"report:{inserted.pk}", "row_inserted", None)]


def test_a_figure_of_a_report_that_was_changed_is_named(life):
    for column, value in [
        ("invested_ytd", 9999),
        ("physical_progress", 99),
        ("status", "completed"),
        ("started_on", "2020-01-01"),
        ("completed_on", "2024-02-02"),
        ("narrative", "一切正常。"),
        ("problems", "无"),
        ("next_step", "竣工"),
        ("correction", "无"),
        ("confirmed", '["jump"]'),
        ("state", "returned"),
        ("approved_invested_ytd", 9999),
        ("approved_physical_progress", 99),
        ("approved_status", "completed"),
        ("first_submitted_on", "2024-02-01"),
        ("submitted_at", "2024-02-01 00:00:00+00:00"),
        ("planned_year", 1),
        ("planned_ytd", 1),
    ]:
        with undone():
            pk = life.report.pk
            sql(f"UPDATE projects_progressreport SET {column} = %s WHERE id = %s", value, pk)
            assert found() == [(f"report:{pk}", "value_changed", None)]
            assert fields_found() == [(f"report:{pk}", column, None)]


def test_figures_of_a_report_that_nobody_reported_are_named(life):
    for column, value in [("invested_ytd", 5), ("narrative", "编的"), ("approved_invested_ytd", 5)]:
        with undone():
            pk = report_of(life.other, 2).pk
            sql(f"UPDATE projects_progressreport SET {column} = %s WHERE id = %s", value, pk)
            assert fields_found() == [(f"report:{pk}", column, None)]


def test_a_judgement_that_was_changed_is_named(life):
    pk = life.report.pk
    sql(
        "UPDATE projects_reportlight SET judged = 'green', shown = 'green' WHERE report_id = %s", pk
    )
    assert fields_found() == [(f"report:{pk}", "judged", None)]


def test_hands_that_were_changed_are_named(life, admin):
    for column in ["submitted_by_id", "reviewed_by_id"]:
        with undone():
            pk = report_of(life.entry, 1).pk
            sql(f"UPDATE projects_progressreport SET {column} = %s WHERE id = %s", admin.pk, pk)
            assert fields_found() == [(f"report:{pk}", column, None)]


def test_a_projects_status_or_date_that_was_changed_is_named(life):
    for column, value in [
        ("status", "completed"),
        ("started_on", "2020-01-01"),
        ("completed_on", "2024-02-02"),
    ]:
        with undone():
            pk = life.project.pk
            sql(f"UPDATE projects_project SET {column} = %s WHERE id = %s", value, pk)
            assert fields_found() == [(f"project:{pk}", column, None)]


def test_a_projects_department_that_was_changed_is_named(life, outsider):
    pk = life.project.pk
    sql("UPDATE projects_project SET department_id = %s WHERE id = %s", outsider.department.pk, pk)
    assert fields_found() == [(f"project:{pk}", "department", None)]


def test_money_and_nodes_that_were_changed_or_removed_are_named(life, manager):
    project = life.project
    sources = {"central": funding.Money(Decimal(500), Decimal(200)), "district": MONEY}
    funding.keep(project, sources, version=project.version, by=manager, at=moment(THIRD))
    node = milestones.Node(None, "主体封顶", "construction", date(2024, 9, 1), None)
    version = project.version + 1
    milestones.keep(project, [node], version=version, by=manager, on=THIRD, at=moment(THIRD))
    assert found() == []
    sql("UPDATE projects_funding SET arrived = 500 WHERE source = 'central'")
    sql("DELETE FROM projects_funding WHERE source = 'district'")
    sql("UPDATE projects_milestone SET done_on = '2024-03-01'")
    pk = project.pk
    assert sorted(fields_found()) == [
        (f"project:{pk}", "funding:central", None),
        (f"project:{pk}", "funding:district", None),
        (f"project:{pk}", f"milestone:{project.milestones.get().pk}", None),
    ]


MONEY = funding.Money(Decimal(100))


def test_a_value_that_was_changed_and_built_upon_is_named_at_the_step_that_met_it(life, manager):
    sql("UPDATE projects_project SET status = 'completed' WHERE id = %s", life.project.pk)
    life.project.refresh_from_db()
    version = life.project.version
    lifecycle.move(
        life.project.pk,
        make_department("500101-SLJ"),
        reason="划转",
        by=manager,
        at=moment(THIRD),
    )
    (finding,) = verify().findings
    assert (finding.kind.value, finding.number) == ("value_met", version + 1)
    assert (finding.value.found, finding.value.expected) == ("completed", "suspended")


def test_a_plans_amount_or_goal_that_was_changed_is_named(life):
    for column, value in [
        ("planned_investment", 5000),
        ("goal", "completed"),
        ("enters_in", 7),
        ("curve", "even"),
        ("adopted_on", "2024-02-02"),
    ]:
        with undone():
            pk = life.entry.pk
            sql(f"UPDATE projects_annualplan SET {column} = %s WHERE id = %s", value, pk)
            assert fields_found() == [(f"entry:{pk}", column, None)]


def test_a_month_of_the_plan_that_was_changed_is_named(life):
    for column in ["planned_year", "planned_ytd"]:
        for month in [3, 4, 12]:
            with undone():
                pk = report_of(life.entry, month).pk
                sql(f"UPDATE projects_progressreport SET {column} = {column} + 1 WHERE id = %s", pk)
                assert fields_found() == [(f"report:{pk}", column, None)]


def test_an_obstacle_that_was_changed_is_named(life):
    for column, value in [
        ("text", "无"),
        ("kind", "funds"),
        ("level", int(ObstacleLevel.CITY)),
        ("due_on", "2025-01-01"),
        ("level_due_on", "2025-01-01"),
        ("cleared_on", "2024-01-01"),
        ("raised_on", "2024-01-01"),
    ]:
        with undone():
            pk = life.obstacle.pk
            sql(f"UPDATE projects_obstacle SET {column} = %s WHERE id = %s", value, pk)
            assert fields_found() == [(f"obstacle:{pk}", column, None)]


def test_whoever_has_to_clear_or_raised_an_obstacle_cannot_be_changed_unseen(life, admin):
    pk, department = life.obstacle.pk, make_department("500101-JTW").pk
    sql(
        "UPDATE projects_obstacle SET responsible_id = %s, raised_by_id = %s WHERE id = %s",
        department,
        admin.pk,
        pk,
    )
    assert {name for _chain, name, _number in fields_found()} == {"responsible", "raised_by_id"}


def test_an_obstacle_that_nobody_raised_is_named(life):
    copied("projects_obstacle", life.obstacle.pk, version=0, head="")
    inserted = life.project.obstacles.latest("pk")
    assert {chain for chain, _kind, _number in found()} == {f"obstacle:{inserted.pk}"}


def test_an_owner_whose_count_or_head_was_changed_is_named(life):
    for owner in OWNERS:
        for column, kind in [("version", "count"), ("head", "head")]:
            with undone():
                pk = owner_of(life, owner).pk
                value = "f" * 64 if column == "head" else 99
                sql(f"UPDATE {OWNERS[owner]} SET {column} = %s WHERE id = %s", value, pk)
                assert found() == [(f"{owner}:{pk}", kind, None)]


def test_a_changed_seal_is_named(life):
    for column, value in [
        ("events", 1),
        ("heads", "{}"),
        ("heads", '["report:1"]'),
        ("previous", "f" * 64),
        ("digest", "f" * 64),
    ]:
        for day in [FIRST, SECOND, THIRD]:
            with undone():
                sql(f"UPDATE projects_auditseal SET {column} = %s WHERE day = %s", value, day)
                assert found() == [(f"seal:{day}", "seal_changed", None)]


def unsealed(day: date) -> None:
    """Take all steps from a seal."""
    for table, _number in KINDS.values():
        sql(
            f"UPDATE {table} SET seal_id = NULL WHERE seal_id ="
            " (SELECT id FROM projects_auditseal WHERE day = %s)",
            day,
        )


def test_a_removed_seal_is_shown_by_the_one_after_it(life):
    for day, following in [(FIRST, SECOND), (SECOND, THIRD)]:
        with undone():
            unsealed(day)
            sql("DELETE FROM projects_auditseal WHERE day = %s", day)
            assert found() == [(f"seal:{following}", "seal_removed", None)]


def test_the_latest_seal_is_missed_by_whoever_kept_its_digest(life):
    kept = AuditSeal.objects.get(day=THIRD).digest
    assert verify(kept).findings == []
    unsealed(THIRD)
    sql("DELETE FROM projects_auditseal WHERE day = %s", THIRD)
    assert verify().findings == []
    (finding,) = verify(kept).findings
    assert finding.kind == "seal_unknown"


def test_a_step_that_was_taken_from_its_seal_is_named(life):
    for number, under in [
        (1, None),
        (1, SECOND),
        (1, THIRD),
        (2, None),
        (2, THIRD),
        (6, FIRST),
        (8, None),
        (8, SECOND),
    ]:
        with undone():
            pk = life.report.pk
            sql(
                "UPDATE projects_reportevent SET seal_id ="
                " (SELECT id FROM projects_auditseal WHERE day = %s)"
                " WHERE report_id = %s AND number = %s",
                under,
                pk,
                number,
            )
            assert found() == [(f"report:{pk}", "seal_moved", number)]


def test_a_step_under_a_seal_that_does_not_cover_its_chain_is_named(life):
    report = report_of(life.other, 3)
    sql(
        "UPDATE projects_reportevent SET seal_id ="
        " (SELECT id FROM projects_auditseal WHERE day = %s) WHERE report_id = %s",
        THIRD,
        report.pk,
    )
    assert found() == [(f"report:{report.pk}", "seal_moved", 1)]


def test_several_things_at_once_are_all_named(life):
    sql(
        "UPDATE projects_reportevent SET note = '好' WHERE report_id = %s AND number = 3",
        life.report.pk,
    )
    sql("UPDATE projects_project SET status = 'completed' WHERE id = %s", life.project.pk)
    sql("UPDATE projects_auditseal SET events = 1 WHERE day = %s", SECOND)
    assert sorted(found()) == sorted(
        [
            (f"seal:{SECOND}", "seal_changed", None),
            (f"report:{life.report.pk}", "changed", 3),
            (f"project:{life.project.pk}", "value_changed", None),
        ]
    )


def run(*args: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("verify_audit", *args, stdout=out)
    return out.getvalue()


def test_the_command_counts_what_holds_and_gives_the_last_seal(life):
    last = AuditSeal.objects.latest("day")
    said = run("--seal", last.digest)
    assert "in 7 chains, 3 seals; not sealed yet: 2." in said
    assert f"The last seal, of 2024-04-07: {last.digest}" in said


def test_the_command_names_each_finding_on_a_line_and_fails(life):
    pk = life.report.pk
    sql("DELETE FROM projects_reportevent WHERE report_id = %s AND number IN (3, 4)", pk)
    sql("UPDATE projects_project SET completed_on = '2024-02-02' WHERE id = %s", life.project.pk)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError, match="2 findings") as failure:
        call_command("verify_audit", stdout=out)
    assert failure.value.returncode == 1
    assert out.getvalue().splitlines()[:2] == [
        f"report:{pk} #3–4: this step was removed",
        f"project:{life.project.pk}: completed_on was changed in the row: it is 2024-02-02, "
        "the history says —",
    ]


@pytest.mark.parametrize("factor", [1, 4])
def test_the_number_of_queries_does_not_grow(
    life, reporter, manager, factor, django_assert_num_queries
):
    for _ in range(factor):
        entry = make_plan(reporter.department)
        for month in (1, 2, 3):
            approve(
                report_of(entry, month),
                reporter,
                manager,
                invested=month * 90,
                narrative=f"{month}月",
            )
    with django_assert_num_queries(QUERIES):
        assert verify().findings == []


QUERIES = 22


@pytest.mark.usefixtures("transactional_db")
def test_the_whole_is_read_as_of_one_moment_outside_of_a_transaction(reporter, manager, outsider):
    Life(reporter, manager, outsider)
    assert verify().findings == []
