"""`manage.py rebuild_cells YEAR …`: computes the cells of whole years anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from office.clock import now
from summaries import keeping


class Command(BaseCommand):
    help = "Computes the cells of the given years anew from the monthly reports (default: all)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        for year in options["years"] or keeping.years():
            count = keeping.rebuild(year, at=now())
            self.stdout.write(f"{year}: {count} cells")
