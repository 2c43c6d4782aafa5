"""verify_audit on seals that were changed or removed, its command, and what it costs.

Whoever tampers here writes to the database by SQL, past every rule of ours.
"""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from projects.models import (
    AuditSeal,
    ReportAction,
)
from projects.verification import verify
from tests.projects.verified_life import Life, found, sql, undone, unsealed
from tests.rounds import (
    approve,
    make_plan,
    report_of,
)

A = ReportAction
FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


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
