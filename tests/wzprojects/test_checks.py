"""An installation with the demo's switch, secret or accounts is refused."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.demo import DEMO_PASSWORD
from accounts.roles import Role
from tests.factories import make_user
from wzprojects.checks import no_demo_in_production, replica_has_a_primary, secret_key_is_set

pytestmark = pytest.mark.django_db


def ids(messages):
    return [message.id for message in messages]


def test_an_installation_of_its_own_passes():
    assert secret_key_is_set(None) == no_demo_in_production(None) == []


@pytest.mark.parametrize("key", ["", "demo"])
def test_production_needs_a_secret_of_its_own(settings, key):
    settings.DEMO = settings.DEBUG = False
    settings.SECRET_KEY = settings.DEMO_SECRET_KEY if key else ""
    assert ids(secret_key_is_set(None)) == ["wzprojects.E001"]


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_the_demo_and_a_developer_need_no_secret(settings, switch):
    setattr(settings, switch, True)
    settings.SECRET_KEY = settings.DEMO_SECRET_KEY
    assert secret_key_is_set(None) == []


def test_the_demos_switch_is_refused(settings):
    settings.DEMO = True
    assert ids(no_demo_in_production(None)) == ["wzprojects.E002"]


def test_a_demo_account_is_refused():
    make_user("diaodu", Role.MANAGER).set_password(DEMO_PASSWORD)
    found = no_demo_in_production(None)
    assert ids(found) == ["wzprojects.E003"]
    assert "diaodu" in found[0].msg


def test_an_inactive_demo_account_does_no_harm():
    make_user("diaodu", Role.MANAGER, is_active=False)
    assert no_demo_in_production(None) == []


def test_the_command_for_a_deployment_stops_at_a_demo(settings):
    settings.DEMO = True
    make_user("diaodu", Role.MANAGER)
    with pytest.raises(SystemCheckError) as refused:
        call_command("check", deploy=True)
    assert "E002" in str(refused.value)
    assert "E003" in str(refused.value)


@pytest.mark.any_database
def test_a_replica_needs_a_primary_that_can_be_followed(settings):
    assert replica_has_a_primary(None) == []
    settings.REPLICA_URL = "postgres://replica/wz"
    assert ids(replica_has_a_primary(None)) == ["wzprojects.E004"]
