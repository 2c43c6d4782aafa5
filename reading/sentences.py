"""Sentences of a paragraph and clauses of a sentence, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reading.project_names import split_names

_SENTENCE = re.compile(r"[^。！？]+[。！？]?[”’）]?")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line."""

    start: int
    end: int
    text: str


def sentences(text: str) -> Iterator[Span]:
    """The sentences of canonical text, each with its full stop."""
    for match in _SENTENCE.finditer(text):
        piece = match[0]
        lead = len(piece) - len(piece.lstrip())
        body = piece.strip()
        if body:
            start = match.start() + lead
            yield Span(start, start + len(body), body)


def clauses(text: str, marks: str = "，；。！？") -> Iterator[Span]:
    """The clauses of canonical text, without the marks that part them; brackets stay whole."""
    for span in split_names(text, marks=marks):
        yield Span(span.start, span.end, text[span.start : span.end])


def sentence_at(text: str, place: int) -> str:
    """The whole sentence of the text that the place is in."""
    begin = max((text.rfind(mark, 0, place) for mark in "。！？"), default=-1) + 1
    ends = [end for mark in "。！？" if (end := text.find(mark, place)) >= 0]
    end = min(ends) + 1 if ends else len(text)
    return text[begin:end].strip()
