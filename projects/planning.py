"""年度计划: adopting a year's plan with its months, and revising it in the middle of the year.

Adoption makes the entry's twelve monthly reports. A revision (中期调整) changes its month and later
ones; what stood before stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from projects import cell_marks, chains, colouring
from projects.models import (
    AnnualPlan,
    PlanAction,
    PlanRevision,
    ProgressReport,
    ReportingPeriod,
)
from projects.schedule import await_reports, ensure_periods, is_locked
from projects.schedule_curves import Curve, CurveError, CurveProblem, Shape, read_typed, revise


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body decided and when: the words of an adoption or a revision."""

    approved_by: str
    approved_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """An entry's plan to be adopted; money in 万元, `months` cumulated from January.

    `season_of` says whose last year a season curve follows (season.Basis).
    """

    entry_id: int
    planned_investment: Decimal
    months: Sequence[Decimal]
    shape: Shape = Shape.TYPED
    enters_in: int = 1
    season_of: str = ""


class PlanError(Exception):
    """A plan cannot be adopted or revised; `field` names the field of the form it is about.

    `problems` are those of the months, where these are no curve.
    """

    def __init__(
        self,
        field: str,
        message: str,
        entry_id: int | None = None,
        problems: Sequence[CurveProblem] = (),
    ) -> None:
        super().__init__(message)
        self.field = field
        self.entry_id = entry_id
        self.problems = tuple(problems)


class StalePlanError(Exception):
    """Somebody decided on the entry since the page was opened; `revision` is the latest decision."""

    def __init__(self, revision: PlanRevision | None) -> None:
        super().__init__("stale")
        self.revision = revision


@transaction.atomic
def adopt(adoptions: Sequence[Adoption], decision: Decision, *, by: User, at: datetime) -> int:
    """Adopt the plans of entries of one year, all or none; returns how many.

    Raises PlanError, naming the entry, where one is adopted already or its months are no curve.
    """
    wanted = {adoption.entry_id: adoption for adoption in adoptions}
    entries = list(
        AnnualPlan.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    )
    curves = {entry.pk: _curve(entry, wanted[entry.pk]) for entry in entries}
    years = {entry.year for entry in entries}
    periods = [period for year in sorted(years) for period in ensure_periods(year)]
    revisions = []
    for entry in entries:
        adoption, before = wanted[entry.pk], _values(entry, ())
        entry.planned_investment = adoption.planned_investment
        entry.enters_in = adoption.enters_in
        entry.curve = adoption.shape
        entry.adopted_on = decision.approved_on
        after = {
            **_values(entry, curves[entry.pk]),
            "curve": adoption.shape.value,
            "season_of": adoption.season_of,
        }
        revision = _revision(PlanAction.ADOPT, decision, before, after)
        revisions.append(chains.link(revision, entry, by=by, at=at))
    AnnualPlan.objects.bulk_update(entries, _ADOPTED, batch_size=500)
    PlanRevision.objects.bulk_create(revisions, batch_size=500)
    reports = (
        ProgressReport(
            entry=entry,
            period=period,
            year=entry.year,
            planned_year=wanted[entry.pk].planned_investment,
            planned_ytd=curves[entry.pk][period.month - 1],
        )
        for entry in entries
        for period in periods
        if period.year == entry.year
    )
    ProgressReport.objects.bulk_create(reports, batch_size=500)
    await_reports(ProgressReport.objects.filter(entry__in=wanted))
    cell_marks.mark_entries(AnnualPlan.objects.filter(pk__in=wanted))
    return len(entries)


def revise_plan(
    entry_id: int,
    decision: Decision,
    *,
    from_month: int,
    version: int,
    by: User,
    at: datetime,
    planned_investment: Decimal,
    months: Sequence[Decimal | None] | None = None,
    goal: str | None = None,
) -> PlanRevision:
    """Revise an adopted plan from a month on.

    Without `months` what remains is spread in the proportions that the later months had. Raises
    PlanError where the month is locked or the amounts are no curve, StalePlanError where somebody
    revised the entry since `version`.
    """
    with cell_marks.moving(lambda: AnnualPlan.objects.filter(pk=entry_id)):
        entry = AnnualPlan.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.version != version:
            raise StalePlanError(entry.revisions.order_by("number").last())
        if entry.adopted_on is None:
            raise PlanError("from_month", _("The plan has not been adopted yet."), entry.pk)
        if not decision.reason.strip():
            raise PlanError("reason", _("Give the reason of the revision."), entry.pk)
        _refuse_locked(entry, from_month, on=timezone.localdate(at))
        old = months_of(entry)
        curve = revised_curve(entry, old, planned_investment, from_month=from_month, months=months)
        before = _values(entry, old)
        entry.planned_investment = planned_investment
        if goal is not None:
            entry.goal = goal
        revision = _revision(
            PlanAction.REVISE, decision, before, _values(entry, curve), from_month=from_month
        )
        chains.link(revision, entry, by=by, at=at)
        entry.save(update_fields=["planned_investment", "goal", *chains.OWNER_FIELDS])
        revision.save(force_insert=True)
        later = list(entry.reports.filter(period__month__gte=from_month).select_related("period"))
        for report in later:
            report.planned_year = planned_investment
            report.planned_ytd = curve[report.period.month - 1]
        ProgressReport.objects.bulk_update(later, ["planned_year", "planned_ytd"])
        colouring.recolour(
            ProgressReport.objects.filter(entry=entry, period__month__gte=from_month), at=at
        )
    return revision


def months_of(entry: AnnualPlan) -> Curve:
    """The adopted plan's twelve months, cumulated, in 万元; empty before it is adopted."""
    planned = entry.reports.order_by("period__month").values_list("planned_ytd", flat=True)
    return tuple(planned)


def revised_curve(
    entry: AnnualPlan,
    old: Curve,
    planned_investment: Decimal,
    *,
    from_month: int,
    months: Sequence[Decimal | None] | None = None,
) -> Curve:
    """The twelve months that a revision would give, `old` being those adopted.

    Without `months` what remains is spread in the proportions that the later months had. Raises
    PlanError, with its problems, where there is no such curve.
    """
    try:
        if months is None:
            return revise(old, planned_investment, from_month=from_month)
        return read_typed(
            months, planned_investment, entry_month=entry.enters_in, kept=old[: from_month - 1]
        )
    except CurveError as error:
        raise PlanError("months", _said(error), entry.pk, error.problems) from error


@dataclass(frozen=True, slots=True)
class FromMonth:
    """A month that a revision may begin with, or why it may not."""

    month: int
    refused: str = ""


def revisable_months(year: int, *, on: date) -> list[FromMonth]:
    """The twelve months of a year; a month is refused while it or a later one is locked."""
    periods = ReportingPeriod.objects.filter(year=year)
    locked = {period.month: period for period in periods if is_locked(period, on=on)}
    last = locked[max(locked)] if locked else None
    refused = (
        _("%(period)s is locked: a revision changes later months only.") % {"period": last}
        if last
        else ""
    )
    return [
        FromMonth(month, refused if last and month <= last.month else "") for month in range(1, 13)
    ]


_ADOPTED = ["planned_investment", "enters_in", "curve", "adopted_on", *chains.OWNER_FIELDS]


def _curve(entry: AnnualPlan, adoption: Adoption) -> Curve:
    if entry.adopted_on is not None:
        raise PlanError("planned_investment", _("The plan has been adopted already."), entry.pk)
    try:
        return read_typed(
            adoption.months, adoption.planned_investment, entry_month=adoption.enters_in
        )
    except CurveError as error:
        raise PlanError("months", _said(error), entry.pk, error.problems) from error


def _said(error: CurveError) -> str:
    return " ".join(problem.message for problem in error.problems)


def _refuse_locked(entry: AnnualPlan, from_month: int, *, on: date) -> None:
    refused = revisable_months(entry.year, on=on)[from_month - 1].refused
    if refused:
        raise PlanError("from_month", refused, entry.pk)


def _values(entry: AnnualPlan, months: Sequence[Decimal]) -> dict[str, Any]:
    return {
        "planned_investment": entry.planned_investment,
        "goal": entry.goal,
        "enters_in": entry.enters_in,
        "months": list(months),
    }


def _revision(
    action: PlanAction,
    decision: Decision,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    from_month: int = 1,
) -> PlanRevision:
    return PlanRevision(
        action=action,
        from_month=from_month,
        approved_by=decision.approved_by.strip(),
        approved_on=decision.approved_on,
        reason=decision.reason.strip(),
        before=dict(before),
        after=dict(after),
    )
