"""月调度: the rounds, who has not reported, dates, reminders and reopenings."""

from django.http import Http404, HttpRequest, HttpResponse


def period_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def period_detail(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404


def period_dates(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404


def period_lock(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404


def period_remind(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404


def period_reopen(request: HttpRequest, year: int, month: int) -> HttpResponse:
    raise Http404
