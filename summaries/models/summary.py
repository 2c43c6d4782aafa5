"""Progress summaries as they were issued."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ProgressSummary(models.Model):
    """进展摘要: the figures and words of a year at a data cut-off, with their digest.

    Issued once and never edited; `figures` has the shape of figures.Figures, `digest` is
    digest.of_content(). The words are Chinese, the office's language.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    cut_off = models.DateTimeField(_("data cut-off"))
    rule_version = models.CharField(_("rule version"), max_length=40)
    figures = models.JSONField(_("figures"))
    headline = models.TextField(_("headline"))
    text = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    contains_sample = models.BooleanField(_("contains sample data"), default=False)
    built_by = models.ForeignKey(
        User, verbose_name=_("built by"), on_delete=models.PROTECT, related_name="+"
    )
    built_at = models.DateTimeField(_("built at"), auto_now_add=True)

    class Meta:
        verbose_name = _("progress summary")
        verbose_name_plural = _("progress summaries")
        ordering = ["-built_at", "-id"]

    def __str__(self) -> str:
        return f"{self.year} {self.digest[:12]}"

    def get_absolute_url(self) -> str:
        return reverse("summaries:summary-detail", args=[self.pk])
