"""Make an invented portfolio of any size: `manage.py generate_portfolio --entries 100000 --regions 100`."""

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from office.clock import today
from projects.sample.portfolio import PortfolioError, Size, generate
from summaries import keeping


class Command(BaseCommand):
    help = (
        "Fill an empty demo with a year of invented entries, monthly reports, lights and obstacles,"
        " and count its cells. Everything is sample data and has no histories."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--entries", type=int, default=1000)
        parser.add_argument("--months", type=int, default=10, help="rounds that have opened")
        parser.add_argument("--regions", type=int, default=4, help="counties")
        parser.add_argument("--seed", type=int, default=2024, help="another seed, another country")
        parser.add_argument("--year", type=int, help="the present one unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Sample data belong into a demo: set DEMO=true to run one.")
        size = Size(options["entries"], options["months"], options["regions"])
        year = options["year"] or today().year
        start = perf_counter()
        try:
            made = generate(size, year=year, seed=options["seed"], at=timezone.now())
        except PortfolioError as error:
            raise CommandError(str(error)) from error
        written = perf_counter()
        cells = keeping.rebuild(year, at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(
                f"Sample portfolio: {made.rows} rows in {written - start:.1f} s, {cells} cells in"
                f" {perf_counter() - written:.1f} s. Digest {made.digest}"
            )
