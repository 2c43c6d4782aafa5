"""One proposal of a reading, what it was matched with, and what an officer decided of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reading.choices import Decision, Kind, Match
from reading.models.run import ReportReading


class ReadingRow(models.Model):
    """A proposal as it was found, and its fate; it changes through deciding.py and writing.py only.

    `proposal` is the `proposals` dataclass of its kind as JSON, `values` what an officer corrected of
    it. `candidates` are the keys of the known records it may be, the likeliest first, each with its
    likeness (0 to 1); `candidate` is the one chosen, None for a new record. `is_settled` where the
    known record says all that already: writing the row would write nothing. `written` tells what
    writing did: the rows added, and the fields changed with their old and new values.
    """

    reading = models.ForeignKey(
        ReportReading, verbose_name=_("reading"), on_delete=models.CASCADE, related_name="rows"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    position = models.PositiveIntegerField(_("order"))
    year = models.PositiveSmallIntegerField(_("year"))
    subject = models.CharField(_("subject"), max_length=200)
    proposal = models.JSONField(_("proposal"))
    line = models.PositiveIntegerField(_("line"))
    section = models.CharField(_("headings"), max_length=300, blank=True)
    table = models.CharField(_("table"), max_length=200, blank=True)
    sentence = models.TextField(_("sentence"))
    quote = models.TextField(_("quoted words"))
    confidence = models.DecimalField(_("confidence"), max_digits=4, decimal_places=3)
    match = models.CharField(_("match"), max_length=12, choices=Match, default=Match.NEW)
    candidates = models.JSONField(_("candidates"), default=list)
    candidate = models.PositiveBigIntegerField(_("known record"), null=True, blank=True)
    is_sure = models.BooleanField(_("sure"), default=False)
    is_settled = models.BooleanField(_("agrees with the records"), default=False)
    decision = models.CharField(
        _("decision"), max_length=12, choices=Decision, default=Decision.UNDECIDED
    )
    values = models.JSONField(_("corrected values"), default=dict)
    error = models.TextField(_("error"), blank=True)
    written = models.JSONField(_("what was written"), default=list)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of a reading")
        verbose_name_plural = _("rows of readings")
        ordering = ["reading", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "position"], name="reading_row_once"),
            models.CheckConstraint(
                name="reading_row_decided_by_somebody",
                condition=models.Q(decision="undecided") | models.Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="reading_row_confidence_is_a_share",
                condition=models.Q(confidence__gte=0, confidence__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
