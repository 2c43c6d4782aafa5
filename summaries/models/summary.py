"""Progress summaries as they were built, and that they were issued."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User


class ProgressSummary(models.Model):
    """进展摘要: the figures and words of a year, or of a month, at a data cut-off, with their digest.

    It is of one `region`, or without one of the whole installation.

    Written once and never edited: whoever wants other figures builds another one. Without an
    `issue` it is a draft. `figures` has the shape of figures.Figures, that of a month the shape of
    month_figures.MonthFigures; `digest` is digest.of_summary(). `histories` says how far each
    history behind the figures had gone ("report:12": 5); it is no part of the digest, since a step
    that changes no figure changes nothing that is said. The words are Chinese, the office's language.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cut_off = models.DateTimeField(_("data cut-off"))
    rule_version = models.CharField(_("rule version"), max_length=40)
    figures = models.JSONField(_("figures"))
    histories = models.JSONField(_("histories at the cut-off"), default=dict)
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
        constraints = [
            models.CheckConstraint(
                name="summary_month_of_a_year",
                condition=models.Q(month__isnull=True) | models.Q(month__range=(1, 12)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.digest[:12]}"

    def get_absolute_url(self) -> str:
        return reverse("summaries:summary-detail", args=[self.pk])

    @property
    def period(self) -> str:
        """2024, or 2024-09."""
        return period_text(self.year, self.month)


class SummaryIssue(models.Model):
    """印发: a summary became the office's word; only ever added, through issuing.py.

    Of each region, year and month the issues are numbered from 1. The first is issued once; each later one
    names the issue that it replaces and why, and the replaced one stays as it was. `digest` covers
    all other columns, the summary's digest and the digest of the issue replaced.
    """

    summary = models.OneToOneField(
        ProgressSummary,
        verbose_name=_("progress summary"),
        on_delete=models.PROTECT,
        related_name="issue",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    number = models.PositiveSmallIntegerField(_("number of the issue"))
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    reason = models.CharField(_("reason for the new issue"), max_length=400, blank=True)
    by = models.ForeignKey(
        User, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("issued at"))
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("issue of a summary")
        verbose_name_plural = _("issues of summaries")
        ordering = ["-year", "-month", "-number"]
        constraints = [
            # To a plain unique constraint two issues of a whole year would differ.
            models.UniqueConstraint(
                "year",
                Coalesce("month", 0),
                Coalesce("region", 0),
                "number",
                name="summary_issue_number_once",
                violation_error_message=_("This summary has been issued already."),
            ),
            models.CheckConstraint(
                name="summary_issue_month_of_a_year",
                condition=models.Q(month__isnull=True) | models.Q(month__range=(1, 12)),
            ),
            models.CheckConstraint(
                name="summary_issue_later_ones_replace",
                condition=models.Q(number=1, replaces__isnull=True, reason="")
                | models.Q(number__gt=1, replaces__isnull=False) & ~models.Q(reason=""),
                violation_error_message=_("A new issue names the one it replaces, and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} #{self.number}"

    def get_absolute_url(self) -> str:
        return self.summary.get_absolute_url()

    @property
    def period(self) -> str:
        """2024, or 2024-09."""
        return period_text(self.year, self.month)

    def payload(self) -> dict[str, Any]:
        """What its digest covers; a region only where there is one, as there was none before."""
        return {
            **({"region": self.region.code} if self.region else {}),
            "year": self.year,
            "month": self.month,
            "number": self.number,
            "summary": self.summary.digest,
            "histories": self.summary.histories,
            "cut_off": self.summary.cut_off,
            "reason": self.reason,
            "by": self.by_id,
            "at": self.at,
        }


def period_text(year: int, month: int | None) -> str:
    """2024, or 2024-09."""
    return str(year) if month is None else f"{year}-{month:02d}"
