"""The rules' own words for where a project stands are those of the models."""

from projects.models import Stage
from projects.models import Status as StatusChoice
from projects.standing import Status


def test_the_rules_and_the_models_know_the_same_statuses() -> None:
    assert {status.value for status in Status} == {value for value in StatusChoice.values if value}


def test_every_stage_of_a_plan_is_a_status() -> None:
    assert set(Stage.values) <= {status.value for status in Status}
