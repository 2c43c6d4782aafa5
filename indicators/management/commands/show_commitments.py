"""Show a year's commitments: `manage.py show_commitments YEAR [--json]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators import scoreboard, wording
from indicators.exports import as_json, commitments_of


class Command(BaseCommand):
    help = "Show a year's commitments, their measures and verdicts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"]
        listed = scoreboard.commitments(year)
        if not listed:
            known = ", ".join(map(str, scoreboard.commitment_years())) or "none"
            raise CommandError(f"There are no commitments of {year}. Years that have: {known}.")
        if options["json"]:
            self.stdout.write(as_json(commitments_of(year, listed)))
            return
        for row in listed:
            self.stdout.write(f"{row.kind} | {row.heading} | {row.title}")
            for measure in row.measures:
                verdict = measure.judgement.verdict if measure.judgement else "-"
                gap = wording.gap(measure.judgement) if measure.judgement else ""
                self.stdout.write(
                    f"    {measure.subject} | {measure.text or '—'} | "
                    f"{measure.actual_text or '—'} | {verdict} {gap}".rstrip()
                )
