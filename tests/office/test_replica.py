"""Where reading is done when there is no replica, or none that can be relied on; the real one is read in tests/test_two_of_each.py."""

import logging

import pytest
from django.db import connections, router

from accounts.models import Region
from office import replica
from scripts.servers import LOOPBACK, free_port


@pytest.fixture
def replica_at(django_db_setup, django_db_blocker, monkeypatch, settings):
    """Says that the replica is at a port of this machine, under the name and password of the primary."""

    def found_at(port):
        there = connections["default"].settings_dict
        options = {name: value for name, value in there["OPTIONS"].items() if name != "pool"}
        monkeypatch.setitem(
            connections.settings,
            "replica",
            {**there, "HOST": LOOPBACK, "PORT": port, "OPTIONS": options},
        )
        settings.DATABASE_ROUTERS = ["office.replica.Router"]

    monkeypatch.setattr(replica._Patience, "until", 0.0)
    with django_db_blocker.unblock():
        yield found_at
        connections["replica"].close()
        del connections["replica"]


def test_without_a_replica_everything_is_read_where_it_is_written():
    with replica.reading():
        assert replica.alias() == "default"


def test_what_is_lost_at_the_replica_is_asked_once_more_and_not_for_ever():
    calls = []

    @replica.insisting
    def lost():
        calls.append(1)
        raise replica.ReplicaLostError

    with pytest.raises(replica.ReplicaLostError):
        lost()
    assert len(calls) == 2


@pytest.mark.postgresql_only
def test_a_replica_that_does_not_answer_is_left_alone_with_one_warning(replica_at, caplog):
    replica_at(free_port())
    with caplog.at_level(logging.WARNING, logger="office.replica"):
        for _again in range(3):
            with replica.reading():
                assert router.db_for_read(Region) == "default"
    assert len(caplog.records) == 1
    assert "instead of the replica" in caplog.text


@pytest.mark.postgresql_only
def test_a_server_that_follows_no_primary_is_no_replica(replica_at, caplog, settings):
    settings.REPLICA_PATIENCE = 0.02
    replica_at(connections["default"].settings_dict["PORT"])
    with caplog.at_level(logging.WARNING, logger="office.replica"), replica.reading():
        assert replica.alias() == "default"
    assert "lags" in caplog.text
