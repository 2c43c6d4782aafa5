"""The check of a draft: everything in it that differs from the data, or contradicts itself."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reading import known, labels, lint
from reading.models import ReportReading
from reading.proposals import Reading
from reading.review import marked
from reading.storing import from_json


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the page shows it."""

    finding: lint.Finding
    cells: list[SafeString]
    draft: str
    data: str
    field: str


def lint_page(request: HttpRequest, reading: ReportReading) -> HttpResponse:
    """What the data of this moment say otherwise than the draft, kind by kind."""
    draft = from_json(Reading, reading.found)
    findings = lint.check(draft, known.read({draft.year, draft.year - 1}))
    context = {
        "reading": reading,
        "sorts": [
            (fault.value, labels.FAULTS[fault], [_shown(each) for each in group])
            for fault, group in lint.by_kind(findings)
        ],
        "count": len(findings),
        "checked": lint.checked(draft),
        "not_read": len(draft.unread),
        "crumbs": [(_("Check of drafts"), reverse("reading:lint"))],
    }
    return render(request, "reading/reading_lint.html", context)


def _shown(finding: lint.Finding) -> Shown:
    return Shown(
        finding,
        marked(finding.evidence.sentence, finding.evidence.quote),
        labels.value_label(finding.field, finding.draft),
        labels.value_label(finding.field, finding.data),
        labels.field_label(finding.field) if finding.field else "",
    )
