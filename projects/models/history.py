"""What people did: status changes with who, when, why, before and after; saved views."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.audit import Chained
from projects.models.project import Project
from projects.models.vocabulary import Status


class StatusChange(Chained):
    """One change of a project's status, dates or department; never edited."""

    OWNER = "project"

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="changes"
    )
    old_status = models.CharField(_("before"), max_length=20, choices=Status, blank=True)
    new_status = models.CharField(_("after"), max_length=20, choices=Status, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    goes_back = models.BooleanField(_("goes back"), default=False)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="status_change_number_once"),
            models.CheckConstraint(
                name="status_change_back_has_reason",
                condition=models.Q(goes_back=False) | ~models.Q(reason=""),
                violation_error_message=_("Going back needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.old_status} → {self.new_status}"


class SavedView(models.Model):
    """Filters, order and columns of a list that a person keeps under a name."""

    class Page(models.TextChoices):
        PLANS = "plans", _("Plan entries")
        PROJECTS = "projects", _("Projects")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20, choices=Page)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You already have a view of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        name = {"plans": "projects:plan-list", "projects": "projects:project-list"}[self.page]
        return f"{reverse(name)}?{self.query}"
