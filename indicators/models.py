"""Indicators with their yearly targets and observations; commitments with their measures."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from indicators import targets
from projects.models import Cited


class Direction(models.TextChoices):
    """Which way is better; the values are those that targets.py reads by."""

    HIGHER = targets.Direction.HIGHER.value, _("Higher is better")
    LOWER = targets.Direction.LOWER.value, _("Lower is better")
    NEITHER = targets.Direction.NEITHER.value, _("Neither is better")


class TargetComparator(models.TextChoices):
    """How an actual value is held against a target; the values are those of targets.py."""

    AT_LEAST = targets.Comparator.GE.value, _("at least")
    AT_MOST = targets.Comparator.LE.value, _("at most")
    ABOUT = targets.Comparator.ABOUT.value, _("about")
    CHANGE = targets.Comparator.CHANGE.value, _("change on the base year")
    GRADE = targets.Comparator.GRADE.value, _("grade")
    ASSIGNED = targets.Comparator.ASSIGNED.value, _("assigned from above")
    EXACT = targets.Comparator.EQ.value, _("exactly")


class Area(models.TextChoices):
    """Whose figure it is: the district's own or the whole city's beside it."""

    DISTRICT = "district", _("District")
    CITY = "city", _("Whole city")


class Indicator(models.Model):
    """指标: something measured every year, in one unit."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    precision = models.PositiveSmallIntegerField(_("decimal places"), default=0)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction, default=Direction.HIGHER
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("sub-indicator of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    counts_in_total = models.BooleanField(_("counted in the total"), default=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("responsible department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    renamed_from = models.ForeignKey(
        "self",
        verbose_name=_("renamed from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renamed_to",
    )

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Read the targets' words again: the direction decides what a bare number means."""
        known = self.pk is not None
        super().save(*args, **kwargs)
        for target in self.targets.all() if known else ():
            target.indicator = self
            target.save()

    def clean(self) -> None:
        """Sub-indicators stand one step below an indicator of the table, as # rows do."""
        super().clean()
        if self.parent is None:
            return
        has_parts = self.pk is not None and self.parts.exists()
        if self.parent.pk == self.pk or self.parent.parent_id is not None or has_parts:
            raise ValidationError({"parent": _("A sub-indicator has no sub-indicators.")})

    @property
    def printed_name(self) -> str:
        """Name and unit as the report's tables print them: 地区生产总值增速（%）."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


class Target(Cited):
    """A year's target; `text` is the report's own words and is never rewritten.

    `comparator`, `value` and `base_year` are derived: what targets.parse reads out of `text`. A
    grade's value is its class, 2 for II类. Unreadable words leave all three empty and the verdict
    is "unjudged". `tolerance` is what 左右 allows, in the target's unit; empty is the usual 0.2.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="targets"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    seq = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order in the table"), default=0)
    binding = models.BooleanField(_("binding"), default=False)
    text = models.CharField(_("target in the report's words"), max_length=100)
    comparator = models.CharField(
        _("comparator"), max_length=10, choices=TargetComparator, blank=True, editable=False
    )
    # Wide enough for every number that targets.parse reads.
    value = models.DecimalField(
        _("value"), max_digits=25, decimal_places=10, null=True, blank=True, editable=False
    )
    base_year = models.PositiveSmallIntegerField(
        _("base year"), null=True, blank=True, editable=False
    )
    tolerance = models.DecimalField(
        _("tolerance of “about”"), max_digits=16, decimal_places=4, null=True, blank=True
    )

    FIXTURE_KEY = ("indicator", "year")

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year", "position"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="target_year_once"),
            models.CheckConstraint(
                name="target_tolerance_not_negative",
                condition=models.Q(tolerance__isnull=True) | models.Q(tolerance__gte=0),
                violation_error_message=_("A tolerance cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.indicator}: {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:detail", args=[self.year, self.indicator.code])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the derived columns in step with the words."""
        parsed = self.parsed()
        self.comparator, self.value, self.base_year = "", None, None
        if parsed is not None:
            self.comparator, self.base_year = parsed.comparator.value, parsed.base_year
            self.value = parsed.value if parsed.grade is None else Decimal(parsed.grade)
        super().save(*args, **kwargs)

    def parsed(self, text: str = "") -> targets.ParsedTarget | None:
        """What the words say, or those of a revision; None where they cannot be read."""
        try:
            return targets.parse(
                text or self.text, direction=targets.Direction(self.indicator.direction)
            )
        except targets.UnparseableTarget:
            return None


class TargetRevision(Cited):
    """A target that a body changed during the year."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="revisions")
    old_text = models.CharField(_("before"), max_length=100, blank=True)
    new_text = models.CharField(_("after"), max_length=100)
    approved_by = models.CharField(_("approving body"), max_length=100)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    FIXTURE_KEY = ("target", "approved_by")

    class Meta:
        verbose_name = _("target revision")
        verbose_name_plural = _("target revisions")
        ordering = ["target", "approved_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "approved_by"], name="target_revision_body_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.new_text}"


class Observation(Cited):
    """What was measured: of a year (month empty) or cumulated to a month."""

    class Status(models.TextChoices):
        FINAL = "final", _("Final")
        PRELIMINARY = "preliminary", _("Preliminary")
        NOT_RELEASED = "not_released", _("Not released yet")

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="observations",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    area = models.CharField(_("area"), max_length=10, choices=Area, default=Area.DISTRICT)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.FINAL)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True, blank=True)
    text = models.CharField(_("result in words"), max_length=100, blank=True)
    growth = models.DecimalField(
        _("growth"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    growth_unit = models.CharField(_("unit of growth"), max_length=20, blank=True)
    note = models.CharField(_("reason given"), max_length=400, blank=True)

    FIXTURE_KEY = ("indicator", "year", "month", "area")
    # What is fed back later is entered by people; loading the report again leaves it alone.
    FIXTURE_INITIAL = ("status", "value", "text", "growth", "growth_unit", "note")

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "year", "month", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "month", "area"], name="observation_month_once"
            ),
            models.UniqueConstraint(
                fields=["indicator", "year", "area"],
                condition=models.Q(month__isnull=True),
                name="observation_year_once",
            ),
            models.CheckConstraint(
                name="observation_month_of_a_year",
                condition=models.Q(month__isnull=True) | models.Q(month__range=(1, 12)),
            ),
            models.CheckConstraint(
                name="observation_unreleased_has_no_value",
                condition=~models.Q(status="not_released") | models.Q(value__isnull=True),
                violation_error_message=_("A figure that is not released has no value."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}: {self.text}"


class ObservationChange(models.Model):
    """One entry or correction of an observation by a person; never edited.

    `before` and `after` hold the fields that changed, as words; `before` is empty for a new one.
    """

    observation = models.ForeignKey(
        Observation, verbose_name=_("observation"), on_delete=models.CASCADE, related_name="changes"
    )
    before = models.JSONField(_("values before"), default=dict)
    after = models.JSONField(_("values after"), default=dict)
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of an observation")
        verbose_name_plural = _("changes of observations")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.observation}: {self.after}"


class Commitment(Cited):
    """What the government promised, or says it has done: a livelihood item, an event, a task."""

    class Kind(models.TextChoices):
        LIVELIHOOD = "livelihood", _("Livelihood item")
        CONSUMPTION = "consumption", _("Major consumption event")
        BUSINESS = "business", _("Business environment measure")
        TASK = "task", _("Task of the year")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("the report's words"))
    result = models.TextField(_("result"), blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("responsible department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commitments",
    )

    FIXTURE_KEY = ("code",)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-year", "kind", "position"]

    def __str__(self) -> str:
        return self.title


class Measure(Cited):
    """One number of a commitment: what is promised, what was reached, judged like a target."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField(_("order"))
    subject = models.CharField(_("subject"), max_length=120)
    text = models.CharField(_("target in the report's words"), max_length=120, blank=True)
    comparator = models.CharField(
        _("comparator"), max_length=10, choices=TargetComparator, blank=True
    )
    value = models.DecimalField(
        _("target value"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    actual = models.DecimalField(
        _("actual value"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    actual_text = models.CharField(_("result in the report's words"), max_length=120, blank=True)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction, default=Direction.HIGHER
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    FIXTURE_KEY = ("commitment", "position")

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["commitment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "position"], name="measure_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.text or self.actual_text}"
