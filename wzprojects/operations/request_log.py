"""One line for each request, and one id in everything that is logged or asked for on its behalf."""

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.middlewares import RequestMiddleware

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
"""What a proxy may call a request; anything else could forge a line or fill the log."""


class RequestLog(RequestMiddleware):
    """Gives the request its id (the proxy's, if well formed), answers with it, writes the line."""

    def prepare(self, request: HttpRequest) -> None:
        """Bind the id; the person is bound when the session is read, and at the end, for a token's owner."""
        given = request.headers.get(HEADER, "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        request.begun = time.monotonic()  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Bind the person, so that a job which the view asks for carries who asked."""
        self.bind_user_id(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Tell the id to who asked, and write the line."""
        response[HEADER] = id_of(request)
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path; what was searched for or filtered by is nobody's business."""
        return f"{request.method} {request.path}"


def id_of(request: HttpRequest) -> str:
    """The request's id; "" before it has one."""
    return str(getattr(request, "request_id", ""))


@receiver(signals.bind_extra_request_finished_metadata)
def say_how_long(request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    """Add the view's name and the milliseconds to a request's line."""
    match = request.resolver_match
    log_kwargs["view"] = match.view_name if match else None
    begun: float = request.begun  # type: ignore[attr-defined]
    log_kwargs["milliseconds"] = round((time.monotonic() - begun) * 1000)


@receiver(bind_extra_task_metadata)
def say_which_job(task: Any, **kwargs: Any) -> None:
    """Put the job's name into each of its lines."""
    structlog.contextvars.bind_contextvars(task=task.name)
