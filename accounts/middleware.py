"""A person whose password an administrator set chooses a new one before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class PasswordChangeMiddleware:
    """Send a person with a temporary password to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.API_ADDRESS):
            return self.get_response(request)  # it refuses in its own words, and leads nowhere
        user = request.user
        if user.is_authenticated and user.must_change_password:
            allowed = {
                reverse("accounts:password-change"),
                reverse("accounts:logout"),
                reverse("set_language"),
            }
            if request.path not in allowed:
                return redirect("accounts:password-change")
        return self.get_response(request)
