"""Webhooks, for administrators only: addresses, secrets, what was sent and what came back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from office.clock import now
from projects import webhooks
from projects.forms.webhook import WebhookForm
from projects.models import Message, Webhook, WebhookEvent
from projects.permissions import may_keep_webhooks
from projects.tasks import deliver_webhooks

PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Every webhook with what waits for it, and the form that adds one."""
    user = _keeper(request)
    form = WebhookForm(request.POST or None, initial={"events": WebhookEvent.values})
    if request.method == "POST" and form.is_valid():
        added = webhooks.add(**form.cleaned_data, by=user, at=now())
        return _detail_page(request, added.webhook, secret=added.secret)
    waiting = Q(messages__sent_at__isnull=True, messages__attempts__lt=webhooks.MOST_ATTEMPTS)
    lost = Q(messages__sent_at__isnull=True, messages__attempts__gte=webhooks.MOST_ATTEMPTS)
    found = Webhook.objects.annotate(
        waiting=Count("messages", filter=waiting), lost=Count("messages", filter=lost)
    )
    context = {"webhooks": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "projects/webhook_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhook_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A webhook: its settings, its history, what was sent to it and what it answered."""
    user = _keeper(request)
    webhook = get_object_or_404(Webhook, pk=pk)
    if request.method != "POST":
        return _detail_page(request, webhook)
    form = WebhookForm(request.POST, instance=Webhook.objects.get(pk=pk))
    if not form.is_valid():
        return _detail_page(request, webhook, form=form)
    webhooks.change(webhook, **form.cleaned_data, by=user, at=now())
    messages.success(request, _("The webhook was changed."))
    return redirect(webhook)


@require_POST
@never_cache
def webhook_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew the secret and show it this once."""
    user = _keeper(request)
    webhook = get_object_or_404(Webhook, pk=pk)
    secret = webhooks.rotate(webhook, by=user, at=now(), real=timezone.now())
    return _detail_page(request, webhook, secret=secret)


@require_POST
def webhook_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook off or on again."""
    user = _keeper(request)
    webhook = get_object_or_404(Webhook, pk=pk)
    webhooks.switch(webhook, on=request.POST.get("on") == "1", by=user, at=now())
    return redirect(webhook)


@require_POST
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Have something sent that shows whether the webhook can be reached."""
    user = _keeper(request)
    webhook = get_object_or_404(Webhook, pk=pk)
    webhooks.send_test(webhook, by=user, at=now())
    deliver_webhooks.delay_on_commit()
    messages.info(request, _("The test is on its way; what comes back stands below."))
    return redirect(webhook)


@require_POST
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message again, whatever became of it."""
    user = _keeper(request)
    sent = Message.objects.filter(channel=Message.Channel.WEBHOOK).select_related("webhook")
    message = get_object_or_404(sent, pk=pk)
    webhooks.send_again(message, by=user, at=now())
    deliver_webhooks.delay_on_commit()
    messages.info(request, _("The message is on its way again."))
    return redirect("projects:webhook-detail", message.webhook_id)


def _keeper(request: HttpRequest) -> User:
    """Who is no administrator does not learn that these pages exist."""
    user: User = request.user  # type: ignore[assignment]
    if not may_keep_webhooks(user):
        raise Http404
    return user


def _detail_page(
    request: HttpRequest, webhook: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    page = Paginator(webhooks.sent_to(webhook), PAGE_SIZE).get_page(request.GET.get("page"))
    status = 422 if form is not None else 200
    deliveries = [webhooks.delivery(message) for message in page]
    context = {
        "webhook": webhook,
        "form": form or WebhookForm(instance=webhook),
        "secret": secret,
        "page": page,
        "deliveries": deliveries,
        # What was just begun is watched; what waits for its next try is not.
        "under_way": webhook.is_active and any(webhooks.is_new(each) for each in deliveries),
        "steps": webhook.steps.select_related("by"),
        "crumbs": [(_("Webhooks"), reverse("projects:webhook-list"))],
    }
    return render(request, "projects/webhook_detail.html", context, status=status)
