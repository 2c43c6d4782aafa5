"""Write the published projects in OC4IDS: `manage.py export_oc4ids [--output FILE]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from office.clock import now, today
from projects import open_data, publishing


class Command(BaseCommand):
    help = "Write the package of the published projects, as /open-data/oc4ids.json has it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="a file; without it, standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        public = publishing.public(publishing.in_force())
        pieces = open_data.stream(public, on=today(), at=now())
        if options["output"] is None:
            for piece in pieces:
                self.stdout.write(piece.decode(), ending="")
            return
        with options["output"].open("wb") as file:
            for piece in pieces:
                file.write(piece)
