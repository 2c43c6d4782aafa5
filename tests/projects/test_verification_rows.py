"""verify_audit names the rows that do not say what their histories account for.

Whoever tampers here writes to the database by SQL, past every rule of ours.
"""

from datetime import date
from decimal import Decimal

from projects import funding, lifecycle, milestones
from projects.models import (
    ObstacleLevel,
    ReportAction,
)
from projects.verification import verify
from tests.factories import make_department
from tests.projects.verified_life import OWNERS, copied, fields_found, found, owner_of, sql, undone
from tests.rounds import (
    moment,
    report_of,
)

A = ReportAction
FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


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
