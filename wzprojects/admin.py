"""The admin site: open to administrators only."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_administer


class OfficeAdminSite(AdminSite):
    """Django's admin with our rule for who enters."""

    site_title = _("Key-project office")
    site_header = _("Key-project office: administration")
    index_title = _("Reference data, users and fixtures")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_administer(request.user)  # type: ignore[arg-type]
