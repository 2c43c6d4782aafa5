"""月报: the monthly reports, every step that was taken with them, and their photos."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from projects.models.audit import Chained
from projects.models.period import ReportingPeriod
from projects.models.plan import AnnualPlan
from projects.models.vocabulary import Status
from projects.models.year_key import YearKey


class ReportState(models.TextChoices):
    """Where a monthly report stands (the steps between them are workflow.TRANSITIONS)."""

    NOT_DUE = "not_due", _("Not due yet")
    DUE = "due", _("To be reported")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    REOPENED = "reopened", _("Reopened")


class ReportAction(models.TextChoices):
    """A step in the life of a monthly report."""

    OPEN = "open", pgettext_lazy("of a report", "Open")
    SAVE = "save", _("Save")
    SUBMIT = "submit", _("Submit")
    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")
    REOPEN = "reopen", _("Reopen")
    JUDGE = "judge", _("Judge the light")


class ProgressReport(models.Model):
    """月报: what one plan entry reports for one month; money in 万元, cumulated from January.

    `year` is that of its entry and of its round, and what the rows are partitioned by (partitions.py).
    `planned_year` and `planned_ytd` are the plan in force that month: a revision changes later ones.
    `invested_ytd` is empty until it is reported: blank is not zero. The `approved_` columns are the
    figures in force: they stay while a reopened report is being corrected. `version` is the number
    of steps in the report's chain and `head` the digest of the last of them.
    """

    entry = YearKey(
        AnnualPlan, on_delete=models.PROTECT, related_name="reports", db_index=False
    )  # report_month_once begins with it
    period = YearKey(
        ReportingPeriod, on_delete=models.PROTECT, related_name="reports", db_index=False
    )  # report_period_state begins with it
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    planned_year = models.DecimalField(
        _("planned for the year (10,000 yuan)"), max_digits=16, decimal_places=2
    )
    planned_ytd = models.DecimalField(
        _("planned, year to date (10,000 yuan)"), max_digits=16, decimal_places=2
    )
    invested_ytd = models.DecimalField(
        _("invested, year to date (10,000 yuan)"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
    )
    physical_progress = models.DecimalField(
        _("physical progress (%)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    narrative = models.TextField(_("progress in words"), max_length=2000, blank=True)
    problems = models.TextField(_("problems"), max_length=2000, blank=True)
    next_step = models.TextField(_("next step"), max_length=2000, blank=True)
    correction = models.CharField(_("reason for a correction"), max_length=400, blank=True)
    confirmed = models.JSONField(_("confirmed findings"), default=list, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.NOT_DUE
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)
    first_submitted_on = models.DateField(_("first submitted on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    approved_invested_ytd = models.DecimalField(
        _("approved investment, year to date (10,000 yuan)"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
    )
    approved_physical_progress = models.DecimalField(
        _("approved physical progress (%)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    approved_status = models.CharField(
        _("approved status"), max_length=20, choices=Status, blank=True
    )

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")
        ordering = ["period", "entry"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "period", "year"], name="report_month_once"),
            models.CheckConstraint(
                name="report_money_not_negative",
                condition=models.Q(planned_year__gte=0, planned_ytd__gte=0)
                & (models.Q(invested_ytd__isnull=True) | models.Q(invested_ytd__gte=0)),
                violation_error_message=_("Investment cannot be negative."),
            ),
            models.CheckConstraint(
                name="report_progress_is_a_percentage",
                condition=models.Q(physical_progress__isnull=True)
                | models.Q(physical_progress__range=(0, 100)),
                violation_error_message=_("Physical progress lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="report_submitted_by_and_at",
                condition=models.Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | models.Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_reviewed_by_and_at",
                condition=models.Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_maker_is_not_checker",
                condition=~models.Q(state="approved")
                | models.Q(reviewed_by__isnull=False, submitted_by__isnull=False)
                & ~models.Q(submitted_by=models.F("reviewed_by")),
                violation_error_message=_("Nobody reviews what they submitted themselves."),
            ),
            models.CheckConstraint(
                name="report_submitted_has_its_figure",
                condition=~models.Q(state__in=("submitted", "approved"))
                | models.Q(invested_ytd__isnull=False),
                violation_error_message=_("A submitted report has its investment figure."),
            ),
            models.CheckConstraint(
                name="report_approved_figure_in_force",
                condition=~models.Q(state="approved")
                | models.Q(approved_invested_ytd=models.F("invested_ytd")),
            ),
        ]
        # A round that opens writes each of its reports into every index: few, and no covered one.
        indexes = [
            models.Index(fields=["period", "state"], name="report_period_state"),
            models.Index(
                fields=["entry", "period", "year"],
                name="report_waiting",
                condition=models.Q(state="submitted"),
            ),
            models.Index(
                fields=["submitted_by"],
                name="report_submitted_by",
                condition=models.Q(submitted_by__isnull=False),
            ),
            models.Index(
                fields=["reviewed_by"],
                name="report_reviewed_by",
                condition=models.Q(reviewed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("projects:report-detail", args=[self.pk])


class ReportEvent(Chained):
    """One step taken with one monthly report; `before` and `after` hold the values that it changed."""

    OWNER = "report"
    OF_OWNER = ("year",)

    report = YearKey(
        ProgressReport, on_delete=models.PROTECT, related_name="events", db_index=False
    )  # report_event_number_once begins with it
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    action = models.CharField(_("action"), max_length=10, choices=ReportAction)
    old_state = models.CharField(_("state before"), max_length=10, choices=ReportState)
    new_state = models.CharField(_("state after"), max_length=10, choices=ReportState)
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("report event")
        verbose_name_plural = _("report events")
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number", "year"], name="report_event_number_once"
            ),
            models.CheckConstraint(
                name="report_event_back_has_note",
                condition=~models.Q(action__in=("return", "reopen", "judge")) | ~models.Q(note=""),
                violation_error_message=_("Returning, reopening and judging need a note."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} #{self.number} {self.action}"


class ReportPhoto(models.Model):
    """A photo of the site that belongs to a month's report."""

    report = YearKey(ProgressReport, on_delete=models.PROTECT, related_name="photos")
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    image = models.ImageField(
        _("photo"), upload_to="photos/%Y/%m/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    caption = models.CharField(_("caption"), max_length=100, blank=True)
    keeps_location = models.BooleanField(_("keeps the place where it was taken"), default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["report", "id"]

    def __str__(self) -> str:
        return self.caption or f"{self.report} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("projects:photo", args=[self.pk])
