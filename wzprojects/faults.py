"""What is answered when the site itself is at fault: people get a page, programs a problem."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from office.api.etags import encode
from office.api.rendering import PROBLEM
from wzprojects.operations.request_log import id_of


def fault(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours; the log has it all, the answer only the id to find it by."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if not request.path.startswith("/api/"):
        # Without the request: whatever fills a page's frame may be what is broken.
        page = loader.render_to_string("500.html", {"request_id": id_of(request)})
        return HttpResponse(page, status=status)
    body = {
        "title": _("The site is at fault"),
        "status": status.value,
        "code": "fault",
        "detail": _("Something went wrong here, not with what you sent. It has been recorded."),
        "request": id_of(request),
    }
    return HttpResponse(encode(body), status=status, content_type=PROBLEM)
