"""What keeps tests apart from one another and from the network."""

import ipaddress
import sys
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.utils import translation

from office import memory


@pytest.fixture(scope="session")
def broker() -> Iterator[redis.Redis]:
    """A client of the broker database of this test process; refuses one that holds somebody's keys."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        held = client.dbsize()
        if held:
            pytest.exit(f"REDIS_URL: the tests need empty databases; one holds {held} keys.")
        yield client
        client.flushdb()


@pytest.fixture(autouse=True)
def _empty_broker(broker: redis.Redis) -> None:
    """No test finds another's messages, cached values or counters."""
    broker.flushdb()
    memory.forget()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """No test speaks the language in which another's client asked for a page last."""
    translation.deactivate()


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Python's audit hook: a test that reaches for the network fails and says where it wanted to go."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not is_loopback(str(address[0])):
            raise RuntimeError(f"A test tried to connect to {address[0]}.")


sys.addaudithook(refuse_network)
