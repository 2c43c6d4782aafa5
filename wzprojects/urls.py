"""Addresses of the whole site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from wzprojects.api import reference

handler500 = "wzprojects.faults.fault"
urlpatterns = [
    path("accounts/", include("accounts.urls")),
    # A stranger chooses the language of the sign-in page.
    path("language/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("wzprojects.api")),
    path("api-reference/", reference, name="api-reference"),
    path("", include("summaries.urls")),
    path("", include("exchange.urls")),
    path("", include("projects.urls")),
    path("", include("indicators.urls")),
    path("", include("reading.urls")),
]
