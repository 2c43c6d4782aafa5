"""Log lines: JSON with the request's and the job's id, and nothing personal in them."""

import json
import logging
import subprocess
import sys

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import include, path

from summaries.tasks import refresh_cells
from tests.factories import make_user, signed_in
from tests.programs import program
from tests.worker import eventually
from wzprojects.operations import log_lines

JSON = log_lines.configuration(as_json=True)["formatters"]["line"]
WORDS = log_lines.configuration(as_json=False)["formatters"]["line"]


def formatter(description) -> logging.Formatter:
    given = {name: value for name, value in description.items() if name != "()"}
    return structlog.stdlib.ProcessorFormatter(**given)


class Lines(logging.Handler):
    """Keeps what was logged as the console would show it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter(JSON))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def of(self, event: str) -> list[dict]:
        return [line for line in map(json.loads, self.lines) if line["event"] == event]


@pytest.fixture
def lines():
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_has_one_line_without_what_was_asked_for(lines, manager):
    response = signed_in(manager).get("/projects/?q=秘密&page=1", headers={"user-agent": "Firefox"})
    (line,) = lines.of("request_finished")
    assert line["request"] == "GET /projects/"
    assert (line["code"], line["view"]) == (200, "projects:project-list")
    assert line["user_id"] == manager.pk
    assert line["request_id"] == response["X-Request-ID"]
    assert {"level": "info", "milliseconds": line["milliseconds"]}.items() <= line.items()
    assert not any(word in "".join(lines.lines) for word in ("秘密", "Firefox", "127.0.0.1"))


@pytest.mark.django_db
def test_a_programs_line_names_whose_token_it_was(lines, manager):
    program(manager).read("projects/")
    (line,) = lines.of("request_finished")
    assert line["user_id"] == manager.pk


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("0f8fad5b-d9cb-469f-a165-70867728950e", True),
        ("f00dfacef00dfacef00dfacef00dface", True),
        ("short", False),
        ("x" * 65, False),
        ('forged", "user_id": 1, "x": "', False),
        ("wei te", False),
    ],
)
def test_the_proxys_id_is_taken_where_it_is_well_formed(client, given, is_taken):
    answered = client.get("/accounts/login/", headers={"x-request-id": given})["X-Request-ID"]
    assert (answered == given) is is_taken
    assert len(answered) in (32, 36)


@pytest.mark.django_db
@pytest.mark.any_database
def test_two_requests_have_two_ids_and_nothing_of_the_first_is_in_the_second(lines, manager):
    client = signed_in(manager)
    client.get("/accounts/profile/")
    client.logout()
    client.get("/accounts/login/")
    first, second = lines.of("request_finished")
    assert first["request_id"] != second["request_id"]
    assert second["user_id"] is None


@pytest.mark.django_db
@pytest.mark.any_database
def test_a_failed_sign_in_is_logged_without_name_and_address(lines, client):
    make_user("zhangsan")
    for _ in range(6):
        client.post("/accounts/login/", {"username": "zhangsan", "password": "geheim-123"})
    text = "".join(lines.lines)
    assert "Locking out" in text
    assert not any(word in text for word in ("zhangsan", "geheim", "127.0.0.1"))


@pytest.mark.any_database
def test_what_others_write_into_their_messages_is_withheld(lines):
    logging.getLogger("somewhere").warning(
        "told %s with Bearer abc.def, wz_0123456789abcdef, redis://:pass@10.0.0.1/0",
        "li.si@example.org",
    )
    (line,) = map(json.loads, lines.lines)
    assert line["event"] == (
        "told (withheld) with Bearer (withheld), (withheld), redis://(withheld)@10.0.0.1/0"
    )
    assert (line["logger"], line["level"]) == ("somewhere", "warning")


@pytest.mark.django_db
def test_a_failure_shows_where_it_happened_but_no_row(lines):
    name = make_user("wang" + "wu").username
    try:
        with transaction.atomic():
            make_user(name)
    except IntegrityError:
        structlog.get_logger("somewhere").exception("failed")
    (line,) = lines.of("failed")
    assert "Traceback" in line["exception"]
    assert "test_log_lines.py" in line["exception"]
    assert "wangwu" not in line["exception"]


@pytest.mark.any_database
def test_a_frequent_job_is_silent_unless_somebody_asked_for_it_or_it_failed():
    often = "summaries.tasks.refresh_cells"
    kept = (
        {"event": "task_succeeded", "task": often, "request_id": "1"},
        {"event": "task_failed", "task": often},
        {"event": "task_succeeded", "task": "projects.tasks.seal_histories"},
    )
    for event in kept:
        assert log_lines.leave_out_frequent(None, "info", event) is event
    with pytest.raises(structlog.DropEvent):
        log_lines.leave_out_frequent(None, "info", {"event": "task_succeeded", "task": often})


@pytest.mark.any_database
def test_the_frequent_jobs_are_those_that_the_clock_starts_within_a_minute(settings):
    named = {
        entry["task"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if getattr(entry["schedule"], "total_seconds", lambda: 3600)() <= 60
    }
    assert named == log_lines.OFTEN


@pytest.mark.any_database
def test_at_a_desk_lines_are_words():
    record = logging.LogRecord("somewhere", logging.INFO, "", 0, "it %s", ("works",), None)
    shown = formatter(WORDS).format(record)
    assert "it works" in shown
    assert not shown.startswith("{")


def test_a_job_asked_for_by_a_request_carries_its_id_and_person(worker):
    with structlog.contextvars.bound_contextvars(request_id="asked-with-this-id", user_id=7):
        refresh_cells.delay()

    def ended() -> list[dict]:
        found = [
            json.loads(line) for line in worker.log.read_text().splitlines() if line[:1] == "{"
        ]
        return [line for line in found if line["event"] == "task_succeeded"]

    (line,) = eventually(ended)
    assert line["task"] == "summaries.tasks.refresh_cells"
    assert (line["request_id"], line["user_id"]) == ("asked-with-this-id", 7)
    assert line["task_id"]


def bound(request: HttpRequest) -> JsonResponse:
    """What whoever is asked by a view would be told along."""
    return JsonResponse(structlog.contextvars.get_contextvars())


urlpatterns = [path("bound/", bound), path("", include("wzprojects.urls"))]


@pytest.mark.django_db
@pytest.mark.any_database
@override_settings(ROOT_URLCONF=__name__)
def test_what_a_view_asks_for_is_told_who_asked(manager):
    response = signed_in(manager).get("/bound/")
    told = {"request_id": response["X-Request-ID"], "user_id": manager.pk}
    assert response.json() == told


@pytest.mark.any_database
def test_a_command_logs_one_line_of_json_for_each_record():
    code = "import django, logging; django.setup(); logging.getLogger('x').warning('zwei\\nZeilen %s', 1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["event"] == "zwei\nZeilen 1"
