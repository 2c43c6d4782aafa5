"""Make a back-up: `manage.py back_up FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from wzprojects.operations import backup
from wzprojects.operations.postgresql import ProgramMissing


class Command(BaseCommand):
    help = "Write database and media files into a new folder inside FOLDER, while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        media = Path(settings.MEDIA_ROOT)
        try:
            made = backup.back_up(connection, folder, media=media, at=timezone.localtime())
        except (backup.NotDone, ProgramMissing, OSError) as problem:
            raise CommandError(f"No back-up was made. {problem}") from problem
        manifest = backup.Manifest.read(made)
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"{made}: {rows} rows of {len(manifest.tables)} tables,"
            f" {len(manifest.files) - 1} media files"
        )
        self.stdout.write(f"digest of the manifest: {manifest.digest()}")
