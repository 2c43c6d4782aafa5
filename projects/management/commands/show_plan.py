"""Show a year's plan: `manage.py show_plan YEAR [--json]`."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from office.plain import as_json, lined_up
from projects.exports import plan_of, plan_years

_ENTRY = ("table", "position", "heading", "verb", "goal", "result", "code", "cited_name")
_COUNT = ("code", "table", "sector", "goal", "comparator", "count", "text")


class Command(BaseCommand):
    help = "Show every entry of a year's plan and, apart from them, the counts that are stated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        year, known = options["year"], plan_years()
        if year not in known:
            years = ", ".join(map(str, known)) or "none"
            raise CommandError(f"There is no plan of {year}. Years that have one: {years}.")
        plan = plan_of(year)
        if options["json"]:
            self.stdout.write(as_json(plan))
            return
        self._table(_ENTRY, plan["entries"])
        self.stdout.write("")
        self._table(_COUNT, plan["stated_counts"])

    def _table(self, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
        for line in lined_up([columns, *([row[name] for name in columns] for row in rows)]):
            self.stdout.write(line)
