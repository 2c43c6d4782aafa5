"""What makes a record unbreakable: rows chained by digest, and daily seals over the chains."""

from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User

NOT_DIGESTED = frozenset({"id", "previous", "digest", "seal_id"})


class AuditSeal(models.Model):
    """A day's seal over the steps that were taken since the one before, and over that one.

    `heads` maps each chain that grew ("report:12") to the digest of its last step then.
    """

    day = models.DateField(_("day"), unique=True)
    heads = models.JSONField(_("heads of the chains"), default=dict)
    events = models.PositiveIntegerField(_("steps sealed"))
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"


class Chained(models.Model):
    """One step in the life of its owner, only ever added (see chains.py).

    `number` counts from 1 within the chain, `previous` is the digest of the step before, `digest`
    covers all other columns: a row changed, inserted or removed behind the system's back breaks it.
    """

    OWNER: ClassVar[str]
    OF_OWNER: ClassVar[tuple[str, ...]] = ()
    """Columns that repeat the owner's, which the database holds to it; no digest covers them."""

    number = models.PositiveIntegerField(_("number in the chain"), editable=False)
    before = models.JSONField(_("values before"), default=dict)
    after = models.JSONField(_("values after"), default=dict)
    by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))
    previous = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    seal = models.ForeignKey(
        AuditSeal,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True

    def payload(self) -> dict[str, Any]:
        """Everything that must not change, by column."""
        return {name: getattr(self, name) for name in _digested(type(self))}


@cache
def _digested(model: type[Chained]) -> tuple[str, ...]:
    """The columns that a step's digest covers."""
    names = [field.attname for field in model._meta.concrete_fields]
    return tuple(name for name in names if name not in NOT_DIGESTED | set(model.OF_OWNER))
