"""The data questions of the moment as plain data, for people who script."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from indicators import questions as indicator_questions
from projects import questions
from projects.exports import source_of
from projects.models import DataQuestion
from projects.questions import Finding, kind_label, title


def questions_now(*, on: date) -> dict[str, Any]:
    """What is contradictory now, with what people have answered; nothing is written.

    It is what the nightly job would leave: a closed question stays closed while its words are
    the same, and closed ones that are no longer found are still told.
    """
    return {"questions": [_question(question) for question in _current(on)]}


def _current(on: date) -> Iterator[DataQuestion]:
    stored = DataQuestion.objects.select_related("project", "sentence__document")
    known = {(question.kind, question.key): question for question in stored}
    found = []
    for finding in chain(questions.find(on=on), indicator_questions.find()):
        found.append(_as_question(finding, known.pop((finding.kind, finding.key), None)))
    found += [q for q in known.values() if q.state == DataQuestion.State.CLOSED]
    yield from sorted(found, key=lambda question: (question.kind, question.key))


def _as_question(finding: Finding, stored: DataQuestion | None) -> DataQuestion:
    question = DataQuestion(
        kind=finding.kind,
        key=finding.key,
        params=finding.params,
        project=finding.project,
        year=finding.year,
        sentence=finding.sentence,
        quote=finding.quote,
    )
    if stored:
        question.explanation = stored.explanation
        if stored.params == finding.params and stored.state != DataQuestion.State.GONE:
            question.state = stored.state
    return question


def _question(question: DataQuestion) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "kind_label": kind_label(question.kind),
        "key": question.key,
        "title": title(question),
        "state": question.state,
        "project": question.project.code if question.project else None,
        "year": question.year,
        "explanation": question.explanation,
        "sentence": question.sentence.text if question.sentence else None,
        "source": source_of(question),
    }
