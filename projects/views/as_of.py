"""The portfolio and a project as they stood on a date."""

from django.http import Http404, HttpRequest, HttpResponse


def portfolio_as_of(request: HttpRequest) -> HttpResponse:
    raise Http404


def project_as_of(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404
