"""verify_audit names exactly which step of which history was changed, inserted or removed.

Whoever tampers here writes to the database by SQL, past every rule of ours.
"""

from datetime import date

from projects import chains
from projects.models import (
    AuditSeal,
    ProgressReport,
    ReportAction,
    ReportEvent,
)
from projects.verification import verify
from tests.factories import make_entry
from tests.projects.verified_life import KINDS, OWNERS, copied, found, owner_of, sql, undone
from tests.rounds import moment, report_of

A = ReportAction
FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


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
    copied("projects_progressreport", report_of(life.other, 12).pk, entry_id=make_entry().pk)
    inserted = ProgressReport.objects.latest("pk")
    assert found() == [(f"report:{inserted.pk}", "row_inserted", None)]


def test_a_year_that_was_written_over_is_named(life):
    """PostgreSQL refuses it when the transaction ends, SQLite has no constraint for it."""
    with undone():
        pk = report_of(life.other, 12).pk
        sql("UPDATE projects_progressreport SET year = 2023 WHERE id = %s", pk)
        assert found() == [(f"entry:{life.other.pk}", "month_removed", 12)]
    with undone():
        pk = life.report.pk
        sql("UPDATE projects_reportevent SET year = 2023 WHERE report_id = %s AND number = 2", pk)
        assert found() == [(f"report:{pk}", "changed", 2)]
