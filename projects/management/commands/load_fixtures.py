"""Load fixtures: `manage.py load_fixtures [--dry-run] [FILE …]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from projects.imports import FixtureError, load, read_file, site_fixtures


class Command(BaseCommand):
    help = "Load the site's fixtures, or the files named; all or nothing, idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = [read_file(path) for path in options["files"]] or site_fixtures()
            report = load(files, dry_run=options["dry_run"])
        except FixtureError as error:
            raise CommandError(f"{_('Nothing was loaded.')}\n{error}") from error
        verbose = options["dry_run"] or options["verbosity"] > 1
        for model in report.models:
            self.stdout.write(
                f"{model.label}: {len(model.added)} added, {len(model.changed)} changed, "
                f"{model.left} left"
            )
            for row in model.added if verbose else []:
                self.stdout.write(f"  + {row.key}")
            for row in model.changed if verbose else []:
                changes = "; ".join(f"{name}: {old} → {new}" for name, old, new in row.changes)
                self.stdout.write(f"  ~ {row.key}: {changes}")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
