"""A monthly report with its history, and the steps that may be taken with it."""

from django.http import Http404, HttpRequest, HttpResponse


def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def report_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    raise Http404
