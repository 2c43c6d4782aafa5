"""Write the description of the API to docs/openapi.yaml; a test holds it against the code."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wzprojects.settings")
os.environ.setdefault("DEMO", "true")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import translation  # noqa: E402

# The words of the source: they change with the code, not with the catalogue.
with translation.override("en"):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "docs/openapi.yaml")
