"""Look for contradictions now instead of at night: `manage.py raise_questions`."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.models import DataQuestion
from summaries.tasks import raise_data_questions


class Command(BaseCommand):
    help = "Raise the data questions of everything recorded; those explained stay closed."

    def handle(self, *args: Any, **options: Any) -> None:
        raise_data_questions()
        if options["verbosity"]:
            count = DataQuestion.objects.filter(state=DataQuestion.State.OPEN).count()
            self.stdout.write(f"Data questions: {count} open.")
