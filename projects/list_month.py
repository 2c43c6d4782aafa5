"""The year's list as a month's reports tell it: the same entries that the cells of the month count.

What the conditions mean is what the columns of the same names count in summaries/recount.py; a test
holds the two together.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from projects.models import AnnualPlan, ProgressReport, ReportingPeriod, ReportState

_MONEY = DecimalField(max_digits=20, decimal_places=2)
_RATE = DecimalField(max_digits=20, decimal_places=6)


class Reporting(TextChoices):
    """What a month's report of an entry may be asked for."""

    DUE = "due", _("Asked for")
    REPORTED = "reported", _("Submitted")
    LATE = "late", _("Submitted late")
    UNREPORTED = "unreported", _("Not submitted")
    OVERDUE = "overdue", _("Late or overdue")
    APPROVED = "approved", _("Approved")
    FIGURES = "figures", _("With a figure in force")
    MISSING = "missing", _("Without a figure in force")
    KNOWN = "known", _("With a figure of this month or an earlier one")


_DUE = Q(in_month__state__in=[state for state in ReportState if state != ReportState.NOT_DUE])
_LATE = Q(in_month__first_submitted_on__gt=F("month_due_on"))
_UNREPORTED = _DUE & Q(in_month__first_submitted_on__isnull=True)
_CONDITIONS = {
    Reporting.DUE: _DUE,
    Reporting.REPORTED: Q(in_month__first_submitted_on__isnull=False),
    Reporting.LATE: _LATE,
    Reporting.UNREPORTED: _UNREPORTED,
    Reporting.APPROVED: Q(in_month__state=ReportState.APPROVED),
    Reporting.FIGURES: Q(in_month__approved_invested_ytd__isnull=False),
    Reporting.MISSING: _DUE & Q(in_month__approved_invested_ytd__isnull=True),
    Reporting.KNOWN: Q(month_invested__isnull=False),
}


def condition(reporting: Reporting, *, on: date) -> Q:
    """The condition on entries that in_month has prepared; `on` decides what is overdue."""
    if reporting is Reporting.OVERDUE:
        return _LATE | (_UNREPORTED & Q(month_due_on__lt=on))
    return _CONDITIONS[reporting]


def light_shown(light: str) -> Q:
    """The condition on entries that in_month has prepared: the light of the month, "" for none."""
    if not light:
        return Q(in_month__light__isnull=True)
    return Q(in_month__light__shown=light)


def in_month(
    entries: QuerySet[AnnualPlan], year: int, month: int, *, known: bool = False
) -> QuerySet[AnnualPlan]:
    """The entries that have entered the plan by the month, each with that month's report.

    `in_month` is the report (or nothing), `month_due_on` the day on which it fell due,
    `month_planned` the year's plan then, `month_invested` the figure in force of the month and,
    where `known`, else the last one before; 万元, null where there is none. `month_completion` is in
    percent.
    """
    period = ReportingPeriod.objects.filter(year=year, month=month).first()
    found = entries.filter(year=year, enters_in__lte=month).annotate(
        in_month=FilteredRelation(
            "reports",
            condition=Q(reports__period_id=period.pk if period else _NO_PERIOD),
        ),
        month_due_on=Value(period.due_on if period else None, output_field=DateField()),
        month_planned=Coalesce("in_month__planned_year", "planned_investment"),
    )
    invested: Any = F("in_month__approved_invested_ytd")
    if known:
        invested = Coalesce(invested, Case(When(_DUE, then=_earlier(year, month))))
    found = found.annotate(month_invested=invested)
    planned = NullIf("in_month__planned_year", Value(Decimal(0)))
    return found.annotate(month_completion=_Percent("month_invested", planned, output_field=_RATE))


class _Percent(Func):
    """A part of a whole, in percent; the 100.0 keeps SQLite from dividing whole numbers as such."""

    template = "(100.0 * %(expressions)s)"
    arg_joiner = " / "
    arity = 2


_NO_PERIOD = -1


def _earlier(year: int, month: int) -> Subquery:
    """The last figure of the year before the month."""
    before = ProgressReport.objects.filter(
        year=year,
        entry=OuterRef("pk"),
        approved_invested_ytd__isnull=False,
        period__month__lt=month,
    )
    latest = before.order_by("-period__month").values("approved_invested_ytd")[:1]
    return Subquery(latest, output_field=_MONEY)
