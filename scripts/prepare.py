"""Brings the database up to date; fills it, facts first and then the demo, only while nobody has an account."""

import os

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction


def prepare() -> None:
    """Migrate; into an empty database also load the report's facts and the demo.

    What people have entered since is never touched: after the first account exists nothing is
    loaded any more, except by somebody who calls `manage.py load_fixtures`.
    """
    print("Bringing the database up to date …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    if get_user_model().objects.exists():
        return
    print("Loading the report and the demo …", flush=True)
    with transaction.atomic():
        call_command("load_fixtures")
        if settings.DEMO:
            sample = sorted((settings.FIXTURES_DIR / "sample").glob("*.json"))
            call_command("load_fixtures", *sample)
            call_command("create_demo")
            call_command("create_sample_round")
        call_command("rebuild_cells")
        call_command("raise_questions")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wzprojects.settings")
    django.setup()
    prepare()
