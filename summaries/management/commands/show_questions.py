"""Show what the data leave contradictory: `manage.py show_questions [--json]`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from office.clock import today
from office.plain import as_json, lined_up
from summaries.exports import questions_now


class Command(BaseCommand):
    help = "Show the data questions as they stand now, with what people answered; writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            data = questions_now(on=today())
        if options["json"]:
            self.stdout.write(as_json(data))
            return
        columns = ("state", "kind_label", "project", "year", "title", "explanation")
        rows = [[row[name] for name in columns] for row in data["questions"]]
        for line in lined_up([columns, *rows]):
            self.stdout.write(line)
