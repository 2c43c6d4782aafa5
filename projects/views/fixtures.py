"""The page that loads fixtures: choose, look at the dry run, load exactly what was looked at."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from projects.forms.fixture import FixtureForm
from projects.imports import FixtureError, FixtureFile, Report, load, site_fixtures
from projects.permissions import may_load_fixtures

# How long a dry run may be looked at before it is loaded, in seconds.
_PATIENCE = 30 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def fixture_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """One page for the choice, the dry run and its errors; `context` is the admin site's own."""
    user: User = request.user  # type: ignore[assignment]
    if not may_load_fixtures(user):
        raise PermissionDenied
    context = {**context, "title": gettext_lazy("Load fixtures")}
    try:
        if token := request.POST.get("load", ""):
            return _load(request, user, token)
        posted = request.method == "POST"
        site_files = site_fixtures()
        form = FixtureForm(
            request.POST if posted else None,
            request.FILES if posted else None,
            site_names=[file.name for file in site_files],
        )
        context["form"] = form
        if form.is_valid():
            files = [file for file in site_files if file.name in form.cleaned_data["chosen"]]
            if upload := form.cleaned_data["upload"]:
                files.append(FixtureFile(*upload))
            context["report"] = load(files, dry_run=True, by=user)
            context["token"] = _keep(user, files)
    except FixtureError as error:
        context["problems"] = error.problems
    return render(request, "admin/fixtures.html", context)


def _load(request: HttpRequest, user: User, token: str) -> HttpResponse:
    files = _kept(user, token)
    if files is None:
        messages.error(request, _("The dry run is too old. Look at it again before loading."))
    else:
        report = load(files, dry_run=False, by=user)
        cache.delete(_key(user, token))
        messages.success(request, _summary(report))
    return redirect("admin:fixtures")


def _summary(report: Report) -> str:
    return _("Loaded: %(added)d added, %(changed)d changed, %(left)d left as they were.") % {
        "added": sum(len(model.added) for model in report.models),
        "changed": sum(len(model.changed) for model in report.models),
        "left": sum(model.left for model in report.models),
    }


def _key(user: User, token: str) -> str:
    return f"fixtures:{user.pk}:{token}"


def _keep(user: User, files: Sequence[FixtureFile]) -> str:
    """Remember the very texts of a dry run, so that nothing else is loaded afterwards."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(user, token), [(file.name, file.text) for file in files], _PATIENCE)
    return token


def _kept(user: User, token: str) -> list[FixtureFile] | None:
    texts = cache.get(_key(user, token))
    return None if texts is None else [FixtureFile(name, text) for name, text in texts]
