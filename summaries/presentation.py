"""Stored figures as the pages show them: codes become words in the reader's language."""

from summaries.models import ProgressSummary


def of_summary(summary: ProgressSummary) -> dict[str, object]:
    """The parts of a summary's page."""
    return {}
