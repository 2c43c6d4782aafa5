"""The report's own text, with the quoted sentence lit and its words marked."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from projects.models import SourceDocument, SourceSentence


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or table row as it is shown: its cells with the quoted words marked."""

    number: int
    line: int
    cells: list[str]
    lit: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A run of passages under one label; a table, or paragraphs of sentences."""

    label: str
    title: str
    is_table: bool
    rows: list[Passage]
    paragraphs: list[list[Passage]]


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """The documents; where there is only one, its text at once."""
    documents = list(SourceDocument.objects.all())
    if len(documents) == 1:
        return redirect(documents[0])
    return render(request, "projects/source_list.html", {"documents": documents})


@require_safe
def source_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A document's whole text; `sentence` and `quote` say what to light."""
    document = get_object_or_404(SourceDocument, code=code)
    number = request.GET.get("sentence", "")
    lit = int(number) if number.isdecimal() and len(number) < 8 else 0
    sections = _sections(document, lit, request.GET.get("quote", ""))
    return render(
        request, "projects/source_detail.html", {"document": document, "sections": sections}
    )


def _sections(document: SourceDocument, lit: int, quote: str) -> list[Section]:
    outline = {part["first_line"]: part for part in document.sections}
    starts = sorted(outline)
    sections: list[Section] = []

    def part_of(sentence: SourceSentence) -> int:
        return max(start for start in starts if start <= sentence.line)

    for start, sentences in groupby(document.sentences.all(), key=part_of):
        part = outline[start]
        passages = [_passage(sentence, lit, quote) for sentence in sentences]
        paragraphs = [list(group) for _line, group in groupby(passages, key=lambda p: p.line)]
        is_table = part.get("kind") in ("grid", "rows")
        sections.append(
            Section(
                part["label"],
                part.get("title", ""),
                is_table,
                passages if is_table else [],
                [] if is_table else paragraphs,
            )
        )
    return sections


def _passage(sentence: SourceSentence, lit: int, quote: str) -> Passage:
    is_lit = sentence.number == lit
    cells = [_marked(cell, quote if is_lit else "") for cell in sentence.cells]
    return Passage(sentence.number, sentence.line, cells, is_lit)


def _marked(text: str, quote: str) -> str:
    if not quote or quote not in text:
        return conditional_escape(text)
    before, _, after = text.partition(quote)
    mark = f"<mark>{conditional_escape(quote)}</mark>"
    return SafeString(f"{conditional_escape(before)}{mark}{conditional_escape(after)}")
