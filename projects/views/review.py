"""审核: the queue of submitted reports."""

from django.http import Http404, HttpRequest, HttpResponse


def review_queue(request: HttpRequest) -> HttpResponse:
    raise Http404


def approve_many(request: HttpRequest) -> HttpResponse:
    raise Http404
