"""The report's own text: documents, their sentences, and the citation that every fact carries."""

from urllib.parse import quote_plus

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SourceDocument(models.Model):
    """A report whose text is kept in `fixtures/` and split into sentences by an outline."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=100)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("The year that it plans."))
    file = models.CharField(_("file"), max_length=200)
    sections = models.JSONField(_("outline"), default=list)

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["-year", "code"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:source-detail", args=[self.code])


class SourceSentence(models.Model):
    """One sentence of a document, or one row of its tables (cells parted by tabs)."""

    document = models.ForeignKey(SourceDocument, on_delete=models.CASCADE, related_name="sentences")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        verbose_name = _("source sentence")
        verbose_name_plural = _("source sentences")
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="sentence_number_once")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def cells(self) -> list[str]:
        """The cells of a table row; a sentence of prose is one cell."""
        return self.text.split("\t")


def source_address(document: str, number: int, quote: str) -> str:
    """The address of a document's sentence with the quoted words marked."""
    return sentence_address(reverse("projects:source-detail", args=[document]), number, quote)


def sentence_address(page: str, number: int, quote: str) -> str:
    """The same, where the address of the document's page is known."""
    return f"{page}?sentence={number}&quote={quote_plus(quote)}#s{number}"


class Cited(models.Model):
    """A fact that a report states: the sentence it stands in and its exact words."""

    sentence = models.ForeignKey(
        SourceSentence,
        verbose_name=_("source sentence"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    quote = models.CharField(_("quoted words"), max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def source_url(self) -> str:
        """The address of the sentence with the words marked; empty where nothing is cited."""
        if self.sentence is None:
            return ""
        return source_address(self.sentence.document.code, self.sentence.number, self.quote)
