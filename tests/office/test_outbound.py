"""Requests to typed addresses: none reaches where it must not, none takes long, none says much."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from office.outbound import (
    NoAnswerError,
    Refusal,
    RefusedError,
    Rules,
    is_public,
    post,
    resolved,
    target_of,
)
from tests.receiver import receiving

OPEN = Rules(allow_http=True, own_hosts=frozenset({"127.0.0.1", "hooks.example"}))
CLOSED = Rules()
real_getaddrinfo = socket.getaddrinfo


def refusal(url, rules=CLOSED):
    with pytest.raises(RefusedError) as refused:
        resolved(target_of(url, rules))
    return refused.value.refusal


@pytest.fixture
def names(monkeypatch):
    """Names that lead to addresses as the test says; a list is asked one after another."""
    known = {}

    def answer(host, port, *args, **kwargs):
        if host in known:
            found = known[host]
            address = found.pop(0) if isinstance(found, list) else found
            return real_getaddrinfo(address, port, *args, **kwargs)
        return real_getaddrinfo(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_an_address_that_is_not_anybodys_is_not_written_to(address):
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    assert refusal(f"https://{host}/hook") == Refusal.PRIVATE


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_the_wide_world_is_written_to(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"])
def test_another_way_of_writing_this_machine_is_found_out(host):
    assert refusal(f"https://{host}/") == Refusal.PRIVATE


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.cn/", Refusal.SCHEME),
        ("ftp://example.cn/", Refusal.SCHEME),
        ("file:///etc/passwd", Refusal.SCHEME),
        ("gopher://example.cn:70/", Refusal.SCHEME),
        ("https://user:secret@example.cn/", Refusal.CREDENTIALS),
        ("https://@example.cn/", Refusal.CREDENTIALS),
        ("https://example.cn:22/", Refusal.PORT),
        ("https://example.cn:6379/", Refusal.PORT),
        ("https://example.cn:99999/", Refusal.MALFORMED),
        ("https://example.cn/a b", Refusal.MALFORMED),
        ("https://example.cn/\r\nHost: x", Refusal.MALFORMED),
        ("https://example.cn\\@127.0.0.1/", Refusal.MALFORMED),
        ("https://例子.cn/", Refusal.MALFORMED),
        ("https:///path", Refusal.MALFORMED),
        ("https://[::1", Refusal.MALFORMED),
        ("https://example.cn/#x", Refusal.MALFORMED),
        ("", Refusal.MALFORMED),
    ],
)
def test_what_is_no_address_for_us_is_refused_before_anybody_is_asked(url, why):
    with pytest.raises(RefusedError) as refused:
        target_of(url, CLOSED)
    assert refused.value.refusal == why


def test_a_name_that_leads_into_our_network_is_refused(names):
    names["inner.example"] = "10.0.0.8"
    assert refusal("https://inner.example/") == Refusal.PRIVATE


def test_the_connection_goes_to_the_address_that_was_judged(names):
    """The name changes its mind after the look: the line still goes to the first address."""
    with receiving() as receiver:
        names["hooks.example"] = ["127.0.0.1", "93.184.216.34"]
        answer = post(f"http://hooks.example:{receiver.port}/", b"{}", {}, OPEN)
    assert answer.status == 200
    assert receiver.received[0].headers["Host"] == f"hooks.example:{receiver.port}"
    assert names["hooks.example"] == ["93.184.216.34"]


def test_a_name_with_one_address_in_our_network_is_refused_whatever_the_others(monkeypatch):
    def both(host, port, *args, **kwargs):
        return real_getaddrinfo("93.184.216.34", port) + real_getaddrinfo("10.0.0.8", port)

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert refusal("https://both.example/") == Refusal.PRIVATE


def test_what_is_sent_arrives_as_it_is():
    with receiving() as receiver:
        answer = post(receiver.url, "{“}".encode(), {"webhook-id": "7"}, OPEN)
    (got,) = receiver.received
    assert (answer.status, answer.excerpt) == (200, "ok")
    assert (got.path, got.body.decode()) == ("/hook?from=office", "{“}")
    assert got.headers["webhook-id"] == "7"
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"


def test_a_redirect_is_an_answer_and_is_not_followed():
    with receiving() as receiver, receiving() as elsewhere:
        receiver.answers = [(302, b"", {"Location": elsewhere.url})]
        assert post(receiver.url, b"{}", {}, OPEN).status == 302
    assert elsewhere.received == []


def test_of_a_long_answer_only_the_beginning_is_read():
    with receiving() as receiver:
        receiver.answers = [(200, b"x" * 5_000_000, {})]
        assert len(post(receiver.url, b"{}", {}, OPEN).excerpt) <= OPEN.most_bytes


def test_who_says_nothing_is_left_in_time():
    rules = Rules(allow_http=True, own_hosts=OPEN.own_hosts, step_seconds=0.3, seconds=1)
    with receiving() as receiver:
        receiver.hold = threading.Event()
        begun = time.monotonic()
        with pytest.raises(NoAnswerError):
            post(receiver.url, b"{}", {}, rules)
    assert time.monotonic() - begun < 2


@contextmanager
def dripping():
    """Somebody who sends a byte of an endless head now and then."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip():
        line, _ = listener.accept()
        with line:
            line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not done.wait(0.1):
                try:
                    line.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join()
        listener.close()


def test_who_sends_a_byte_now_and_then_keeps_nobody():
    rules = Rules(allow_http=True, own_hosts=OPEN.own_hosts, step_seconds=1, seconds=0.6)
    with dripping() as port:
        begun = time.monotonic()
        with pytest.raises(NoAnswerError):
            post(f"http://127.0.0.1:{port}/", b"{}", {}, rules)
        assert time.monotonic() - begun < 2


def test_where_nobody_listens_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NoAnswerError):
        post(f"http://127.0.0.1:{port}/", b"{}", {}, OPEN)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for hooks.example, signed by itself, and a server's context with it."""
    folder = tmp_path_factory.mktemp("tls")
    key, name = ec.generate_private_key(ec.SECP256R1()), "hooks.example"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def test_the_certificate_has_the_name_and_not_the_number(certificate, names, monkeypatch):
    cert, context = certificate
    names["hooks.example"] = names["other.example"] = "127.0.0.1"
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    rules = Rules(own_hosts=frozenset({"hooks.example", "other.example"}))
    with receiving(context) as receiver:
        assert post(f"https://hooks.example:{receiver.port}/", b"{}", {}, rules).status == 200
        with pytest.raises(NoAnswerError, match=r"other\.example|certificate"):
            post(f"https://other.example:{receiver.port}/", b"{}", {}, rules)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate, names):
    _cert, context = certificate
    names["hooks.example"] = "127.0.0.1"
    with (
        receiving(context) as receiver,
        pytest.raises(NoAnswerError, match=r"(?i)certificate"),
    ):
        post(f"https://hooks.example:{receiver.port}/", b"{}", {}, OPEN)
    assert receiver.received == []
