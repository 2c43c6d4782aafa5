from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.models import Commitment, Indicator, Measure, Observation, ObservationChange, Target
from projects.models import (
    AnnualPlan,
    EntryMark,
    PlanStatement,
    Project,
    ProjectMention,
    SourceDocument,
    StatedAmount,
)
from reading import workflow, writing
from reading.choices import Decision
from reading.models import ReadingRow, ReportReading
from reading.proposals import MeasureFound, Part
from tests.factories import make_department, make_entry, make_project, make_region
from tests.indicators.factories import make_indicator, make_result, make_target
from tests.reading.readings import (
    LINES,
    YEAR,
    amount,
    commitment,
    count,
    evidence,
    found,
    indicator,
    make_reading,
    project,
)

NOW = timezone.now()


@pytest.fixture(autouse=True)
def region(db):
    return make_region()


def accept(reading, **only):
    for row in reading.rows.filter(**only):
        workflow.decide(row.pk, Decision.ACCEPTED, by=reading.asked_by, now=NOW)


def written(by, *proposals) -> ReportReading:
    reading = make_reading(found(*proposals), by)
    accept(reading)
    return writing.write(reading.pk, by=by, now=NOW)


def problems(by, *proposals) -> list[str]:
    with pytest.raises(writing.WritingError) as refused:
        written(by, *proposals)
    return [f"{each.subject}/{each.field}" for each in refused.value.problems]


def test_a_new_project_becomes_a_project_with_its_place_in_the_list(manager):
    reading = written(manager, project("山城智造园", planned_investment=None, sector="现代化工业"))

    new = Project.objects.get()
    assert (new.code, new.name, new.status) == ("500101-0001", "山城智造园", "")
    entry = AnnualPlan.objects.get()
    assert (entry.project, entry.year, entry.goal, entry.result) == (new, YEAR, "completed", "")
    assert (entry.table, entry.cited_verb, entry.featured) == ("表5", "竣工", True)
    assert entry.sentence.text == LINES[2]
    assert entry.quote == "山城智造园"
    assert reading.document == entry.sentence.document
    assert (reading.state, reading.applied_by) == ("applied", manager)
    assert EntryMark.objects.filter(entry=entry.pk).exists()


def test_the_next_number_follows_the_region_s_last(manager):
    make_project(code="500101-0236")
    written(manager, project("山城智造园"))
    assert Project.objects.latest("pk").code == "500101-0237"


def test_a_project_that_the_report_names_twice_is_one(manager):
    result = {"year": YEAR - 1, "part": Part.RESULT, "stage": "accelerated", "verb": "加快推进"}
    spoken = project("山城智造园", position=0, evidence=evidence("山城智造园", 3), **result)
    written(manager, project("山城智造园"), project("山城智造园项目", **result), spoken)

    new = Project.objects.get()
    assert new.status == "accelerated"
    assert [(e.year, e.goal, e.result) for e in new.entries.order_by("year")] == [
        (YEAR - 1, "", "accelerated"),
        (YEAR, "completed", ""),
    ]
    mention = ProjectMention.objects.get()
    assert (mention.code, mention.status) == (f"mention-{YEAR - 1}-001", "accelerated")


def test_phases_are_never_merged(manager):
    written(manager, project("江北水厂（一期）"), project("江北水厂（二期）"))
    assert Project.objects.count() == 2


def test_a_carried_over_project_gains_an_entry_and_keeps_its_status(manager):
    old = make_project("山城智造园", status="started", department=make_department())
    make_entry(old, YEAR - 1, goal="started")
    written(manager, project("山城智造园", category="livelihood"))

    old.refresh_from_db()
    assert (old.status, old.category, old.department) == (
        "started",
        "livelihood",
        make_department(),
    )
    assert old.entries.get(year=YEAR).goal == "completed"


def test_a_rename_that_was_accepted_keeps_the_old_name_where_it_was_cited(manager):
    old = make_project("山城智造园")
    entry = make_entry(old, YEAR - 1, cited_name="")
    reading = written(manager, project("山城智造产业园"))

    old.refresh_from_db()
    entry.refresh_from_db()
    assert (old.name, entry.cited_name) == ("山城智造产业园", "山城智造园")
    steps = reading.rows.get().written
    assert ["name", "山城智造园", "山城智造产业园"] in [c for s in steps for c in s["changes"]]


def test_last_year_s_result_is_filled_into_the_entry_of_that_year(manager):
    entry = make_entry(make_project("山城智造园"), YEAR - 1, goal="completed")
    written(
        manager,
        project("山城智造园", year=YEAR - 1, part=Part.RESULT, stage="completed", category=""),
    )
    entry.refresh_from_db()
    assert (entry.goal, entry.result) == ("completed", "completed")


def test_an_adopted_plan_is_changed_by_a_revision_only(manager):
    entry = make_entry(make_project("山城智造园"), YEAR, goal="started")
    AnnualPlan.objects.filter(pk=entry.pk).update(version=1)
    assert problems(manager, project("山城智造园")) == ["山城智造园/goal"]
    entry.refresh_from_db()
    assert entry.goal == "started"


def test_an_indicator_becomes_indicator_target_and_result(manager):
    written(
        manager,
        indicator("地区生产总值增速", target="6.5以上", binding=True),
        indicator("税收收入增速", actual="17.2", year=YEAR - 1, parent="地区生产总值增速"),
    )
    target = Target.objects.get()
    assert (target.text, target.binding, target.seq, target.year) == ("6.5以上", True, 1, YEAR)
    assert target.sentence.text == LINES[4]
    observation = Observation.objects.get()
    assert (str(observation.value), observation.text) == ("17.2000", "17.2")
    assert observation.indicator.parent == target.indicator
    assert not observation.indicator.counts_in_total
    assert Indicator.objects.get(parent=None).code == "dqsczzzs"


def test_what_is_not_released_has_no_value(manager):
    written(manager, indicator("节能减排", actual="市级暂未反馈", unit=""))
    observation = Observation.objects.get()
    assert (observation.status, observation.value) == ("not_released", None)


def test_a_result_that_differs_is_corrected_by_the_officer_with_a_trace(manager):
    gdp = make_indicator("地区生产总值增速")
    make_result(make_target("6.5", gdp, year=YEAR), "6.9", "6.9")
    written(manager, indicator("地区生产总值增速", actual="7.1"))
    assert Observation.objects.get().text == "7.1"
    change = ObservationChange.objects.get()
    assert (change.before["text"], change.after["text"], change.by) == ("6.9", "7.1", manager)


def test_a_target_that_was_set_is_never_rewritten(manager):
    make_target("7", make_indicator("地区生产总值增速"), year=YEAR)
    assert problems(manager, indicator("地区生产总值增速", target="6")) == [
        "地区生产总值增速/target"
    ]


def test_counts_amounts_and_commitments_are_written_with_their_words(manager):
    quantity = MeasureFound("口袋公园", "新建口袋公园4个", "ge", 4, "个")
    written(
        manager,
        count("重点项目", 45),
        amount("工业投资", "80"),
        commitment("口袋公园", measures=(quantity,)),
    )
    statement = PlanStatement.objects.get()
    assert (statement.code, statement.count, statement.comparator) == ("count-2025-01", 45, "ge")
    stated = StatedAmount.objects.get()
    assert (stated.code, str(stated.value), stated.unit) == ("amount-2024-01", "80.0000", "亿元")
    promised = Commitment.objects.get()
    assert (promised.code, promised.title) == ("livelihood-2025-01", "口袋公园")
    measure = Measure.objects.get()
    assert (measure.subject, measure.value, measure.quote) == ("口袋公园", 4, "新建口袋公园4个")
    assert statement.sentence.document == stated.sentence.document == measure.sentence.document


def test_one_bad_row_writes_nothing_and_says_which_field(manager):
    nameless = project("江北水厂", category="")
    reading = make_reading(found(project("山城智造园"), nameless, count("重点项目", 45)), manager)
    accept(reading)
    with pytest.raises(writing.WritingError) as refused:
        writing.write(reading.pk, by=manager, now=NOW)
    assert [(p.subject, p.field) for p in refused.value.problems] == [("江北水厂", "category")]
    assert not Project.objects.exists()
    assert not SourceDocument.objects.exists()
    assert "category" in ReadingRow.objects.get(subject="江北水厂").error
    assert ReadingRow.objects.get(subject="江北水厂").decision == "accepted"
    reading.refresh_from_db()
    assert reading.state == "ready"

    row = ReadingRow.objects.get(subject="江北水厂")
    workflow.correct(row.pk, {"category": "infrastructure"}, None, by=manager, now=NOW)
    writing.write(reading.pk, by=manager, now=NOW)
    assert Project.objects.get(name="江北水厂").category == "infrastructure"


def test_only_accepted_and_corrected_rows_are_written(manager):
    reading = make_reading(found(project("山城智造园"), project("江北水厂")), manager)
    accept(reading, subject="山城智造园")
    dropped = reading.rows.get(subject="江北水厂")
    workflow.decide(dropped.pk, Decision.DROPPED, by=manager, now=NOW)
    writing.write(reading.pk, by=manager, now=NOW)
    assert [each.name for each in Project.objects.all()] == ["山城智造园"]


def test_nothing_accepted_is_nothing_to_write(manager):
    reading = make_reading(found(project("山城智造园")), manager)
    with pytest.raises(writing.WritingError):
        writing.write(reading.pk, by=manager, now=NOW)
    assert not SourceDocument.objects.exists()


def test_a_reading_is_written_once(manager):
    reading = written(manager, project("山城智造园"))
    with pytest.raises(writing.AlreadyWrittenError):
        writing.write(reading.pk, by=manager, now=NOW)
    with pytest.raises(workflow.NotOpenError):
        workflow.decide(reading.rows.get().pk, Decision.DROPPED, by=manager, now=NOW)
    assert Project.objects.count() == 1


def test_a_second_reading_of_the_same_report_has_nothing_new_to_write(manager):
    written(manager, project("山城智造园"), count("重点项目", 45))
    again = make_reading(found(project("山城智造园"), count("重点项目", 45)), manager)
    assert [row.match for row in again.rows.all()] == ["known", "known"]
    accept(again)
    writing.write(again.pk, by=manager, now=NOW)
    assert [row.written for row in again.rows.all()] == [[], []]
    assert (Project.objects.count(), PlanStatement.objects.count()) == (1, 1)


def test_an_undo_takes_back_exactly_what_was_written(manager):
    old = make_project("老厂")
    make_entry(old, YEAR - 1)
    gdp = make_indicator("地区生产总值增速")
    make_result(make_target("6.5", gdp, year=YEAR), "6.9", "6.9")
    before = {name: list(model.objects.values()) for name, model in MODELS.items()}

    reading = written(
        manager,
        project("山城智造园"),
        project("山城智造园", year=YEAR - 1, part=Part.RESULT),
        project("老厂", category="ecology"),
        indicator("地区生产总值增速", actual="7.1"),
        count("重点项目", 45),
        commitment("口袋公园"),
    )
    writing.undo(reading.pk, by=manager, now=NOW + timedelta(minutes=1))

    assert {name: list(model.objects.values()) for name, model in MODELS.items()} == before
    reading.refresh_from_db()
    assert (reading.state, reading.document) == ("undone", None)
    assert not SourceDocument.objects.exists()


MODELS = {
    model.__name__: model
    for model in (Project, AnnualPlan, Indicator, Target, Observation, PlanStatement, Commitment)
}


def test_an_undo_is_refused_once_something_is_built_on_it(manager):
    reading = written(manager, project("山城智造园"))
    make_entry(Project.objects.get(), YEAR + 1)
    with pytest.raises(writing.BuiltOnError):
        writing.undo(reading.pk, by=manager, now=NOW)
    assert Project.objects.exists()
    assert AnnualPlan.objects.count() == 2


def test_an_undo_is_refused_once_a_changed_field_says_something_else(manager):
    old = make_project("山城智造园")
    make_entry(old, YEAR - 1)
    reading = written(manager, project("山城智造产业园"))
    Project.objects.filter(pk=old.pk).update(name="又改了名")
    with pytest.raises(writing.BuiltOnError):
        writing.undo(reading.pk, by=manager, now=NOW)
    assert AnnualPlan.objects.filter(year=YEAR).exists()
