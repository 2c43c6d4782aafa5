"""Whatever a page forbids or hides, the API forbids or hides, to every persona alike."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.scopes import Scope
from office.clock import today
from projects import clearing
from projects.models import DataQuestion
from tests.api.test_office import make_document
from tests.factories import make_user, signed_in
from tests.indicators.factories import make_target
from tests.programs import ROOT, Program, make_token
from tests.rounds import make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.django_db
PERSONAS = ["reporter", "outsider", "manager", "admin", "leader", "inactive", "no_department"]
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@pytest.fixture
def inactive(reporter):
    return make_user("inactive", department=reporter.department, is_active=False)


@pytest.fixture
def no_department(db):
    return make_user("nobody", role="leader")


@pytest.fixture
def rows(reporter, outsider, settings):
    """One row of each kind that belongs to the reporter's department."""
    settings.WZ_TODAY = "2024-03-03"
    plan = make_plan(reporter.department)
    open_rounds(2)
    obstacle = clearing.raise_obstacle(
        plan.project,
        kind="land",
        text="红线内两户未签约",
        responsible=outsider.department,
        due_on=date(2099, 1, 1),
        by=reporter,
        on=today(),
        at=moment(today()),
    )
    question = DataQuestion.objects.create(
        kind="same_name_twice", key="1", project=plan.project, params={"codes": "A", "name": "桥"}
    )
    return {
        "project": plan.project,
        "report": report_of(plan, 1),
        "obstacle": obstacle,
        "question": question,
        "document": make_document(reporter, reporter.department),
        "target": make_target("10"),
    }


def people(request, persona):
    """A browser and a program of the same person, which may do all that its role may."""
    user = request.getfixturevalue(persona)
    token, secret = make_token(user, Scope.READ)
    token.scopes = list(Scope)
    token.save()
    return signed_in(user), Program(secret)


def seen(response):
    """Whether somebody got what was asked for; a sign-in page is none of it."""
    if response.streaming:
        b"".join(response.streaming_content)  # to its end, which closes the file
    return response.status_code == HTTPStatus.OK


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_a_page_hides_is_hidden(request, rows, persona):
    browser, program = people(request, persona)
    project, report, obstacle = rows["project"], rows["report"], rows["obstacle"]
    target, document = rows["target"], rows["document"]
    file = document.files.get()
    pairs = {
        project.get_absolute_url(): f"projects/{project.code}/",
        report.get_absolute_url(): f"reports/{report.pk}/",
        obstacle.get_absolute_url(): f"obstacles/{obstacle.pk}/",
        document.get_absolute_url(): f"documents/{document.pk}/",
        reverse("summaries:document-file", args=[file.pk]): f"documents/files/{file.pk}/",
        target.get_absolute_url(): f"indicators/{target.indicator.code}/",
    }
    for page, address in pairs.items():
        assert seen(program.get(ROOT + address)) is seen(browser.get(page)), address


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_a_page_forbids_is_forbidden(request, rows, persona):
    browser, program = people(request, persona)
    question = rows["question"]
    year, code = rows["target"].year, rows["target"].indicator.code
    writes = [
        (
            reverse("projects:question-answer", args=[question.pk]),
            {},
            "post",
            f"questions/{question.pk}/answer/",
        ),
        (
            reverse("indicators:observation-edit", args=[year, code]),
            {},
            "put",
            f"targets/{year}/{code}/result/",
        ),
        (
            reverse("projects:obstacle-raise", args=[rows["project"].code]),
            {},
            "post",
            f"projects/{rows['project'].code}/obstacles/",
        ),
    ]
    for page, body, method, address in writes:
        by_hand, answered = browser.post(page, body), program.send(method, address, body)
        if by_hand.status_code in REFUSED:
            assert answered.status_code == by_hand.status_code, address
        elif persona == "inactive":
            assert answered.status_code == HTTPStatus.UNAUTHORIZED
        else:  # allowed, and then told that an empty form says nothing
            assert answered.status_code == HTTPStatus.BAD_REQUEST, address
