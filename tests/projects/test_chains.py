"""Steps are chained as they are taken, and sealed once a day."""

from datetime import date

import pytest

from projects import audit, chains
from projects.models import AuditSeal, ReportAction, ReportEvent
from tests.rounds import approve, make_plan, moment, open_rounds, report_of, save, step

FIRST, SECOND, THIRD = date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def test_a_step_follows_the_one_before_and_its_owner_knows_the_last(entry, reporter, manager):
    report = approve(report_of(entry, 3), reporter, manager)
    head = ""
    for number, event in enumerate(report.events.order_by("number"), start=1):
        assert (event.number, event.previous) == (number, head)
        assert event.digest == audit.digest(head, chains.payload(event))
        head = event.digest
    assert (report.version, report.head) == (number, head)


def test_the_digest_covers_every_column_but_those_that_carry_the_chain(entry, reporter):
    save(report_of(entry, 3), reporter)
    covered = set(chains.payload(ReportEvent.objects.get()))
    columns = {field.attname for field in ReportEvent._meta.concrete_fields}
    assert columns - covered == {"id", "previous", "digest", "seal_id", "year"}
    assert covered - columns == {"chain"}


def test_two_steps_that_say_the_same_have_different_digests(entry, reporter):
    report = report_of(entry, 3)
    save(report, reporter, invested=100)
    save(report, reporter, invested=200)
    save(report, reporter, invested=100)
    assert len(set(report.events.values_list("digest", flat=True))) == 3


def test_a_seal_covers_the_steps_since_the_one_before(entry, reporter, manager):
    report = report_of(entry, 3)
    save(report, reporter)
    first = chains.seal(FIRST, at=moment(FIRST))
    step(report, ReportAction.SUBMIT, reporter)
    second = chains.seal(SECOND, at=moment(SECOND))
    report.refresh_from_db()
    assert (first.previous, second.previous) == (audit.GENESIS, first.digest)
    assert second.events == 1
    assert second.heads == {f"report:{report.pk}": report.head}
    assert first.heads.keys() == {f"report:{report.pk}", f"entry:{entry.pk}"}
    assert not ReportEvent.objects.filter(seal=None).exists()


def test_a_day_is_sealed_once(entry, reporter):
    first = chains.seal(FIRST, at=moment(FIRST))
    save(report_of(entry, 3), reporter)
    assert chains.seal(FIRST, at=moment(SECOND)) == first
    assert AuditSeal.objects.count() == 1
    assert ReportEvent.objects.filter(seal=None).exists()


def test_a_day_without_a_step_is_sealed_too(entry):
    chains.seal(FIRST, at=moment(FIRST))
    empty = chains.seal(SECOND, at=moment(SECOND))
    third = chains.seal(THIRD, at=moment(THIRD))
    assert (empty.events, empty.heads) == (0, {})
    assert third.previous == empty.digest != ""


def test_sealing_takes_as_many_queries_for_many_steps_as_for_one(
    entry, reporter, django_assert_max_num_queries
):
    save(report_of(entry, 3), reporter)
    with django_assert_max_num_queries(16) as one:
        chains.seal(FIRST, at=moment(FIRST))
    for invested in range(30):
        save(report_of(entry, 3), reporter, invested=invested)
    with django_assert_max_num_queries(16) as many:
        chains.seal(SECOND, at=moment(SECOND))
    assert len(many) == len(one)
