"""Summaries that were built, and the runs of the jobs that build them."""

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


class DocumentRun(models.Model):
    """One run of a job that builds something: what was asked, how far it is, what came out.

    It changes through workflow.py only. `attempt` counts how often a worker took it up; a worker
    writes only while the run is still in the attempt that it took up. `log` is a list of events
    that wording.log_line puts into words.
    """

    class Kind(models.TextChoices):
        PROGRESS_SUMMARY = "progress_summary", _("Progress summary")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    log = models.JSONField(_("log"), default=list)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    summary = models.ForeignKey(
        ProgressSummary,
        verbose_name=_("progress summary"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="run_progress_is_a_percentage", condition=models.Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="run_done_is_complete",
                condition=~models.Q(state="done")
                | models.Q(progress=100, summary__isnull=False, finished_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kind", "year"],
                condition=models.Q(state__in=["queued", "running"]),
                name="run_one_at_a_time",
                violation_error_message=_("A run for this year is already under way."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("summaries:run-detail", args=[self.pk])
