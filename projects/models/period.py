"""月调度: the monthly rounds and their reopenings."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User


class ReportingPeriod(models.Model):
    """月调度: one month's round; it opens, falls due at the end of a day, and is locked from a day on."""

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        _("month"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    locks_on = models.DateField(_("locked from"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True, editable=False)

    FIXTURE_KEY = ("year", "month")

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ["-year", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="period_once"),
            models.CheckConstraint(
                name="period_month_of_a_year", condition=models.Q(month__range=(1, 12))
            ),
            models.CheckConstraint(
                name="period_opens_then_due_then_locks",
                condition=models.Q(due_on__gte=models.F("opens_on"))
                & models.Q(locks_on__gt=models.F("due_on")),
                violation_error_message=_("A round opens, then falls due, then is locked."),
            ),
            models.CheckConstraint(
                name="period_locked_only_once_opened",
                condition=models.Q(locked_at__isnull=True) | models.Q(opened_at__isnull=False),
                violation_error_message=_("A round is opened before it is locked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    def get_absolute_url(self) -> str:
        return reverse("projects:period-detail", args=[self.year, self.month])


class ReopenGrant(models.Model):
    """A locked round opened again for one department and the units below it, to the end of a day."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="grants")
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=400)
    until = models.DateField(_("until"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reopening")
        verbose_name_plural = _("reopenings")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="grant_has_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("A reopening has a reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.department}"
