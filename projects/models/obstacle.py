"""清障问题: what stands in a project's way, who has to clear it, and how it was cleared."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, User
from projects.models.audit import Chained
from projects.models.project import Project
from projects.models.report import ProgressReport


class ObstacleKind(models.TextChoices):
    """What an obstacle is about."""

    LAND = "land", _("Land")
    FOREST = "forest", _("Forest land")
    CLEARANCE = "clearance", _("Expropriation and demolition")
    FUNDS = "funds", _("Funds")
    PERMITS = "permits", _("Permits")
    PIPELINES = "pipelines", _("Pipeline relocation")
    OTHER = "other", _("Other")


class ObstacleLevel(models.IntegerChoices):
    """部门 → 区领导 → 市级: who has to clear it now."""

    DEPARTMENT = 1, pgettext_lazy("level of an obstacle", "Department")
    DISTRICT = 2, _("District leader")
    CITY = 3, _("City")


class ObstacleState(models.TextChoices):
    """Where an obstacle stands (the steps between them are clearing.TRANSITIONS)."""

    OPEN = "open", pgettext_lazy("of an obstacle", "Open")
    REPLIED = "replied", _("Replied")
    CLEARED = "cleared", _("Cleared")


class ObstacleAction(models.TextChoices):
    """A step in clearing an obstacle."""

    RAISE = "raise", _("Raise")
    REPLY = "reply", _("Reply")
    ESCALATE = "escalate", _("Escalate")
    CLEAR = "clear", pgettext_lazy("of an obstacle", "Clear")
    REOPEN = "reopen", pgettext_lazy("of an obstacle", "Open again")
    MOVE = "move", _("Move to another department")


class Obstacle(models.Model):
    """An obstacle; it climbs to the next level when its clock runs out, the raiser's side closes it."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="obstacles"
    )
    report = models.ForeignKey(
        ProgressReport,
        verbose_name=_("monthly report"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="obstacles",
    )
    report_year = models.PositiveSmallIntegerField(
        _("year of the monthly report"), null=True, blank=True, editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ObstacleKind)
    text = models.CharField(_("obstacle"), max_length=400)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=ObstacleLevel, default=ObstacleLevel.DEPARTMENT
    )
    responsible = models.ForeignKey(
        Department,
        verbose_name=_("to be cleared by"),
        on_delete=models.PROTECT,
        related_name="obstacles",
    )
    due_on = models.DateField(_("to be cleared until"))
    state = models.CharField(
        _("state"), max_length=10, choices=ObstacleState, default=ObstacleState.OPEN
    )
    raised_by = models.ForeignKey(
        User, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    raised_on = models.DateField(_("raised on"))
    level_due_on = models.DateField(_("climbs after"))
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="obstacle_report_and_year",
                condition=models.Q(report__isnull=True, report_year__isnull=True)
                | models.Q(report__isnull=False, report_year__isnull=False),
            ),
            models.CheckConstraint(
                name="obstacle_cleared_has_date",
                condition=models.Q(state="cleared", cleared_on__isnull=False)
                | (~models.Q(state="cleared") & models.Q(cleared_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="obstacle_has_words",
                condition=~models.Q(text=""),
                violation_error_message=_("Say what the obstacle is."),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "level_due_on"], name="obstacle_clock"),
            models.Index(
                fields=["due_on", "id"],
                name="obstacle_open_by_day",
                condition=~models.Q(state=ObstacleState.CLEARED),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("projects:obstacle-detail", args=[self.pk])


class ObstacleEvent(Chained):
    """One step in clearing an obstacle."""

    OWNER = "obstacle"

    obstacle = models.ForeignKey(Obstacle, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(_("action"), max_length=10, choices=ObstacleAction)
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("obstacle event")
        verbose_name_plural = _("obstacle events")
        ordering = ["obstacle", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["obstacle", "number"], name="obstacle_event_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obstacle} #{self.number} {self.action}"
