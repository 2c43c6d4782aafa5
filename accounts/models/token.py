"""Tokens by which a person's programs use the API."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from accounts.models.people import User


class ApiToken(AbstractAuthToken):
    """接口令牌: lets a program act for a person, within `scopes` and never beyond the role.

    Only the digest is kept: the token itself is shown once. `token_key` is its beginning, by which
    its owner tells it from others. A revoked token stays, to be read. `scopes` are scopes.Scope.
    """

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("what it is for"), max_length=60)
    scopes = models.JSONField(_("scopes"), default=list)
    created = models.DateTimeField(_("made at"), auto_now_add=True)
    expiry = models.DateTimeField(_("expires at"))
    last_used_on = models.DateField(_("last used on"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        User,
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[models.Manager["ApiToken"]] = models.Manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                name="token_revoked_by_and_at",
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}…)"
