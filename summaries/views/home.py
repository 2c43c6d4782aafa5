"""Home: the cockpit for those who see the whole office, one's own projects for the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "base.html")
