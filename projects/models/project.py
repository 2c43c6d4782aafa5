"""A key project and what hangs on it: lists, funding, milestones."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from office.pinyin import full, initials, sort_key
from projects.models.source import Cited
from projects.models.vocabulary import Category, Status


class ProjectList(models.Model):
    """A list that projects are entered in besides the year's plan (成渝双城 五张清单 …)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=200, blank=True)

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("project list")
        verbose_name_plural = _("project lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """重点项目: one identity over the years, whatever list or category a year puts it in.

    Money is in 万元. Category, sector and name are those of the latest year's entry.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    national_code = models.CharField(_("national code"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    name_sort = models.CharField(max_length=800, editable=False)
    name_pinyin = models.CharField(max_length=800, editable=False)
    name_initials = models.CharField(max_length=120, editable=False)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("responsible department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    owner_unit = models.CharField(_("owner unit"), max_length=100, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    leader = models.CharField(_("responsible leader"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    total_investment = models.DecimalField(
        _("total investment (10,000 yuan)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    planned_start_on = models.DateField(_("planned start"), null=True, blank=True)
    planned_finish_on = models.DateField(_("planned finish"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    statistics_entry_on = models.DateField(_("statistics entry"), null=True, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("earlier phase"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
    )
    lists = models.ManyToManyField(ProjectList, verbose_name=_("lists"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)

    FIXTURE_KEY = ("code",)
    # Set by the first load, then by the people who work with the project.
    FIXTURE_INITIAL = ("status", "department")
    # What the history accounts for: once there is one, nothing else changes these.
    IN_HISTORY = ("status", "started_on", "completed_on", "department")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["name_sort"]
        constraints = [
            models.CheckConstraint(
                name="project_total_investment_not_negative",
                condition=models.Q(total_investment__isnull=True)
                | models.Q(total_investment__gte=0),
                violation_error_message=_("Total investment cannot be negative."),
            ),
            models.CheckConstraint(
                name="project_finish_not_before_start",
                condition=models.Q(started_on__isnull=True)
                | models.Q(completed_on__isnull=True)
                | models.Q(completed_on__gte=models.F("started_on")),
                violation_error_message=_("A project cannot be completed before it started."),
            ),
        ]
        # Of what changes seldom only: a step taken of a project then writes no index at all.
        indexes = [
            models.Index(fields=["name_sort", "id"], name="project_by_name"),
            models.Index(fields=["total_investment", "id"], name="project_by_total"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keep the pinyin columns in step with the name; they serve sorting and search."""
        self.name_sort = sort_key(self.name)
        self.name_pinyin, self.name_initials = full(self.name), initials(self.name)
        if update_fields is not None and "name" in (written := set(update_fields)):
            update_fields = written | {"name_sort", "name_pinyin", "name_initials"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("projects:project-detail", args=[self.code])


class Funding(models.Model):
    """资金来源: how much of a project's money comes from where, and how much has arrived (万元)."""

    class Source(models.TextChoices):
        CENTRAL = "central", _("Central budget")
        MUNICIPAL = "municipal", _("Municipal budget")
        DISTRICT = "district", _("District budget")
        SPECIAL_BOND = "special_bond", _("Special bonds")
        TREASURY_BOND = "treasury_bond", _("Treasury bonds")
        PRIVATE = "private", _("Private capital")
        COUNTERPART = "counterpart", _("Counterpart support")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(_("source"), max_length=20, choices=Source)
    amount = models.DecimalField(_("amount (10,000 yuan)"), max_digits=16, decimal_places=2)
    arrived = models.DecimalField(
        _("arrived (10,000 yuan)"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    FIXTURE_KEY = ("project", "source")

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")
        ordering = ["project", "source"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="funding_source_once"),
            models.CheckConstraint(
                name="funding_not_negative",
                condition=models.Q(amount__gte=0)
                & (models.Q(arrived__isnull=True) | models.Q(arrived__gte=0)),
                violation_error_message=_("Funding cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.get_source_display()}"


class Milestone(models.Model):
    """A node of a project's schedule: when it is due and when it was done."""

    class Kind(models.TextChoices):
        PREPARATION = "preparation", _("Preparatory node")
        CONSTRUCTION = "construction", _("Milestone")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CONSTRUCTION)
    name = models.CharField(_("milestone"), max_length=100)
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)

    FIXTURE_KEY = ("project", "name")

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["project", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="milestone_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMention(Cited):
    """What a report's text says of a project, in the source's own verb (投用, 复工 …)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="mentions"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    verb = models.CharField(_("the source's verb"), max_length=40)
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True)
    text = models.CharField(_("what is said"), max_length=400)

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.text
