"""Who may administer, and that somebody always may."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import has_left_traces, leaves_no_administrator, may_administer
from accounts.roles import Role
from tests.factories import make_user

PERSONAS = ("reporter", "outsider", "manager", "admin", "leader")


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_administrators_administer(persona, request):
    user = request.getfixturevalue(persona)
    expected = persona == "admin"
    assert may_administer(user) is expected
    assert user.has_perm("accounts.change_user") is expected
    assert user.has_perms(["accounts.change_user"]) is expected
    assert user.has_module_perms("accounts") is expected


def test_a_stranger_administers_nothing():
    assert not may_administer(AnonymousUser())


def test_an_inactive_administrator_may_do_nothing(admin):
    admin.is_active = False
    assert not may_administer(admin)
    assert not admin.has_perm("accounts.change_user")


def test_the_last_active_administrator_is_known(admin, manager):
    make_user("former", Role.ADMIN, is_active=False)
    assert leaves_no_administrator([admin])
    assert not leaves_no_administrator([manager])
    second = make_user("second", Role.ADMIN)
    assert not leaves_no_administrator([admin])
    assert leaves_no_administrator([admin, second])


def test_nobody_has_left_traces_before_doing_something(admin):
    assert not has_left_traces(admin)
