"""The year's list: its entries, their revisions, the counts and the amounts the report states."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.audit import Chained
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
    enters_in = models.PositiveSmallIntegerField(
        _("enters in month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    curve = models.CharField(_("curve"), max_length=10, blank=True, editable=False)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)

    FIXTURE_KEY = ("project", "year")
    # What the history accounts for: once there is one, nothing else changes these.
    IN_HISTORY = ("planned_investment", "goal", "enters_in")

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
            models.CheckConstraint(
                name="plan_enters_in_a_month",
                condition=models.Q(enters_in__range=(1, 12)),
                violation_error_message=_("A year has the months 1 to 12."),
            ),
            models.CheckConstraint(
                name="plan_adopted_has_amount",
                condition=models.Q(adopted_on__isnull=True)
                | models.Q(planned_investment__isnull=False),
                violation_error_message=_("An adopted plan has its planned investment."),
            ),
        ]
        # The list of a year in its order, whole and by each of its own filters; and by amount.
        indexes = [
            models.Index(fields=["-year", "table", "position", "id"], name="plan_by_order"),
            *(
                models.Index(
                    fields=["year", name, "table", "position", "id"], name=f"plan_by_{name}"
                )
                for name in ("level", "category", "sector", "goal", "result")
            ),
            models.Index(fields=["year", "planned_investment", "id"], name="plan_by_investment"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.cited_name or self.project}"

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}#year-{self.year}"


class PlanAction(models.TextChoices):
    """A step in the life of a plan entry."""

    ADOPT = "adopt", pgettext_lazy("of a plan", "Adopted")
    REVISE = "revise", _("Revised")


class PlanRevision(Chained):
    """What a body decided of an entry: its adoption first, then each 中期调整 (see planning.py).

    `before` and `after` hold planned_investment, goal and the twelve cumulated months; months
    before `from_month` stay as they were.
    """

    OWNER = "entry"

    entry = models.ForeignKey(AnnualPlan, on_delete=models.PROTECT, related_name="revisions")
    action = models.CharField(_("action"), max_length=10, choices=PlanAction)
    from_month = models.PositiveSmallIntegerField(_("from month"), default=1)
    approved_by = models.CharField(_("approving body"), max_length=100)
    approved_on = models.DateField(_("approved on"))
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("plan revision")
        verbose_name_plural = _("plan revisions")
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="plan_revision_number_once"),
            models.CheckConstraint(
                name="plan_revision_has_body_and_reason",
                condition=~models.Q(approved_by="")
                & (models.Q(action="adopt") | ~models.Q(reason="")),
                violation_error_message=_("A revision has its approving body and a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} #{self.number} {self.action}"


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
