"""`make report YEAR=2023`: the annual report as files, from the site's data or, without any, from the facts alone."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.base import CommandError

OUTPUT = Path("var/report")


def main(year: str) -> int:
    """Write the report of a year; return 1, with the reason, where it cannot be written."""
    call_command("migrate", interactive=False, verbosity=0)
    try:
        if not has_facts():
            call_command("load_fixtures", verbosity=0)
        call_command("build_report", year=int(year), output=OUTPUT)
    except CommandError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def has_facts() -> bool:
    """Whether anything is recorded in the database."""
    return django.apps.apps.get_model("projects", "SourceDocument").objects.exists()


if __name__ == "__main__":
    var = Path(os.environ.get("WZ_VAR", "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{var / 'wzprojects.sqlite3'}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wzprojects.settings")
    os.environ.setdefault("DEMO", "true")
    django.setup()
    sys.exit(main(sys.argv[1]))
