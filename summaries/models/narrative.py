"""The words of the annual report that an officer may edit, and who changed them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NarrativeTemplate(models.Model):
    """One heading or paragraph of the annual report, with fields in braces: {固定资产投资增速}.

    `section` is a place of report_outline.SECTIONS, `position` the order within it. `version` counts
    the changes: whoever saves an older one is told. Changed through narrative.py only; an empty
    text leaves the paragraph out.
    """

    class Style(models.TextChoices):
        HEADING_1 = "heading1", _("Heading 一、")
        HEADING_2 = "heading2", _("Heading （一）")
        PARAGRAPH = "paragraph", _("Paragraph")
        PLAIN = "plain", _("Paragraph without indent")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    section = models.CharField(_("section"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    style = models.CharField(_("style"), max_length=20, choices=Style, default=Style.PARAGRAPH)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    FIXTURE_KEY = ("code",)
    # The texts that came with the system are where officers begin; theirs are never undone.
    FIXTURE_INITIAL = ("section", "position", "style", "text")

    class Meta:
        verbose_name = _("text of the annual report")
        verbose_name_plural = _("texts of the annual report")
        ordering = ["section", "position", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("summaries:narrative-edit", args=[self.code])


class NarrativeChange(models.Model):
    """One change of a text of the annual report; never edited."""

    template = models.ForeignKey(
        NarrativeTemplate, on_delete=models.CASCADE, related_name="changes"
    )
    version = models.PositiveIntegerField(_("version"))
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of a text")
        verbose_name_plural = _("changes of texts")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["template", "version"], name="narrative_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"
