"""Photos of the site that belong to a monthly report: listed, added, handed out, removed."""

import mimetypes

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from office.clock import now, today
from projects import photographs
from projects.forms.photo import PhotosForm
from projects.models import ProgressReport
from projects.permissions import visible_photos, visible_reports
from projects.workflow import Refusal, WorkflowError

KINDS = ("image/jpeg", "image/png", "image/webp")


@require_http_methods(["GET", "HEAD", "POST"])
def report_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """The photos of a report, and the form that adds some while the report may be written."""
    user: User = request.user  # type: ignore[assignment]
    reports = visible_reports(user).select_related("period", "entry__project__department")
    report = get_object_or_404(reports, pk=pk)
    refused = photographs.why_closed(report, user=user, on=today())
    if request.method != "POST":
        return _page(request, report, PhotosForm(), refused)
    if refused is not None:
        return _refuse(request, report, refused)
    form = PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, report, form, None, status=422)
    given = form.cleaned_data
    try:
        pictures = photographs.prepare(given["images"], keep_location=given["keep_location"])
        added = photographs.add(
            pk, pictures, caption=given["caption"], by=user, on=today(), at=now()
        )
    except photographs.PhotoError as error:
        form.add_error("images", error.messages)
        return _page(request, report, form, None, status=422)
    except WorkflowError as error:
        return _refuse(request, report, error)
    said = ngettext("%(count)s photo was added.", "%(count)s photos were added.", len(added))
    messages.success(request, said % {"count": len(added)})
    return redirect("projects:report-photos", pk)


@require_safe
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """The picture itself, for whoever sees its report."""
    found = get_object_or_404(visible_photos(request.user), pk=pk)  # type: ignore[arg-type]
    kind, _encoding = mimetypes.guess_type(str(found.image.name))
    if kind not in KINDS:
        raise Http404
    try:
        content = found.image.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        content_type=kind,
        filename=f"{pk}{mimetypes.guess_extension(kind)}",
        headers={
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
def delete_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a photo while its report may be written."""
    user: User = request.user  # type: ignore[assignment]
    photos = visible_photos(user).select_related(
        "report__period", "report__entry__project__department"
    )
    found = get_object_or_404(photos, pk=pk)
    report = found.report
    try:
        photographs.remove(found, by=user, on=today())
    except WorkflowError as error:
        return _refuse(request, report, error)
    messages.success(request, _("The photo was removed."))
    return redirect("projects:report-photos", report.pk)


def _refuse(request: HttpRequest, report: ProgressReport, error: WorkflowError) -> HttpResponse:
    if error.refusal is Refusal.NOT_YOURS:
        raise PermissionDenied
    return _page(request, report, PhotosForm(), error, status=409)


def _page(
    request: HttpRequest,
    report: ProgressReport,
    form: PhotosForm,
    refused: WorkflowError | None,
    *,
    status: int = 200,
) -> HttpResponse:
    project, period = report.entry.project, report.period
    photos = list(report.photos.select_related("by"))
    is_yours = refused is None or refused.refusal is not Refusal.NOT_YOURS
    context = {
        "report": report,
        "project": project,
        "photos": photos,
        "form": form,
        "may_write": refused is None,
        "is_full": len(photos) >= photographs.MOST_PHOTOS,
        "why_not": str(refused) if refused is not None and is_yours else "",
        "is_refused": status == 409,
        "crumbs": [
            (project.name, project.get_absolute_url()),
            (str(period), reverse("projects:report-detail", args=[report.pk])),
        ],
    }
    return render(request, "projects/report_photos.html", context, status=status)
