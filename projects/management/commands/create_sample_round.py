"""Make the demo's monthly rounds: `manage.py create_sample_round`."""

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.sample import obstacles, rounds


class Command(BaseCommand):
    help = "Make invented plans, monthly reports and obstacles of 2024 for a demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=2024, help="another seed, another story")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Sample data belong into a demo: set DEMO=true to run one.")
        start = perf_counter()
        try:
            made = rounds.make(options["seed"])
        except rounds.SampleError as error:
            raise CommandError(str(error)) from error
        raised = obstacles.make(options["seed"])
        if options["verbosity"]:
            self.stdout.write(
                f"Sample rounds: {made.entries} entries, {made.steps} reports touched, "
                f"{raised} obstacles, in {perf_counter() - start:.1f} s."
            )
