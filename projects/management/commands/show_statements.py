"""Show the amounts that the report states of a year: `manage.py show_statements YEAR [--json]`."""

from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from office.plain import as_json, lined_up
from projects.exports import statement_years, statements_of


class Command(BaseCommand):
    help = "Show the investment, funding and contract amounts that the report states of a year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        year, known = options["year"], statement_years()
        if year not in known:
            years = ", ".join(map(str, known)) or "none"
            raise CommandError(f"There are no amounts of {year}. Years that have any: {years}.")
        data = statements_of(year)
        if options["json"]:
            self.stdout.write(as_json(data))
            return
        rows: list[tuple[object, ...]] = [
            ("code", "kind", "section", "subject", "scope", "", "value", "growth", "words")
        ]
        for row in data["statements"]:
            value = _figure(row["value"], row["unit"])
            growth = _figure(row["growth"], row["growth_unit"])
            rows.append(
                (
                    row["code"],
                    row["kind"],
                    row["section"],
                    row["subject"],
                    row["scope"],
                    row["comparator"],
                    value,
                    growth,
                    row["text"],
                )
            )
        for line in lined_up(rows):
            self.stdout.write(line)


def _figure(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{value.normalize():f}{unit}"
