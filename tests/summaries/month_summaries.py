"""Months' summaries for tests: built by the job, issued by a manager."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from projects.models import AnnualPlan, ReportAction
from summaries import builder, issuing, workflow
from summaries.models import DocumentRun, ProgressSummary, SummaryIssue
from tests.rounds import approve, moment, report_of, step

ISSUED_ON = date(2024, 3, 6)


def build_month(by: User, month: int = 2, year: int = 2024) -> ProgressSummary:
    """A draft of the month as it stands now."""
    return _build(by, {"year": year, "month": month})


def build_year(by: User, year: int = 2024) -> ProgressSummary:
    """A draft of the year as it stands now."""
    return _build(by, {"year": year})


def _build(by: User, parameters: dict[str, int]) -> ProgressSummary:
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    run = workflow.ask(kind=kind, parameters=parameters, by=by, now=timezone.now())
    builder.build(run.pk)
    run.refresh_from_db()
    assert run.summary is not None, run.log
    return run.summary


def issue_month(by: User, month: int = 2, *, reason: str = "") -> SummaryIssue:
    """Build the month and issue it, in the place of the issue in force where there is one."""
    summary = build_month(by, month)
    latest = issuing.in_force(summary)
    return issuing.issue(
        summary.pk,
        replaces=latest.pk if latest else None,
        reason=reason,
        by=by,
        at=moment(ISSUED_ON),
    )


def correct(entry: AnnualPlan, maker: User, checker: User, invested: int, month: int = 2) -> None:
    """Reopen an approved month and approve it with another figure."""
    report = report_of(entry, month)
    step(report, ReportAction.REOPEN, checker, note="数字有误")
    approve(report, maker, checker, invested=invested, correction="核对凭证")
