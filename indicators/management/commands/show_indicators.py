"""Show a year's indicators: `manage.py show_indicators YEAR [--json]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators import scoreboard, wording
from indicators.exports import indicators_of
from office.plain import as_json, lined_up


class Command(BaseCommand):
    help = "Show a year's targets, results, verdicts and counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"]
        table = scoreboard.rows(year)
        if not table:
            known = ", ".join(map(str, scoreboard.years())) or "none"
            raise CommandError(f"There are no targets of {year}. Years that have any: {known}.")
        if options["json"]:
            self.stdout.write(as_json(indicators_of(year, table)))
            return
        cells = [
            (
                row.seq,
                row.printed_name,
                row.target_text,
                row.actual_text,
                row.verdict,
                wording.gap(row.judgement),
            )
            for row in table
        ]
        for line in lined_up(cells):
            self.stdout.write(line)
        self.stdout.write(wording.count_sentence(year, table))
