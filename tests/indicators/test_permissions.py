"""Who reads and who keeps indicators."""

import pytest

from indicators.permissions import may_keep_indicators, visible_commitments, visible_indicators
from tests.indicators.factories import make_commitment, make_indicator

PEOPLE = ["reporter", "outsider", "manager", "admin", "leader"]


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_reads_indicators_and_commitments(request, person):
    user = request.getfixturevalue(person)
    make_indicator()
    make_commitment()
    assert visible_indicators(user).count() == 1
    assert visible_commitments(user).count() == 1


@pytest.mark.parametrize("person", PEOPLE)
def test_managers_and_administrators_keep_them(request, person):
    user = request.getfixturevalue(person)
    assert may_keep_indicators(user) == (person in ("manager", "admin"))


def test_an_account_that_is_no_longer_used_reads_nothing(manager):
    make_indicator()
    make_commitment()
    manager.is_active = False
    assert not visible_indicators(manager)
    assert not visible_commitments(manager)
    assert not may_keep_indicators(manager)
