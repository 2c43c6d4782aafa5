"""`manage.py check_summaries`: compares the cells with what the monthly reports give."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from summaries import keeping


class Command(BaseCommand):
    help = "Compares every cell with a recomputation; names what differs and ends with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [difference for year in keeping.years() for difference in keeping.differences(year)]
        for difference in found:
            self.stdout.write(str(difference))
        if waiting := keeping.waiting():
            self.stdout.write(f"{waiting} marks wait for a refresh")
        if found:
            raise CommandError(f"{len(found)} differences")
        self.stdout.write("The cells are what the reports give.")
