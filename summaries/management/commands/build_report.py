"""Write the annual report to files: `manage.py build_report --year 2023 [--output FOLDER]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from office.figures import NoChineseFontError
from summaries import annual_report
from summaries.models import DocumentRun
from summaries.narrative import UnknownFieldError
from summaries.product import NothingRecordedError


class Command(BaseCommand):
    help = "Write the report of a year's execution and the next year's plan as .docx and .pdf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--output", type=Path, default=Path("var/report"))

    def handle(self, *args: Any, **options: Any) -> None:
        kind = DocumentRun.Kind.ANNUAL_REPORT
        run = DocumentRun(kind=kind, parameters={"year": options["year"]})
        try:
            product = annual_report.build(run, lambda part, count: None)
        except NothingRecordedError as problem:
            raise CommandError(f"Nothing is recorded of {options['year']}.") from problem
        except (UnknownFieldError, NoChineseFontError) as problem:
            raise CommandError(str(problem)) from problem
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        for file in product.files:
            path = folder / file.name
            path.write_bytes(file.content)
            self.stdout.write(f"{path}")
        self.stdout.write(f"digest {product.digest}")
