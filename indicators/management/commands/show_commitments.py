"""Show a year's commitments: `manage.py show_commitments YEAR [--json]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators import scoreboard, wording
from indicators.exports import commitments_of
from indicators.rows import MeasureRow
from office.plain import as_json, lined_up


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
            self.stdout.write(f"{row.kind} {row.code} {row.title}")
            for line in lined_up(_measure(measure) for measure in row.measures):
                self.stdout.write(f"    {line}")


def _measure(measure: MeasureRow) -> tuple[str, ...]:
    judgement = measure.judgement
    return (
        measure.subject,
        measure.text or "—",
        measure.actual_text or "—",
        judgement.verdict if judgement else "",
        wording.gap(judgement) if judgement else "",
    )
