"""The reader's own inbox."""

from django.http import Http404, HttpRequest, HttpResponse


def inbox(request: HttpRequest) -> HttpResponse:
    raise Http404


def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def mark_all_read(request: HttpRequest) -> HttpResponse:
    raise Http404
