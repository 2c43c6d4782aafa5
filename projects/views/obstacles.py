"""清障: the list of obstacles, raising one, and the steps of clearing it."""

from django.http import Http404, HttpRequest, HttpResponse


def obstacle_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def obstacle_raise(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404


def obstacle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def obstacle_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    raise Http404
