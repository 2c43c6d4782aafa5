"""印发: a built summary becomes the office's word, once for each year and month.

An issue is never changed or taken back. Whoever finds it wrong issues another summary in its
place, which names it and says why; both stay to be read.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import works_in
from projects import audit, outbox, webhooks
from projects.models import WebhookEvent
from summaries import digest
from summaries.models import ProgressSummary, SummaryIssue


class NotIssuableError(Exception):
    """The summary cannot be issued: see the classes below."""


class AlteredError(NotIssuableError):
    """The summary is not what was built: its digest does not agree."""


class OldDraftError(NotIssuableError):
    """The same year or month was built again since; `newer` is that summary."""

    def __init__(self, newer: ProgressSummary) -> None:
        super().__init__(f"summary {newer.pk} is newer")
        self.newer = newer


class AlreadyIssuedError(NotIssuableError):
    """Another issue is in force than the one that was to be replaced; `issue` is that one."""

    def __init__(self, issue: SummaryIssue) -> None:
        super().__init__(f"issue {issue.pk} is in force")
        self.issue = issue


class SaysTheSameError(NotIssuableError):
    """The issue in force says the same already: there is nothing to correct."""


class ReasonMissingError(NotIssuableError):
    """A new issue in the place of another one needs a reason."""


@transaction.atomic
def issue(
    pk: int, *, replaces: int | None = None, reason: str = "", by: User, at: datetime
) -> SummaryIssue:
    """Issue summary `pk`, and tell everybody else who works in its region.

    `replaces` is the issue in force as whoever issues knows it, None where there is none. Raises a
    NotIssuableError. The caller has asked permissions.may_issue.
    """
    summary = ProgressSummary.objects.select_for_update().get(pk=pk)
    found = _issues(summary).select_for_update()
    latest = found.order_by("number").last()
    _refuse(summary, latest, replaces, reason)
    made = SummaryIssue(
        summary=summary,
        year=summary.year,
        month=summary.month,
        region=summary.region,
        number=latest.number + 1 if latest else 1,
        replaces=latest,
        reason=reason.strip() if latest else "",
        by=by,
        at=at,
    )
    made.digest = digest_of(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyIssuedError(found.order_by("number").last() or made) from error
    _tell(made)
    return made


def in_force(summary: ProgressSummary) -> SummaryIssue | None:
    """The latest issue of a summary's year or month; one query."""
    found = _issues(summary).select_related("summary", "by")
    return found.order_by("number").last()


def digest_of(made: SummaryIssue) -> str:
    """SHA-256 over what was issued, by whom and when, and over the issue that it replaces."""
    previous = made.replaces.digest if made.replaces else audit.GENESIS
    return audit.digest(previous, made.payload())


def is_intact(made: SummaryIssue) -> bool:
    """Whether neither the issue nor its summary is other than when it was issued."""
    content = digest.of_summary(made.summary) == made.summary.digest
    return content and digest_of(made) == made.digest


def altered() -> list[SummaryIssue]:
    """The issues that are not what they were, the oldest first."""
    found = SummaryIssue.objects.select_related("summary__region", "replaces", "region").order_by(
        "at", "pk"
    )
    return [each for each in found.iterator(chunk_size=20) if not is_intact(each)]


def _issues(summary: ProgressSummary) -> QuerySet[SummaryIssue]:
    return SummaryIssue.objects.filter(
        year=summary.year, month=summary.month, region=summary.region
    )


def _refuse(
    summary: ProgressSummary, latest: SummaryIssue | None, replaces: int | None, reason: str
) -> None:
    if latest is None and replaces is not None:
        raise NotIssuableError("nothing to replace")
    if latest is not None and (latest.pk != replaces or latest.summary_id == summary.pk):
        raise AlreadyIssuedError(latest)
    if digest.of_summary(summary) != summary.digest:
        raise AlteredError(summary.digest)
    same = ProgressSummary.objects.filter(
        year=summary.year, month=summary.month, region=summary.region
    )
    newer = same.filter(pk__gt=summary.pk).order_by("pk").last()
    if newer is not None:
        raise OldDraftError(newer)
    if latest is not None and latest.summary.digest == summary.digest:
        raise SaysTheSameError(summary.digest)
    if latest is not None and not reason.strip():
        raise ReasonMissingError


def _tell(made: SummaryIssue) -> None:
    """Everybody who works in its region reads what is issued, and other systems are told."""
    people = User.objects.filter(is_active=True)
    told: dict[str, object] = {
        "year": made.year,
        "month": made.month,
        "number": made.number,
        "replaces": made.replaces.number if made.replaces else None,
        "digest": made.digest,
    }
    if made.region is not None:
        told["region"] = made.region.code
        people = people.filter(works_in(made.region))
    occasion = (str(made.pk), told, made.get_absolute_url())
    webhooks.announce(WebhookEvent.SUMMARY_ISSUED, [occasion], at=made.at)
    outbox.post(
        people.exclude(pk=made.by_id),
        "summary_issue" if made.replaces is None else "summary_reissue",
        key=str(made.pk),
        params={
            "who": str(made.by),
            "period": made.period,
            "number": made.number,
            "reason": made.reason,
        },
        url=made.get_absolute_url(),
        at=made.at,
    )
