"""The outbox: what people are told, in the site's inbox and by e-mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Message(models.Model):
    """One thing told to one person by one channel; `key` names the occasion, so it is told once.

    The words are made from `kind` and `params` when they are read or sent (see outbox.WORDS), in the
    reader's language.
    """

    class Channel(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        EMAIL = "email", _("E-mail")

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
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
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="message_waiting", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["recipient", "channel", "read_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
