"""What must never be false of projects and plans is refused by the database itself."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.models import (
    DataQuestion,
    Funding,
    Milestone,
    SavedView,
    SourceDocument,
    SourceSentence,
    StatusChange,
)
from tests.factories import make_entry, make_project, make_user


def refused(make, *args, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(*args, **fields)


def test_a_code_is_one_projects(db):
    make_project(code="500101-9000")
    refused(make_project, code="500101-9000")


def test_a_project_stands_once_in_a_years_list(db):
    project = make_project()
    make_entry(project, year=2024)
    make_entry(project, year=2025)
    refused(make_entry, project, year=2024)


def test_money_is_never_negative(db):
    project = make_project()
    refused(make_project, total_investment=-1)
    refused(make_entry, planned_investment=-1)
    refused(make_entry, invested_before=-1)
    refused(Funding.objects.create, project=project, source="central", amount=-1)
    refused(Funding.objects.create, project=project, source="central", amount=1, arrived=-1)


def test_a_source_of_money_and_a_milestone_stand_once(db):
    project = make_project()
    Funding.objects.create(project=project, source="central", amount=1)
    refused(Funding.objects.create, project=project, source="central", amount=2)
    Milestone.objects.create(project=project, name="可研批复")
    refused(Milestone.objects.create, project=project, name="可研批复")


def test_nothing_is_completed_before_it_started(db):
    refused(make_project, started_on="2024-05-02", completed_on="2024-05-01")


def test_going_back_has_a_reason(db):
    change = {"project": make_project(), "new_status": "started", "at": timezone.now()}
    refused(StatusChange.objects.create, **change, number=1, goes_back=True)
    StatusChange.objects.create(**change, number=1, goes_back=True, reason="改线")


def test_a_question_stands_once_and_is_closed_with_who_when_and_why(db):
    DataQuestion.objects.create(kind="same_name_twice", key="a")
    refused(DataQuestion.objects.create, kind="same_name_twice", key="a")
    closed = {"kind": "same_name_twice", "key": "b", "state": "closed", "answered_by": make_user()}
    refused(DataQuestion.objects.create, **closed, answered_at=timezone.now())
    refused(DataQuestion.objects.create, **closed, explanation="同名")
    DataQuestion.objects.create(**closed, explanation="同名", answered_at=timezone.now())


def test_a_view_has_its_own_name_for_its_owner(db):
    user = make_user()
    SavedView.objects.create(user=user, page="plans", name="开工")
    SavedView.objects.create(user=user, page="projects", name="开工")
    refused(SavedView.objects.create, user=user, page="plans", name="开工")


def test_a_sentence_has_its_own_number(db):
    document = SourceDocument.objects.create(code="a", title="报告", issuer="委", year=2024)
    sentence = {"document": document, "number": 1, "section": "一", "line": 1, "text": "一。"}
    SourceSentence.objects.create(**sentence)
    refused(SourceSentence.objects.create, **sentence)
