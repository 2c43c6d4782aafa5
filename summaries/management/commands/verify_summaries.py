"""manage.py verify_summaries: whether every issued summary still is what was issued."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from summaries import issuing
from summaries.models import SummaryIssue


class Command(BaseCommand):
    """Hold each issue and its summary against their digests; name those that do not agree."""

    help = "Check the issued summaries against their digests; ends with 1 where one was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        altered = issuing.altered()
        for issue in altered:
            self.stdout.write(f"{issue} (summary {issue.summary_id}) is not what was issued")
        if altered:
            raise CommandError(f"{len(altered)} issued summaries were changed")
        self.stdout.write(f"{SummaryIssue.objects.count()} issued summaries agree")
