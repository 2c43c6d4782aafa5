"""我的本月: the staff's grid of the month, one row a project."""

from django.http import Http404, HttpRequest, HttpResponse


def my_month(
    request: HttpRequest, year: int | None = None, month: int | None = None
) -> HttpResponse:
    raise Http404


def save_row(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def submit_ready(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404


def paste_block(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404
