"""The outbox: what people and other systems are told; how each attempt to tell a system ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.webhook import Webhook


class Message(models.Model):
    """One thing told to one person, or to one webhook; `key` names the occasion, so it is told once.

    The words are made from `kind` and `params` when they are read or sent (see outbox.WORDS), in the
    reader's language; a webhook is sent the parameters themselves.
    """

    class Channel(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    recipient = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    webhook = models.ForeignKey(
        Webhook, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("occasion"), max_length=120)
    params = models.JSONField(_("parameters"), default=dict)
    url = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "kind", "key"], name="message_told_once"
            ),
            models.UniqueConstraint(
                fields=["webhook", "kind", "key"], name="message_webhook_told_once"
            ),
            models.CheckConstraint(
                name="message_to_person_or_webhook",
                condition=models.Q(channel="webhook", webhook__isnull=False, recipient__isnull=True)
                | (
                    ~models.Q(channel="webhook")
                    & models.Q(webhook__isnull=True, recipient__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="message_waiting", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["recipient", "channel", "read_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DeliveryAttempt(models.Model):
    """One attempt to tell a webhook: what it answered, or why there was no answer."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    excerpt = models.CharField(_("beginning of the answer"), max_length=400, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField(_("duration (milliseconds)"))

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ["message", "id"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.status or self.error}"
