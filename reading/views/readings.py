"""Readings: listed, uploaded, watched while a worker is at one, asked for again, written, taken back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from office import runs
from reading import labels, workflow, writing
from reading.forms import UploadForm
from reading.models import ReportReading
from reading.permissions import visible_readings
from reading.tasks import read_report
from reading.views.gate import let_in, reading_of
from reading.views.lint import lint_page
from reading.views.review import review_page

PAGE_SIZE = 20
Purpose = ReportReading.Purpose


@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """The reports that were read for review, the latest first, and the form that uploads one."""
    return _list(request, Purpose.REVIEW, UploadForm())


@require_safe
def lint_list(request: HttpRequest) -> HttpResponse:
    """The drafts that were checked, the latest first, and the form that uploads one."""
    return _list(request, Purpose.LINT, UploadForm())


@require_POST
def upload(request: HttpRequest, purpose: str) -> HttpResponse:
    """Keep the file, queue its reading, go to its page."""
    user = let_in(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, Purpose(purpose), form, status=422)
    file = form.cleaned_data["upload"]
    reading = workflow.ask(
        name=file.name, content=file.read(), purpose=Purpose(purpose), by=user, now=timezone.now()
    )
    read_report.delay_on_commit(reading.pk)
    return redirect(reading)


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a reading is, then what was found: to be reviewed, or held against the data."""
    reading = reading_of(request, pk)
    now = timezone.now()
    if reading.state not in (*runs.UNDER_WAY, runs.FAILED):
        if request.htmx.target == "run":  # type: ignore[attr-defined]
            return HttpResponseClientRefresh()
        page = lint_page if reading.purpose == Purpose.LINT else review_page
        return page(request, reading)
    context = {
        "reading": reading,
        "log": [labels.log_line(event) for event in reading.log],
        "under_way": reading.state in runs.UNDER_WAY,
        "lost": runs.is_lost(reading, now=now),
        "may_retry": runs.may_be_asked_again(reading, now=now),
        "crumbs": crumbs(reading),
    }
    fragment = request.htmx  # type: ignore[attr-defined]
    template = "reading/_progress.html" if fragment else "reading/reading_detail.html"
    return render(request, template, context)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed reading again."""
    reading = reading_of(request, pk)
    try:
        workflow.ask_again(reading.pk, by=let_in(request), now=timezone.now())
    except workflow.NotRetryableError:
        messages.info(request, _("This run is under way or done; there is nothing to run again."))
    else:
        read_report.delay_on_commit(reading.pk)
    return redirect(reading)


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the accepted rows, all or nothing."""
    reading = reading_of(request, pk)
    try:
        written = writing.write(reading.pk, by=let_in(request), now=timezone.now())
    except writing.AlreadyWrittenError:
        messages.info(request, _("This reading has been written already."))
        return redirect(reading)
    except writing.WritingError as error:
        return _refused(request, reading, error)
    rows = written.rows.exclude(written=[]).count()
    messages.success(
        request,
        ngettext(
            "Written: %(count)s row changed the records.",
            "Written: %(count)s rows changed the records.",
            rows,
        )
        % {"count": rows},
    )
    return redirect(reading)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a reading wrote, as a whole."""
    reading = reading_of(request, pk)
    try:
        writing.undo(reading.pk, by=let_in(request), now=timezone.now())
    except writing.BuiltOnError as error:
        messages.error(request, _("Nothing was taken back: %(why)s") % {"why": error})
    else:
        messages.success(request, _("What this reading wrote has been taken back."))
    return redirect(reading)


def crumbs(reading: ReportReading) -> list[tuple[str, str]]:
    """Where a reading stands."""
    if reading.purpose == Purpose.LINT:
        return [(_("Check of drafts"), reverse("reading:lint"))]
    return [(_("Reading of reports"), reverse("reading:list"))]


def _refused(
    request: HttpRequest, reading: ReportReading, error: writing.WritingError
) -> HttpResponse:
    """Back to the rows that could not be written, each with its reason."""
    if not any(problem.row for problem in error.problems):
        messages.error(request, error.problems[0].message)
        return redirect(reading)
    messages.error(
        request,
        ngettext(
            "Nothing was written: %(count)s fault. The rows below say what is wrong.",
            "Nothing was written: %(count)s faults. The rows below say what is wrong.",
            len(error.problems),
        )
        % {"count": len(error.problems)},
    )
    return redirect(f"{reading.get_absolute_url()}?decision=faulty")


def _list(
    request: HttpRequest, purpose: ReportReading.Purpose, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    readings = visible_readings(let_in(request)).filter(purpose=purpose)
    found = readings.select_related("asked_by").defer("found")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "purpose": purpose, "is_lint": purpose == Purpose.LINT}
    return render(request, "reading/reading_list.html", context, status=status)
