"""Documents: the runs of the jobs that build them, and the files that came of it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region, User
from office.runs import Run
from summaries.models.summary import ProgressSummary


def kinds() -> list[tuple[str, str]]:
    """The kinds of documents; asked for each time, so that a new kind needs no migration."""
    return [(kind.value, str(kind.label)) for kind in DocumentRun.Kind]


class DocumentRun(Run):
    """One run of a job that builds a document: what was asked, how far it is, what came out.

    It changes through workflow.py only. `parameters` is what was asked for (year, month, …), `key`
    the same in one canonical spelling: of each kind and key one run is under way at a time.
    `department` is whose document it is; without one it is the whole office's. `region` is the part
    of the installation that it is of, all of it where there is none. `attempt` counts
    how often a worker took it up; a worker writes only while the run is still in the attempt that
    it took up. `log` is a list of events that wording.log_line puts into words. `digest` is the
    content's: two runs that say the same have the same.
    """

    class Kind(models.TextChoices):
        PROGRESS_SUMMARY = "progress_summary", _("Progress summary")
        ANNUAL_REPORT = "annual_report", _("Annual report and draft plan")
        MONTHLY_BULLETIN = "monthly_bulletin", _("Monthly bulletin")
        PROJECT_CARD = "project_card", _("Project card")
        DEPARTMENT_CARD = "department_card", _("Department card")
        INDICATOR_TABLE = "indicator_table", _("Indicator table")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("kind"), max_length=30, choices=kinds)
    parameters = models.JSONField(_("parameters"), default=dict)
    key = models.CharField(max_length=200, editable=False)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    summary = models.ForeignKey(
        ProgressSummary,
        verbose_name=_("progress summary"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
    )
    digest = models.CharField(_("digest"), max_length=64, blank=True, db_index=True)
    cut_off = models.DateTimeField(_("data cut-off"), null=True, blank=True)
    rule_version = models.CharField(_("rule version"), max_length=40, blank=True)
    contains_sample = models.BooleanField(_("contains sample data"), default=False)
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="run_progress_is_a_percentage", condition=models.Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="run_done_is_complete",
                condition=~models.Q(state="done")
                | models.Q(progress=100, finished_at__isnull=False, cut_off__isnull=False)
                & ~models.Q(digest=""),
            ),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "running"]),
                name="run_one_at_a_time",
                violation_error_message=_("The same document is already being built."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("summaries:document-detail", args=[self.pk])


class DocumentFile(models.Model):
    """One file of a finished run, written once and kept for good; `digest` is of its bytes.

    The row is stored in the transaction that ends the run, after the whole file is in its place:
    a file without a row is nobody's (see document_files.py).
    """

    class Format(models.TextChoices):
        DOCX = "docx", _("Word document")
        PDF = "pdf", _("PDF")
        XLSX = "xlsx", _("Workbook")

    run = models.ForeignKey(
        DocumentRun, verbose_name=_("document"), on_delete=models.PROTECT, related_name="files"
    )
    format = models.CharField(_("format"), max_length=10, choices=Format)
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(_("digest of the file"), max_length=64)

    class Meta:
        verbose_name = _("file of a document")
        verbose_name_plural = _("files of documents")
        ordering = ["run", "format"]
        constraints = [
            models.UniqueConstraint(fields=["run", "format"], name="document_format_once"),
            models.UniqueConstraint(fields=["file"], name="document_file_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("summaries:document-file", args=[self.pk])
