"""The sentences: the report's own manner, every figure in them from the figures."""

import re

import pytest
from django.utils import translation

from summaries import rollup, wording
from tests.factories import make_entry, make_project

pytestmark = [pytest.mark.usefixtures("report_loaded"), pytest.mark.any_database]


def figures(year):
    return rollup.figures(rollup.read(year))


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def test_the_headline_of_a_plan_counts_its_goals_and_its_targets():
    with translation.override("en"):
        words = wording.headline(figures(2024))
    assert words == (
        "The plan of 2024 names 111 key projects: 30 to be completed, 42 to be started, "
        "39 to be accelerated. The plan sets 34 targets: 4 binding and 30 expected ones."
    )


def test_the_headline_of_a_reported_year_counts_results_and_verdicts():
    with translation.override("en"):
        words = wording.headline(figures(2023))
    assert words == (
        "Of 2023, 53 key projects are named: 18 completed, 12 started, 23 accelerated. "
        "Of 25 yearly targets, 2 are not fed back yet; of the other 23, 20 were reached or passed "
        "and 3 fell short."
    )


@pytest.mark.parametrize("year", [2023, 2024])
def test_both_languages_give_the_same_figures(year):
    found = figures(year)
    with translation.override("en"):
        english = sorted(numbers(wording.headline(found)))
    with translation.override("zh-hans"):
        assert sorted(numbers(wording.headline(found))) == english


def test_every_named_project_and_every_shortfall_is_in_the_text():
    found = figures(2023)
    with translation.override("en"):
        text = "\n".join(wording.paragraphs(found))
    for group in found["projects"]["groups"]:
        for project in group["projects"]:
            assert project["name"] in text
    assert (
        "空气质量优良天数: target 340以上, actual 336, short by 4 天. The target is binding."
        in text
    )
    assert "short by 376 万美元" in text
    assert "short by 1.4 个百分点" in text
    assert "受国内外大环境影响" in text


def test_the_text_says_what_became_of_the_year_before():
    with translation.override("en"):
        text = "\n".join(wording.paragraphs(figures(2024)))
    assert "Completed, yet listed again: 年加工15万吨菜籽." in text
    assert "现代化工业竣工项目: 45 or more stated, 9 named" in text


def test_a_missed_target_without_a_measurable_gap_is_told_without_one():
    found = figures(2023)
    row = next(row for row in found["indicators"]["rows"] if row["verdict"] == "below")
    row.update(gap="", gap_unit="", binding=False, note="")
    found["indicators"]["rows"] = [row]
    with translation.override("en"):
        (sentence,) = [p for p in wording.paragraphs(found) if p.startswith(row["name"])]
    assert sentence == f"{row['name']}: target {row['target']}, actual {row['actual']}."


def test_a_year_of_which_little_is_recorded_says_just_that():
    found = figures(1999)
    assert wording.headline(found) == ""
    assert list(wording.paragraphs(found)) == []
    make_entry(make_project(code="500101-9999"), 1999)
    with translation.override("en"):
        assert wording.headline(figures(1999)) == "In 1999 1 key projects are named."


def test_a_log_line_has_its_time_and_an_unknown_event_is_shown_as_it_is():
    with translation.override("en"):
        at, words = wording.log_line(
            {"event": "asked", "at": "2024-07-05T01:02:03+00:00", "name": "王"}
        )
    assert (at.hour, at.minute) == (9, 2)
    assert words == "Asked for by 王"
    assert wording.log_line({"event": "of a later version"}) == (None, "of a later version")
