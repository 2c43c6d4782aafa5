"""Hold a draft report against the data: `manage.py lint_report FILE [--json]`; exit code 1 where anything differs."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reading import known, labels, lint, reader
from reading.management.commands.read_report import read_bytes
from reading.storing import as_json


class Command(BaseCommand):
    help = "List every number, count and name of a draft report that the data state otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            draft = reader.recognise(reader.extract(path.name, read_bytes(path)))
        except reader.UnreadableError as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error
        findings = lint.check(draft, known.read({draft.year, draft.year - 1}))
        if options["json"]:
            rows = [as_json(each) for each in findings]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for fault, group in lint.by_kind(findings):
                self.stdout.write(f"{labels.FAULTS[fault]} ({len(group)})")
                for each in group:
                    self.stdout.write(_line(each))
            checked = {"checked": lint.checked(draft), "count": len(findings)}
            self.stdout.write(_("Checked: %(checked)s. Findings: %(count)s.") % checked)
        if findings:
            sys.exit(1)


def _line(each: lint.Finding) -> str:
    place = str(each.line) if each.line else "—"
    draft = labels.value_label(each.field, each.draft) or "—"
    data = labels.value_label(each.field, each.data) or "—"
    words = each.evidence.quote.replace("\t", " | ")[:60]
    return f"  {place:>5}  {each.year}  {each.subject}: {draft} ≠ {data}  {words}".rstrip()
