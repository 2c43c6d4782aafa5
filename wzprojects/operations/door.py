"""What load balancers and Prometheus ask for, answered at the door: before host, session and sign-in.

They come by address and port, over plain http, without a session, and a probe has to be answered while
the database is down. So these three are no pages behind the middleware but stand before all of it;
nothing else does.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from wzprojects.operations import metrics, readiness

Answer = Callable[[HttpRequest], HttpResponse]


def health(request: HttpRequest) -> HttpResponse:
    """This process lives and answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve people: each check by name, 503 where one has failed."""
    checks = readiness.checks()
    is_ready = all(state == readiness.OK for state in checks.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": is_ready, "checks": checks}, status=status)


ADDRESSES: dict[str, Answer] = {
    "/health/": health,
    "/ready/": ready,
    "/metrics/": metrics.exposed,
}


class Door:
    """Answers ADDRESSES, lets everything else pass."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ADDRESSES.get(request.path)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer(request)
        response["Cache-Control"] = "no-store"
        return response
