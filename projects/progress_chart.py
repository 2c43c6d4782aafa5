"""A project's year, month by month: plan beside actual, lights, projected finish, pace needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from office.charts import Cell, Chart
from projects import lights
from projects.colouring import adopted_rules, rule_for
from projects.figures import Approved, growth, month_figure
from projects.lights import MonthFigures
from projects.models import AnnualPlan, ProgressReport, Project
from projects.projection import (
    Outcome,
    Point,
    Projection,
    RunRate,
    days_late,
    points,
    project_finish,
    run_rate,
)
from projects.report_page import light_words
from projects.schedule import is_late

LAST_MONTHS = 6
"""The pace is that of the last months, so that a slow winter does not follow a project for years."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year as the page shows it; None and "" are not known."""

    report: ProgressReport
    figure: Decimal | None
    completion_rate: Decimal | None
    on_schedule_rate: Decimal | None
    gap: Decimal | None
    growth: Decimal | None
    light: str
    light_label: str
    light_words: str
    judged_words: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A project's year as its page shows it."""

    entry: AnnualPlan
    months: list[Month]
    projection: Projection
    projection_words: str
    days_late: int | None
    run_rate: RunRate | None
    streak: int
    red_days: int
    is_long_red: bool
    long_red_days: int


def read(project: Project, *, on: date) -> Progress | None:
    """The latest adopted year of a project; None where no plan of it has been adopted."""
    reports = list(
        ProgressReport.objects.filter(entry__project=project)
        .select_related("period", "entry", "light__rule", "light__judged_by")
        .order_by("period__year", "period__month")
    )
    if not reports:
        return None
    entry = reports[-1].entry
    entry.project = project
    year = [report for report in reports if report.entry_id == entry.pk]
    before = {
        report.period.month: report.approved_invested_ytd
        for report in reports
        if report.period.year == entry.year - 1
    }
    lit = [
        (_month_end(report), lights.Light(report.light.shown))
        for report in year
        if getattr(report, "light", None)
    ]
    rule = rule_for(on.year, on.month, adopted_rules()).values()
    projection = _finish(project, reports, on=on)
    return Progress(
        entry=entry,
        months=_months(year, before, on=on),
        projection=projection,
        projection_words=_words(projection),
        days_late=days_late(projection, project.planned_finish_on, on=on),
        run_rate=_pace(entry, year),
        streak=lights.streak([light for _end, light in lit]),
        red_days=lights.red_days(lit, on=on),
        is_long_red=lights.is_long_red(lit, on=on, rule=rule),
        long_red_days=rule.long_red_days,
    )


def chart(progress: Progress) -> Chart:
    """Plan and actual of the year, cumulated by month."""

    def cell(amount: Decimal | None, report: ProgressReport) -> Cell:
        text = "—" if amount is None else f"{amount:,.2f}"
        return amount, text, report.get_absolute_url()

    return Chart(
        title=_("Planned and actual investment, %(year)s") % {"year": progress.entry.year},
        kind="line",
        axis=_("Month"),
        series=[(_("Planned to date"), "unjudged"), (_("Invested, year to date"), "municipal")],
        rows=[
            (
                str(month.report.period.month),
                "",
                [
                    cell(month.report.planned_ytd, month.report),
                    cell(month.report.approved_invested_ytd, month.report),
                ],
            )
            for month in progress.months
        ],
        unit=_("10,000 yuan"),
    )


def _months(
    year: Sequence[ProgressReport], before: dict[int, Decimal | None], *, on: date
) -> list[Month]:
    now = {report.period.month: report.approved_invested_ytd for report in year}
    made: list[Month] = []
    last: Approved | None = None
    for report in year:
        invested, planned = report.approved_invested_ytd, report.planned_ytd
        light = getattr(report, "light", None)
        made.append(
            Month(
                report=report,
                figure=month_figure(report.period.year, invested, last),
                completion_rate=lights.completion_rate(invested, report.planned_year),
                on_schedule_rate=lights.on_schedule_rate(invested, planned),
                gap=lights.schedule_gap(invested, planned, report.planned_year),
                growth=growth(now, before, report.period.month),
                light=light.shown if light else "",
                light_label=light.get_shown_display() if light else "",
                light_words=light_words(light) if light else "",
                judged_words=_judged(light) if light and light.judged else "",
                is_late=is_late(report, on=on),
            )
        )
        if invested is not None:
            last = Approved(report.period.year, report.period.month, invested)
    return made


def _judged(light: object) -> str:
    return _("%(who)s judged otherwise than computed (%(colour)s): %(why)s") % {
        "who": light.judged_by,  # type: ignore[attr-defined]
        "colour": light.get_computed_display(),  # type: ignore[attr-defined]
        "why": light.judged_reason,  # type: ignore[attr-defined]
    }


def _finish(project: Project, reports: Sequence[ProgressReport], *, on: date) -> Projection:
    """Project the finish from the approved figures of the last months."""
    approved = [report for report in reports if report.approved_invested_ytd is not None]
    recent = approved[-LAST_MONTHS:]
    progress = [
        Point(_month_end(report), report.approved_physical_progress)
        for report in recent
        if report.approved_physical_progress is not None
    ]
    amounts = [(_month_end(report), _since_beginning(report)) for report in recent]
    started = project.started_on if len(recent) == len(approved) else None
    return project_finish(
        on=on,
        progress=progress,
        investment=points(amounts, project.total_investment),
        started_on=started,
        completed_on=project.completed_on,
    )


def _since_beginning(report: ProgressReport) -> Decimal | None:
    """What has been invested in all; None where the years before are not known."""
    before, this_year = report.entry.invested_before, report.approved_invested_ytd
    return None if before is None or this_year is None else before + this_year


def _pace(entry: AnnualPlan, year: Sequence[ProgressReport]) -> RunRate | None:
    approved = [report for report in year if report.approved_invested_ytd is not None]
    if not approved:
        return None
    last = approved[-1]
    return run_rate(
        entry.planned_investment,
        last.approved_invested_ytd,
        month=last.period.month,
        entry_month=entry.enters_in,
    )


def _words(projection: Projection) -> str:
    day = projection.finish.isoformat() if projection.finish else ""
    return {
        Outcome.FINISHED: _("Completed on %(day)s."),
        Outcome.PROJECTED: _("At its pace it will be finished on %(day)s."),
        Outcome.PASSED: _("By its pace it would be finished by now; it is not."),
        Outcome.STALLED: _("No headway in the last months: there is no finish at this pace."),
        Outcome.UNKNOWN: _("Fewer than two approved figures: there is no pace yet."),
    }[projection.outcome] % {"day": day}


def _month_end(report: ProgressReport) -> date:
    return MonthFigures(report.period.year, report.period.month).month_end
