"""Photos of the site that belong to a monthly report."""

from django.http import Http404, HttpRequest, HttpResponse


def report_photos(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def photo(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def delete_photo(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
