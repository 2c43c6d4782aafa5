"""Keeping a list's filters and columns under a name, and dropping them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.forms.saved_view import SavedViewForm
from projects.models import SavedView
from projects.permissions import own_views


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present view; a view of the same name takes its place."""
    form = SavedViewForm(request.POST)
    if form.is_valid():
        view, _created = SavedView.objects.update_or_create(
            user=request.user,  # type: ignore[misc]
            page=form.cleaned_data["page"],
            name=form.cleaned_data["name"],
            defaults={"query": form.cleaned_data["query"]},
        )
        messages.success(request, _("The view “%s” was saved.") % view.name)
        return redirect(view)
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return redirect(_list_address(request.POST.get("page", "")))


@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one's own view; somebody else's does not exist for this reader."""
    view = get_object_or_404(own_views(request.user), pk=pk)  # type: ignore[arg-type]
    view.delete()
    messages.success(request, _("The view “%s” was deleted.") % view.name)
    return redirect(_list_address(view.page))


def _list_address(page: str) -> str:
    return reverse(
        "projects:project-list" if page == SavedView.Page.PROJECTS else "projects:plan-list"
    )
