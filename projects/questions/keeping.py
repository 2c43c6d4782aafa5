"""How questions are kept: raised, taken back, explained and closed, opened again."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from projects.models import DataQuestion, Project
from projects.questions.kinds import Finding
from projects.questions.rounds import OWN_KINDS, find_own

_CONTENT = ("params", "project_id", "year", "sentence_id", "quote")
_WRITTEN = ("params", "project", "year", "sentence", "quote", "state")
_BATCH = 500


@transaction.atomic
def refresh(findings: Iterable[Finding]) -> int:
    """Raise what is found, take back what is no longer found; returns how many are open.

    An explained question stays closed while its words are the same; if they change it opens again.
    """
    _keep(findings, DataQuestion.objects.all())
    return DataQuestion.objects.filter(state=DataQuestion.State.OPEN).count()


@transaction.atomic
def refresh_project(project: Project, *, on: date) -> None:
    """Do as refresh does for what one project's own months and history show; no other is touched."""
    own = DataQuestion.objects.filter(project=project, kind__in=OWN_KINDS)
    _keep(find_own(on=on, project=project), own)


def _keep(findings: Iterable[Finding], questions: QuerySet[DataQuestion]) -> None:
    """Make the questions say what is found: these and no others."""
    known = {(q.kind, q.key): q for q in questions.select_for_update()}
    new: list[DataQuestion] = []
    changed: list[DataQuestion] = []
    for finding in findings:
        question = known.pop((finding.kind, finding.key), None)
        content = _content(finding)
        if question is None:
            new.append(DataQuestion(kind=finding.kind, key=finding.key, **content))
        elif _renew(question, content):
            changed.append(question)
    # Two nights that overlap may both find it: the first one's row stands.
    DataQuestion.objects.bulk_create(new, ignore_conflicts=True, batch_size=_BATCH)
    for question in known.values():
        if question.state == DataQuestion.State.OPEN:
            question.state = DataQuestion.State.GONE
            changed.append(question)
    DataQuestion.objects.bulk_update(changed, _WRITTEN, batch_size=_BATCH)


def _content(finding: Finding) -> dict[str, object]:
    return {
        "params": finding.params,
        "project_id": finding.project.pk if finding.project else None,
        "year": finding.year,
        "sentence_id": finding.sentence.pk if finding.sentence else None,
        "quote": finding.quote,
    }


def _renew(question: DataQuestion, content: dict[str, object]) -> bool:
    """Bring a question to what is found now; returns whether that changes it."""
    before = {name: getattr(question, name) for name in (*_CONTENT, "state")}
    if question.params != content["params"] or question.state == DataQuestion.State.GONE:
        question.state = DataQuestion.State.OPEN
    for name, value in content.items():
        setattr(question, name, value)
    return before != {**content, "state": question.state}


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
