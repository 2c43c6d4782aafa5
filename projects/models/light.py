"""红黄绿灯: light rules as versioned data, the light of every entry and month, the latest figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.lights import Light as LightValue
from projects.lights import Measure as MeasureValue
from projects.lights import RuleValues
from projects.models.plan import AnnualPlan
from projects.models.report import ProgressReport
from projects.models.year_key import OneToOneYearKey


class Light(models.TextChoices):
    """The words for the lights (lights.Light has the meaning)."""

    GREEN = LightValue.GREEN.value, _("Green light")
    YELLOW = LightValue.YELLOW.value, _("Yellow light")
    RED = LightValue.RED.value, _("Red light")
    GREY = LightValue.GREY.value, _("No light")


class LightRule(models.Model):
    """A version of the thresholds; the columns are those of lights.RuleValues.

    It holds for the months from `applies_from` (a month's first day) on, once it is adopted, until
    a later version does.
    """

    class Measure(models.TextChoices):
        GAP = MeasureValue.GAP.value, _("Percentage points behind schedule")
        RATE = MeasureValue.RATE.value, _("Percent of the schedule")

    version = models.CharField(_("version"), max_length=20, unique=True)
    measure = models.CharField(_("judged by"), max_length=10, choices=Measure, default=Measure.GAP)
    yellow_gap = models.DecimalField(
        _("yellow from so many points behind"), max_digits=5, decimal_places=2, default=10
    )
    red_gap = models.DecimalField(
        _("red above so many points behind"), max_digits=5, decimal_places=2, default=30
    )
    yellow_rate = models.DecimalField(
        _("yellow under so many percent of schedule"), max_digits=5, decimal_places=2, default=80
    )
    red_rate = models.DecimalField(
        _("red under so many percent of schedule"), max_digits=5, decimal_places=2, default=60
    )
    red_start_months = models.PositiveSmallIntegerField(
        _("months after a missed start that turn red"), default=3
    )
    suspended = models.CharField(
        _("light of suspended work"), max_length=10, choices=Light, default=Light.RED
    )
    long_red_days = models.PositiveSmallIntegerField(_("days that make a long red"), default=90)
    basis = models.CharField(_("where it is published"), max_length=200, blank=True)
    applies_from = models.DateField(_("applies from"), null=True, blank=True)
    adopted_at = models.DateTimeField(_("adopted at"), null=True, blank=True, editable=False)
    adopted_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    FIXTURE_KEY = ("version",)

    class Meta:
        verbose_name = _("light rule")
        verbose_name_plural = _("light rules")
        ordering = ["-applies_from", "version"]
        constraints = [
            models.CheckConstraint(
                name="light_rule_red_beyond_yellow",
                condition=models.Q(red_gap__gte=models.F("yellow_gap"))
                & models.Q(red_rate__lte=models.F("yellow_rate"))
                & models.Q(yellow_gap__gte=0, red_rate__gte=0),
                violation_error_message=_("Red lies beyond yellow."),
            ),
            models.CheckConstraint(
                name="light_rule_adopted_applies",
                condition=models.Q(adopted_at__isnull=True) | models.Q(applies_from__isnull=False),
                violation_error_message=_("An adopted rule applies from a month."),
            ),
        ]

    def __str__(self) -> str:
        return self.version

    def values(self) -> RuleValues:
        """The thresholds as the judging function takes them."""
        return RuleValues(
            measure=MeasureValue(self.measure),
            yellow_gap=self.yellow_gap,
            red_gap=self.red_gap,
            yellow_rate=self.yellow_rate,
            red_rate=self.red_rate,
            red_start_months=self.red_start_months,
            suspended=LightValue(self.suspended),
            long_red_days=self.long_red_days,
        )


class ReportLight(models.Model):
    """The light of an entry in a month: computed by a rule, and judged where a manager differs.

    `reason` is a lights.Reason, `gap` in percentage points, `rate` in percent, `shown` what counts.
    """

    report = OneToOneYearKey(ProgressReport, on_delete=models.CASCADE, related_name="light")
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    rule = models.ForeignKey(LightRule, on_delete=models.PROTECT, related_name="+")
    computed = models.CharField(_("computed"), max_length=10, choices=Light)
    reason = models.CharField(_("reason of the light"), max_length=20)
    gap = models.DecimalField(
        _("schedule gap (percentage points)"), max_digits=18, decimal_places=2, null=True
    )
    rate = models.DecimalField(
        _("on-schedule rate (%)"), max_digits=18, decimal_places=2, null=True
    )
    start_late = models.PositiveSmallIntegerField(_("months since the missed start"), null=True)
    judged = models.CharField(_("judged"), max_length=10, choices=Light, blank=True)
    judged_reason = models.CharField(_("reason of the judgement"), max_length=400, blank=True)
    judged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    shown = models.CharField(_("light"), max_length=10, choices=Light)

    class Meta:
        verbose_name = _("light")
        verbose_name_plural = _("lights")
        constraints = [
            models.UniqueConstraint(fields=["report", "year"], name="light_once"),
            models.CheckConstraint(
                name="light_judged_with_reason",
                condition=models.Q(
                    judged="", judged_reason="", judged_by__isnull=True, judged_at__isnull=True
                )
                | (
                    ~models.Q(judged="")
                    & ~models.Q(judged_reason="")
                    & models.Q(judged_by__isnull=False, judged_at__isnull=False)
                ),
                violation_error_message=_("A judgement has a reason."),
            ),
            models.CheckConstraint(
                name="light_shown_is_judged_or_computed",
                condition=models.Q(judged="", shown=models.F("computed"))
                | (~models.Q(judged="") & models.Q(shown=models.F("judged"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.shown}"


class LatestFigures(models.Model):
    """最新数据: what is in force of an entry, kept beside it for lists (see colouring.py).

    The figures are those of the last approved month, the light that of the last judged one.
    """

    entry = models.OneToOneField(
        AnnualPlan, primary_key=True, on_delete=models.CASCADE, related_name="latest"
    )
    month = models.PositiveSmallIntegerField(_("reported to month"), null=True)
    planned_ytd = models.DecimalField(
        _("planned, year to date (10,000 yuan)"), max_digits=16, decimal_places=2, null=True
    )
    invested_ytd = models.DecimalField(
        _("invested, year to date (10,000 yuan)"), max_digits=16, decimal_places=2, null=True
    )
    physical_progress = models.DecimalField(
        _("physical progress (%)"), max_digits=4, decimal_places=1, null=True
    )
    completion_rate = models.DecimalField(
        _("completion rate (%)"), max_digits=18, decimal_places=2, null=True
    )
    on_schedule_rate = models.DecimalField(
        _("on-schedule rate (%)"), max_digits=18, decimal_places=2, null=True
    )
    gap = models.DecimalField(
        _("schedule gap (percentage points)"), max_digits=18, decimal_places=2, null=True
    )
    light = models.CharField(_("light"), max_length=10, choices=Light, blank=True)
    light_month = models.PositiveSmallIntegerField(_("month of the light"), null=True)
    streak = models.PositiveSmallIntegerField(_("months in this light"), default=0)
    red_since = models.DateField(_("red since"), null=True)

    class Meta:
        verbose_name = _("latest figures")
        verbose_name_plural = _("latest figures")
        indexes = [
            models.Index(fields=["light"], name="latest_light"),
            models.Index(fields=["completion_rate", "entry"], name="latest_by_completion"),
            models.Index(fields=["gap", "entry"], name="latest_by_gap"),
            models.Index(
                fields=["red_since", "entry"],
                name="latest_longest_red",
                condition=models.Q(light=Light.RED, red_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.light}"
