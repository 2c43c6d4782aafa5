"""Adopting the year's plan with its months, and revising it."""

from django.http import Http404, HttpRequest, HttpResponse


def plan_adopt(request: HttpRequest, year: int) -> HttpResponse:
    raise Http404


def plan_import(request: HttpRequest, year: int) -> HttpResponse:
    raise Http404


def plan_revise(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
