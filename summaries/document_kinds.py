"""The table of documents: what each is asked for by, the parts it is told in, and who builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from summaries import annual_report, progress_summary
from summaries.models import DocumentRun
from summaries.product import Product, Step

Kind = DocumentRun.Kind


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document that can be asked for.

    `parameters` are names of fields of forms.DocumentForm; `parts` the steps that `build` tells, in
    their order, each with its words in wording.EVENTS.
    """

    parameters: tuple[str, ...]
    parts: tuple[str, ...]
    build: Callable[[DocumentRun, Step], Product]


KINDS: dict[str, DocumentKind] = {
    Kind.PROGRESS_SUMMARY: DocumentKind(("year",), progress_summary.PARTS, progress_summary.build),
    Kind.ANNUAL_REPORT: DocumentKind(("year",), annual_report.PARTS, annual_report.build),
}
