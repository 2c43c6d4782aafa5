"""The review of a reading: row by row accepted, corrected, dropped; sure rows all at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from projects.views.listing import active_filters
from reading import labels, review, wording, workflow
from reading.choices import PROPOSALS, Decision, Kind
from reading.filters import RowFilter
from reading.forms import FORMS, CorrectionForm
from reading.models import ReadingRow, ReportReading
from reading.proposals import Unread
from reading.storing import from_json
from reading.views.gate import let_in, reading_of, row_of

PAGE_SIZE = 30
PARTS = ("rows", "missing", "unread", "log")
OPEN = ReportReading.State.READY


def review_page(request: HttpRequest, reading: ReportReading) -> HttpResponse:
    """One of the four parts of a review: the rows, what has disappeared, what was not read, the log."""
    part = request.GET.get("part", "rows")
    if request.htmx and part == "counts":  # type: ignore[attr-defined]
        return render(request, "reading/_counts.html", _counts(reading))
    missing = review.missing(reading)
    unread = reading.found.get("unread", [])
    context = {
        **_counts(reading),
        "is_of_another_place": review.is_of_another_place(reading),
        "part": part if part in PARTS else "rows",
        "missing": missing,
        "not_read": [_unread(each) for each in unread] if part == "unread" else unread,
        "log": [labels.log_line(event) for event in reading.log],
        "crumbs": [(_("Reading of reports"), reverse("reading:list"))],
    }
    if context["part"] == "rows":
        context |= _rows(request, reading)
    return render(request, "reading/reading_review.html", context)


@require_POST
def decide(request: HttpRequest, pk: int, row: int, decision: str) -> HttpResponse:
    """Accept or drop a row, or open it again; htmx gets the row anew, others the page."""
    found = row_of(request, pk, row)
    problem = ""
    try:
        found = workflow.decide(
            found.pk, Decision(decision), by=let_in(request), now=timezone.now()
        )
    except workflow.NotOpenError:
        problem = _("This reading is not open to decisions any more.")
    except workflow.UndecidableError:
        problem = _("More than one known record fits: correct the row and choose one.")
    return _answer(request, found, problem)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The form that corrects a row; htmx gets the form, then the row, in the row's place."""
    found = row_of(request, pk, row)
    form = _form(request, found)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" and not request.htmx else 200  # type: ignore[attr-defined]
        return _form_page(request, found, form, status=status)
    try:
        found = workflow.correct(
            found.pk, form.values(), form.chosen, by=let_in(request), now=timezone.now()
        )
    except workflow.NotOpenError:
        return _answer(request, found, _("This reading is not open to decisions any more."))
    return _answer(request, found, "")


@require_POST
def accept_sure(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept every open row that the reader is sure of and that overwrites nothing."""
    reading = reading_of(request, pk)
    try:
        count = workflow.accept_sure(reading.pk, by=let_in(request), now=timezone.now())
    except workflow.NotOpenError:
        messages.info(request, _("This reading is not open to decisions any more."))
        return redirect(reading)
    said = ngettext("%(count)s row was accepted.", "%(count)s rows were accepted.", count)
    messages.success(request, said % {"count": count})
    return redirect(f"{reading.get_absolute_url()}?decision=undecided")


def _rows(request: HttpRequest, reading: ReportReading) -> dict[str, object]:
    rows = reading.rows.select_related("decided_by")
    filterset = RowFilter(request.GET or None, queryset=rows)
    is_valid = filterset.is_valid() or not filterset.is_bound
    page = Paginator(filterset.qs if is_valid else rows.none(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        "filter": filterset,
        "active": active_filters(filterset, kept) if filterset.is_bound and is_valid else [],
        "clear_url": request.path,
        "page": page,
        "query": kept.urlencode(),
        "rows": review.shown(list(page.object_list)),
    }


def _counts(reading: ReportReading) -> dict[str, object]:
    kinds = review.counts(reading)
    return {
        "reading": reading,
        "kinds": kinds,
        "sure": review.sure(reading),
        "to_write": sum(kind.written for kind in kinds),
        "undecided": sum(kind.undecided for kind in kinds),
        "is_open": reading.state == OPEN,
        "may_undo": reading.state == ReportReading.State.APPLIED,
    }


def _answer(request: HttpRequest, row: ReadingRow, problem: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        if problem:
            messages.error(request, problem)
        return redirect(f"{row.reading.get_absolute_url()}#row-{row.pk}")
    context = {
        "reading": row.reading,
        "each": review.shown([row])[0],
        "problem": problem,
        "is_open": row.reading.state == OPEN,
    }
    response = render(request, "reading/_row.html", context)
    response["HX-Trigger"] = "reading-counted"
    return response


def _form(request: HttpRequest, row: ReadingRow) -> CorrectionForm:
    found = from_json(PROPOSALS[Kind(row.kind)], {**row.proposal, **_typed(row)})
    data = request.POST if request.method == "POST" else None
    candidates = review.candidate_names(row)
    return FORMS[row.kind](row, found, candidates, data, prefix=f"row-{row.pk}")


def _typed(row: ReadingRow) -> dict[str, object]:
    return {name: value for name, value in row.values.items() if name in row.proposal}


def _form_page(
    request: HttpRequest, row: ReadingRow, form: CorrectionForm, *, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "each": review.shown([row])[0],
        "reading": row.reading,
        "crumbs": [
            (_("Reading of reports"), reverse("reading:list")),
            (str(row.reading), row.reading.get_absolute_url()),
        ],
    }
    fragment = request.htmx  # type: ignore[attr-defined]
    template = "reading/_correct.html" if fragment else "reading/row_correct.html"
    return render(request, template, context, status=status)


def _unread(given: dict[str, object]) -> tuple[Unread, list[SafeString], str]:
    unread = from_json(Unread, given)
    cells = review.marked(unread.evidence.sentence, unread.evidence.quote)
    return unread, cells, wording.unread(unread.why)
