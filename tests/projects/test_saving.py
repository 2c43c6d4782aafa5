import copy
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import saving, workflow
from projects.models import ProgressReport, ReportAction, ReportEvent
from projects.verification import verify
from tests.rounds import make_plan, moment, open_rounds, period_of, report_of, save, values

NOT_TOLD = {"id", "entry_id", "head", "report_id", "digest", "previous"}


@pytest.fixture
def entries(reporter):
    made = [make_plan(reporter.department) for _ in range(2)]
    open_rounds(3)
    return made


def told(rows):
    return [{name: row[name] for name in row if name not in NOT_TOLD} for row in rows]


def life(entry):
    """A report and its history, without what only says whose they are."""
    reports = ProgressReport.objects.filter(entry=entry, period__month=3)
    events = ReportEvent.objects.filter(report__in=reports).order_by("number")
    return told(reports.values()), told(events.values())


def save_all(entry, by, *, on=None, version=None, is_dry=False, **filled):
    report = report_of(entry, 3)
    day = on or period_of(3).due_on
    one = saving.Save(report.pk, report.version if version is None else version, values(**filled))
    return saving.save_all([one], by=by, on=day, at=moment(day), is_dry=is_dry)[0]


@pytest.mark.parametrize(
    "steps",
    [
        [{"invested": 300}],
        [{"invested": 300}, {"invested": 300}],
        [{"invested": 300}, {"invested": None, "narrative": ""}, {"invested": "250.50"}],
    ],
    ids=["once", "nothing new", "three times"],
)
def test_many_at_once_and_one_by_one_leave_the_same_histories(reporter, entries, steps):
    one, other = entries
    for filled in steps:
        save(report_of(one, 3), reporter, **copy.deepcopy(filled))
        assert save_all(other, reporter, **filled).refused is None

    assert life(one) == life(other)
    assert verify().findings == []


@pytest.mark.parametrize(
    ("who", "change", "refusal"),
    [
        ("reporter", {"invested": -1}, workflow.InvalidFigures),
        ("reporter", {"physical_progress": Decimal(101)}, workflow.InvalidFigures),
        ("reporter", {"version": 7}, workflow.StaleReportError),
        ("reporter", {"on": "2024-06-01"}, workflow.WorkflowError),
        ("outsider", {}, workflow.WorkflowError),
        ("leader", {}, workflow.WorkflowError),
    ],
)
def test_what_perform_refuses_is_refused(request, entries, who, change, refusal):
    one, other = entries
    by, change = request.getfixturevalue(who), dict(change)
    day = period_of(3).due_on.fromisoformat(change.pop("on", "2024-04-05"))
    version = change.pop("version", 0)

    outcome = save_all(other, by, on=day, version=version, **change)
    with pytest.raises(refusal) as raised:
        workflow.perform(
            report_of(one, 3).pk,
            ReportAction.SAVE,
            version=version,
            by=by,
            on=day,
            at=moment(day),
            values=values(**change),
        )
    assert type(outcome.refused) is refusal
    if refusal is not workflow.StaleReportError:
        assert str(outcome.refused) == str(raised.value)
    assert life(other)[1] == []


def test_a_dry_run_writes_nothing_and_tells_what_is_remarkable(reporter, entries):
    before = list(ProgressReport.objects.order_by("pk").values())
    outcome = save_all(entries[0], reporter, invested=20_000, is_dry=True)

    assert "超过总投资10,000" in outcome.remarks[0]
    assert list(ProgressReport.objects.order_by("pk").values()) == before
    assert not ReportEvent.objects.exists()


def test_any_number_of_reports_takes_the_same_queries(reporter):
    entries = [make_plan(reporter.department) for _ in range(30)]
    open_rounds(1)
    day, asked = period_of(1).due_on, []
    for some in (entries[:1], entries[1:]):
        saves = [saving.Save(report_of(entry, 1).pk, 0, values()) for entry in some]
        with CaptureQueriesContext(connection) as queries:
            saving.save_all(saves, by=reporter, on=day, at=moment(day))
        asked.append(len(queries))

    assert asked[0] == asked[1] < 12
    assert ReportEvent.objects.filter(action="save").count() == 30
