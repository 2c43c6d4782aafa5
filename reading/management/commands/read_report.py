"""Read a report by machine: `manage.py read_report FILE [--json] [--save --user NAME]`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reading import known, labels, matching, reader, review, wording, workflow
from reading.choices import Kind
from reading.matching import Matched
from reading.models import ReportReading
from reading.permissions import may_read_reports
from reading.proposals import Reading
from reading.storing import as_json


class Command(BaseCommand):
    help = "Print what a report (.docx, .pdf, .txt, .html) is found to say, matched with what is known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument("--save", action="store_true", help="keep it for review on the site")
        parser.add_argument("--user", help="who has it read, with --save")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        user = self._user(options["user"]) if options["save"] else None
        data = read_bytes(path)
        try:
            found = reader.recognise(reader.extract(path.name, data))
        except reader.UnreadableError as error:
            raise CommandError(f"{path}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        else:
            for line in table(found, matching.match(found, known.read())):
                self.stdout.write(line)
        if user is not None:
            saved = save(path.name, data, found, user)
            # beside the output, which --json keeps clean
            self.stderr.write(_("Kept for review: %(url)s") % {"url": saved.get_absolute_url()})

    def _user(self, username: str | None) -> User:
        if not username:
            raise CommandError("--save needs --user NAME: who has the report read.")
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}.")
        if not may_read_reports(user):
            raise CommandError(f"{username} may not have reports read.")
        return user


def read_bytes(path: Path) -> bytes:
    """A file's content; CommandError says why it is not to be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def save(name: str, data: bytes, found: Reading, user: User) -> ReportReading:
    """Keep a reading that has been done here, as a worker would."""
    now = timezone.now()
    purpose = ReportReading.Purpose.REVIEW
    saved = workflow.ask(name=name, content=data, purpose=purpose, by=user, now=now)
    run = workflow.claim(saved.pk, now=now)
    if run is not None:
        workflow.finish(run, found, now=timezone.now())
    return saved


def table(found: Reading, matched: list[Matched]) -> Iterator[str]:
    """The proposals kind by kind, one a line; what was not read comes last."""
    yield found.title
    yield f"{found.issuer} · {found.region} · {found.year}"
    for kind in Kind:
        rows = [each for each in matched if each.kind is kind]
        if rows:
            yield ""
            yield f"{kind.label} ({len(rows)})"
        for each in rows:
            yield _line(each)
    yield ""
    yield f"{_('Not read')} ({len(found.unread)})"
    for unread in found.unread:
        words = unread.evidence.sentence.replace("\t", " | ")[:80]
        yield f"  {unread.evidence.line:>5}  {wording.unread(unread.why)}  {words}"


def _line(each: Matched) -> str:
    proposal = each.proposal
    facts = "  ".join(words for _label, words in labels.facts(proposal))
    percent = f"{proposal.confidence:.0%}"
    doubts = " ".join(wording.doubt(code) for code in proposal.doubts)
    name = matching.subject_of(proposal)
    line = f"  {proposal.evidence.line:>5}  {percent:>4}  {each.match.label}  {name}  {facts}"
    quantities = "、".join(review.quantities(proposal))
    return "  ".join(filter(None, [line, quantities, doubts]))
