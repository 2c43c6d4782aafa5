"""What the indicators and commitments leave contradictory, as findings for the data questions."""

from collections.abc import Iterator

from projects.questions import Finding


def find() -> Iterator[Finding]:
    """Every contradiction among targets, results, commitments and the report's own counts."""
    yield from ()
