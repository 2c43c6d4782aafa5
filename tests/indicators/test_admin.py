"""The admin site of indicators and commitments."""

import pytest
from django.urls import reverse

from indicators import models
from indicators.models import Observation, ObservationChange, Target
from tests.factories import signed_in
from tests.indicators.factories import make_commitment, make_measure, make_result, make_target

pytestmark = pytest.mark.any_database

MODELS = ["indicator", "target", "observation", "observationchange", "commitment"]


@pytest.mark.parametrize("name", MODELS)
def test_every_list_opens_and_is_searched(report_loaded, admin, name):
    address = reverse(f"admin:indicators_{name}_changelist")
    assert signed_in(admin).get(address, {"q": "增速"}).status_code == 200


def test_every_form_opens(db, admin):
    target = make_target()
    result = make_result(target, "12")
    change = ObservationChange.objects.create(observation=result, after={"text": "12"}, by=admin)
    commitment = make_commitment()
    make_measure(commitment)
    client = signed_in(admin)
    for row in (target, target.indicator, result, change, commitment):
        name = f"admin:indicators_{row._meta.model_name}_change"
        assert client.get(reverse(name, args=[row.pk])).status_code == 200


def test_a_target_saved_in_the_admin_site_is_read(db, admin):
    target = make_target("10")
    response = signed_in(admin).post(
        reverse("admin:indicators_target_change", args=[target.pk]),
        {
            "indicator": target.indicator.pk,
            "year": 2023,
            "seq": 1,
            "position": 1,
            "text": "8左右",
            "quote": "",
            "revisions-TOTAL_FORMS": 0,
            "revisions-INITIAL_FORMS": 0,
        },
    )
    assert response.status_code == 302
    assert Target.objects.get().comparator == models.TargetComparator.ABOUT


def test_what_people_entered_is_looked_at_and_never_edited(db, admin):
    result = make_result(make_target(), "12")
    change = ObservationChange.objects.create(observation=result, after={}, by=admin)
    client = signed_in(admin)
    assert client.get(reverse("admin:indicators_observationchange_add")).status_code == 403
    delete = reverse("admin:indicators_observationchange_delete", args=[change.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Observation.objects.exists()


@pytest.mark.parametrize("person", ["reporter", "manager", "leader"])
def test_others_do_not_enter(db, request, person):
    client = signed_in(request.getfixturevalue(person))
    assert client.get(reverse("admin:indicators_target_changelist")).status_code == 403
