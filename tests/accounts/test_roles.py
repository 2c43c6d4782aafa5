"""The table of roles has no gaps and no idle entries."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.roles import ABILITIES, Ability, Role

APPS = ("accounts", "projects", "indicators", "summaries", "wzprojects")


def test_every_role_has_a_row_and_no_row_is_of_an_unknown_role():
    assert set(ABILITIES) == set(Role.values)


@pytest.mark.parametrize("ability", Ability)
def test_every_ability_is_somebodys_and_somebody_lacks_it(ability):
    holders = {role for role, abilities in ABILITIES.items() if ability in abilities}
    assert holders
    assert holders != set(Role.values)


@pytest.mark.parametrize("ability", Ability)
def test_every_ability_is_asked_for_somewhere(ability):
    sources = [
        path
        for app in APPS
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if path.name != "roles.py"
    ]
    question = re.compile(rf"\bAbility\.{ability.name}\b")
    assert any(question.search(path.read_text(encoding="utf-8")) for path in sources)


def test_a_leader_changes_nothing():
    assert ABILITIES[Role.LEADER] == {Ability.SEE_ALL}


def test_an_administrator_may_do_everything():
    assert ABILITIES[Role.ADMIN] == set(Ability)
