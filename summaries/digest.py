"""The digest that tells whether two summaries say the same."""

import hashlib
import json

from summaries.models import ProgressSummary


def content_of(summary: ProgressSummary) -> dict[str, object]:
    """What the digest covers: the period, the version of the rules, the figures and the words;
    a region only where there is one, as there was none before.

    When it was built, by whom and at what cut-off is left out, so that the same data give the same
    digest however often they are summed up.
    """
    return {
        **({"region": summary.region.code} if summary.region else {}),
        "year": summary.year,
        "month": summary.month,
        "rule_version": summary.rule_version,
        "figures": summary.figures,
        "headline": summary.headline,
        "text": summary.text,
    }


def of_summary(summary: ProgressSummary) -> str:
    """SHA-256 over the canonical JSON of the content: keys sorted, no blanks, UTF-8."""
    canonical = json.dumps(
        content_of(summary), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
