"""Webhooks: the addresses that other systems are told at, what was done with them, every attempt."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


class WebhookEvent(models.TextChoices):
    """What other systems are told of; the values stand in what is sent."""

    REPORT_APPROVED = "report.approved", _("Monthly report approved")
    LIGHT_RED = "light.red", _("Light turned red")
    OBSTACLE_ESCALATED = "obstacle.escalated", _("Obstacle escalated")
    SUMMARY_ISSUED = "summary.issued", _("Summary issued")


class Webhook(models.Model):
    """An address that is told of events by a signed POST.

    The secret is not stored: it follows from `salt` and the installation's own secret. The one
    before stays good for a while after `rotated_at` (see webhooks.OVERLAP).
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("switched on"), default=True)
    salt = models.CharField(max_length=64, editable=False, validators=[MinLengthValidator(32)])
    previous_salt = models.CharField(max_length=64, blank=True, editable=False)
    rotated_at = models.DateTimeField(_("secret renewed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:webhook-detail", args=[self.pk])


class WebhookStep(models.Model):
    """Something that was done with a webhook; only ever added."""

    class Action(models.TextChoices):
        ADD = "add", pgettext_lazy("of a webhook", "Added")
        CHANGE = "change", pgettext_lazy("of a webhook", "Changed")
        ROTATE = "rotate", _("Secret renewed")
        SWITCH_ON = "switch_on", _("Switched on")
        SWITCH_OFF = "switch_off", _("Switched off")
        TEST = "test", _("Test sent")
        SEND_AGAIN = "send_again", _("Sent again by hand")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(_("action"), max_length=12, choices=Action)
    note = models.CharField(_("note"), max_length=600, blank=True)
    by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="webhook_steps"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("webhook step")
        verbose_name_plural = _("webhook steps")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.webhook} {self.action}"
