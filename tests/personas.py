"""The people of the tests: they are the permission matrix."""

import pytest

from accounts.models import User
from accounts.roles import Role
from tests.factories import make_department, make_user


@pytest.fixture
def reporter(db: None) -> User:
    """填报员 of the transport department (JTW)."""
    return make_user("reporter", Role.STAFF, department=make_department("500101-JTW"))


@pytest.fixture
def outsider(db: None) -> User:
    """填报员 of another department, that of water (SLJ)."""
    return make_user("outsider", Role.STAFF, department=make_department("500101-SLJ"))


@pytest.fixture
def manager(db: None) -> User:
    """调度管理员."""
    return make_user("manager", Role.MANAGER)


@pytest.fixture
def admin(db: None) -> User:
    """系统管理员."""
    return make_user("admin", Role.ADMIN)


@pytest.fixture
def leader(db: None) -> User:
    """领导."""
    return make_user("leader", Role.LEADER)
