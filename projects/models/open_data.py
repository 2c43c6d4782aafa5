"""Open data: which lists are public, and the files that were made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.project import ProjectList


class Publication(models.Model):
    """A decision to publish a list or to withdraw it; only ever added, the latest of a list holds.

    The list is a year's official one (`year`) or one that projects are entered in besides
    (`project_list`).
    """

    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    project_list = models.ForeignKey(
        ProjectList,
        verbose_name=_("project list"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="publications",
    )
    is_public = models.BooleanField(_("published"))
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="publications"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="publication_of_one_list",
                condition=models.Q(year__isnull=False, project_list__isnull=True)
                | models.Q(year__isnull=True, project_list__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_withdrawn_with_reason",
                condition=models.Q(is_public=True) | ~models.Q(reason=""),
                violation_error_message=_("Withdrawing a list needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year or self.project_list} {self.at:%Y-%m-%d}"


class OpenDataFile(models.Model):
    """A file that anybody may take away, as it was made last.

    `content` digests what it says, `digest` (SHA-256) the file itself; `decision` is the latest
    publication that it took into account: a file made before a later one is not handed out.
    """

    name = models.CharField(_("file"), max_length=40, unique=True)
    path = models.CharField(max_length=120)
    content = models.CharField(max_length=64)
    digest = models.CharField(_("digest (SHA-256)"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    rows = models.PositiveIntegerField(_("rows"))
    changed_at = models.DateTimeField(_("last change"))
    made_at = models.DateTimeField(_("made at"))
    decision = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("open-data file")
        verbose_name_plural = _("open-data files")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
