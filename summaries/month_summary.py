"""The progress summary of a month: its figures and the bulletin's words, stored as a row and no file."""

from accounts.models import Department
from office.clock import now, today
from projects.colouring import adopted_rules
from summaries import (
    bulletin,
    bulletin_document,
    bulletin_projects,
    digest,
    keeping,
    month_figures,
    rollup,
    run_rows,
)
from summaries.models import DocumentRun, ProgressSummary
from summaries.product import NothingRecordedError, Product, Step


def build(run: DocumentRun, step: Step) -> Product:
    """The summary of a run's month, not stored yet; NothingRecordedError before its round is opened."""
    year, month = run.parameters["year"], run.parameters["month"]
    keeping.refresh(at=now())
    rules = adopted_rules()
    with rollup.snapshot():
        period = bulletin_document.opened_period(year, month)
        data = month_figures.read(year, month, run.region)
        projects = bulletin_projects.read(run_rows.entries(run), run_rows.reports(run), year, month)
        found = bulletin.read(
            period, run_rows.cells(run), projects, run_rows.obstacles(run), rules, on=today()
        )
        contains_sample = Department.objects.filter(is_sample=True).exists()
    if month_figures.is_empty(data.figures):
        raise NothingRecordedError(f"no project is listed in {year}-{month:02d}")
    step("read", len(data.figures["entries"]))
    sections = list(bulletin_document.words(found))
    text = "\n".join(line for heading, lines in sections for line in (heading, *lines))
    step("words", len(text))
    summary = ProgressSummary(
        year=year,
        month=month,
        region=run.region,
        cut_off=data.cut_off,
        rule_version=f"{month_figures.RULE_VERSION} {bulletin_document.RULE_VERSION}",
        figures=data.figures,
        histories=data.histories,
        headline=sections[0][1][0],
        text=text,
        contains_sample=contains_sample,
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
