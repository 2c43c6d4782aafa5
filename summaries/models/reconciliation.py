"""对账: what people add to the lines where published and computed figures are held together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ReconciliationNote(models.Model):
    """What was added to one line of a year: the reason of a difference, the statistics office's figure.

    `key` names the line (see reconciliation.py). `statistics` is in 万元, empty until it is entered:
    blank is not zero. `version` counts the changes: whoever saves an older one is told. Changed
    through reconciling.py only.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    key = models.SlugField(_("line"), max_length=80)
    statistics = models.DecimalField(
        _("investment by the statistics office (10,000 yuan)"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
    )
    reason = models.CharField(_("reason of the difference"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("note of a reconciliation")
        verbose_name_plural = _("notes of reconciliations")
        ordering = ["year", "key"]
        constraints = [
            models.UniqueConstraint(fields=["year", "key"], name="reconciliation_line_once"),
            models.CheckConstraint(
                name="reconciliation_not_negative",
                condition=models.Q(statistics__isnull=True) | models.Q(statistics__gte=0),
                violation_error_message=_("Investment cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.key}"


class ReconciliationChange(models.Model):
    """One change of a note; never edited. `before` and `after` hold what changed, as words."""

    note = models.ForeignKey(ReconciliationNote, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField(_("version"))
    before = models.JSONField(_("values before"), default=dict)
    after = models.JSONField(_("values after"), default=dict)
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of a note")
        verbose_name_plural = _("changes of notes")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["note", "version"], name="reconciliation_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.note} {self.version}"
