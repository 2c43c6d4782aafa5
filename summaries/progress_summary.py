"""The progress summary of a year or a month: figures and words, stored as a row and no file."""

from django.utils import translation

from summaries import digest, month_summary, rollup, wording
from summaries.models import DocumentRun, ProgressSummary
from summaries.product import NothingRecordedError, Product, Step

# The words of a summary are the office's, whatever language somebody reads the site in.
LANGUAGE = "zh-hans"
PARTS = ("read", *rollup.PARTS, "words")


def build(run: DocumentRun, step: Step) -> Product:
    """The summary of a run's year, or of its month where it names one, not stored yet."""
    if "month" in run.parameters:
        return month_summary.build(run, step)
    year = run.parameters["year"]
    data = rollup.read(year, run.region)
    if data.is_empty:
        raise NothingRecordedError(f"nothing is recorded of {year}")
    step("read", len(data.entries) + len(data.rows) + len(data.commitments))
    figures = rollup.figures(data, on_part=step)
    with translation.override(LANGUAGE):
        headline = wording.headline(figures)
        text = "\n".join(wording.paragraphs(figures))
    step("words", len(text))
    summary = ProgressSummary(
        year=year,
        region=run.region,
        cut_off=data.cut_off,
        rule_version=rollup.RULE_VERSION,
        figures=figures,
        headline=headline,
        text=text,
        contains_sample=data.contains_sample,
        built_by=run.asked_by,
    )
    summary.digest = digest.of_summary(summary)
    return Product(
        digest=summary.digest,
        cut_off=summary.cut_off,
        rule_version=summary.rule_version,
        contains_sample=summary.contains_sample,
        summary=summary,
    )
