"""The year's list: its entries, their revisions, the counts and the amounts the report states."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models.project import Project
from projects.models.source import Cited
from projects.models.vocabulary import Category, Comparator, Level, Stage


class AnnualPlan(Cited):
    """年度计划: a project's place in one year's list, as that year's table writes it.

    `goal` is what the plan promises for the year, `result` what the year's report states.
    Money is in 万元.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="entries"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    cited_name = models.CharField(_("name in the table"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    goal = models.CharField(_("goal of the year"), max_length=20, choices=Stage, blank=True)
    result = models.CharField(_("result of the year"), max_length=20, choices=Stage, blank=True)
    planned_investment = models.DecimalField(
        _("planned investment (10,000 yuan)"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
    )
    invested_before = models.DecimalField(
        _("invested to the end of last year (10,000 yuan)"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
    )
    position = models.PositiveIntegerField(_("order in the table"), null=True, blank=True)
    featured = models.BooleanField(_("named in the report"), default=False)
    table = models.CharField(_("table"), max_length=20, blank=True)
    heading = models.CharField(_("heading in the table"), max_length=80, blank=True)
    cited_verb = models.CharField(_("the table's verb"), max_length=40, blank=True)

    FIXTURE_KEY = ("project", "year")

    class Meta:
        verbose_name = _("plan entry")
        verbose_name_plural = _("plan entries")
        ordering = ["-year", "table", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="plan_project_year_once"),
            models.CheckConstraint(
                name="plan_money_not_negative",
                condition=(
                    models.Q(planned_investment__isnull=True) | models.Q(planned_investment__gte=0)
                )
                & (models.Q(invested_before__isnull=True) | models.Q(invested_before__gte=0)),
                violation_error_message=_("Investment cannot be negative."),
            ),
        ]
        indexes = [models.Index(fields=["year", "table", "position"], name="plan_year_order")]

    def __str__(self) -> str:
        return f"{self.year} {self.cited_name or self.project}"

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}#year-{self.year}"


class PlanRevision(models.Model):
    """中期调整: what a body changed in an entry after the plan was adopted."""

    entry = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="revisions")
    field = models.CharField(_("field"), max_length=40)
    old = models.CharField(_("before"), max_length=200, blank=True)
    new = models.CharField(_("after"), max_length=200)
    approved_by = models.CharField(_("approving body"), max_length=100)
    approved_on = models.DateField(_("approved on"))
    reason = models.CharField(_("reason"), max_length=400)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("plan revision")
        verbose_name_plural = _("plan revisions")
        ordering = ["entry", "approved_on", "id"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.field}"


class PlanStatement(Cited):
    """A count that the report states ("竣工…45个以上"), whatever number of projects it names."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    table = models.CharField(_("table"), max_length=20, blank=True)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    goal = models.CharField(_("goal or result"), max_length=20, choices=Stage, blank=True)
    comparator = models.CharField(
        _("comparator"), max_length=10, choices=Comparator, default=Comparator.EXACT
    )
    count = models.PositiveIntegerField(_("count"))
    text = models.CharField(_("the report's words"), max_length=400)

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("stated count")
        verbose_name_plural = _("stated counts")
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.text


class StatedAmount(Cited):
    """An investment, funding or contract amount that the report states, in its own unit."""

    class Kind(models.TextChoices):
        INVESTMENT = "investment", _("Investment")
        FUNDING = "funding", _("Funding")
        CONTRACT = "contract", _("Contract")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    subject = models.CharField(_("subject"), max_length=100)
    scope = models.CharField(_("scope"), max_length=100, blank=True)
    comparator = models.CharField(
        _("comparator"), max_length=10, choices=Comparator, default=Comparator.EXACT
    )
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    growth = models.DecimalField(
        _("growth over last year"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    growth_unit = models.CharField(_("unit of growth"), max_length=20, blank=True)
    count = models.PositiveIntegerField(_("number of projects"), null=True, blank=True)
    completion_rate = models.DecimalField(
        _("completion of the annual plan (%)"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
    )
    text = models.CharField(_("the report's words"), max_length=400)

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("stated amount")
        verbose_name_plural = _("stated amounts")
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.text
