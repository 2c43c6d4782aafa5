"""What deploy/ says is true of the code, and its command line serves the site as it promises."""

import configparser
import gzip
import json
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from office.excel import Limits
from projects.photographs import MOST_BYTES, MOST_PHOTOS
from reading.forms import MAX_UPLOAD
from scripts.servers import free_port
from tests import ground
from tests.worker import database_url, eventually

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTALLED_AT = "/srv/wzprojects/"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
TOKEN = "only-prometheus-knows"


class Unit(configparser.RawConfigParser):
    """A unit of systemd; of a name that is given more than once the last counts."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str
        self.read_string(path.read_text(encoding="utf-8"))


def command_of(name: str) -> list[str]:
    """The command line of a service, as it stands in the unit."""
    return shlex.split(Unit(DEPLOY / "systemd" / name)["Service"]["ExecStart"])


def example() -> dict[str, str]:
    """The environment of an installation, what has to be filled in filled in."""
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and line[0] != "#")
    return given | {"SECRET_KEY": secrets.token_urlsafe(60), "METRICS_TOKEN": TOKEN}


def environment(**more: str) -> dict[str, str]:
    """The machine's environment without what the tests say of themselves, and an installation's."""
    ours = {*ground.SETTINGS, "DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, **example(), "REDIS_URL": os.environ["REDIS_URL"], **more}


@pytest.mark.any_database
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_names_what_there_is_and_is_hardened(path):
    unit = Unit(path)
    if path.suffix != ".service":
        assert unit.sections()[-1] == "Install"
        return
    service = unit["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.startswith(f"{INSTALLED_AT}.venv/bin/")
    assert (Path(sys.executable).parent / Path(program).name).exists()
    if arguments[0] == "manage.py":
        assert arguments[1] in get_commands()
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["User"] == "wzprojects"
    assert service["EnvironmentFile"] == "/etc/wzprojects/environment"


@pytest.mark.any_database
def test_containers_run_what_units_run():
    for service, unit in (
        ("web", "wzprojects-web.service"),
        ("migrate", "wzprojects-migrate.service"),
    ):
        program, *arguments = command_of(unit)
        assert COMPOSE["services"][service]["command"] == [Path(program).name, *arguments]
    assert f"CMD {json.dumps(COMPOSE['services']['web']['command'])}" in text("Dockerfile")


@pytest.mark.any_database
def test_the_compose_file_holds_no_secret_and_names_files_that_exist():
    services = COMPOSE["services"]
    assert {"web", "worker", "beat", "postgres", "valkey", "nginx"} <= set(services)
    assert services["web"]["deploy"]["replicas"] == 2
    assert {name for name, each in services.items() if "healthcheck" not in each} == {
        "migrate",
        "beat",
    }
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|URL", name):
                assert re.search(r"\$\{\w+:\?\}", value), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source == "./tls" or (DEPLOY / source).exists()
    asked_for = set(re.findall(r"\$\{(\w+)", text("compose.yaml")))
    assert asked_for <= set(example())


@pytest.mark.any_database
def test_every_variable_of_the_example_is_explained():
    explained = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [name for name in example() if f"`{name}`" not in explained] == []


@pytest.mark.any_database
def test_nginx_lets_through_what_forms_take_and_gives_each_request_an_id():
    site = text("nginx/site.conf")
    (megabytes,) = map(int, re.findall(r"client_max_body_size\s+(\d+)m;", site))
    for bytes_taken in (MOST_PHOTOS * MOST_BYTES, MAX_UPLOAD, Limits().megabytes << 20):
        assert bytes_taken <= megabytes << 20
    assert "X-Request-ID $request_id" in " ".join(text("nginx/forward.conf").split())
    assert site.count("{") == site.count("}")


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_an_installation_passes_the_check_for_deployments():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment(DATABASE_URL=database_url()),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.fixture
def web(transactional_db, tmp_path):
    """The web service, started with the unit's own command line; gives its address."""
    port = free_port()
    program, *arguments = command_of("wzprojects-web.service")
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / Path(program).name), *arguments],
            cwd=ROOT,
            env=environment(DATABASE_URL=database_url(), WEB_BIND=f"127.0.0.1:{port}"),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(address), seconds=60)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        print((tmp_path / "log").read_text())  # noqa: T201 - pytest shows it when the test failed


def answers(address: str) -> bool:
    try:
        return asked(f"{address}/health/").status == 200
    except OSError:
        return False


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """Shows a redirection instead of following it."""

    def redirect_request(self, *arguments):
        return None


def asked(address: str, **headers: str):
    """The answer to a GET, whatever its status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        opener = urllib.request.build_opener(Unfollowed)
        return opener.open(urllib.request.Request(address, headers=named), timeout=20)
    except urllib.error.HTTPError as error:
        return error


def test_the_command_line_serves_the_site_as_the_proxy_and_prometheus_expect(web, tmp_path):
    ready = asked(f"{web}/ready/")
    assert (ready.status, json.load(ready)["ready"]) == (200, True)

    manifest = json.loads((ROOT / "staticfiles/staticfiles.json").read_text())
    style = asked(
        f"{web}/static/{manifest['paths']['css/base.css']}",
        Accept_Encoding="gzip",
        X_Forwarded_Proto="https",
    )
    assert "immutable" in style.headers["Cache-Control"]
    assert int(re.search(r"max-age=(\d+)", style.headers["Cache-Control"])[1]) >= 31_536_000
    assert style.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(style.read())

    login = f"{web}/accounts/login/?next=/plans/%3Fq=geheim"
    as_proxied = {"Host": "projects.example.org", "X_Request_ID": "told-by-the-proxy"}
    assert asked(login, **as_proxied).status == 301
    over_tls = {**as_proxied, "X_Forwarded_Proto": "https"}
    for _ in range(8):
        page = asked(login, **over_tls)
        assert (page.status, page.headers["X-Request-ID"]) == (200, "told-by-the-proxy")

    assert asked(f"{web}/metrics/").status == 401
    told = asked(f"{web}/metrics/", Authorization=f"Bearer {TOKEN}").read().decode()
    # The pages were served by two processes; every scrape tells of both.
    assert re.search(r'status="200",view="accounts:login"\} 8\.0', told)
    assert "wz_outbox_waiting" in told

    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert sum(line.get("request_id") == "told-by-the-proxy" for line in lines) == 8
    assert not any(word in str(lines) for word in ("geheim", "Python-urllib"))
