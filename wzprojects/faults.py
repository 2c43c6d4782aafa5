"""What is answered when the site itself is at fault: people get a page, programs a problem."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from office.api.etags import encode
from office.api.rendering import PROBLEM


def fault(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours; the log has it all, the answer nothing of it."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    body = {
        "title": _("The site is at fault"),
        "status": status.value,
        "code": "fault",
        "detail": _("Something went wrong here, not with what you sent. It has been recorded."),
    }
    return HttpResponse(encode(body), status=status, content_type=PROBLEM)
