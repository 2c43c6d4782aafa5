"""数据存疑: what the data leave contradictory, kept until somebody explains it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.project import Project
from projects.models.source import Cited


class DataQuestion(Cited):
    """One contradiction that the system found; found again, it stays the same row.

    `kind` and `key` name the case; `params` hold the words and figures that its title needs.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        GONE = "gone", _("No longer found")

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="questions",
    )
    params = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    explanation = models.CharField(_("explanation"), max_length=400, blank=True)
    answered_by = models.ForeignKey(
        User,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    raised_at = models.DateTimeField(_("raised at"), auto_now_add=True)

    class Meta:
        verbose_name = _("data question")
        verbose_name_plural = _("data questions")
        ordering = ["state", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="question_once"),
            models.CheckConstraint(
                name="question_closed_with_explanation",
                condition=~models.Q(state="closed")
                | (
                    ~models.Q(explanation="")
                    & models.Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                violation_error_message=_("A question is closed with an explanation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"
