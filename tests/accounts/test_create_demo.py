"""The demo's accounts are made once, only in a demo."""

import pytest
from django.core.management import CommandError, call_command

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_USERNAMES
from accounts.models import User
from accounts.roles import Role
from accounts.sample import has_sample_data
from tests.factories import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    for account in DEMO_ACCOUNTS:
        if account.department:
            make_department(account.department)


def test_the_demo_has_one_account_for_every_role(demo):
    call_command("create_demo", verbosity=0)
    made = User.objects.filter(username__in=DEMO_USERNAMES)
    assert {user.role for user in made} == set(Role.values)
    assert all(user.check_password(DEMO_PASSWORD) for user in made)
    assert has_sample_data()


def test_a_second_run_changes_nothing(demo):
    call_command("create_demo", verbosity=0)
    reporter = User.objects.get(username="tianbao")
    reporter.name = "张三"
    reporter.set_password("my own choice")
    reporter.save()
    call_command("create_demo", verbosity=0)
    reporter.refresh_from_db()
    assert (reporter.name, reporter.check_password("my own choice")) == ("张三", True)
    assert User.objects.count() == len(DEMO_ACCOUNTS)


def test_production_has_no_demo_accounts(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("create_demo", verbosity=0)


def test_a_demo_without_its_departments_says_what_to_load_and_makes_nobody(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="fixtures/sample"):
        call_command("create_demo", verbosity=0)
    assert not User.objects.exists()
