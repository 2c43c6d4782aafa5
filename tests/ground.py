"""The ground tests stand on: a database, a broker and settings of their own, never those of the machine.

Each run brings its own Valkey, and its own SQLite file or (TEST_DATABASE=postgresql) PostgreSQL
cluster; with pytest-xdist each process has a database and a broker database for itself. Servers
named by DATABASE_URL and REDIS_URL are used for the run on PostgreSQL only.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
from django.conf import settings

from scripts.servers import Server, postgresql, valkey
from scripts.supervisor import Supervisor

# Whatever the machine's own environment says of an installation does not concern the tests.
SETTINGS = {
    "SECRET_KEY": "known-only-to-the-tests-" + "x" * 40,
    "DEBUG": "false",
    "DEMO": "false",
    "HTTPS": "false",
    "WZ_TODAY": "",
    "REPLICA_URL": "",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    # Playwright keeps an event loop in the test's thread; Django would take it for async code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}


def prepare() -> None:
    """Start the servers, once a run, then Django with settings that point at them."""
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if process is None:
        start_servers()
    else:
        take_broker_database(int(process.removeprefix("gw")))
    os.environ["DJANGO_SETTINGS_MODULE"] = "wzprojects.settings"
    django.setup()
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.STATIC_ROOT = f"{os.environ['TEST_FOLDER']}/static"
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.MEDIA_ROOT = f"{os.environ['TEST_FOLDER']}/media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if on_sqlite():
        # A file, not memory: the live server and the Celery worker read the same database.
        database = settings.DATABASES["default"]
        database.setdefault("TEST", {})["NAME"] = f"{os.environ['TEST_FOLDER']}/test.sqlite3"


def before_processes_start() -> None:
    """Let each process of pytest-xdist prepare itself.

    Were the settings' name inherited, pytest-django would load the settings in that process before
    `prepare` could give it a broker database of its own.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def take_broker_database(number: int) -> None:
    """Use the n-th of the broker's databases, counted from the one REDIS_URL names."""
    parts = urlsplit(os.environ["REDIS_URL"])
    first = int(parts.path.strip("/") or 0)
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{first + number}"))


def on_sqlite() -> bool:
    """Whether this run is the one on SQLite."""
    return os.environ["DATABASE_URL"].startswith("sqlite")


def start_servers() -> None:
    """Start what this run needs; everything ends and every file goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="wz-tests-"))
    supervisor = Supervisor()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(supervisor.stop)
    os.environ.update(SETTINGS, TEST_FOLDER=str(folder))
    on_postgresql = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"
    if not on_postgresql:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/unused.sqlite3"
    elif not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        cluster = Path(tempfile.mkdtemp(prefix="wz-tests-data-"))
        atexit.register(shutil.rmtree, cluster, ignore_errors=True)
        atexit.register(supervisor.stop)  # runs before the folder goes
        os.environ["DATABASE_URL"] = started(supervisor, postgresql(cluster))
    if not (on_postgresql and os.environ.get("REDIS_URL")):
        os.environ["REDIS_URL"] = started(supervisor, valkey(folder / "valkey", keep=False))


def started(supervisor: Supervisor, server: Server) -> str:
    """Start a server, wait until it answers and return its address."""
    supervisor.start(server.program)
    supervisor.wait_until(server.answers, patience=30, name=server.program.name)
    return server.url
