"""Entering a year's result: who may, what is accepted, what is kept of it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from indicators import scoreboard
from indicators.evaluation import Verdict
from indicators.models import Observation, ObservationChange
from tests.factories import signed_in
from tests.indicators.factories import make_indicator, make_result, make_target

pytestmark = pytest.mark.any_database

PENDING = reverse("indicators:observation-edit", args=[2023, "strategic-emerging-industry-growth"])
STATED = reverse("indicators:observation-edit", args=[2023, "good-air-days"])
RESULT = {
    "status": "final",
    "value": "11.2",
    "text": "",
    "growth": "",
    "growth_unit": "",
    "note": "",
}


def post(user, address=PENDING, **fields):
    return signed_in(user).post(address, {**RESULT, **fields}, headers={"accept-language": "en"})


def test_a_result_that_is_fed_back_later_is_judged(report_loaded, manager):
    response = post(manager)
    assert response.status_code == 302
    row = next(r for r in scoreboard.rows(2023) if r.seq == 3)
    assert (row.verdict, row.gap, row.actual_text) == (Verdict.MET, Decimal("1.2"), "11.2")
    assert scoreboard.tally_of(scoreboard.rows(2023)).pending == 1


def test_an_entry_tells_who_changed_what(report_loaded, manager):
    post(manager, note="市级反馈")
    change = ObservationChange.objects.get()
    assert change.by == manager
    assert change.before == {
        "status": "not_released",
        "value": "",
        "text": "市级暂未反馈",
        "note": "",
    }
    assert change.after == {
        "status": "final",
        "value": "11.2",
        "text": "11.2",
        "note": "市级反馈",
    }


def test_the_report_s_words_stay_cited_and_the_row_is_marked(report_loaded, manager):
    post(manager)
    row = next(r for r in scoreboard.rows(2023) if r.seq == 3)
    assert row.corrected
    assert row.actual_source is not None
    assert "市级暂未反馈" in row.actual_source.quote


def test_a_first_result_of_a_planned_year_makes_a_row(report_loaded, manager):
    post(manager, reverse("indicators:observation-edit", args=[2024, "gdp-growth"]), value="7.1")
    observation = Observation.objects.get(year=2024, indicator__code="gdp-growth")
    assert (observation.text, observation.value) == ("7.1", Decimal("7.1"))
    assert ObservationChange.objects.get().before == {}


def test_saving_what_is_there_leaves_no_trace(report_loaded, manager):
    note = Observation.objects.get(indicator__code="good-air-days", year=2023).note
    post(manager, STATED, value="336", text="336", note=note)
    assert not ObservationChange.objects.exists()


def test_words_give_the_number_and_the_number_gives_the_words(db, manager):
    for value, text in (("", "15以上"), ("15", "")):
        target = make_target("15以上")
        post(
            manager,
            reverse("indicators:observation-edit", args=[2023, target.indicator.code]),
            value=value,
            text=text,
        )
        observation = Observation.objects.get(indicator=target.indicator)
        assert (observation.value, observation.text) == (Decimal(15), text or "15")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "not_released"}, "A figure that is not released has no value."),
        ({"value": ""}, "Give the result as a number or in words."),
        ({"text": "12.1"}, "The words and the number differ."),
        ({"value": "", "text": "形势喜人"}, "These words cannot be judged"),
        ({"text": "市级暂未反馈"}, "These words say that it is not released yet."),
        ({"value": "many"}, "Enter a number."),
        ({"value": "1e30"}, "no more than"),
        ({"status": "splendid"}, "splendid is not one of the available choices"),
    ],
)
def test_what_contradicts_itself_is_refused_and_kept_in_the_form(
    report_loaded, manager, fields, message
):
    response = post(manager, **fields)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ObservationChange.objects.exists()


def test_a_figure_that_the_report_states_is_not_taken_back(report_loaded, manager):
    response = post(manager, STATED, status="not_released", value="")
    assert "it can be corrected, not taken back" in response.content.decode()
    assert post(manager, STATED, value="337").status_code == 302


def test_a_figure_that_people_entered_can_be_taken_back(db, manager):
    target = make_target("10")
    make_result(target, "12", "12")
    address = reverse("indicators:observation-edit", args=[2023, target.indicator.code])
    assert post(manager, address, status="not_released", value="").status_code == 302
    assert Observation.objects.get().value is None


@pytest.mark.parametrize("person", ["reporter", "outsider", "leader"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_those_who_may_only_read_are_refused(report_loaded, request, person, method):
    client = signed_in(request.getfixturevalue(person))
    assert getattr(client, method)(PENDING, RESULT).status_code == 403
    assert not ObservationChange.objects.exists()


@pytest.mark.parametrize("person", ["manager", "admin"])
def test_those_who_keep_indicators_get_the_form(report_loaded, request, person):
    html = signed_in(request.getfixturevalue(person)).get(STATED).content.decode()
    assert 'value="336"' in html


def test_a_stranger_signs_in_first(report_loaded):
    response = Client().post(PENDING, RESULT)
    assert response["location"].startswith(reverse("accounts:login"))
    assert not ObservationChange.objects.exists()


def test_another_method_is_refused(report_loaded, manager):
    assert signed_in(manager).put(PENDING).status_code == 405


def test_an_indicator_without_a_target_in_the_year_has_no_form(db, manager):
    target = make_target(year=2024)
    for code in (target.indicator.code, make_indicator().code, "no-such"):
        address = reverse("indicators:observation-edit", args=[2023, code])
        assert signed_in(manager).get(address).status_code == 404
