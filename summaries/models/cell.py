"""The cells that every figure of progress is summed from, and who may write them at a time."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from projects.models import Category, Level, Stage


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0)


def _money() -> models.DecimalField:
    return models.DecimalField(max_digits=20, decimal_places=2, default=0)


class CellSums(models.Model):
    """What every cell counts; recount.py says what each column means."""

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))

    entries = _count()
    with_total = _count()
    with_plan = _count()
    due = _count()
    reported = _count()
    late = _count()
    approved = _count()
    figures = _count()
    known = _count()

    status_preparation = _count()
    status_started = _count()
    status_accelerated = _count()
    status_completed = _count()
    status_suspended = _count()
    status_withdrawn = _count()
    status_not_stated = _count()

    light_green = _count()
    light_yellow = _count()
    light_red = _count()
    light_grey = _count()

    total_investment = _money()
    planned = _money()
    planned_ytd = _money()
    invested_ytd = _money()
    figures_planned = _money()
    figures_planned_ytd = _money()
    known_ytd = _money()
    known_planned = _money()
    known_planned_ytd = _money()

    class Meta:
        abstract = True


class CellQuerySet(models.QuerySet["ProgressCell"]):
    """Cells, narrowed to places; it knows whether by department and region alone."""

    places: tuple[models.Q, ...] | None = ()
    """What it was narrowed by (`within`); None where it was narrowed in another way."""

    def _clone(self) -> "CellQuerySet":
        clone: CellQuerySet = super()._clone()  # type: ignore[misc]
        clone.places = self.places
        return clone

    def _filter_or_exclude(self, *args: Any, **kwargs: Any) -> "CellQuerySet":
        found: CellQuerySet = super()._filter_or_exclude(*args, **kwargs)  # type: ignore[misc]
        if len(found.query.where) != len(self.query.where):
            found.places = None
        return found

    def within(self, place: models.Q) -> "CellQuerySet":
        """Those that a condition holds of which asks for nothing but department and region."""
        found = self.filter(place)
        if self.places is not None:
            found.places = (*self.places, place)
        return found

    def in_department(self, department: Department) -> "CellQuerySet":
        """Those of a department and everything below it."""
        return self.within(models.Q(department__path__startswith=department.path))

    def in_region(self, region: Region) -> "CellQuerySet":
        """Those of a region and everything below it."""
        return self.within(models.Q(region__path__startswith=region.path))


class ProgressCell(CellSums):
    """汇总单元: what the year's entries of one kind said for one month; money in 万元.

    Recomputed from the monthly reports and never added to (recount.py says what each column
    counts, keeping.py when). The kind is the entry's as it is now: an entry that moves to another
    department takes all its months along. Sums stand beside the number of entries that
    contributed to them, so that what is missing is never read as zero.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("responsible department"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    goal = models.CharField(_("goal of the year"), max_length=20, choices=Stage, blank=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress cell")
        verbose_name_plural = _("progress cells")
        ordering = ["year", "month", "id"]
        constraints = [
            # To a plain unique constraint two cells without a department would differ.
            models.UniqueConstraint(
                "year",
                "month",
                Coalesce("department", 0),
                Coalesce("region", 0),
                "level",
                "category",
                "sector",
                "goal",
                name="cell_once",
            ),
            models.CheckConstraint(
                name="cell_month_of_a_year", condition=models.Q(month__range=(1, 12))
            ),
            models.CheckConstraint(
                name="cell_counts_entries",
                condition=models.Q(entries__gt=0, entries__gte=models.F("due"))
                & models.Q(due__gte=models.F("known"), known__gte=models.F("figures")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} #{self.pk}"


class DepartmentCell(CellSums):
    """The cells of a department, a region and a category added up, for pages of the whole office or of a region.

    The department's own, without the units below it; of the projects that lie in the region, without the
    regions below. Added up anew (coarse.py) in the transaction that writes the cells.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("responsible department"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    category = models.CharField(_("category"), max_length=20, choices=Category)

    class Meta:
        verbose_name = _("cell of a department")
        verbose_name_plural = _("cells of departments")
        ordering = ["year", "month", "id"]
        constraints = [
            models.UniqueConstraint(
                "year",
                "month",
                Coalesce("department", 0),
                Coalesce("region", 0),
                "category",
                name="department_cell_of_a_region_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} #{self.pk}"


class CellKeeper(models.Model):
    """The one row that whoever writes cells holds locked, and when cells were last written."""

    refreshed_at = models.DateTimeField(_("refreshed at"), null=True)

    THE_ONE = 1

    class Meta:
        verbose_name = _("keeper of the cells")
        verbose_name_plural = _("keeper of the cells")
        constraints = [
            models.CheckConstraint(name="cell_keeper_is_one", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"{self.refreshed_at}"
