"""What the indicators leave contradictory."""

from decimal import Decimal

import pytest

from indicators import questions
from indicators.models import Indicator, Measure, Observation, Target
from projects.models import DataQuestion
from projects.questions import KINDS, refresh, title
from tests.indicators.factories import make_indicator, make_target


def found() -> dict[str, dict[str, object]]:
    """Findings by their key."""
    return {f"{f.kind} {f.key}": f.params for f in questions.find()}


def test_the_report_leaves_two_names_and_two_promises_open(report_loaded):
    assert sorted(found()) == [
        "indicator_renamed core-digital-industry-growth/digital-economy-growth/2023",
        "indicator_renamed digital-economy-growth/core-digital-industry-growth",
        "unparseable_target task-2024-079",
        "unparseable_target task-2024-093",
    ]


def test_every_finding_can_be_worded_and_leads_to_its_sentence(report_loaded):
    refresh(questions.find())
    asked = list(DataQuestion.objects.all())
    assert all(title(question) for question in asked)
    assert all(question.sentence is not None for question in asked)
    assert {question.kind for question in asked} <= set(KINDS)


def test_looking_again_asks_nothing_new(report_loaded):
    refresh(questions.find())
    before = DataQuestion.objects.count()
    refresh(questions.find())
    assert DataQuestion.objects.count() == before


def test_a_target_that_cannot_be_read_is_asked_about(db):
    make_target("力争更上一层楼", make_indicator("增速", code="growth"))
    assert found()["unparseable_target growth/2023"]["text"] == "力争更上一层楼"


def test_a_measure_that_cannot_be_read_is_asked_about(report_loaded):
    Measure.objects.filter(commitment__code="task-2024-003").update(
        text="大幅增加", comparator="", value=None
    )
    assert "unparseable_target task-2024-003/1" in found()


def test_a_count_of_the_report_that_the_table_does_not_bear_out_is_asked_about(report_loaded):
    Observation.objects.filter(indicator__code="gdp-growth", year=2023).update(text="6.4")
    asked = found()
    assert asked["tally_differs 2023/met"]["stated"] == 20
    assert asked["tally_differs 2023/met"]["computed"] == 19
    assert asked["tally_differs 2023/below"]["computed"] == 4


def test_the_counts_of_the_plan_are_held_against_its_table(report_loaded):
    Target.objects.filter(indicator__code="good-air-days", year=2024).update(binding=False)
    asked = found()
    assert asked["tally_differs 2024/binding"]["computed"] == 3
    assert asked["tally_differs 2024/expected"]["computed"] == 31


def test_a_stated_shortfall_that_the_figures_do_not_give_is_asked_about(report_loaded):
    Observation.objects.filter(indicator__code="good-air-days", year=2023).update(text="335")
    assert found()["figure_differs good-air-days/2023/shortfall"]["text"] == "低于预期4"


def test_growth_in_the_text_against_growth_in_the_table(report_loaded):
    Observation.objects.filter(indicator__code="retail-sales", year=2023).update(growth=Decimal(8))
    asked = found()["figure_differs retail-sales/retail-sales-growth/2023"]
    assert (asked["text"], asked["table"]) == ("8%", "7.4")


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("task-2024-030", "fixed-investment-growth"),
        ("task-2024-063", "good-air-days"),
        ("task-2024-086", "new-urban-jobs"),
    ],
)
def test_a_task_that_repeats_a_target_with_another_number_is_asked_about(report_loaded, code, row):
    Measure.objects.filter(commitment__code=code).update(value=Decimal(1))
    assert f"figure_differs {code}/1/{row}" in found()


def test_a_renaming_that_is_recorded_is_no_question(report_loaded):
    old = Indicator.objects.get(code="digital-economy-growth")
    Indicator.objects.filter(code="core-digital-industry-growth").update(renamed_from=old)
    assert "indicator_renamed digital-economy-growth/core-digital-industry-growth" not in found()


def test_without_data_there_is_nothing_to_ask(db):
    assert found() == {}
