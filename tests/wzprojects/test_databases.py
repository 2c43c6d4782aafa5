"""What an installation says of its databases, and what Django is told."""

from pathlib import Path

import environ
import pytest

from wzprojects.databases import databases

SERVER = "postgres://wz:secret@a:5432,b:5433/wz?target_session_attrs=read-write"


@pytest.fixture
def told(monkeypatch):
    """What comes of an environment."""

    def of(**environment):
        for name in ("DATABASE_URL", "REPLICA_URL", "DB_POOL_SIZE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return databases(environ.Env(), Path("/var/lib/wz"))

    return of


def test_an_environment_that_says_nothing_gets_a_file(told):
    found = told()
    assert list(found) == ["default"]
    assert found["default"]["NAME"] == "/var/lib/wz/wzprojects.sqlite3"
    assert found["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_primary_may_be_one_of_several_servers(told):
    found = told(DATABASE_URL=SERVER, DB_POOL_SIZE="4")["default"]
    assert (found["HOST"], found["PORT"]) == ("a,b", "5432,5433")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"
    assert found["OPTIONS"]["pool"]["max_size"] == 4


def test_a_process_with_one_thread_needs_no_pool(told):
    assert "pool" not in told(DATABASE_URL=SERVER, DB_POOL_SIZE="0")["default"]["OPTIONS"]


def test_a_replica_is_a_second_database_that_tests_take_for_the_first(told):
    found = told(DATABASE_URL=SERVER, REPLICA_URL="postgres://wz:secret@b:5433/wz")
    assert found["replica"]["PORT"] == 5433
    assert found["replica"]["TEST"] == {"MIRROR": "default"}
    assert (
        found["replica"]["OPTIONS"]["pool"]["timeout"]
        < found["default"]["OPTIONS"]["pool"]["timeout"]
    )
