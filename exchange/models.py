"""Imports: their runs, the files that were given and marked, and what each row would do."""

from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from office import runs


class ImportRun(runs.Run):
    """导入: one workbook on its way in. It changes through workflow.py only.

    `task` is what a worker was asked to do last: check the file, write what was looked at, or take
    it back. `log` is a list of events that wording.log_line puts into words, `counts` how many rows
    do what, `digest` the file's.
    """

    # What the rules say of the rows is one transaction, in which there is no sign of life.
    PATIENCE = timedelta(minutes=3)

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        FAULTY = "faulty", pgettext_lazy("of an import", "Has faults")
        READY = "ready", pgettext_lazy("of an import", "To be confirmed")
        STALE = "stale", pgettext_lazy("of an import", "Overtaken")
        WRITTEN = "written", pgettext_lazy("of an import", "Written")
        UNDONE = "undone", pgettext_lazy("of an import", "Taken back")
        FAILED = "failed", _("Failed")

    class Task(models.TextChoices):
        CHECK = "check", pgettext_lazy("of an import", "Check")
        WRITE = "write", pgettext_lazy("of an import", "Write")
        UNDO = "undo", pgettext_lazy("of an import", "Take back")

    kind = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("file name"), max_length=200)
    digest = models.CharField(_("digest of the file"), max_length=64)
    skips_totals = models.BooleanField(_("total rows are skipped"), default=False)
    language = models.CharField(max_length=10)
    task = models.CharField(_("task"), max_length=10, choices=Task, default=Task.CHECK)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    counts = models.JSONField(_("rows"), default=dict)
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="import_progress_is_a_percentage", condition=models.Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="import_written_has_its_time",
                condition=~models.Q(state__in=("written", "undone"))
                | models.Q(written_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_undone_has_its_time",
                condition=~models.Q(state="undone") | models.Q(undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:import-detail", args=[self.pk])


class ImportFile(models.Model):
    """The workbook as it was given, or the same with its faults marked.

    It is kept in the database, so that a run and its file are there together or not at all.
    """

    class Role(models.TextChoices):
        GIVEN = "given", pgettext_lazy("of a workbook", "As given")
        MARKED = "marked", pgettext_lazy("of a workbook", "With its faults marked")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=10, choices=Role)
    name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")
        ordering = ["run", "role"]
        constraints = [
            models.UniqueConstraint(fields=["run", "role"], name="import_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportPage(models.Model):
    """Some rows of a run that do the same, as the page shows them and as they are written.

    A page of the preview is one such row, so that it costs the same for any number of rows.
    """

    class Group(models.TextChoices):
        FAULT = "fault", pgettext_lazy("rows of an import", "Faults")
        ADDED = "added", pgettext_lazy("rows of an import", "Added")
        CHANGED = "changed", pgettext_lazy("rows of an import", "Changed")
        LEFT = "left", pgettext_lazy("rows of an import", "Left as they are")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="pages")
    group = models.CharField(max_length=10, choices=Group)
    number = models.PositiveIntegerField()
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("page of an import")
        verbose_name_plural = _("pages of imports")
        ordering = ["run", "group", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "group", "number"], name="import_page_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.group} {self.number}"
