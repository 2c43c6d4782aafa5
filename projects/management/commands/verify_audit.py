"""Check the histories: `manage.py verify_audit [--seal DIGEST]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.verification import verify


class Command(BaseCommand):
    help = (
        "Check every history against its digests, its seals and the present rows; ends with 1 and"
        " a line for each row that was changed, inserted or removed behind the system's back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seal",
            default="",
            metavar="DIGEST",
            help="the digest of a seal that was kept outside the database: it must still be there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = verify(options["seal"])
        for finding in done.findings:
            self.stdout.write(f"{finding.place}: {finding.words}")
        self.stdout.write(
            _(
                "%(steps)d steps in %(chains)d chains, %(seals)d seals; not sealed yet: %(unsealed)d."
            )
            % {
                "steps": done.steps,
                "chains": done.chains,
                "seals": done.seals,
                "unsealed": done.unsealed,
            }
        )
        if done.last_seal is not None:
            day, digest = done.last_seal
            self.stdout.write(
                _("The last seal, of %(day)s: %(digest)s") % {"day": day, "digest": digest}
            )
        if done.findings:
            found = len(done.findings)
            message = ngettext(
                "%(count)d finding: the histories do not hold.",
                "%(count)d findings: the histories do not hold.",
                found,
            )
            raise CommandError(message % {"count": found})
