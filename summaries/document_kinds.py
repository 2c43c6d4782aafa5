"""The table of documents: what each is asked for by, the parts it is told in, and who builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from summaries import (
    annual_report,
    bulletin_document,
    department_card,
    indicator_table,
    progress_summary,
    project_card,
)
from summaries.models import DocumentRun
from summaries.permissions import may_build, may_build_cards, may_build_of_everything
from summaries.product import Product, Step

Kind = DocumentRun.Kind


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document that can be asked for.

    `parameters` are names of fields of forms.DocumentForm; `parts` the steps that `build` tells, in
    their order, each with its words in wording.EVENTS; `may_ask` who may ask for it; `is_regional`
    whether it can be made of one region.
    """

    parameters: tuple[str, ...]
    parts: tuple[str, ...]
    build: Callable[[DocumentRun, Step], Product]
    may_ask: Callable[[User], bool] = may_build
    is_regional: bool = False


KINDS: dict[str, DocumentKind] = {
    Kind.PROGRESS_SUMMARY: DocumentKind(
        ("year",), progress_summary.PARTS, progress_summary.build, is_regional=True
    ),
    Kind.ANNUAL_REPORT: DocumentKind(
        ("year",), annual_report.PARTS, annual_report.build, may_build_of_everything
    ),
    Kind.MONTHLY_BULLETIN: DocumentKind(
        ("year", "month"), bulletin_document.PARTS, bulletin_document.build, is_regional=True
    ),
    Kind.PROJECT_CARD: DocumentKind(
        ("project",), project_card.PARTS, project_card.build, may_build_cards
    ),
    Kind.DEPARTMENT_CARD: DocumentKind(
        ("year", "month", "department"),
        department_card.PARTS,
        department_card.build,
        may_build_cards,
    ),
    Kind.INDICATOR_TABLE: DocumentKind(
        ("year",), indicator_table.PARTS, indicator_table.build, may_build_of_everything
    ),
}


def may_ask(user: User, kind: str) -> bool:
    """Whether somebody may ask for a document of a kind, and ask again for one that failed."""
    return kind in KINDS and KINDS[kind].may_ask(user)
