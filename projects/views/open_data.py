"""Open data: the page and the files that anybody may read, and the decisions what is published."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from office.clock import now
from projects import flat_files, open_data, publishing
from projects.forms.publication import PublicationForm
from projects.models import OpenDataFile, Publication
from projects.permissions import may_publish
from projects.tasks import build_open_data

FRESH = 60
"""Seconds for which a file may be taken from a cache without asking."""
SHOWN = 50
"""Decisions that are listed, the latest first."""


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The files with licence, last change and digest."""
    files = {file.name: file for file in open_data.offered()}
    context = {
        "files": [
            (files[name], kind.title)
            for name, kind in open_data.KINDS.items()
            if name in files and open_data.is_file(files[name])
        ],
        "is_complete": open_data.is_complete(files.values()),
        "publisher": settings.OPEN_DATA_PUBLISHER,
        "license": settings.OPEN_DATA_LICENSE,
        "license_name": settings.OPEN_DATA_LICENSE_NAME or settings.OPEN_DATA_LICENSE,
        "lists": [each for each in publishing.in_force() if each.is_public],
    }
    return render(request, "projects/open_data/index.html", context)


@login_not_required
@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """What every column of the flat files means."""
    entries = flat_files.dictionary()
    files = [
        (file, [entry for entry in entries if entry.file == file.name]) for file in flat_files.FILES
    ]
    return render(request, "projects/open_data/dictionary.html", {"files": files})


@login_not_required
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file as it was made last; 503 while it is being made anew after a decision, 404 before any."""
    if name not in open_data.KINDS or publishing.latest_decision() is None:
        raise Http404
    found = open_data.offered().filter(name=name).first()
    if found is None:
        words = _("The file is being made anew; try again in a minute.")
        return HttpResponse(
            words,
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": "60"},
            content_type="text/plain; charset=utf-8",
        )
    if not open_data.is_file(found):
        raise Http404
    tag, changed = f'"{found.digest}"', int(found.changed_at.timestamp())
    unchanged = get_conditional_response(request, etag=tag, last_modified=changed)
    response: HttpResponseBase = _whole(found) if unchanged is None else unchanged
    response.headers["ETag"], response.headers["Last-Modified"] = tag, http_date(changed)
    patch_cache_control(response, public=True, max_age=FRESH)
    return response


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every list, whether it is published, and who decided what."""
    _publisher(request)
    return _lists_page(request, PublicationForm())


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Publish a list or withdraw it."""
    user = _publisher(request)
    form = PublicationForm(request.POST)
    listed = {each.key: each for each in publishing.lists()}.get(request.POST.get("list", ""))
    if listed is None:
        raise Http404
    if not form.is_valid():
        return _lists_page(request, form, status=422)
    is_public = form.cleaned_data["step"] == PublicationForm.PUBLISH
    reason = form.cleaned_data["reason"]
    try:
        publishing.decide(listed, is_public=is_public, reason=reason, by=user, at=now())
    except publishing.ReasonMissingError:
        form.add_error("reason", _("Say why."))
        return _lists_page(request, form, status=422)
    except publishing.NothingToDoError:
        messages.info(request, _("Somebody was faster: the list is so already."))
    else:
        messages.success(
            request, _("The decision holds from now on; the files are being made anew.")
        )
        build_open_data.delay_on_commit()
    return redirect("projects:publication-list")


def _publisher(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not may_publish(user):
        raise PermissionDenied
    return user


def _lists_page(request: HttpRequest, form: PublicationForm, status: int = 200) -> HttpResponse:
    context = {
        "lists": publishing.lists(),
        "form": form,
        "asked": request.POST.get("list", ""),
        "decisions": Publication.objects.select_related("project_list", "by")[:SHOWN],
    }
    return render(request, "projects/open_data/lists.html", context, status=status)


def _whole(found: OpenDataFile) -> FileResponse:
    kind = open_data.KINDS[found.name]
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=not found.name.endswith(".json"),
        filename=found.name,
        content_type=kind.mime,
    )
