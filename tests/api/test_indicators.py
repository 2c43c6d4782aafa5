"""Indicators, targets, results and commitments through the API."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from indicators.models import Observation, ObservationChange
from tests.indicators.factories import (
    make_commitment,
    make_indicator,
    make_measure,
    make_result,
    make_target,
)
from tests.programs import ROOT, Program, make_token, program

pytestmark = pytest.mark.django_db


def test_a_years_table_is_judged_as_on_the_page(leader):
    met = make_target("6.5以上", make_indicator("增速"))
    make_result(met, "7")
    missed = make_target("340", make_indicator("优良天数", unit="天"), binding=True)
    make_result(missed, "336")
    client = program(leader)

    rows = client.read("targets/2023/")

    assert [(row["name"], row["verdict"]) for row in rows] == [
        ("增速", "met"),
        ("优良天数", "below"),
    ]
    assert (rows[1]["gap"], rows[1]["gap_unit"]) == ("-4", "天")
    assert [row["name"] for row in client.read("targets/2023/", verdict="below")] == ["优良天数"]
    assert client.get(f"{ROOT}targets/2023/?verdict=good").status_code == HTTPStatus.BAD_REQUEST
    assert client.get(f"{ROOT}targets/1999/").status_code == HTTPStatus.NOT_FOUND


def test_indicators_and_what_was_measured_are_listed(leader):
    target = make_target("10")
    make_result(target, value="9.5")
    make_result(target, value="4", month=6)
    client = program(leader)

    assert client.read("indicators/")["results"][0]["code"] == target.indicator.code
    assert client.read(f"indicators/{target.indicator.code}/")["unit"] == "%"
    annual = client.read("observations/", year=2023, annual="true")["results"]
    assert [(row["month"], row["value"]) for row in annual] == [(None, "9.5000")]


def test_a_result_is_entered_and_corrected(manager):
    target = make_target("10")
    address = f"targets/2023/{target.indicator.code}/result/"
    client = program(manager)

    entered = client.send("put", address, {"status": "final", "value": "9.5", "note": "汛期"})
    assert entered.status_code == HTTPStatus.OK, entered.content.decode()
    assert (entered.json()["value"], entered.json()["text"]) == ("9.5000", "9.5")
    client.send("put", address, {"status": "final", "value": "10.1"})

    changes = ObservationChange.objects.order_by("pk")
    assert [change.after["value"] for change in changes] == ["9.5", "10.1"]
    assert {change.by for change in changes} == {manager}


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({}, "status", 400),
        ({"status": "final"}, "", 422),
        ({"status": "not_released", "value": "1"}, "value", 422),
        ({"status": "final", "value": "1", "text": "2"}, "text", 422),
        ({"status": "final", "value": "1e30"}, "value", 400),
        ({"status": "final", "value": "1" * 25}, "value", 422),
        ({"status": "final", "value": "NaN"}, "value", 400),
        ({"status": "final", "value": "1", "year": 2020}, "year", 400),
    ],
)
def test_what_is_no_result_is_refused_by_the_name_of_the_field(manager, body, field, status):
    target = make_target("10")
    address = f"targets/2023/{target.indicator.code}/result/"
    response = program(manager).send("put", address, body)
    assert response.status_code == status, response.content.decode()
    assert field in response.json()["errors"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("persona", ["reporter", "outsider", "manager", "admin", "leader"])
def test_results_are_entered_by_those_who_keep_indicators(request, persona):
    user = request.getfixturevalue(persona)
    target = make_target("10")
    address = f"targets/2023/{target.indicator.code}/result/"
    body = {"status": "final", "value": "9"}
    reader = Program(make_token(user, Scope.READ)[1])
    assert reader.send("put", address, body).status_code == HTTPStatus.FORBIDDEN

    token, secret = make_token(user, Scope.READ)
    token.scopes = list(Scope)
    token.save()
    response = Program(secret).send("put", address, body)
    allowed = persona in ("manager", "admin")
    assert (response.status_code == HTTPStatus.OK) is allowed
    assert Observation.objects.exists() is allowed


def test_commitments_come_with_their_measures(reporter):
    commitment = make_commitment("新建公园", kind="livelihood")
    make_measure(commitment, subject="公园", text="5个以上", actual="6", unit="个")
    make_measure(commitment, subject="面积", actual_text="3万平方米")
    client = program(reporter)

    [row] = client.read("commitments/2024/")

    assert [m["verdict"] for m in row["measures"]] == ["met", None]
    assert Decimal(row["measures"][0]["gap"]) == 1
    assert client.read("commitments/2024/", verdict="below") == []


def test_a_years_table_costs_the_same_queries_with_one_row_and_with_thirty(leader):
    client = program(leader)
    counts = []
    for more in (1, 0, 29):
        for _ in range(more):
            make_result(make_target("10"), "9")
            make_measure()
        with CaptureQueriesContext(connection) as captured:
            client.read("targets/2023/")
            client.read("commitments/2024/")
            client.read("observations/")
        counts.append(len(captured))
    assert counts[1] == counts[2]
