"""The admin site: open to administrators only."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.permissions import may_administer
from accounts.views.signing import SignOut
from projects.views.dissolving import dissolving_page
from projects.views.fixtures import fixture_page
from summaries.tasks import raise_data_questions

View = Callable[..., HttpResponse]
# The words of django-axes, which knows no Chinese: named here, they are translated by our catalogue.
AXES_WORDS = (
    gettext_noop("access attempt"),
    gettext_noop("access attempts"),
    gettext_noop("access failure"),
    gettext_noop("access failures"),
    gettext_noop("access log"),
    gettext_noop("access logs"),
    gettext_noop("Access lock out"),
    gettext_noop("Attempt Remaining"),
    gettext_noop("Attempt Time"),
    gettext_noop("Clean up expired attempts"),
    gettext_noop("Failed Logins"),
    gettext_noop("Form Data"),
    gettext_noop("GET Data"),
    gettext_noop("HTTP Accept"),
    gettext_noop("IP Address"),
    gettext_noop("Locked Out"),
    gettext_noop("Logout Time"),
    gettext_noop("Meta Data"),
    gettext_noop("Not set"),
    gettext_noop("Path"),
    gettext_noop("POST Data"),
    gettext_noop("Session key hash (sha256)"),
    gettext_noop("User Agent"),
    gettext_noop("Username"),
)


class OfficeAdminSite(AdminSite):
    """Django's admin with our rule for who enters, our sign-in, and the page of the fixtures."""

    site_title = _("Key-project office")
    site_header = _("Key-project office: administration")
    index_title = _("Reference data, users and fixtures")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_administer(request.user)  # type: ignore[arg-type]

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Who is signed in and is no administrator is refused, not asked to sign in again."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def refuse_others(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return refuse_others

    def get_urls(self) -> list[URLResolver | URLPattern]:
        fixtures = path("fixtures/", self.admin_view(self.fixtures), name="fixtures")
        dissolve = path(
            "departments/<int:pk>/dissolve/", self.admin_view(self.dissolve), name="dissolve"
        )
        return [fixtures, dissolve, *super().get_urls()]

    def dissolve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Dissolve a department into another."""
        return dissolving_page(request, pk, self.each_context(request))

    def fixtures(self, request: HttpRequest) -> HttpResponse:
        """Load fixtures, after a dry run; what was loaded is then looked through for contradictions."""
        response = fixture_page(request, self.each_context(request))
        if "load" in request.POST and response.status_code == HTTPStatus.FOUND:
            raise_data_questions.delay_on_commit()
        return response

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one page to sign in on."""
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return SignOut.as_view()(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("accounts:password-change")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("accounts:password-change")
