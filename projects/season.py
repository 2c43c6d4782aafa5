"""季节曲线: how last year's approved investment fell on its months, for plans to follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import AnnualPlan, ProgressReport
from projects.schedule_curves import MONTHS, Curve, CurveError, spread_by_season


class Basis(models.TextChoices):
    """Whose last year is followed."""

    PROJECT = "project", gettext_lazy("the project's own last year")
    DEPARTMENT = "department", gettext_lazy("the department's last year")
    CATEGORY = "category", gettext_lazy("the category's last year")


class NoSeasonError(Exception):
    """Neither the project nor its department nor its category has a last year to follow."""


@dataclass(frozen=True, slots=True)
class Seasons:
    """A year's actual investment, cumulated by month: of projects, departments and categories.

    Only entries of which every month was approved count; months before an entry entered are 0.
    """

    year: int
    found: Mapping[Basis, Mapping[object, Curve]]

    def spread(
        self, entry: AnnualPlan, total: Decimal | None, *, entry_month: int
    ) -> tuple[Curve, Basis]:
        """Spread an amount by the nearest last year there is, and say whose it is.

        Raises CurveError where the amount itself is wrong, NoSeasonError where there is no curve.
        """
        keys = {
            Basis.PROJECT: entry.project_id,
            Basis.DEPARTMENT: entry.project.department_id,
            Basis.CATEGORY: entry.category,
        }
        for basis, key in keys.items():
            actual = self.found[basis].get(key)
            if actual is None:
                continue
            try:
                return spread_by_season(total, actual, entry_month=entry_month), basis
            except CurveError as error:
                if any(problem.code.startswith("amount") for problem in error.problems):
                    raise
        raise NoSeasonError(
            _(
                "In %(year)s neither the project nor its department nor its category has twelve"
                " approved months with investment from month %(month)s on: there is no season to"
                " follow."
            )
            % {"year": self.year, "month": entry_month}
        )


def seasons(entries: Iterable[AnnualPlan], year: int) -> Seasons:
    """The seasons of a year that plans of these entries (with their projects) may follow."""
    entries = list(entries)
    keys: dict[Basis, tuple[str, set[object]]] = {
        Basis.PROJECT: ("entry__project", {entry.project_id for entry in entries}),
        Basis.DEPARTMENT: (
            "entry__project__department",
            {key for entry in entries if (key := entry.project.department_id) is not None},
        ),
        Basis.CATEGORY: ("entry__category", {entry.category for entry in entries}),
    }
    reports = _complete(year)
    return Seasons(
        year, {basis: _curves(reports, field, wanted) for basis, (field, wanted) in keys.items()}
    )


def _complete(year: int) -> QuerySet[ProgressReport]:
    """The reports of entries that have every month from their entry on approved."""
    asked = Q(period__month__gte=F("entry__enters_in"))
    missing = ProgressReport.objects.filter(
        asked, entry=OuterRef("entry"), approved_invested_ytd__isnull=True
    )
    return ProgressReport.objects.filter(asked, ~Exists(missing), entry__year=year)


def _curves(
    reports: QuerySet[ProgressReport], field: str, wanted: set[object]
) -> dict[object, Curve]:
    sums = (
        reports.filter(**{f"{field}__in": wanted})
        .order_by()
        .values_list(field, "period__month")
        .annotate(Sum("approved_invested_ytd"))
    )
    found: dict[object, list[Decimal]] = {}
    for key, month, amount in sums:
        found.setdefault(key, [Decimal(0)] * MONTHS)[month - 1] = amount
    return {key: tuple(months) for key, months in found.items()}
