"""The run that reads a report: the file, how far the reading is, what it found, who wrote it when."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from office.runs import Run
from projects.models import SourceDocument


class ReportReading(Run):
    """A report that was uploaded to be read by machine, for review or to be held against the data.

    `found` is the whole `proposals.Reading` as `storing.as_json` writes it; its header stands in
    columns too. `document` is the source that the facts cite once the accepted rows are written.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        READY = "ready", _("To be reviewed")
        FAILED = "failed", _("Failed")
        APPLIED = "applied", _("Written")
        UNDONE = "undone", _("Taken back")

    class Purpose(models.TextChoices):
        REVIEW = "review", _("To be reviewed and written")
        LINT = "lint", _("A draft to be checked")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.REVIEW)
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to="readings", max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(_("digest of the file"), max_length=64, db_index=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("The year that it plans.")
    )
    found = models.JSONField(_("what was found"), default=dict)
    document = models.ForeignKey(
        SourceDocument,
        verbose_name=_("source document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    applied_by = models.ForeignKey(
        User,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("written at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reading of a report")
        verbose_name_plural = _("readings of reports")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="reading_progress_is_a_percentage", condition=models.Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="reading_found_has_its_year",
                condition=~models.Q(state__in=["ready", "applied", "undone"])
                | models.Q(year__isnull=False),
            ),
            models.CheckConstraint(
                name="reading_written_by_somebody",
                condition=models.Q(applied_at__isnull=True, applied_by__isnull=True)
                | models.Q(applied_at__isnull=False, applied_by__isnull=False),
            ),
            models.CheckConstraint(
                name="reading_applied_is_complete",
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name

    def get_absolute_url(self) -> str:
        return reverse("reading:detail", args=[self.pk])
