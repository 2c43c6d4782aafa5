"""Light rules, who changes colour under a new one, and a manager's own judgement."""

from django.http import Http404, HttpRequest, HttpResponse


def rule_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def rule_new(request: HttpRequest) -> HttpResponse:
    raise Http404


def rule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def rule_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def report_judge(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
