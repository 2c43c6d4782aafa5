"""Whatever is sent to the API, it answers as its description says, and never breaks."""

from datetime import date

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.scopes import Scope
from office.clock import now, today
from projects.clearing import raise_obstacle
from projects.models import DataQuestion
from tests.indicators.factories import make_commitment, make_measure, make_result, make_target
from tests.programs import ROOT, make_token
from tests.rounds import approve, make_plan, open_rounds, report_of, submit
from wzprojects.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _kept_connection():
    """The application is called as a server calls it, but within the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(reporter, manager, settings):
    """One row of each kind, by the part of the addresses that lead to it."""
    settings.WZ_TODAY = "2024-03-03"
    plan = make_plan(reporter.department)
    open_rounds(2)
    approve(report_of(plan, 1), reporter, manager)
    submit(report_of(plan, 2), reporter)
    target = make_target("10")
    make_result(target, "9")
    make_measure(make_commitment(), text="5个以上", actual="6", unit="个")
    obstacle = raise_obstacle(
        plan.project,
        kind="land",
        text="红线内两户未签约",
        responsible=reporter.department,
        due_on=date(2099, 1, 1),
        by=reporter,
        on=today(),
        at=now(),
    )
    question = DataQuestion.objects.create(
        kind="same_name_twice", key="1", params={"codes": "A、B", "name": "桥"}
    )
    return {
        "/projects/": {"code": plan.project.code},
        "/plans/": {"id": plan.pk},
        "/reports/": {"id": report_of(plan, 2).pk},
        "/obstacles/{": {"id": obstacle.pk},
        "/questions/": {"id": question.pk},
        "/targets/": {"year": 2023, "code": target.indicator.code},
        "/indicators/": {"code": target.indicator.code},
        "/commitments/": {"year": 2024},
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_kept_connection")
def test_nothing_that_is_sent_breaks_the_api(manager, rows, settings):
    settings.API_RATES = {"read": "100000/hour", "write": "100000/hour"}
    token, secret = make_token(manager, Scope.READ)
    token.scopes = list(Scope)
    token.save()
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}schema/", application, headers=headers)

    def at_a_row(case):
        key = next((key for part, key in rows.items() if part in case.operation.path), {})
        case.path_parameters |= {name: key[name] for name in key if name in case.path_parameters}
        return case

    tried = 0
    for found in schema.get_all_operations():

        @bounded
        @given(case=found.ok().as_strategy().map(at_a_row))
        def holds(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        holds()
        tried += 1
    assert tried > 30
