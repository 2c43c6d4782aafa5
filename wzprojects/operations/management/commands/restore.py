"""Restore a back-up into an empty database: `manage.py restore FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from wzprojects.operations import backup, restoring
from wzprojects.operations.postgresql import ProgramMissing


class Command(BaseCommand):
    help = (
        "Restore a back-up into an empty database and an empty media folder, compare every table with"
        " what was backed up, and check every history; ends with 1 where anything does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="what back_up made: the folder with a manifest"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            restored = restoring.restore(connection, folder, media=Path(settings.MEDIA_ROOT))
        except (backup.NotDone, ProgramMissing, OSError) as problem:
            raise CommandError(f"Not restored. {problem}") from problem
        self.stdout.write(
            f"Restored {restored.rows} rows of {restored.tables} tables and {restored.files} media"
            " files; every table is what was backed up. The histories:"
        )
        call_command("verify_audit", stdout=self.stdout, stderr=self.stderr)
        call_command("verify_summaries", stdout=self.stdout, stderr=self.stderr)
