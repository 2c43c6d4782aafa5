"""How questions are kept: raised, taken back, explained and closed, opened again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from projects.models import DataQuestion
from projects.questions.kinds import Finding

_CONTENT = ("params", "project", "year", "sentence", "quote")


@transaction.atomic
def refresh(findings: Iterable[Finding]) -> int:
    """Raise what is found, take back what is no longer found; returns how many are open.

    An explained question stays closed while its words are the same; if they change it opens again.
    """
    known = {(q.kind, q.key): q for q in DataQuestion.objects.select_for_update()}
    new: list[DataQuestion] = []
    for finding in findings:
        question = known.pop((finding.kind, finding.key), None)
        content = {name: getattr(finding, name) for name in _CONTENT}
        if question is None:
            new.append(DataQuestion(kind=finding.kind, key=finding.key, **content))
        else:
            _renew(question, content)
    # Two nights that overlap may both find it: the first one's row stands.
    DataQuestion.objects.bulk_create(new, ignore_conflicts=True)
    for question in known.values():
        if question.state == DataQuestion.State.OPEN:
            question.state = DataQuestion.State.GONE
            question.save(update_fields=["state"])
    return DataQuestion.objects.filter(state=DataQuestion.State.OPEN).count()


def _renew(question: DataQuestion, content: dict[str, object]) -> None:
    before = {name: getattr(question, name) for name in (*_CONTENT, "state")}
    if question.params != content["params"] or question.state == DataQuestion.State.GONE:
        question.state = DataQuestion.State.OPEN
    for name, value in content.items():
        setattr(question, name, value)
    if before != {**content, "state": question.state}:
        question.save(update_fields=[*_CONTENT, "state"])


def close(question: DataQuestion, *, explanation: str, by: User) -> None:
    """Close a question with the explanation that settles it."""
    question.state = DataQuestion.State.CLOSED
    question.explanation = explanation.strip()
    question.answered_by = by
    question.answered_at = timezone.now()
    question.full_clean()
    question.save()


def reopen(question: DataQuestion) -> None:
    """Open a closed question again; its explanation stays to be read."""
    question.state = DataQuestion.State.OPEN
    question.save(update_fields=["state"])
