"""The reader's own inbox."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from office.clock import now
from projects import outbox
from projects.permissions import own_messages

MESSAGES_A_PAGE = 50


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the reader was told, the latest first."""
    told = own_messages(request.user)  # type: ignore[arg-type]
    page = Paginator(told, MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    lines = [(message, outbox.subject(message), outbox.text(message)) for message in page]
    return render(request, "projects/inbox.html", {"page": page, "lines": lines})


@require_safe
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go to the page that it is about."""
    message = get_object_or_404(own_messages(request.user), pk=pk)  # type: ignore[arg-type]
    if message.read_at is None:
        message.read_at = now()
        message.save(update_fields=["read_at"])
    return redirect(message.url or "projects:inbox")


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    own_messages(request.user).filter(read_at__isnull=True).update(read_at=now())  # type: ignore[arg-type]
    messages.success(request, _("All messages are marked as read."))
    return redirect("projects:inbox")
