"""Keeps the lights and the latest figures beside the monthly reports that they follow from.

Everything here is recomputed from the reports, never added to, and may be run again at any time.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from projects import announcements, cell_marks, chains
from projects.lights import (
    Light,
    MonthFigures,
    completion_rate,
    judge,
    on_schedule_rate,
    schedule_gap,
    streak,
)
from projects.models import (
    LatestFigures,
    LightRule,
    ProgressReport,
    ReportAction,
    ReportEvent,
    ReportLight,
)

FIRST_VERSION = "1"
SETTLED = Q(approved_invested_ytd__isnull=False) | Q(period__locked_at__isnull=False)
"""Months that have a light: approved, or locked without a figure."""


def is_settled(report: ProgressReport) -> bool:
    """SETTLED of one report, with its period."""
    return report.approved_invested_ytd is not None or report.period.locked_at is not None


def adopted_rules(*, before: datetime | None = None) -> list[LightRule]:
    """The adopted versions, the latest first; the office starts with version 1.

    `before` leaves out those that were adopted at that moment or later.
    """
    adopted = LightRule.objects.filter(adopted_at__isnull=False).order_by(
        "-applies_from", "-adopted_at"
    )
    if before is not None:
        adopted = adopted.filter(adopted_at__lt=before)
    return list(adopted) or [_first_rule()]


def rule_for(year: int, month: int, rules: Sequence[LightRule]) -> LightRule:
    """Of the adopted versions (latest first) the one in force in a month."""
    day = date(year, month, 1)
    for rule in rules:
        if rule.applies_from is not None and rule.applies_from <= day:
            return rule
    return rules[-1]


@transaction.atomic
def recolour(reports: QuerySet[ProgressReport], *, at: datetime) -> int:
    """Judge those of the reports that are settled, and renew their entries' latest figures.

    A manager's judgement stays beside the computed light. Returns how many were judged.
    """
    rules = adopted_rules()
    found = list(
        reports.filter(SETTLED)
        .select_related("period", "entry__project", "light")
        .order_by("period__year", "period__month")
    )
    lights = [light_of(report, rule_of(report, rules)) for report in found]
    ReportLight.objects.bulk_create(
        lights,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["report", "year"],
        update_fields=["rule", "computed", "reason", "gap", "rate", "start_late", "shown"],
    )
    refresh_latest({report.entry_id for report in found}, at=at)
    cell_marks.mark_reports(reports.filter(SETTLED))
    return len(lights)


def long_red(on: date) -> Q:
    """Entries that have been red for longer than the rule in force allows, as a condition."""
    rule = rule_for(on.year, on.month, adopted_rules())
    return Q(latest__red_since__lt=on - timedelta(days=rule.long_red_days))


def rule_of(report: ProgressReport, rules: Sequence[LightRule]) -> LightRule:
    """The rule in force in a report's month."""
    return rule_for(report.period.year, report.period.month, rules)


def month_figures(report: ProgressReport) -> MonthFigures:
    """What is in force of a report's month, as lights.judge takes it."""
    entry, project = report.entry, report.entry.project
    return MonthFigures(
        year=report.period.year,
        month=report.period.month,
        goal=entry.goal,
        status=report.approved_status or project.status,
        planned_year=report.planned_year,
        planned_ytd=report.planned_ytd,
        invested_ytd=report.approved_invested_ytd,
        start_due=project.planned_start_on,
        started_on=project.started_on,
    )


@transaction.atomic
def refresh_latest(entries: Collection[int], *, at: datetime) -> None:
    """Recompute the latest figures of the entries (ids) from their settled months.

    Of those whose light turns red other systems are told.
    """
    kept = LatestFigures.objects.filter(entry__in=list(entries), light=Light.RED.value)
    red_before = set(kept.values_list("entry_id", flat=True))
    settled = (
        ProgressReport.objects.filter(SETTLED, entry__in=list(entries))
        .select_related("period", "light")
        .order_by("entry_id", "period__month")
    )
    rows = [
        latest_of(entry_id, list(months))
        for entry_id, months in groupby(settled, key=lambda report: report.entry_id)
    ]
    columns = [field.name for field in LatestFigures._meta.concrete_fields if field.name != "entry"]
    LatestFigures.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=columns,
    )
    gone = set(entries) - {row.entry_id for row in rows}
    LatestFigures.objects.filter(entry__in=gone).delete()
    red = {row.entry_id for row in rows if row.light == Light.RED.value}
    announcements.turned_red(red - red_before, at=at)


class StaleLightError(Exception):
    """Somebody took a step with the report since the page was opened; `events` are those steps."""

    def __init__(self, events: list[ReportEvent]) -> None:
        super().__init__("stale")
        self.events = events


@transaction.atomic
def judge_otherwise(
    report: ProgressReport, light: str, *, version: int, reason: str, by: User, at: datetime
) -> ReportEvent:
    """Record a manager's own judgement beside the computed light; "" takes it back.

    Raises StaleLightError where the report changed since `version`, ValueError where the month has
    no light yet. The caller has asked may_review and has a reason.
    """
    locked = ProgressReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.version != version:
        newer = locked.events.filter(number__gt=version).select_related("by")
        raise StaleLightError(list(newer.order_by("number")))
    kept = ReportLight.objects.select_for_update().filter(report=locked).first()
    if kept is None:
        raise ValueError("a month without a light cannot be judged")
    before = {"judged": kept.judged, "judged_reason": kept.judged_reason}
    kept.judged = light
    kept.judged_reason = reason.strip() if light else ""
    kept.judged_by, kept.judged_at = (by, at) if light else (None, None)
    kept.shown = light or kept.computed
    kept.save()
    event = ReportEvent(
        action=ReportAction.JUDGE,
        old_state=locked.state,
        new_state=locked.state,
        before=before,
        after={"judged": kept.judged, "judged_reason": kept.judged_reason},
        note=reason.strip(),
    )
    chains.link(event, locked, by=by, at=at)
    locked.save(update_fields=chains.OWNER_FIELDS)
    event.save(force_insert=True)
    refresh_latest([locked.entry_id], at=at)
    cell_marks.mark_reports(ProgressReport.objects.filter(pk=locked.pk))
    return event


def _first_rule() -> LightRule:
    """Version 1, with the defaults of lights.RuleValues; it holds for every month."""
    since = date(2000, 1, 1)
    rule, _made = LightRule.objects.get_or_create(
        version=FIRST_VERSION,
        defaults={
            "applies_from": since,
            "adopted_at": datetime.combine(since, time.min, tzinfo=UTC),
        },
    )
    return rule


def light_of(report: ProgressReport, rule: LightRule) -> ReportLight:
    """A settled report's light, not stored yet; the judgement on its stored one stays."""
    verdict = judge(month_figures(report), rule.values())
    kept = getattr(report, "light", None)
    judged = {name: getattr(kept, name) for name in _JUDGED} if kept is not None else {}
    return ReportLight(
        report=report,
        year=report.year,
        rule=rule,
        computed=verdict.light.value,
        reason=verdict.reason.value,
        gap=verdict.gap,
        rate=verdict.rate,
        start_late=verdict.start_late,
        shown=judged.get("judged") or verdict.light.value,
        **judged,
    )


_JUDGED = ("judged", "judged_reason", "judged_by_id", "judged_at")


def latest_of(entry_id: int, months: Sequence[ProgressReport]) -> LatestFigures:
    """An entry's latest figures from its settled months in their order, not stored yet."""
    reported = [report for report in months if report.approved_invested_ytd is not None]
    lit = [report for report in months if getattr(report, "light", None) is not None]
    latest = LatestFigures(entry_id=entry_id)
    if reported:
        last = reported[-1]
        planned, invested = last.planned_ytd, last.approved_invested_ytd
        year = last.planned_year
        latest.month = last.period.month
        latest.planned_ytd, latest.invested_ytd = planned, invested
        latest.physical_progress = last.approved_physical_progress
        latest.completion_rate = completion_rate(invested, year)
        latest.on_schedule_rate = on_schedule_rate(invested, planned)
        latest.gap = schedule_gap(invested, planned, year)
    if lit:
        shown = [Light(report.light.shown) for report in lit]
        latest.light = shown[-1].value
        latest.light_month = lit[-1].period.month
        latest.streak = streak(shown)
        latest.red_since = _red_since(lit)
    return latest


def _red_since(lit: Iterable[ProgressReport]) -> date | None:
    """The end of the first month of the present red, grey months passed over."""
    since = None
    for report in lit:
        light = Light(report.light.shown)
        if light is Light.RED:
            since = since or MonthFigures(report.period.year, report.period.month).month_end
        elif light is not Light.GREY:
            since = None
    return since
