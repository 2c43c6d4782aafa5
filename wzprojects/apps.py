"""The admin site of the whole project and the checks that guard an installation."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from office import forks
from wzprojects.checks import no_demo_in_production, replica_has_a_primary, secret_key_is_set

# Packages whose own name says nothing to an administrator.
PACKAGES = {"axes": _("Failed and successful sign-ins"), "django_celery_beat": _("Timed jobs")}


class OfficeAdminConfig(AdminConfig):
    """Django's admin, opened to administrators only and with the fixture page added."""

    default_site = "wzprojects.admin.OfficeAdminSite"

    def ready(self) -> None:
        super().ready()
        forks.keep_connections_apart()
        for label, name in PACKAGES.items():
            apps.get_app_config(label).verbose_name = name
        register(no_demo_in_production, Tags.security, deploy=True)
        register(secret_key_is_set, Tags.security)
        register(replica_has_a_primary, Tags.compatibility)
