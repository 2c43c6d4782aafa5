"""The admin site of the whole project and the checks that guard an installation."""

from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register

from wzprojects.checks import no_demo_in_production, secret_key_is_set


class OfficeAdminConfig(AdminConfig):
    """Django's admin, opened to administrators only and with the fixture page added."""

    default_site = "wzprojects.admin.OfficeAdminSite"

    def ready(self) -> None:
        super().ready()
        register(no_demo_in_production, Tags.security, deploy=True)
        register(secret_key_is_set, Tags.security)
