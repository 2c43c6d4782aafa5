"""Sends a request to an address that somebody typed, and to no place that it must not reach.

The name is resolved once, every address that it has is judged, and the connection goes to exactly
the one that was judged: a name that answers otherwise a moment later gains nothing.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Event, Timer
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

PORTS = {"https": frozenset({443, 8443}), "http": frozenset({80, 8080})}
_STANDARD = {"https": 443, "http": 80}
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII without blanks and backslash
_NAT64 = ip_network("64:ff9b::/96")
# A cloud's machine data under an address that looks like anybody's.
_METADATA = frozenset({ip_address("168.63.129.16")})


class Refusal(StrEnum):
    """Why an address is not written to."""

    MALFORMED = "malformed"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PORT = "port"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class RefusedError(Exception):
    """The address is none that may be written to; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NoAnswerError(Exception):
    """Nothing answered, or not in time; the message says what the network said."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be reached, and how long and how much we listen.

    `own_hosts` are names (or addresses) of the installation's own network: they may lie anywhere
    and have any port. Times are in seconds, each step's and the whole request's.
    """

    allow_http: bool = False
    own_hosts: frozenset[str] = frozenset()
    step_seconds: float = 5
    seconds: float = 10
    most_bytes: int = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the beginning of the body."""

    status: int
    excerpt: str


def target_of(url: str, rules: Rules) -> Target:
    """What an address asks for; raises RefusedError where it must not be asked for. Asks nobody."""
    if not _PLAIN.fullmatch(url):
        raise RefusedError(Refusal.MALFORMED)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise RefusedError(Refusal.MALFORMED) from error
    if parts.scheme not in PORTS or (parts.scheme == "http" and not rules.allow_http):
        raise RefusedError(Refusal.SCHEME)
    if not host or parts.fragment:
        raise RefusedError(Refusal.MALFORMED)
    if "@" in parts.netloc:
        raise RefusedError(Refusal.CREDENTIALS)
    port = port or _STANDARD[parts.scheme]
    is_own = host in rules.own_hosts
    if not is_own and port not in PORTS[parts.scheme]:
        raise RefusedError(Refusal.PORT)
    literal = _literal(host)
    if literal is not None and not is_own and not is_public(literal):
        raise RefusedError(Refusal.PRIVATE)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(parts.scheme, host, port, path, is_own)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is anybody's in the world: none of ours, none that stands for another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _METADATA
    )


def resolved(target: Target) -> str:
    """The one address to connect to; raises RefusedError where any that the name has is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(Refusal.UNKNOWN) from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not addresses:
        raise RefusedError(Refusal.UNKNOWN)
    if not target.is_own and not all(is_public(ip_address(each)) for each in addresses):
        raise RefusedError(Refusal.PRIVATE)
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str], rules: Rules) -> Answer:
    """Send the body and return the answer, whatever its status; redirects are answers like others.

    Raises RefusedError or NoAnswerError.
    """
    target = target_of(url, rules)
    connection = _connection(target, resolved(target), rules)
    try:
        connection.connect()
        with _ended_after(rules.seconds, connection) as is_over:
            connection.request(
                "POST",
                target.path,
                body=body,
                headers={"Host": _host(target), **headers},
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            said = response.read(rules.most_bytes, decode_content=False)
        if is_over.is_set():  # what was cut off looks like an end
            raise NoAnswerError("timed out")
    except (HTTPError, OSError, ValueError) as error:
        raise NoAnswerError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
    return Answer(response.status, said.decode("utf-8", "replace").replace("\0", ""))


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _connection(target: Target, address: str, rules: Rules) -> HTTPConnection:
    """To the very address that was judged, under the name that the certificate must have."""
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=rules.step_seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=rules.step_seconds,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def _host(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == _STANDARD[target.scheme] else f"{host}:{target.port}"


@contextmanager
def _ended_after(seconds: float, connection: HTTPConnection) -> Iterator[Event]:
    """Cut the line when time is up: one who sends a byte now and then keeps no worker."""
    is_over = Event()
    timer = Timer(seconds, _cut, (connection.sock, is_over))
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()


def _cut(line: socket.socket, is_over: Event) -> None:
    is_over.set()
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended by itself
